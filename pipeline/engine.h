/* engine: all stages and models of one configuration, wired in running order, and the session in which one thread runs them.
 *
 * The engine is shared and read-only after open; each thread has a session with its own arena and document. */
#ifndef DL_ENGINE_H
#define DL_ENGINE_H

#include "pipeline.h"
#include "stages/decode.h"
#include "stages/encode.h"
#include "stages/language.h"
#include "stages/parse.h"
#include "stages/quantities.h"
#include "stages/repair.h"
#include "stages/sections.h"
#include "stages/segment.h"
#include "stages/tag.h"
#include "stages/times.h"
#include "stages/tokenize.h"
#include "stages/words.h"

typedef struct dl_engine_opts { /* strings are borrowed until dl_engine_open returns */
    size_t         arena_max_bytes; /* per session */
    const char    *models_dir;      /* where model files are; NULL: the one built in */
    const char    *stages_off;      /* names of stages that are not wanted, parted by "|" or ","; NULL: none */
    const char *const *knowledge_extra; /* paths of the user's own tables, see lexicon/kb_extra.h */
    uint32_t       n_knowledge_extra;
    dl_clock_fn   *now_ns;          /* NULL: stages are not timed */
    dl_decode_opts   decode;
    dl_sections_opts sections;
    dl_segment_opts  segment;
    dl_tokenize_opts tokenize;
    dl_language_opts language;
    dl_parse_opts    parse;
    dl_times_opts    times;
    dl_encode_opts   encode;
} dl_engine_opts;

typedef struct dl_engine dl_engine;

typedef struct dl_session {
    const dl_engine *engine; /* borrows */
    dl_arena         arena;
    dl_doc           doc; /* of the last run, valid until the next */
} dl_session;

/* The options that a user gets who sets nothing. */
dl_engine_opts dl_engine_defaults(void);

/* Gives: dl_engine_close. DL_FATAL where a model cannot be loaded, an option is out of range, a stage that is turned off is unknown,
 * cannot be turned off (decode, encode) or is needed by one that stays on. */
dl_code dl_engine_open(dl_engine **out, const dl_engine_opts *opts, dl_error *err);
void    dl_engine_close(dl_engine *engine);

const dl_pipeline *dl_engine_pipeline(const dl_engine *engine);

/* The models and tables in use; *n of them. Borrows the engine. */
const dl_resource *dl_engine_resources(const dl_engine *engine, uint32_t *n);

void dl_session_init(dl_session *s, const dl_engine *engine);
void dl_session_free(dl_session *s);

/* One article. *out: the enriched record, valid until the session's next run. rec may be NULL (not from Kafka). */
dl_code dl_session_run(dl_session *s, const dl_record *rec, dl_str raw, dl_str *out, dl_error *err);

#endif
