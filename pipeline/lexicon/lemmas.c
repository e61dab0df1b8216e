#include "lemmas.h"

#include "../base/utf8.h"
#include "spelling.h"

enum { REC_FIELDS = 6, MAX_FORM = 200, RULE_SEED = 256, LONGEST_SUFFIX = 6 };
enum { REC_TEXT, REC_RESULT, REC_TEXT_N, REC_RESULT_N, REC_CUT, REC_TAG };

static dl_code load_table(dl_lemma_table *t, const dl_model_file *m, const char *cells, const char *shape, const char *recs,
                          uint32_t n_pool, dl_error *err)
{
    uint32_t cols = REC_FIELDS;
    dl_code code = dl_fusemap_load_named(&t->map, m, cells, shape, DL_ELEM_U32, err);

    if (code != DL_OK)
        return code;
    t->recs = dl_model_array(m, recs, DL_ELEM_U32, &t->n, &cols, err);
    if (!t->recs)
        return DL_FATAL;
    for (uint32_t i = 0; i < t->n; i++) {
        const uint32_t *r = t->recs + (size_t)i * REC_FIELDS;

        if (r[REC_TEXT] > n_pool || r[REC_TEXT_N] > n_pool - r[REC_TEXT] || r[REC_RESULT] > n_pool ||
            r[REC_RESULT_N] > n_pool - r[REC_RESULT] || r[REC_RESULT_N] > MAX_FORM)
            return dl_fail(err, DL_FATAL, "tag", DL_NO_PLACE, "section %s: record %u lies outside the pool", recs, i);
    }
    return DL_OK;
}

dl_code dl_lemmas_load(dl_lemmas *out, const dl_model_file *m, dl_error *err)
{
    dl_lemmas l = {0};
    uint32_t one = 1;

    l.pool = dl_model_array(m, "lemma.pool", DL_ELEM_U8, &l.n_pool, &one, err);
    if (!l.pool)
        return DL_FATAL;
    dl_code code = load_table(&l.exceptions, m, "except.cells", "except.shape", "except.recs", l.n_pool, err);

    if (code == DL_OK)
        code = load_table(&l.rules, m, "rule.cells", "rule.shape", "rule.recs", l.n_pool, err);
    if (code == DL_OK)
        *out = l;
    return code;
}

/* The record of a text; NULL where there is none. The map may take one text for another, so the record is compared. */
static const uint32_t *find(const dl_lemmas *l, const dl_lemma_table *t, dl_str text, uint32_t tag, uint32_t seed)
{
    uint32_t i = dl_fusemap_find(&t->map, dl_hash(text.p, text.n, tag + seed));

    if (i >= t->n)
        return NULL;
    const uint32_t *r = t->recs + (size_t)i * REC_FIELDS;

    return r[REC_TAG] == tag && dl_str_eq((dl_str){l->pool + r[REC_TEXT], r[REC_TEXT_N]}, text) ? r : NULL;
}

/* What rules edit: straight apostrophes, lower case unless proper. Returns the bytes written, at most those of form. */
static size_t base_of(char *out, dl_str form, bool proper)
{
    size_t n = 0;
    uint32_t len;

    for (size_t at = 0; at < form.n; at += len) {
        char c = form.p[at];

        len = 1;
        if ((unsigned char)c < 0x80) {
            out[n++] = c == '`' ? '\'' : proper ? c : dl_to_lower(c);
            continue;
        }
        int32_t cp = dl_utf8_at(form, at, &len);

        if (cp == 0x2018 || cp == 0x2019) {
            out[n++] = '\'';
        } else if (cp == DL_CP_BAD || proper || dl_spell_lower(cp) == cp) {
            memcpy(out + n, form.p + at, len);
            n += len;
        } else {
            n += dl_utf8_put(dl_spell_lower(cp), out + n);
        }
    }
    return n;
}

static dl_str keep(dl_str lemma, dl_str form, dl_arena *a)
{
    return dl_str_eq(lemma, form) ? form : dl_arena_str(a, lemma);
}

dl_str dl_lemma_find(const dl_lemmas *l, dl_lemma_tag tag, dl_str form, dl_arena *a)
{
    char buf[1 + 2 * MAX_FORM] = "^";
    const uint32_t *r;

    if (form.n > MAX_FORM)
        return form;
    dl_str base = {buf + 1, base_of(buf + 1, form, tag.proper)};

    r = find(l, &l->exceptions, base, tag.number, 0);
    if (r)
        return (dl_str){l->pool + r[REC_RESULT], r[REC_RESULT_N]};
    if (!tag.longest)
        return keep(base, form, a);
    size_t n = tag.longest - 1u < base.n + 1 ? tag.longest - 1u : base.n + 1;

    do
        r = find(l, &l->rules, (dl_str){base.p + base.n - n, n}, tag.number, RULE_SEED);
    while (!r && n-- > 0);
    /* a rule learned from "s" must not cut into the last character of an emoji */
    if (r && r[REC_CUT] <= base.n && (r[REC_CUT] == 0 || !dl_utf8_is_cont(base.p[base.n - r[REC_CUT]]))) {
        base.n -= r[REC_CUT];
        memcpy(buf + 1 + base.n, l->pool + r[REC_RESULT], r[REC_RESULT_N]);
        base.n += r[REC_RESULT_N];
    }
    return keep(base, form, a);
}
