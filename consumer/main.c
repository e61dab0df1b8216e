/* main: which verb is it? */
#include "commands.h"
#include "config/nearest.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what; /* NULL: not in --help */
} verbs[] = {
    {"run", dl_cmd_run, "the service: Kafka in, Kafka out (--embedded: with a broker of its own)"},
    {"annotate", dl_cmd_annotate, "the pipeline without Kafka: JSON lines or text in, enriched records out"},
    {"check", dl_cmd_check, "validate a configuration and print the one in effect"},
    {"version", dl_cmd_version, "print the versions of the program, its libraries and its models"},
    {"generate", dl_cmd_generate, NULL},
};

enum { N_VERBS = sizeof verbs / sizeof *verbs };

static int help(FILE *to, int exit_code)
{
    (void)fprintf(to, "Usage: dateline VERB [OPTION...]\n\n"
                      "Reads raw news articles from Kafka and writes them back enriched with entities and events.\n\nVerbs:\n");
    for (size_t i = 0; i < N_VERBS; i++)
        if (verbs[i].what)
            (void)fprintf(to, "  %-10s %s\n", verbs[i].name, verbs[i].what);
    (void)fprintf(to, "\nOptions:\n  -h, --help     print this and end; each verb has a --help of its own\n"
                      "      --version  the same as the verb version\n\n"
                      "Exit codes: 0 done; 1 some articles failed, or a drain ran out of time; 64 usage; 65 bad input; 66 no such\n"
                      "file; 69 the broker refused; 70 internal error; 71 error of the system; 78 configuration.\n");
    return exit_code;
}

static int unknown(const char *verb)
{
    dl_nearest near = dl_nearest_to(dl_str_of(verb));

    for (size_t i = 0; i < N_VERBS; i++)
        dl_nearest_offer(&near, verbs[i].name);
    if (near.best)
        (void)fprintf(stderr, "dateline: no verb \"%s\"; did you mean \"%s\"?\n", verb, near.best);
    else
        (void)fprintf(stderr, "dateline: no verb \"%s\"; see dateline --help\n", verb);
    return DL_EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const char *const verb = argc > 1 ? argv[1] : NULL;

    if (!verb)
        return help(stderr, DL_EXIT_USAGE);
    if (strcmp(verb, "--help") == 0 || strcmp(verb, "-h") == 0 || strcmp(verb, "help") == 0)
        return help(stdout, DL_EXIT_OK);
    if (strcmp(verb, "--version") == 0)
        return dl_cmd_version(1, argv);
    for (size_t i = 0; i < N_VERBS; i++)
        if (strcmp(verb, verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    return unknown(verb);
}
