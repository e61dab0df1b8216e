/* dateline.h: libdateline for other programs, in C and C++. A raw news article goes in as JSON, the enriched record comes out as JSON.
 *
 *     dateline_engine *engine;
 *     char why[DATELINE_ERROR_BYTES];
 *     if (dateline_open(&engine, NULL, why) != DATELINE_OK) ...
 *     dateline_session *session = dateline_session_new(engine);
 *     const char *json;
 *     size_t n;
 *     if (dateline_annotate(session, article, strlen(article), &json, &n, why) == DATELINE_OK)
 *         fwrite(json, 1, n, stdout);
 *     dateline_session_free(session);
 *     dateline_close(engine);
 *
 * An engine is read-only and may be shared by any number of threads; each thread has sessions of its own. Only what this header names is
 * promised from one version to the next: fields are added at the end of dateline_options, whose `size` says which ones the caller knows. */
#ifndef DATELINE_H
#define DATELINE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { DATELINE_ERROR_BYTES = 256 };

typedef enum dateline_status {
    DATELINE_OK = 0,
    DATELINE_BAD_INPUT, /* this article can never work */
    DATELINE_LIMIT,     /* this article is over a limit of size, depth or memory */
    DATELINE_FAILED     /* a model, an option or memory at start-up */
} dateline_status;

typedef enum dateline_offset_unit { DATELINE_CODEPOINT, DATELINE_UTF16, DATELINE_BYTE } dateline_offset_unit;

typedef struct dateline_engine  dateline_engine;
typedef struct dateline_session dateline_session;

typedef struct dateline_options {
    size_t               size;        /* sizeof(dateline_options) */
    const char          *models_dir;  /* NULL: the installed one */
    const char          *stages_off;  /* names parted by commas; NULL: none */
    dateline_offset_unit offset_unit; /* of the records */
    int                  tokens;      /* write them, too */
    int                  plain_text;  /* an article is plain text, not JSON */
} dateline_options;

/* "0.1.0". Static. */
const char *dateline_version(void);

/* options may be NULL. why: at least DATELINE_ERROR_BYTES, or NULL; filled on failure. Gives: dateline_close. */
dateline_status dateline_open(dateline_engine **engine, const dateline_options *options, char *why);
void            dateline_close(dateline_engine *engine); /* NULL is nothing to do; its sessions are freed before */

/* NULL without memory. Gives: dateline_session_free. */
dateline_session *dateline_session_new(const dateline_engine *engine);
void              dateline_session_free(dateline_session *session);

/* One article of n bytes. *json: one line of *n_json bytes and a NUL behind them, valid until the session's next call. */
dateline_status dateline_annotate(dateline_session *session, const char *article, size_t n, const char **json, size_t *n_json, char *why);

#ifdef __cplusplus
}
#endif

#endif
