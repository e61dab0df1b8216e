#include "docs.h"

#include "check.h"
#include "pipeline/stages/sections.h"
#include "pipeline/stages/segment.h"
#include "pipeline/stages/tokenize.h"

void test_doc_open(test_doc *d, dl_str text, uint32_t body_start)
{
    dl_arena_init(&d->arena, (size_t)1 << 30);
    dl_doc_init(&d->doc, &d->arena);
    d->doc.raw = text;
    d->doc.text = text;
    d->doc.body_start = body_start;
}

void test_doc_close(test_doc *d)
{
    dl_arena_free(&d->arena);
}

void test_doc_run(test_doc *d, const dl_stage_ops *ops, const void *self)
{
    dl_error err = {0};

    check_ok(ops->name, ops->run(self, &d->doc, &err), &err);
}

void test_doc_cut(test_doc *d)
{
    dl_sections sections;
    dl_segment segment;
    dl_tokenize tokenize;
    dl_error err = {0};

    check_ok("sections", dl_sections_init(&sections, NULL, &err), &err);
    check_ok("segment", dl_segment_init(&segment, NULL, &err), &err);
    check_ok("tokenize", dl_tokenize_init(&tokenize, NULL, &err), &err);
    test_doc_run(d, &dl_sections_ops, &sections);
    test_doc_run(d, &dl_segment_ops, &segment);
    test_doc_run(d, &dl_tokenize_ops, &tokenize);
    dl_doc_check(&d->doc);
    dl_tokenize_free(&tokenize);
    dl_segment_free(&segment);
    dl_sections_free(&sections);
}

static void append(char **at, const char *s, size_t n)
{
    if (n)
        memcpy(*at, s, n);
    *at += n;
}

dl_str test_doc_tokens(test_doc *d)
{
    char *out = dl_arena_alloc(&d->arena, d->doc.text.n + d->doc.toks.n + d->doc.sents.n * 4 + 1), *at = out;

    assert_non_null(out);
    for (uint32_t s = 0; s < d->doc.sents.n; s++) {
        const dl_sentence *sent = &d->doc.sents.p[s];

        append(&at, " || ", s ? 4 : 0);
        for (uint32_t t = sent->first_tok; t < sent->first_tok + sent->n_toks; t++) {
            dl_str form = d->doc.toks.p[t].form;

            append(&at, "|", t > sent->first_tok);
            append(&at, form.p, form.n);
        }
    }
    return (dl_str){out, (size_t)(at - out)};
}

dl_str test_doc_sentences(test_doc *d)
{
    char *out = dl_arena_alloc(&d->arena, d->doc.text.n + d->doc.sents.n * 4 + 1), *at = out;

    assert_non_null(out);
    for (uint32_t s = 0; s < d->doc.sents.n; s++) {
        dl_str sent = dl_doc_str(&d->doc, d->doc.sents.p[s].span);

        append(&at, " || ", s ? 4 : 0);
        append(&at, sent.p, sent.n);
    }
    return (dl_str){out, (size_t)(at - out)};
}
