/* dateline generate: the files of config/ that are made from options.def. For those who work on the code; not in --help. */
#include "cli.h"
#include "commands.h"
#include "config/reference.h"

#include <stdio.h>

static const struct {
    const char *name;
    void (*write)(dl_buf *out);
} files[] = {
    {"default.yaml", dl_reference_yaml},
    {"OPTIONS.md", dl_reference_markdown},
};

int dl_cmd_generate(int argc, char **argv)
{
    const dl_cli_opt opts[] = {{0}};
    const dl_cli cli = {
        .verb = "generate", .args = "default.yaml|OPTIONS.md", .what = "Print a file of config/ that is made from config/options.def.", .opts = opts};
    int first;
    const int rc = dl_cli_parse(&cli, argc, argv, &first);

    if (rc != DL_CLI_GO_ON)
        return rc;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        if (first + 1 == argc && strcmp(argv[first], files[i].name) == 0) {
            dl_buf out = {0};

            files[i].write(&out);
            (void)fwrite(out.p, 1, out.n, stdout);
            dl_buf_free(&out);
            return DL_EXIT_OK;
        }
    (void)fprintf(stderr, "dateline generate: wants default.yaml or OPTIONS.md\n");
    return DL_EXIT_USAGE;
}
