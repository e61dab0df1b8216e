/* Any text through repair and the stages that cut: the text is untouched, spans are of it and in order, forms are well-formed UTF-8, and
 * the bytes between repairs are those of the text. */
#include "pipeline/base/utf8.h"
#include "pipeline/stages/repair.h"
#include "pipeline/stages/sections.h"
#include "pipeline/stages/segment.h"
#include "pipeline/stages/tokenize.h"
#include "pipeline/view.h"

#include <assert.h>
#include <stdlib.h>

static const dl_repairer *repairer(void)
{
    static dl_wordvec words;
    static dl_gazetteer gazetteer;
    static dl_repairer made;

    if (!made.words) {
        if (dl_wordvec_open(&words, DL_SOURCE_MODELS_DIR, NULL) || dl_gazetteer_open(&gazetteer, DL_SOURCE_MODELS_DIR, NULL))
            abort();
        dl_repairer_init(&made, &words, &gazetteer);
    }
    return &made;
}

static void check_view(const dl_doc *doc)
{
    uint32_t at = 0, view_at = 0;

    for (uint32_t i = 0; i <= doc->repairs.n; i++) {
        const dl_repair *r = i < doc->repairs.n ? &doc->repairs.p[i] : NULL;
        const uint32_t end = r ? r->span.start : (uint32_t)doc->text.n, view_end = r ? r->view.start : (uint32_t)doc->view.n;

        assert(end - at == view_end - view_at && memcmp(doc->text.p + at, doc->view.p + view_at, end - at) == 0);
        at = r ? r->span.end : end;
        view_at = r ? r->view.end : view_end;
    }
}

static uint64_t cut(dl_arena *a, dl_str text)
{
    dl_sections sections;
    dl_segment segment;
    dl_tokenize tokenize;
    dl_doc doc;
    uint64_t hash = 0;

    dl_arena_reset(a);
    dl_doc_init(&doc, a);
    doc.text = text;
    if (dl_sections_init(&sections, NULL, NULL) || dl_segment_init(&segment, NULL, NULL) || dl_tokenize_init(&tokenize, NULL, NULL))
        abort();
    if (dl_repair_run(repairer(), &doc, NULL) || dl_sections_run(&sections, &doc, NULL) || dl_segment_run(&segment, &doc, NULL) ||
        dl_tokenize_run(&tokenize, &doc, NULL))
        return 0;
    dl_doc_check(&doc);
    if (doc.view.p)
        check_view(&doc);
    for (uint32_t i = 0; i < doc.toks.n; i++) {
        const dl_token *tok = &doc.toks.p[i];

        assert((tok->flags & DL_TOK_REPAIRED) || dl_str_eq(tok->form, dl_tok_text(&doc, tok)));
        hash = dl_hash(tok->form.p, tok->form.n, hash ^ tok->span.start);
    }
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = malloc(n + 1), *kept = malloc(n + 1);
    size_t at = 0;
    dl_arena a;

    assert(text && kept);
    dl_arena_init(&a, (size_t)256 << 20);
    memcpy(text, data, n);
    while ((at += dl_utf8_check((dl_str){text + at, n - at})) < n) /* well-formed UTF-8 is decode's promise */
        text[at] = '?';
    memcpy(kept, text, n);
    const uint64_t first = cut(&a, (dl_str){text, n});

    if (first != cut(&a, (dl_str){text, n}) || memcmp(text, kept, n) != 0)
        abort();
    dl_arena_free(&a);
    free(text);
    free(kept);
    return 0;
}
