#include "gazetteer.h"

#include "../base/utf8.h"
#include "fold.h"

#include <utf8proc.h>

dl_code dl_gazetteer_init(dl_gazetteer *out, dl_model_file *file, dl_error *err)
{
    dl_gazetteer g = {.file = *file};
    uint32_t one = 1;
    dl_code code = dl_fusemap_load(&g.map, file, DL_ELEM_U16, err);

    if (code != DL_OK)
        return code;
    if (!(g.classes = dl_model_array(file, "classes", DL_ELEM_U16, &g.n_classes, &one, err)))
        return DL_FATAL;
    *out = g;
    *file = (dl_model_file){0};
    return DL_OK;
}

dl_code dl_gazetteer_open(dl_gazetteer *out, const char *models_dir, dl_error *err)
{
    dl_model_file file = {0};
    dl_code code = dl_model_open(&file, models_dir, "gazetteer.dlm", "gazetteer", err);

    if (code == DL_OK)
        code = dl_gazetteer_init(out, &file, err);
    dl_model_close(&file);
    return code;
}

void dl_gazetteer_close(dl_gazetteer *g)
{
    dl_model_close(&g->file);
    *g = (dl_gazetteer){0};
}

enum kind { INSIDE, DROPPED, BETWEEN };

static enum kind kind_of(dl_str s, size_t at, uint32_t *len)
{
    char c = s.p[at];

    *len = 1;
    if ((unsigned char)c < 0x80)
        return dl_is_alnum(c) ? INSIDE : c == '\'' || c == '.' ? DROPPED : BETWEEN;
    int32_t cp = dl_utf8_at(s, at, len);

    if (cp == DL_CP_BAD)
        return BETWEEN;
    utf8proc_category_t cat = utf8proc_category(cp);
    bool letter = cat >= UTF8PROC_CATEGORY_LU && cat <= UTF8PROC_CATEGORY_LO;
    bool number = cat >= UTF8PROC_CATEGORY_ND && cat <= UTF8PROC_CATEGORY_NO;

    return letter || number ? INSIDE : BETWEEN;
}

uint32_t dl_gazetteer_words(dl_str folded, uint64_t *hashes, uint32_t n)
{
    char word[DL_FOLD_MAX];
    size_t used = 0;
    uint32_t found = 0, len;

    for (size_t at = 0; at <= folded.n; at += len) {
        enum kind kind = BETWEEN;

        len = 1;
        if (at < folded.n)
            kind = kind_of(folded, at, &len);

        if (kind == INSIDE && used + len <= sizeof word) {
            memcpy(word + used, folded.p + at, len);
            used += len;
        } else if (kind == BETWEEN && used) {
            if (found < n)
                hashes[found] = dl_hash(word, used, 0);
            found++;
            used = 0;
        }
    }
    return found;
}

uint32_t dl_gazetteer_find_text(const dl_gazetteer *g, dl_str text)
{
    enum { MOST = 16 };
    char folded[DL_FOLD_MAX];
    uint64_t hashes[MOST], key = DL_GAZETTEER_START;
    uint32_t n = dl_gazetteer_words((dl_str){folded, dl_fold_word(text, folded)}, hashes, MOST);

    for (uint32_t i = 0; i < n && i < MOST; i++)
        key = dl_gazetteer_step(key, hashes[i]);
    return n && n <= MOST ? dl_gazetteer_find(g, key) : 0;
}
