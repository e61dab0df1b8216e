/* main: which verb is it? */
#include "commands.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
} verbs[] = {
    {"annotate", dl_cmd_annotate, "the pipeline without Kafka: JSON lines or text in, enriched records out"},
};

static int help(FILE *f, int rc)
{
    (void)fputs("usage: dateline VERB [OPTION...]   (dateline VERB --help says more)\n\n", f);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        (void)fprintf(f, "  %-10s %s\n", verbs[i].name, verbs[i].what);
    return rc;
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return help(stderr, DL_EXIT_USAGE);
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
        return help(stdout, DL_EXIT_OK);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            return verbs[i].run(argc - 1, argv + 1);
    (void)fprintf(stderr, "dateline: \"%s\" is no verb\n", argv[1]);
    return help(stderr, DL_EXIT_USAGE);
}
