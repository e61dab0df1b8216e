#include "kb.h"

#include "../base/utf8.h"
#include "fold.h"
#include "gazetteer.h"
#include "kb_extra.h"
#include "skeleton.h"

#include <utf8proc.h>

enum { CHECK_BITS = 24, CHECK_BYTES = 3, READING_BYTES = 4, MORE = 0x80 };

/* ---- words of a name --------------------------------------------------------------------------------------------------- */

static bool is_inside(dl_str s, size_t at, uint32_t *len)
{
    *len = 1;
    if ((unsigned char)s.p[at] < 0x80)
        return dl_is_alnum(s.p[at]);
    int32_t cp = dl_utf8_at(s, at, len);

    if (cp == DL_CP_BAD)
        return false;
    utf8proc_category_t cat = utf8proc_category(cp);

    return (cat >= UTF8PROC_CATEGORY_LU && cat <= UTF8PROC_CATEGORY_LO) || (cat >= UTF8PROC_CATEGORY_ND && cat <= UTF8PROC_CATEGORY_NO);
}

static void end_word(dl_name_words *w, size_t start, size_t end)
{
    if (end == start)
        return;
    if (w->n == DL_KB_MOST_WORDS)
        w->cut = true;
    else
        w->word[w->n++] = (dl_str){w->bytes + start, end - start};
}

void dl_name_words_of(dl_name_words *w, dl_str name)
{
    char folded[DL_FOLD_MAX];
    size_t used = 0, start = 0;
    uint32_t len;

    w->n = 0;
    w->cut = false;
    for (size_t at = 0; at < name.n;) {
        size_t stop = at;

        while (stop < name.n && !dl_is_space(name.p[stop]))
            stop++;
        dl_str piece = {folded, dl_fold_word(dl_str_sub(name, at, stop), folded)};

        w->cut |= piece.n == DL_FOLD_MAX;
        for (size_t i = 0; i < piece.n; i += len) {
            if (is_inside(piece, i, &len)) {
                if (used + len > sizeof w->bytes) {
                    w->cut = true;
                    continue;
                }
                memcpy(w->bytes + used, piece.p + i, len);
                used += len;
            } else if (piece.p[i] != '\'' && piece.p[i] != '.') {
                end_word(w, start, used);
                start = used;
            }
        }
        end_word(w, start, used);
        start = used;
        at = stop + 1;
    }
    if (w->n > 1 && dl_str_eq(w->word[0], DL_LIT("the"))) {
        memmove(w->word, w->word + 1, (w->n - 1) * sizeof *w->word);
        w->n--;
    }
}

uint64_t dl_kb_key(const dl_name_words *w, uint32_t first, uint32_t end)
{
    uint64_t key = DL_GAZETTEER_START;

    if (first >= end || end > w->n || w->cut)
        return 0;
    for (uint32_t i = first; i < end; i++)
        key = dl_gazetteer_step(key, dl_hash(w->word[i].p, w->word[i].n, 0));
    return key;
}

/* ---- readings ---------------------------------------------------------------------------------------------------------- */

static dl_kb_ref reading_at(const uint8_t *p)
{
    uint32_t packed = (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16;

    return (dl_kb_ref){.row = packed & 0x1FFFFF, .type = (uint8_t)(packed >> 21), .form = p[3] >> 4 & 7, .prior = p[3] & 15};
}

uint32_t dl_kb_find_key(const dl_kb *kb, uint64_t key, dl_kb_ref *out, uint32_t most)
{
    uint32_t bucket = (uint32_t)(key >> (64 - kb->bucket_bits)), n = 0;
    uint32_t check = (uint32_t)(key >> (64 - kb->bucket_bits - CHECK_BITS)) & 0xFFFFFF;
    size_t at = kb->names_at[bucket], end = kb->names_at[bucket + 1];

    if (!key)
        return 0;
    if (kb->extra)
        n = dl_kb_extra_find(kb->extra, key, out, most);
    if (end > kb->names.n)
        return n;
    while (at < end && end - at >= CHECK_BYTES + READING_BYTES) {
        const uint8_t *p = kb->names.p + at;
        bool here = ((uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16) == check;

        at += CHECK_BYTES;
        for (bool more = true; more && at < end && end - at >= READING_BYTES; at += READING_BYTES) {
            more = kb->names.p[at + 3] & MORE;
            if (here && n < most)
                out[n++] = reading_at(kb->names.p + at);
        }
        if (here)
            break;
    }
    return n;
}

uint32_t dl_kb_find(const dl_kb *kb, dl_str name, dl_kb_ref *out, uint32_t most)
{
    dl_name_words w;

    dl_name_words_of(&w, name);
    return dl_kb_find_key(kb, dl_kb_key(&w, 0, w.n), out, most);
}

uint32_t dl_kb_find_skeleton(const dl_kb *kb, dl_str name, dl_kb_ref *out, uint32_t most)
{
    dl_name_words w;

    dl_name_words_of(&w, name);
    return w.cut ? 0 : dl_kb_find_key(kb, dl_skeleton_key(w.word, w.n), out, most);
}

uint32_t dl_kb_longest(const dl_kb *kb, const dl_name_words *w, uint32_t first, dl_kb_ref *out, uint32_t most, uint32_t *n_out)
{
    *n_out = 0;
    for (uint32_t end = w->n; end > first; end--) {
        uint32_t n = dl_kb_find_key(kb, dl_kb_key(w, first, end), out, most);

        if (n) {
            *n_out = n;
            return end - first;
        }
    }
    return 0;
}
