#include "consumer/cli.h"

#include "consumer/commands.h"
#include "support/check.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX = 8 };

typedef struct parsed {
    bool        quiet;
    const char *input;
    dl_cli_conf conf;
} parsed;

static int parse(parsed *to, const char *args, char **argv, int *first)
{
    const dl_cli_opt opts[] = {
        DL_CLI_CONF_OPTS,
        {.name = "quiet", .letter = 'q', .flag = &to->quiet, .doc = "say nothing"},
        {.name = "input", .arg = "FILE", .text = &to->input, .doc = "read this"},
        {.name = "tokens", .key = "output.tokens=true", .doc = "tokens"},
        {.name = "jobs", .letter = 'j', .arg = "N", .key = "pipeline.workers", .doc = "threads"},
        {0},
    };
    const dl_cli cli = {.verb = "verb", .args = args, .what = "What.", .opts = opts, .conf = &to->conf};
    int argc = 0;

    while (argv[argc])
        argc++;
    optind = 0; /* getopt_long starts afresh */
    return dl_cli_parse(&cli, argc, argv, first);
}

/* What was parsed as one line: quiet, input, files, sets, arguments. */
static void describe(const parsed *p, char **argv, int first, dl_buf *out)
{
    dl_buf_printf(out, "%s%s%s", p->quiet ? "quiet " : "", p->input ? "input=" : "", p->input ? p->input : "");
    for (uint32_t i = 0; i < p->conf.files.n; i++)
        dl_buf_printf(out, " file:%s", p->conf.files.p[i]);
    for (uint32_t i = 0; i < p->conf.sets.n; i++)
        dl_buf_printf(out, " set:%s", p->conf.sets.p[i]);
    for (; argv[first]; first++)
        dl_buf_printf(out, " arg:%s", argv[first]);
}

static const struct {
    const char *name, *argv[MAX], *args, *want;
    int         rc;
} cases[] = {
    {"nothing", {0}, "", "", DL_CLI_GO_ON},
    {"flag", {"--quiet"}, "", "quiet ", DL_CLI_GO_ON},
    {"letter", {"-q"}, "", "quiet ", DL_CLI_GO_ON},
    {"value behind a space", {"--input", "a"}, "", "input=a", DL_CLI_GO_ON},
    {"value behind =", {"--input=a=b"}, "", "input=a=b", DL_CLI_GO_ON},
    {"the last value counts", {"--input=a", "--input=b"}, "", "input=b", DL_CLI_GO_ON},
    {"files in order", {"-c", "a", "--config=b", "-cd"}, "", " file:a file:b file:d", DL_CLI_GO_ON},
    {"shortcuts and --set in order", {"--set", "a=1", "--tokens", "-j", "4", "--set=b=2"}, "", " set:a=1 set:output.tokens=true set:pipeline.workers=4 set:b=2",
     DL_CLI_GO_ON},
    {"letters together", {"-qj4"}, "", "quiet  set:pipeline.workers=4", DL_CLI_GO_ON},
    {"a long name cut short", {"--qui"}, "", "quiet ", DL_CLI_GO_ON},
    {"arguments between options", {"a", "-q", "b"}, "[FILE...]", "quiet  arg:a arg:b", DL_CLI_GO_ON},
    {"arguments behind --", {"--", "-q"}, "[FILE...]", " arg:-q", DL_CLI_GO_ON},
    {"- is an argument", {"-"}, "[FILE...]", " arg:-", DL_CLI_GO_ON},
    {"an argument where none is taken", {"a"}, "", "", DL_EXIT_USAGE},
    {"unknown option", {"--zebra"}, "", "", DL_EXIT_USAGE},
    {"unknown letter", {"-z"}, "", "", DL_EXIT_USAGE},
    {"value missing", {"--input"}, "", "", DL_EXIT_USAGE},
    {"value for a flag", {"--quiet=yes"}, "", "quiet", DL_EXIT_USAGE},
    {"empty option name", {"--="}, "", "", DL_EXIT_USAGE},
};

static void test_parse(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        parsed p = {0};
        char *argv[MAX + 2] = {(char *)"verb"};
        dl_buf got = {0};
        int first = 0;

        for (size_t k = 0; k < MAX && cases[i].argv[k]; k++)
            argv[k + 1] = (char *)(uintptr_t)cases[i].argv[k];
        const int rc = parse(&p, cases[i].args, argv, &first);

        check_u64(cases[i].name, (uint64_t)(int64_t)rc, (uint64_t)(int64_t)cases[i].rc);
        if (rc == DL_CLI_GO_ON) {
            describe(&p, argv, first, &got);
            check_str(cases[i].name, dl_buf_str(&got), cases[i].want);
        }
        dl_buf_free(&got);
        dl_cli_conf_free(&p.conf);
    }
}

static void test_help_lists_each_option(void **state)
{
    bool flag;
    const dl_cli_opt opts[] = {
        {.name = "short", .letter = 's', .flag = &flag, .doc = "one"},
        {.name = "a-name-that-is-rather-long", .arg = "VALUE", .doc = "two"},
        {0},
    };
    const dl_cli cli = {.verb = "verb", .args = "FILE", .what = "What.", .opts = opts};
    dl_buf out = {0};

    (void)state;
    dl_cli_help(&cli, &out);
    check_str("help", dl_buf_str(&out),
              "Usage: dateline verb [OPTION...] FILE\n\nWhat.\n\nOptions:\n"
              "  -s, --short             one\n"
              "      --a-name-that-is-rather-long VALUE\n"
              "                          two\n"
              "  -h, --help              print this and end\n");
    dl_buf_free(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_help_lists_each_option),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
