#include "repair.h"

#include "clean.h"
#include "curl.h"
#include "edits.h"
#include "glue.h"
#include "mojibake.h"
#include "pipeline/view.h"

void dl_repairer_init(dl_repairer *r, const dl_wordvec *words, const dl_gazetteer *gazetteer)
{
    *r = (dl_repairer){.words = words, .gazetteer = gazetteer};
}

/* Which detectors have work: one look at each byte. */
typedef struct signs {
    bool wide;   /* a character above 127 that is not a common mark of English text (U+2010 to U+203F) */
    bool quotes; /* any double quotation mark */
    bool hyphen; /* "-" at a line's end */
    bool spaced; /* three single letters with spaces between them */
} signs;

static signs look(dl_str s)
{
    signs found = {0};

    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];

        if (c >= 0x80) {
            if (c == 0xE2 && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0x80 && (unsigned char)s.p[i + 2] >= 0x90 && (unsigned char)s.p[i + 2] != 0xA8) {
                found.quotes = found.quotes || (unsigned char)s.p[i + 2] == 0x9C || (unsigned char)s.p[i + 2] == 0x9D;
                found.wide = found.wide || (unsigned char)s.p[i + 2] > 0xA6;
                i += 2;
            } else {
                found.wide = true;
            }
        } else if (c == '"' || ((c == '`' || c == '\'') && i + 1 < s.n && s.p[i + 1] == s.p[i])) {
            found.quotes = true;
        } else if (c == '\n') {
            found.hyphen = found.hyphen || (i > 1 && s.p[i - 1] == '-') || (i > 2 && s.p[i - 1] == '\r' && s.p[i - 2] == '-');
        } else if (c == ' ' && i + 4 < s.n && s.p[i + 2] == ' ' && s.p[i + 4] == ' ' && dl_is_alpha(s.p[i + 1]) && dl_is_alpha(s.p[i + 3])) {
            found.spaced = true;
        }
    }
    return found;
}

dl_code dl_repair_run(const dl_repairer *r, dl_doc *doc, dl_error *err)
{
    dl_edits edits = {.doc = doc};
    signs found = look(doc->text);
    dl_code code = DL_OK;

    if (found.wide) {
        code = dl_mojibake_find(&edits, err);
        if (code == DL_OK) {
            dl_clean_characters(&edits);
            code = dl_edits_apply(&edits, err);
        }
        found = look(dl_view(doc));
    }
    if (code == DL_OK && (found.hyphen || found.spaced)) {
        dl_clean_lines(&edits, r->words);
        code = dl_edits_apply(&edits, err);
    }
    if (code == DL_OK) {
        dl_glue_find(&edits, r->words, r->gazetteer);
        code = dl_edits_apply(&edits, err);
    }
    if (code == DL_OK && found.quotes) {
        dl_curl_find(&edits);
        code = dl_edits_apply(&edits, err);
    }
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_repair_run(self, doc, err);
}

const dl_stage_ops dl_repair_ops = {
    .name = "repair", .reads = DL_LAYER_TEXT, .writes = DL_LAYER_VIEW, .any_language = true, .run = run};
