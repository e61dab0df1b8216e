/* name_features: what the training of the names recogniser reads. Standard input: texts, each a u32 of its bytes and the bytes.
 * Standard output for each text, little-endian: u32 bytes of the document's text, the text, u32 n, then arrays of n:
 * u32 start, u32 end, u32 sentence, u32 word row, u64 key, u64 bits, u8 shape, u8 cap, u16 affixes[DL_NAME_AFFIXES]. */
#include "pipeline/base/buf.h"
#include "pipeline/pipeline.h"
#include "pipeline/stages/decode.h"
#include "pipeline/stages/name_features.h"
#include "pipeline/stages/sections.h"
#include "pipeline/stages/segment.h"
#include "pipeline/stages/tokenize.h"
#include "pipeline/stages/words.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct reader {
    dl_decode    decode;
    dl_sections  sections;
    dl_segment   segment;
    dl_tokenize  tokenize;
    dl_words     words;
    dl_wordvec   vectors;
    dl_gazetteer gazetteer;
    dl_pipeline  pipeline;
} reader;

static dl_code reader_open(reader *r, const char *models_dir, dl_error *err)
{
    dl_decode_opts decode = dl_decode_defaults();
    dl_sections_opts sections = dl_sections_defaults();
    dl_segment_opts segment = dl_segment_defaults();
    dl_code code;

    decode.message = DL_MESSAGE_TEXT;
    decode.body_format = DL_BODY_TEXT;
    if ((code = dl_wordvec_open(&r->vectors, models_dir, err)) != DL_OK || (code = dl_gazetteer_open(&r->gazetteer, models_dir, err)) != DL_OK ||
        (code = dl_decode_init(&r->decode, &decode, err)) != DL_OK || (code = dl_sections_init(&r->sections, &sections, err)) != DL_OK ||
        (code = dl_segment_init(&r->segment, &segment, err)) != DL_OK || (code = dl_tokenize_init(&r->tokenize, NULL, err)) != DL_OK)
        return code;
    dl_words_init(&r->words, &r->vectors);
    dl_pipeline_init(&r->pipeline, NULL);
    const struct {
        const dl_stage_ops *ops;
        const void         *self;
    } stages[] = {{&dl_decode_ops, &r->decode},
                  {&dl_sections_ops, &r->sections},
                  {&dl_segment_ops, &r->segment},
                  {&dl_tokenize_ops, &r->tokenize},
                  {&dl_words_ops, &r->words}};

    for (size_t i = 0; code == DL_OK && i < sizeof stages / sizeof *stages; i++)
        code = dl_pipeline_add(&r->pipeline, stages[i].ops, stages[i].self, err);
    return code;
}

static void write_u32(uint32_t v)
{
    (void)fwrite(&v, sizeof v, 1, stdout);
}

#define WRITE_ALL(type, expr)                                                                      \
    for (uint32_t i = 0; i < doc->toks.n; i++) {                                                   \
        const dl_token *tok = &doc->toks.p[i];                                                     \
        const dl_name_token *t = &f->toks[i];                                                      \
        type v = (type)(expr);                                                                     \
                                                                                                   \
        (void)tok, (void)t;                                                                        \
        (void)fwrite(&v, sizeof v, 1, stdout);                                                     \
    }

static void write_doc(const dl_doc *doc, const dl_name_features *f, const uint32_t *sent_of)
{
    write_u32((uint32_t)doc->text.n);
    (void)fwrite(doc->text.p, 1, doc->text.n, stdout);
    write_u32(doc->toks.n);
    WRITE_ALL(uint32_t, tok->span.start)
    WRITE_ALL(uint32_t, tok->span.end)
    WRITE_ALL(uint32_t, sent_of[i])
    WRITE_ALL(uint32_t, tok->word)
    WRITE_ALL(uint64_t, tok->key)
    WRITE_ALL(uint64_t, t->bits)
    WRITE_ALL(uint8_t, t->shape)
    WRITE_ALL(uint8_t, t->cap)
    for (uint32_t i = 0; i < doc->toks.n; i++) {
        uint16_t affixes[DL_NAME_AFFIXES];

        dl_name_affixes(doc->toks.p[i].form, affixes);
        (void)fwrite(affixes, sizeof affixes, 1, stdout);
    }
}

static dl_code one_text(const reader *r, dl_arena *a, dl_str raw, dl_error *err)
{
    dl_doc doc;
    dl_name_features f;

    dl_arena_reset(a);
    dl_doc_init(&doc, a);
    doc.raw = raw;
    dl_code code = dl_pipeline_run(&r->pipeline, &doc, err);

    if (code == DL_OK)
        code = dl_name_features_make(&f, &doc, &r->gazetteer, err);
    if (code == DL_BAD_INPUT) { /* an empty text: no tokens */
        write_u32(0);
        write_u32(0);
        return DL_OK;
    }
    if (code != DL_OK)
        return code;
    uint32_t *sent_of = DL_NEW_N(a, uint32_t, doc.toks.n + 1);

    if (!sent_of)
        return dl_fail(err, DL_LIMIT, "features", DL_NO_PLACE, "the arena is full");
    for (uint32_t s = 0; s < doc.sents.n; s++)
        for (uint32_t k = 0; k < doc.sents.p[s].n_toks; k++)
            sent_of[doc.sents.p[s].first_tok + k] = s;
    write_doc(&doc, &f, sent_of);
    return DL_OK;
}

int main(int argc, char **argv)
{
    static reader r;
    dl_error err;
    dl_arena arena;
    dl_buf text = {0};
    uint32_t n;
    dl_code code = reader_open(&r, argc > 1 ? argv[1] : "models", &err);

    dl_arena_init(&arena, (size_t)1 << 30);
    while (code == DL_OK && fread(&n, sizeof n, 1, stdin) == 1) {
        text.n = 0;
        if (!dl_buf_reserve(&text, n) || fread(text.p, 1, n, stdin) != n)
            code = dl_fail(&err, DL_FATAL, "features", DL_NO_PLACE, "the input ends within a text");
        else
            code = one_text(&r, &arena, (dl_str){text.p, n}, &err);
    }
    if (code != DL_OK)
        (void)fprintf(stderr, "%s: %s\n", err.where, err.msg);
    dl_buf_free(&text);
    dl_arena_free(&arena);
    return code == DL_OK ? 0 : 1;
}
