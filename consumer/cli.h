/* cli: what all verbs share: one table of options gives both the parsing and --help, and -c, --set and the shortcuts of keys lead to a
 * loaded configuration.
 *
 *     bool quiet = false;
 *     dl_cli_conf conf = {0};
 *     const dl_cli_opt opts[] = {DL_CLI_CONF_OPTS, {.name = "quiet", .letter = 'q', .flag = &quiet, .doc = "say nothing"}, {0}};
 *     const dl_cli cli = {.verb = "check", .args = "", .what = "Validate a configuration.", .opts = opts, .conf = &conf};
 *     int first, rc = dl_cli_parse(&cli, argc, argv, &first);
 *     if (rc == DL_CLI_GO_ON)
 *         rc = dl_cli_load(&cfg, &conf);
 * Thread: main. */
#ifndef DL_CLI_H
#define DL_CLI_H

#include "config/config.h"

enum { DL_CLI_GO_ON = -1 };

typedef struct dl_cli_conf {
    dl_arena a; /* holds the lists and what --set was made of */
    DL_VEC(const char *) files;
    DL_VEC(const char *) sets;
} dl_cli_conf;

typedef enum dl_cli_kind {
    DL_CLI_OWN,  /* see flag and text */
    DL_CLI_FILE, /* adds a configuration file */
    DL_CLI_SET   /* adds a key=value */
} dl_cli_kind;

typedef struct dl_cli_opt {
    const char  *name;   /* long name without the dashes; NULL ends the table */
    char         letter; /* short name; 0: none */
    const char  *arg;    /* the argument's name in --help; NULL: takes none */
    const char  *doc;    /* no full stop at the end */
    dl_cli_kind  kind;
    bool        *flag; /* set where there is no argument */
    const char **text; /* the argument; the last one counts */
    const char  *key;  /* shortcut: the same as --set key=argument; without an argument "key=value" stands here */
} dl_cli_opt;

#define DL_CLI_CONF_OPTS                                                                                                                  \
    {.name = "config", .letter = 'c', .arg = "FILE", .kind = DL_CLI_FILE, .doc = "configuration in YAML; a later file goes over an earlier one"}, \
    {                                                                                                                                     \
        .name = "set", .arg = "KEY=VALUE", .kind = DL_CLI_SET, .doc = "one key of the configuration, over files and environment"          \
    }

typedef struct dl_cli {
    const char       *verb;
    const char       *args; /* behind the options in the usage line: "[FILE...]"; "": none are taken */
    const char       *what; /* paragraph */
    const dl_cli_opt *opts;
    dl_cli_conf      *conf; /* NULL: the verb reads no configuration */
} dl_cli;

/* DL_CLI_GO_ON with *first the index of the first argument, else the exit code: 0 after --help, DL_EXIT_USAGE after a message. */
int dl_cli_parse(const dl_cli *cli, int argc, char **argv, int *first);

/* Files, environment and --set. DL_EXIT_OK, or DL_EXIT_CONFIG with the report on standard error. *out: gives, dl_config_free. */
int  dl_cli_load(dl_config *out, const dl_cli_conf *conf);
void dl_cli_conf_free(dl_cli_conf *conf);

/* --help of a verb. */
void dl_cli_help(const dl_cli *cli, dl_buf *out);

#endif
