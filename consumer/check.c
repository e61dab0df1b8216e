/* dateline check: is this configuration good, and what is in effect? */
#include "cli.h"
#include "commands.h"
#include "config/reference.h"
#include "settings.h"

#include <stdio.h>

static void print(const dl_config *cfg)
{
    dl_buf out = {0};

    dl_config_write(cfg, &out);
    (void)fwrite(out.p, 1, out.n, stdout);
    dl_buf_free(&out);
}

/* What only the engine knows: names of stages, JSON Pointers, the model files. */
static int try_engine(const dl_config *cfg, dl_arena *a)
{
    dl_engine_opts opts;
    dl_engine *engine;
    dl_error err;

    if (dl_settings_engine(&opts, cfg, NULL, a, &err) != DL_OK || dl_engine_open(&engine, &opts, &err) != DL_OK) {
        (void)fprintf(stderr, "dateline: %s: %s\n", err.where, err.msg);
        return DL_EXIT_CONFIG;
    }
    dl_engine_close(engine);
    return DL_EXIT_OK;
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
        if (rc == DL_EXIT_OK)
            rc = try_engine(&cfg, &conf.a);
        if (rc == DL_EXIT_OK && !quiet)
            print(&cfg);
    }
    dl_config_free(&cfg);
    dl_cli_conf_free(&conf);
    return rc;
}
