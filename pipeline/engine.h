/* engine: all stages and models of one configuration, wired in running order, and the session in which one thread runs them.
 *
 * The engine is shared and read-only after open; each thread has a session with its own arena and document. */
#ifndef DL_ENGINE_H
#define DL_ENGINE_H

#include "pipeline.h"

typedef struct dl_engine_opts {
    size_t       arena_max_bytes; /* per session */
    const char  *models_dir;      /* where model files are; NULL: the one built in */
    dl_clock_fn *now_ns;          /* NULL: stages are not timed */
} dl_engine_opts;

typedef struct dl_engine dl_engine;

typedef struct dl_session {
    const dl_engine *engine; /* borrows */
    dl_arena         arena;
    dl_doc           doc; /* of the last run, valid until the next */
} dl_session;

/* The options that a user gets who sets nothing. */
dl_engine_opts dl_engine_defaults(void);

/* Gives: dl_engine_close. DL_FATAL where a model cannot be loaded or an option is out of range. */
dl_code dl_engine_open(dl_engine **out, const dl_engine_opts *opts, dl_error *err);
void    dl_engine_close(dl_engine *engine);

const dl_pipeline *dl_engine_pipeline(const dl_engine *engine);

void dl_session_init(dl_session *s, const dl_engine *engine);
void dl_session_free(dl_session *s);

/* One article. *out: the enriched record, valid until the session's next run. rec may be NULL (not from Kafka). */
dl_code dl_session_run(dl_session *s, const dl_record *rec, dl_str raw, dl_str *out, dl_error *err);

#endif
