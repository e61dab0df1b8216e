/* commands: one function per verb of the program. Each parses its own arguments (argv[0] is the verb) and returns the exit code. */
#ifndef DL_COMMANDS_H
#define DL_COMMANDS_H

enum dl_exit { /* documented in the man page; after sysexits.h */
    DL_EXIT_OK = 0,
    DL_EXIT_FAILED = 1,       /* some articles could not be annotated; a drain ran out of time */
    DL_EXIT_USAGE = 64,       /* unknown option or argument */
    DL_EXIT_DATA = 65,        /* input cannot be read as what it was said to be */
    DL_EXIT_NO_INPUT = 66,    /* a file is missing */
    DL_EXIT_UNAVAILABLE = 69, /* the broker refused what cannot be retried */
    DL_EXIT_INTERNAL = 70,
    DL_EXIT_OS = 71,
    DL_EXIT_CONFIG = 78
};

int dl_cmd_run(int argc, char **argv);      /* run.c */
int dl_cmd_annotate(int argc, char **argv); /* annotate.c */
int dl_cmd_check(int argc, char **argv);    /* check.c */
int dl_cmd_version(int argc, char **argv);  /* version.c */
int dl_cmd_generate(int argc, char **argv); /* generate.c */

#endif
