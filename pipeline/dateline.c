#include "dateline.h"

#include "engine.h"

#include <stdio.h>
#include <stdlib.h>

struct dateline_engine {
    dl_engine *engine;
};

struct dateline_session {
    dl_session session;
};

const char *dateline_version(void)
{
    return DL_VERSION;
}

static dateline_status fail(const dl_error *err, char *why)
{
    if (why)
        (void)snprintf(why, DATELINE_ERROR_BYTES, "%s: %s", err->where, err->msg);
    return err->code == DL_BAD_INPUT ? DATELINE_BAD_INPUT : err->code == DL_LIMIT ? DATELINE_LIMIT : DATELINE_FAILED;
}

/* The caller's options, as far as its version of the struct goes. */
static dl_code read_options(dl_engine_opts *to, const dateline_options *from, dl_error *err)
{
    dateline_options known = {.size = 0};

    if (!from)
        return DL_OK;
    if (from->size < sizeof from->size || from->size > sizeof known)
        return dl_fail(err, DL_FATAL, "dateline", DL_NO_PLACE, "options of %zu bytes: this library knows %zu", from->size, sizeof known);
    memcpy(&known, from, from->size);
    to->models_dir = known.models_dir;
    to->stages_off = known.stages_off;
    to->encode.offset_unit = (dl_offset_unit)known.offset_unit;
    to->encode.tokens = known.tokens != 0;
    if (known.plain_text)
        to->decode.message = DL_MESSAGE_TEXT;
    return DL_OK;
}

dateline_status dateline_open(dateline_engine **engine, const dateline_options *options, char *why)
{
    dl_engine_opts opts = dl_engine_defaults();
    dateline_engine *e = calloc(1, sizeof *e);
    dl_error err;
    dl_code code = e ? read_options(&opts, options, &err) : dl_fail(&err, DL_FATAL, "dateline", DL_NO_PLACE, "out of memory");

    if (code == DL_OK)
        code = dl_engine_open(&e->engine, &opts, &err);
    if (code != DL_OK) {
        free(e);
        return fail(&err, why);
    }
    *engine = e;
    return DATELINE_OK;
}

void dateline_close(dateline_engine *engine)
{
    if (engine)
        dl_engine_close(engine->engine);
    free(engine);
}

dateline_session *dateline_session_new(const dateline_engine *engine)
{
    dateline_session *s = calloc(1, sizeof *s);

    if (s)
        dl_session_init(&s->session, engine->engine);
    return s;
}

void dateline_session_free(dateline_session *session)
{
    if (session)
        dl_session_free(&session->session);
    free(session);
}

dateline_status dateline_annotate(dateline_session *session, const char *article, size_t n, const char **json, size_t *n_json, char *why)
{
    dl_error err;
    dl_str out;
    dl_code code = dl_session_run(&session->session, NULL, (dl_str){article, n}, &out, &err);

    if (code == DL_OK) {
        out = dl_arena_str(&session->session.arena, out); /* with the NUL */
        if (!out.p)
            code = dl_fail(&err, DL_LIMIT, "dateline", DL_NO_PLACE, "too_large: the record needs more memory than one may have");
    }
    if (code != DL_OK)
        return fail(&err, why);
    *json = out.p;
    *n_json = out.n;
    return DATELINE_OK;
}
