#include "cli.h"

#include "commands.h"
#include "config/nearest.h"
#include "config/reference.h"
#include "kafka_props.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_OPTS = 32, CONF_MAX_BYTES = 16 << 20, DOC_COLUMN = 26 };

static const dl_cli_opt help_opt = {.name = "help", .letter = 'h', .doc = "print this and end"};

/* ---- help ----------------------------------------------------------------------------------------------------------- */

static void help_line(const dl_cli_opt *opt, dl_buf *out)
{
    const size_t start = out->n;

    if (opt->letter)
        dl_buf_printf(out, "  -%c, --%s", opt->letter, opt->name);
    else
        dl_buf_printf(out, "      --%s", opt->name);
    if (opt->arg)
        dl_buf_printf(out, " %s", opt->arg);
    const size_t width = out->n - start;

    if (width + 2 > DOC_COLUMN)
        dl_buf_printf(out, "\n%*s", DOC_COLUMN, "");
    else
        dl_buf_printf(out, "%*s", (int)(DOC_COLUMN - width), "");
    dl_buf_printf(out, "%s\n", opt->doc);
}

void dl_cli_help(const dl_cli *cli, dl_buf *out)
{
    dl_buf_printf(out, "Usage: dateline %s [OPTION...]%s%s\n\n%s\n\nOptions:\n", cli->verb, *cli->args ? " " : "", cli->args, cli->what);
    for (const dl_cli_opt *opt = cli->opts; opt->name; opt++)
        help_line(opt, out);
    help_line(&help_opt, out);
    if (cli->conf) {
        dl_buf_printf(out, "\nKeys of the configuration, with their defaults (in a file, as --set KEY=VALUE, or in the environment:\n"
                           "DATELINE_INPUT__GROUP is input.group):\n");
        dl_reference_help(out);
    }
}

/* ---- parsing -------------------------------------------------------------------------------------------------------- */

static int complain(const dl_cli *cli, const char *fmt, const char *what)
{
    (void)fprintf(stderr, "dateline %s: ", cli->verb);
    (void)fprintf(stderr, fmt, what);
    (void)fprintf(stderr, "; see dateline %s --help\n", cli->verb);
    return DL_EXIT_USAGE;
}

static int unknown_option(const dl_cli *cli, const char *given)
{
    const dl_str name = dl_str_of(given + strspn(given, "-"));
    dl_nearest near = dl_nearest_to((dl_str){name.p, strcspn(name.p, "=")});

    for (const dl_cli_opt *opt = cli->opts; opt->name; opt++)
        dl_nearest_offer(&near, opt->name);
    dl_nearest_offer(&near, help_opt.name);
    if (!near.best || given[1] != '-')
        return complain(cli, "unknown option %s", given);
    (void)fprintf(stderr, "dateline %s: unknown option %s; did you mean --%s?\n", cli->verb, given, near.best);
    return DL_EXIT_USAGE;
}

static bool add(dl_arena *a, void *vec_p, uint32_t *n, uint32_t *cap, const char *text)
{
    const char **const slot = dl_vec_push(a, vec_p, n, cap, sizeof *slot);

    if (slot)
        *slot = text;
    return slot && text;
}

static bool take(const dl_cli *cli, const dl_cli_opt *opt, const char *arg)
{
    dl_cli_conf *const conf = cli->conf;

    if (opt->flag)
        *opt->flag = true;
    if (opt->text)
        *opt->text = arg;
    if (opt->kind == DL_CLI_FILE)
        return add(&conf->a, &conf->files.p, &conf->files.n, &conf->files.cap, arg);
    if (opt->kind == DL_CLI_SET)
        return add(&conf->a, &conf->sets.p, &conf->sets.n, &conf->sets.cap, arg);
    if (opt->key)
        return add(&conf->a, &conf->sets.p, &conf->sets.n, &conf->sets.cap,
                   arg ? dl_arena_printf(&conf->a, "%s=%s", opt->key, arg).p : opt->key);
    return true;
}

static void long_option(struct option *to, const dl_cli_opt *opt, int index)
{
    *to = (struct option){opt->name, opt->arg ? required_argument : no_argument, NULL, 256 + index};
}

/* Tables for getopt_long: the value of option i is its letter, or 256 + i. */
static int make_tables(const dl_cli *cli, struct option longs[MAX_OPTS + 2], char shorts[2 * MAX_OPTS + 4])
{
    int n = 0;
    char *s = shorts;

    *s++ = ':';
    *s++ = 'h';
    for (; cli->opts[n].name && n < MAX_OPTS; n++) {
        const dl_cli_opt *const opt = &cli->opts[n];

        long_option(&longs[n], opt, n);
        if (opt->letter) {
            *s++ = opt->letter;
            if (opt->arg)
                *s++ = ':';
        }
    }
    long_option(&longs[n], &help_opt, n);
    longs[n + 1] = (struct option){0};
    *s = 0;
    return n;
}

static const dl_cli_opt *option_of(const dl_cli *cli, int value)
{
    if (value >= 256)
        return &cli->opts[value - 256];
    for (const dl_cli_opt *opt = cli->opts; opt->name; opt++)
        if (opt->letter == value)
            return opt;
    return NULL;
}

static int print_help(const dl_cli *cli)
{
    dl_buf out = {0};

    dl_cli_help(cli, &out);
    (void)fwrite(out.p, 1, out.n, stdout);
    dl_buf_free(&out);
    return DL_EXIT_OK;
}

int dl_cli_parse(const dl_cli *cli, int argc, char **argv, int *first)
{
    struct option longs[MAX_OPTS + 2];
    char shorts[2 * MAX_OPTS + 4];
    const int n = make_tables(cli, longs, shorts);

    if (cli->conf)
        dl_arena_init(&cli->conf->a, CONF_MAX_BYTES);
    opterr = 0;
    for (int value; (value = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (value == 'h' || value == 256 + n)
            return print_help(cli);
        if (value == ':')
            return complain(cli, "%s needs a value", argv[optind - 1]);
        if (value == '?' && optopt >= 256)
            return complain(cli, "%s: this option takes no value", argv[optind - 1]);
        if (value == '?')
            return unknown_option(cli, argv[optind - 1]);
        if (!take(cli, option_of(cli, value), optarg))
            return complain(cli, "out of memory at %s", argv[optind - 1]);
    }
    if (optind < argc && !*cli->args)
        return complain(cli, "unexpected argument \"%s\"", argv[optind]);
    *first = optind;
    return DL_CLI_GO_ON;
}

/* ---- loading -------------------------------------------------------------------------------------------------------- */

int dl_cli_load(dl_config *out, const dl_cli_conf *conf)
{
    const dl_config_sources from = {
        .files = conf->files.p,
        .n_files = conf->files.n,
        .env = environ,
        .sets = conf->sets.p,
        .n_sets = conf->sets.n,
        .check_prop = dl_kafka_prop_takes,
    };
    dl_buf report = {0};
    dl_error err;
    const dl_code code = dl_config_load(out, &from, &report, &err);

    if (code != DL_OK)
        (void)fprintf(stderr, "%.*sdateline: %s\n", DL_ARG(dl_buf_str(&report)), err.msg);
    dl_buf_free(&report);
    return code == DL_OK ? DL_EXIT_OK : DL_EXIT_CONFIG;
}

void dl_cli_conf_free(dl_cli_conf *conf)
{
    dl_arena_free(&conf->a);
    *conf = (dl_cli_conf){0};
}
