#include "name_rules.h"

#include <stdlib.h>

static bool has_bit(const dl_name_token *t, uint32_t bit)
{
    return t->bits >> bit & 1;
}

/* ---- trim ----------------------------------------------------------------------------------------------------------- */

static bool is_title(const dl_name_token *t)
{
    return has_bit(t, DL_NAME_BIT_TITLE) && !has_bit(t, DL_NAME_BIT_GIVEN) && !has_bit(t, DL_NAME_BIT_COMMON_GIVEN) &&
           !has_bit(t, DL_NAME_BIT_COMMON_SURNAME) && !has_bit(t, DL_NAME_BIT_SURNAME);
}

static bool is_article(const dl_token *tok)
{
    return dl_str_eq(tok->form, DL_LIT("the")) || dl_str_eq(tok->form, DL_LIT("a")) || dl_str_eq(tok->form, DL_LIT("an"));
}

static bool is_possessive(const dl_token *tok)
{
    dl_str s = tok->form;

    return dl_str_eq_nocase(s, DL_LIT("'s")) || dl_str_eq_nocase(s, DL_LIT("\xE2\x80\x99s")) || dl_str_eq(s, DL_LIT("'")) ||
           dl_str_eq(s, DL_LIT("\xE2\x80\x99"));
}

static bool is_mark(const dl_name_token *t)
{
    return t->shape >= DL_SHAPE_OPEN && t->shape <= DL_SHAPE_PUNCT && t->shape != DL_SHAPE_DOT;
}

static void trim(dl_name_span *s, const dl_doc *doc, const dl_name_features *f)
{
    while (s->n_toks > 1) {
        const dl_token *tok = &doc->toks.p[s->first_tok];
        const dl_name_token *t = &f->toks[s->first_tok];

        if (!is_article(tok) && !is_mark(t) && !is_possessive(tok) && !(s->type == DL_ENT_PER && is_title(t)))
            break;
        s->first_tok++;
        s->n_toks--;
    }
    while (s->n_toks > 1) {
        uint32_t last = s->first_tok + s->n_toks - 1;

        if (!is_possessive(&doc->toks.p[last]) && (!is_mark(&f->toks[last]) || f->toks[last].shape == DL_SHAPE_CLOSE))
            break;
        s->n_toks--;
    }
}

/* ---- currency, gazetteer -------------------------------------------------------------------------------------------- */

static bool is_currency(const dl_name_span *s, const dl_doc *doc)
{
    uint32_t next = s->first_tok + s->n_toks;

    return s->type == DL_ENT_LOC && s->n_toks == 1 && doc->toks.p[s->first_tok].form.n <= 3 && next < doc->toks.n &&
           dl_str_starts(doc->toks.p[next].form, DL_LIT("$"));
}

/* The end of the longest gazetteer match of three tokens or more that begins at token i, and its type; i where there is none. */
static uint32_t known_end(const dl_name_features *f, const dl_sentence *sent, uint32_t i, uint8_t *type)
{
    enum { PLACE = 0, PERSON = 2, ORG = 3, COMPANY = 4, LEAST = 3 };
    static const struct {
        uint8_t kind, type;
    } kinds[] = {{ORG, DL_ENT_ORG}, {COMPANY, DL_ENT_ORG}, {PLACE, DL_ENT_LOC}, {PERSON, DL_ENT_PER}};
    uint32_t best = i, stop = sent->first_tok + sent->n_toks;

    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        uint32_t bit = 4 * kinds[k].kind, end = i + 1;

        if (!has_bit(&f->toks[i], bit))
            continue;
        while (end < stop && has_bit(&f->toks[end], bit + 1))
            end++;
        if (end < stop && has_bit(&f->toks[end], bit + 2) && end + 1 - i >= LEAST && end + 1 > best) {
            best = end + 1;
            *type = kinds[k].type;
        }
    }
    return best;
}

/* Drops currencies; lengthens names to what the gazetteer knows, where no other name reaches beyond that. */
static void complete(dl_name_spans *spans, const dl_doc *doc, const dl_name_features *f)
{
    uint32_t n = 0;

    for (uint32_t k = 0; k < spans->n; k++) {
        dl_name_span s = spans->p[k];
        uint8_t type = s.type;

        if (is_currency(&s, doc))
            continue;
        uint32_t end = known_end(f, &doc->sents.p[s.sent], s.first_tok, &type), last = k;

        while (last + 1 < spans->n && spans->p[last + 1].first_tok < end)
            last++;
        if (end > s.first_tok + s.n_toks && spans->p[last].first_tok + spans->p[last].n_toks <= end) {
            s.n_toks = end - s.first_tok;
            s.type = type;
            k = last;
        }
        spans->p[n++] = s;
    }
    spans->n = n;
}

/* ---- acronyms ------------------------------------------------------------------------------------------------------- */

/* Do the capitals of the span's words, or of all words but small ones, spell the acronym? Dots do not count. */
static bool spells(const dl_doc *doc, const dl_name_features *f, const dl_name_span *s, dl_str acronym)
{
    size_t at = 0;

    for (uint32_t i = s->first_tok; i < s->first_tok + s->n_toks; i++) {
        while (at < acronym.n && acronym.p[at] == '.')
            at++;
        if (!f->toks[i].cap)
            continue;
        if (at == acronym.n || acronym.p[at] != doc->toks.p[i].form.p[0])
            return false;
        at++;
    }
    while (at < acronym.n && acronym.p[at] == '.')
        at++;
    return at == acronym.n;
}

static bool is_acronym(const dl_name_token *t)
{
    return t->shape == DL_SHAPE_CAPS || t->shape == DL_SHAPE_CAPS_SHORT || t->shape == DL_SHAPE_DOTTED || t->shape == DL_SHAPE_CAP_DIGIT;
}

typedef struct fixed { /* the type that a word has from its place, for the whole document */
    uint8_t *type; /* [f->n_words] type + 1; 0: open */
    float   *sure; /* [f->n_words] marginal of what decided it */
} fixed;

static void find_acronyms(const dl_name_spans *spans, const dl_doc *doc, const dl_name_features *f, fixed *acronym)
{
    for (uint32_t k = 0; k < spans->n; k++) {
        const dl_name_span *s = &spans->p[k];
        const dl_sentence *sent = &doc->sents.p[s->sent];
        uint32_t at = s->first_tok + s->n_toks;

        if (s->n_toks < 2 || at + 2 >= sent->first_tok + sent->n_toks || f->toks[at].shape != DL_SHAPE_OPEN ||
            f->toks[at + 2].shape != DL_SHAPE_CLOSE || !is_acronym(&f->toks[at + 1]) || !spells(doc, f, s, doc->toks.p[at + 1].form))
            continue;
        acronym->type[f->toks[at + 1].word] = (uint8_t)(s->type + 1);
        acronym->sure[f->toks[at + 1].word] = s->marginal;
    }
}

/* ---- surnames ------------------------------------------------------------------------------------------------------- */

static void find_surnames(const dl_name_spans *spans, const dl_name_features *f, fixed *surname)
{
    for (uint32_t k = 0; k < spans->n; k++) {
        const dl_name_span *s = &spans->p[k];
        const dl_name_token *last = &f->toks[s->first_tok + s->n_toks - 1];

        if (s->type != DL_ENT_PER || s->n_toks < 2 || s->marginal < 0.5F || (last->shape != DL_SHAPE_CAP && last->shape != DL_SHAPE_MIXED && last->shape != DL_SHAPE_CAP_APOS && last->shape != DL_SHAPE_CAP_HYPHEN))
            continue;
        if (s->marginal > surname->sure[last->word]) {
            surname->type[last->word] = DL_ENT_PER + 1;
            surname->sure[last->word] = s->marginal;
        }
    }
}

/* ---- both applied --------------------------------------------------------------------------------------------------- */

static void retype(dl_name_spans *spans, const dl_name_features *f, const fixed *acronym, const fixed *surname)
{
    for (uint32_t k = 0; k < spans->n; k++) {
        dl_name_span *s = &spans->p[k];
        uint32_t w = f->toks[s->first_tok].word;

        if (s->n_toks != 1)
            continue;
        if (acronym->type[w] && is_acronym(&f->toks[s->first_tok])) {
            s->type = (uint8_t)(acronym->type[w] - 1);
            s->marginal = acronym->sure[w] > s->marginal ? acronym->sure[w] : s->marginal;
        } else if (surname->type[w] && s->type != DL_ENT_PER && s->marginal < 0.7F * surname->sure[w]) {
            s->type = DL_ENT_PER;
            s->marginal = 1 - s->marginal;
        }
    }
}

/* Acronyms and surnames that the network passed over. A surname must stand inside a sentence, and not be a common word. */
static bool add_missed(dl_name_spans *spans, dl_doc *doc, const dl_name_features *f, const fixed *acronym, const fixed *surname)
{
    dl_name_spans all = {0};
    uint32_t k = 0, covered = 0;

    for (uint32_t s = 0; s < doc->sents.n; s++) {
        const dl_sentence *sent = &doc->sents.p[s];

        for (uint32_t i = sent->first_tok; i < sent->first_tok + sent->n_toks; i++) {
            const dl_name_token *t = &f->toks[i];
            bool sure_acronym = acronym->type[t->word] && is_acronym(t);
            bool sure_surname = surname->type[t->word] && t->shape == DL_SHAPE_CAP && !has_bit(t, DL_NAME_BIT_WORD) && !has_bit(t, DL_NAME_BIT_LOWER_TOO) &&
                                !has_bit(t, DL_NAME_BIT_TITLE_CASE);
            dl_name_span *out;

            if (k < spans->n && spans->p[k].first_tok == i) {
                if (!(out = DL_PUSH(doc->a, &all)))
                    return false;
                *out = spans->p[k++];
                covered = i + out->n_toks;
            } else if (i >= covered && (sure_acronym || sure_surname)) {
                /* beside another capital it may be part of a longer name that the network did not take */
                bool beside = !sure_acronym && ((i > sent->first_tok && t[-1].cap && covered != i) || (i + 1 < sent->first_tok + sent->n_toks && t[1].cap));

                if (beside)
                    continue;
                if (!(out = DL_PUSH(doc->a, &all)))
                    return false;
                *out = (dl_name_span){.first_tok = i,
                                      .n_toks = 1,
                                      .sent = s,
                                      .type = (uint8_t)((sure_acronym ? acronym->type[t->word] : surname->type[t->word]) - 1),
                                      .marginal = (sure_acronym ? acronym->sure[t->word] : surname->sure[t->word]) * 0.8F};
            }
        }
    }
    *spans = all;
    return true;
}

/* ---- agreement ------------------------------------------------------------------------------------------------------ */

typedef struct vote { /* one span, to be sorted by what it says */
    uint64_t key;
    uint32_t span;
} vote;

static int by_key(const void *a, const void *b)
{
    const vote *x = a, *y = b;

    return x->key != y->key ? (x->key < y->key ? -1 : 1) : x->span < y->span ? -1 : x->span > y->span;
}

static uint64_t key_of(const dl_doc *doc, const dl_name_span *s)
{
    uint64_t key = DL_GAZETTEER_START;

    for (uint32_t i = 0; i < s->n_toks; i++)
        key = dl_gazetteer_step(key, doc->toks.p[s->first_tok + i].key);
    return key;
}

static bool agree(dl_name_spans *spans, dl_doc *doc)
{
    vote *votes = dl_arena_alloc(doc->a, sizeof *votes * (spans->n + 1));

    if (!votes)
        return false;
    for (uint32_t k = 0; k < spans->n; k++)
        votes[k] = (vote){key_of(doc, &spans->p[k]), k};
    qsort(votes, spans->n, sizeof *votes, by_key);
    for (uint32_t start = 0, end; start < spans->n; start = end) {
        float sum[DL_N_ENT_TYPES] = {0};
        uint32_t best = 0;

        for (end = start; end < spans->n && votes[end].key == votes[start].key; end++)
            sum[spans->p[votes[end].span].type] += spans->p[votes[end].span].marginal;
        for (uint32_t t = 1; t < DL_N_ENT_TYPES; t++)
            if (sum[t] > sum[best])
                best = t;
        for (uint32_t k = start; k < end; k++) {
            dl_name_span *s = &spans->p[votes[k].span];

            if (s->type != best && sum[best] > 2 * sum[s->type] && s->marginal < 0.9F) {
                s->type = (uint8_t)best;
                s->marginal = 1 - s->marginal;
            }
        }
    }
    return true;
}

dl_code dl_name_rules(dl_name_spans *spans, dl_doc *doc, const dl_name_features *f, dl_error *err)
{
    uint32_t n = f->n_words + 1;
    fixed acronym = {DL_NEW_N(doc->a, uint8_t, n), DL_NEW_N(doc->a, float, n)};
    fixed surname = {DL_NEW_N(doc->a, uint8_t, n), DL_NEW_N(doc->a, float, n)};

    if (!acronym.type || !acronym.sure || !surname.type || !surname.sure)
        return dl_fail(err, DL_LIMIT, "mentions", DL_NO_PLACE, "the arena is full");
    for (uint32_t k = 0; k < spans->n; k++)
        trim(&spans->p[k], doc, f);
    complete(spans, doc, f);
    find_acronyms(spans, doc, f, &acronym);
    find_surnames(spans, f, &surname);
    retype(spans, f, &acronym, &surname);
    if (!add_missed(spans, doc, f, &acronym, &surname) || !agree(spans, doc))
        return dl_fail(err, DL_LIMIT, "mentions", DL_NO_PLACE, "the arena is full");
    return DL_OK;
}
