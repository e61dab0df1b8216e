#include "engine.h"

#include <stdlib.h>

struct dl_engine {
    dl_engine_opts opts;
    dl_pipeline    pipeline;
};

dl_engine_opts dl_engine_defaults(void)
{
    return (dl_engine_opts){.arena_max_bytes = (size_t)256 << 20};
}

dl_code dl_engine_open(dl_engine **out, const dl_engine_opts *opts, dl_error *err)
{
    dl_engine *e = calloc(1, sizeof *e);

    if (!e)
        return dl_fail(err, DL_FATAL, "engine", DL_NO_PLACE, "out of memory");
    e->opts = *opts;
    dl_pipeline_init(&e->pipeline, opts->now_ns);
    *out = e;
    return DL_OK;
}

void dl_engine_close(dl_engine *engine)
{
    free(engine);
}

const dl_pipeline *dl_engine_pipeline(const dl_engine *engine)
{
    return &engine->pipeline;
}

void dl_session_init(dl_session *s, const dl_engine *engine)
{
    *s = (dl_session){.engine = engine};
    dl_arena_init(&s->arena, engine->opts.arena_max_bytes);
}

void dl_session_free(dl_session *s)
{
    dl_arena_free(&s->arena);
    *s = (dl_session){0};
}

dl_code dl_session_run(dl_session *s, const dl_record *rec, dl_str raw, dl_str *out, dl_error *err)
{
    dl_arena_reset(&s->arena);
    dl_doc_init(&s->doc, &s->arena);
    if (rec)
        s->doc.record = *rec;
    s->doc.raw = raw;
    dl_code code = dl_pipeline_run(&s->engine->pipeline, &s->doc, err);

    if (code == DL_OK)
        *out = s->doc.out;
    return code;
}
