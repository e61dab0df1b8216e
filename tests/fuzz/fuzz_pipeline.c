/* pipeline: any message is a document that keeps the model's promises and a record that is JSON, or an error; and the same again. The
 * first byte chooses the offset unit and whether the message is JSON or text. */
#include "pipeline/base/utf8.h"
#include "pipeline/engine.h"

#include <assert.h>
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

static dl_session *session(uint8_t choice)
{
    static dl_session made[6];
    dl_session *s = &made[choice % 6];
    dl_engine_opts opts = dl_engine_defaults();
    dl_engine *engine;
    dl_error err;

    if (s->engine)
        return s;
    opts.models_dir = DL_SOURCE_MODELS_DIR;
    opts.encode.tokens = true;
    opts.encode.offset_unit = (dl_offset_unit)(choice % 3);
    opts.decode.message = choice % 6 >= 3 ? DL_MESSAGE_TEXT : DL_MESSAGE_JSON;
    if (dl_engine_open(&engine, &opts, &err) != DL_OK) {
        (void)fprintf(stderr, "%s: %s\n", err.where, err.msg);
        abort();
    }
    dl_session_init(s, engine);
    return s;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    if (n == 0)
        return 0;
    dl_session *s = session(data[0]);
    dl_str raw = {(const char *)data + 1, n - 1}, out, again;
    dl_record rec = {DL_LIT("fuzz"), 0, 1, {NULL, 0}, 1641477900123};
    dl_error err;

    if (dl_session_run(s, &rec, raw, &out, &err) != DL_OK) {
        assert(err.code == DL_BAD_INPUT || err.code == DL_LIMIT);
        return 0;
    }
    dl_doc_check(&s->doc);
    cJSON *parsed = cJSON_ParseWithLength(out.p, out.n);

    assert(parsed && !memchr(out.p, '\n', out.n) && dl_utf8_check(out) == out.n);
    cJSON_Delete(parsed);
    char *first = malloc(out.n);
    dl_str kept = {first, out.n};

    assert(first);
    memcpy(first, out.p, out.n);
    dl_code code = dl_session_run(s, &rec, raw, &again, &err);

    assert(code == DL_OK && dl_str_eq(kept, again));
    (void)code;
    free(first);
    return 0;
}
