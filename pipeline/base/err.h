/* err: how a function says that it failed.
 *
 * Functions that can fail return dl_code, take outputs first and `dl_error *err` last (NULL where the caller does not care), and
 * write outputs only on success. */
#ifndef DL_ERR_H
#define DL_ERR_H

#include <stddef.h>
#include <stdint.h>

typedef enum dl_code { /* named for what the caller does next */
    DL_OK = 0,
    DL_BAD_INPUT, /* this article can never work: dead-letter it, go on */
    DL_LIMIT,     /* over a configured limit: dead-letter it, go on */
    DL_RETRY,     /* the outside said "not now": keep the offset, try again */
    DL_FATAL      /* config, model file, memory at start-up: log, drain, exit non-zero */
} dl_code;

#define DL_NO_PLACE SIZE_MAX

typedef struct dl_error {
    dl_code     code;
    const char *where;   /* stage or module name; static */
    size_t      at_byte; /* place in the input; DL_NO_PLACE when no place is meant */
    char        msg[160]; /* one sentence, no newline, no article text */
} dl_error;

/* Fill *err (may be NULL) and return `code`, so that a failure reads `return dl_fail(...)`. */
dl_code dl_fail(dl_error *err, dl_code code, const char *where, size_t at_byte, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* "bad_input", "limit"...: for headers, metrics and logs. Static. */
const char *dl_code_name(dl_code code);

#endif
