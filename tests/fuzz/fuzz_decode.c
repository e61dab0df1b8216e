/* decode: any bytes are an article or an error, never both, and the same each time. The first byte chooses the options. */
#include "pipeline/base/utf8.h"
#include "pipeline/stages/decode.h"

#include <assert.h>

static const dl_decode *decoder(uint8_t choice)
{
    static dl_decode made[8];
    dl_decode *d = &made[choice & 7];
    dl_decode_opts opts = dl_decode_defaults();
    dl_error err;

    if (d->opts.max_depth)
        return d;
    opts.message = choice & 1 ? DL_MESSAGE_TEXT : DL_MESSAGE_JSON;
    opts.body_format = choice & 2 ? DL_BODY_HTML : DL_BODY_AUTO;
    opts.body = choice & 4 ? "/a/0/b|text|body" : "text|body|content";
    opts.max_depth = choice & 4 ? 999 : 20;
    opts.text_max_bytes = 1 << 16;
    dl_code code = dl_decode_init(d, &opts, &err);

    assert(code == DL_OK);
    (void)code;
    return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    dl_str text[2];
    dl_arena a[2];

    if (n == 0)
        return 0;
    for (int i = 0; i < 2; i++) {
        dl_error err = {0};
        dl_doc doc;

        dl_arena_init(&a[i], 1 << 26);
        dl_doc_init(&doc, &a[i]);
        doc.raw = (dl_str){(const char *)data + 1, n - 1};
        if (dl_decode_run(decoder(data[0]), &doc, &err) == DL_OK) {
            dl_doc_check(&doc);
            assert(doc.text.n > 0 && doc.text.n <= 1 << 16 && !memchr(doc.text.p, '\0', doc.text.n));
            assert(doc.article.id.n > 0 && doc.article.id.n <= 512);
            assert(dl_utf8_check(doc.article.id) == doc.article.id.n);
            assert(!doc.article.title.p || doc.body_start == doc.article.title.n + 2);
            text[i] = doc.text;
        } else {
            assert((err.code == DL_BAD_INPUT || err.code == DL_LIMIT) && strchr(err.msg, ':'));
            text[i] = dl_arena_str(&a[i], dl_str_of(err.msg));
        }
    }
    assert(dl_str_eq(text[0], text[1]));
    dl_arena_free(&a[0]);
    dl_arena_free(&a[1]);
    return 0;
}
