/* Any text through sections, segment, tokenize and language: all that doc.h promises holds, and the same text gives the same spans. */
#include "pipeline/base/utf8.h"
#include "pipeline/stages/language.h"
#include "pipeline/stages/sections.h"
#include "pipeline/stages/segment.h"
#include "pipeline/stages/tokenize.h"

#include <stdlib.h>

/* Well-formed UTF-8 is decode's promise: a malformed byte becomes a question mark here. */
static size_t well_formed(char *out, const uint8_t *data, size_t n)
{
    size_t at = 0;

    memcpy(out, data, n);
    while ((at += dl_utf8_check((dl_str){out + at, n - at})) < n)
        out[at] = '?';
    return n;
}

static uint64_t cut(dl_arena *a, dl_str text, uint32_t body_start)
{
    dl_sections sections;
    dl_segment segment;
    dl_tokenize tokenize;
    dl_language language;
    dl_doc doc;
    uint64_t hash = 0;

    dl_arena_reset(a);
    dl_doc_init(&doc, a);
    doc.text = text;
    doc.body_start = body_start;
    if (dl_sections_init(&sections, NULL, NULL) || dl_segment_init(&segment, NULL, NULL) || dl_tokenize_init(&tokenize, NULL, NULL) ||
        dl_language_init(&language, NULL, NULL))
        abort();
    if (dl_sections_run(&sections, &doc, NULL) || dl_segment_run(&segment, &doc, NULL) || dl_tokenize_run(&tokenize, &doc, NULL) ||
        dl_language_run(&language, &doc, NULL))
        return 0;
    dl_doc_check(&doc);
    for (uint32_t i = 0; i < doc.toks.n; i++)
        hash = dl_hash(&doc.toks.p[i].span, sizeof doc.toks.p[i].span, hash ^ doc.toks.p[i].flags);
    return hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = malloc(n + 1);
    dl_arena a;
    uint32_t body_start = 0;

    if (!text)
        return 0;
    dl_arena_init(&a, (size_t)256 << 20);
    n = well_formed(text, data, n);
    if (n > 8 && (data[0] & 1)) { /* half of them have a title */
        body_start = (uint32_t)(data[1] % n);
        while (body_start < n && dl_utf8_is_cont(text[body_start]))
            body_start++;
    }
    if (cut(&a, (dl_str){text, n}, body_start) != cut(&a, (dl_str){text, n}, body_start))
        abort();
    dl_arena_free(&a);
    free(text);
    return 0;
}
