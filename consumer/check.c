/* dateline check: is this configuration good, and what is in effect? */
#include "cli.h"
#include "commands.h"
#include "config/reference.h"

#include <stdio.h>

static void print(const dl_config *cfg)
{
    dl_buf out = {0};

    dl_config_write(cfg, &out);
    (void)fwrite(out.p, 1, out.n, stdout);
    dl_buf_free(&out);
}

int dl_cmd_check(int argc, char **argv)
{
    bool quiet = false;
    dl_cli_conf conf = {0};
    const dl_cli_opt opts[] = {
        DL_CLI_CONF_OPTS,
        {.name = "quiet", .letter = 'q', .flag = &quiet, .doc = "print nothing where all is well"},
        {0},
    };
    const dl_cli cli = {
        .verb = "check",
        .args = "",
        .what = "Validate a configuration and print the one in effect as YAML, each value with where it came from.\n"
                "Problems go to standard error, one a line, as file:line:column: key: what is wrong. Secrets are masked.",
        .opts = opts,
        .conf = &conf,
    };
    dl_config cfg = {0};
    int first;
    int rc = dl_cli_parse(&cli, argc, argv, &first);

    if (rc == DL_CLI_GO_ON) {
        rc = dl_cli_load(&cfg, &conf);
        if (rc == DL_EXIT_OK && !quiet)
            print(&cfg);
    }
    dl_config_free(&cfg);
    dl_cli_conf_free(&conf);
    return rc;
}
