#include "name_features.h"

#include "../base/utf8.h"
#include "../lexicon/fold.h"

#include <utf8proc.h>

/* ---- shape of a token ----------------------------------------------------------------------------------------------- */

typedef struct letters {
    uint32_t upper, lower, digit, dot, hyphen, apos, other, n;
    bool     first_upper, last_dot, upper_behind_lower;
} letters;

static void count_code_point(letters *l, int32_t cp)
{
    utf8proc_category_t cat = utf8proc_category(cp);

    if (cat == UTF8PROC_CATEGORY_LU || cat == UTF8PROC_CATEGORY_LT)
        l->upper++, l->upper_behind_lower |= l->lower > 0, l->first_upper |= l->n == 0;
    else if (cat == UTF8PROC_CATEGORY_LL)
        l->lower++;
    else if (cat == UTF8PROC_CATEGORY_ND)
        l->digit++;
    else if (cp == 0x2019 || cp == 0x02BC)
        l->apos++;
    else if (cp >= 0x2010 && cp <= 0x2015)
        l->hyphen++;
    else
        l->other++;
}

static letters count(dl_str s)
{
    letters l = {0};
    uint32_t len;

    for (size_t at = 0; at < s.n; at += len, l.n++) {
        char c = s.p[at];

        len = 1;
        l.last_dot = c == '.';
        if (dl_is_lower(c))
            l.lower++;
        else if (dl_is_upper(c))
            l.upper++, l.upper_behind_lower |= l.lower > 0, l.first_upper |= at == 0;
        else if (dl_is_digit(c))
            l.digit++;
        else if (c == '.')
            l.dot++;
        else if (c == '-' || c == '/')
            l.hyphen++;
        else if (c == '\'')
            l.apos++;
        else if ((unsigned char)c < 0x80)
            l.other++;
        else
            count_code_point(&l, dl_utf8_at(s, at, &len));
    }
    return l;
}

static dl_name_shape shape_of_word(const letters *l)
{
    if (l->upper + l->lower == 0)
        return l->digit ? DL_SHAPE_NUMBER : DL_SHAPE_OTHER;
    if (l->digit)
        return l->upper ? DL_SHAPE_CAP_DIGIT : DL_SHAPE_LOWER_DIGIT;
    if (l->upper == 0)
        return l->dot + l->hyphen + l->apos ? DL_SHAPE_LOWER_MARK : DL_SHAPE_LOWER;
    if (l->hyphen)
        return DL_SHAPE_CAP_HYPHEN;
    if (l->apos)
        return DL_SHAPE_CAP_APOS;
    if (l->dot) {
        if (l->upper == 1 && l->lower == 0)
            return DL_SHAPE_INITIAL;
        return l->dot > 1 || l->lower == 0 ? DL_SHAPE_DOTTED : DL_SHAPE_ABBREV;
    }
    if (l->lower == 0)
        return l->upper == 1 ? DL_SHAPE_LETTER : l->upper < 4 ? DL_SHAPE_CAPS_SHORT : DL_SHAPE_CAPS;
    return l->upper == 1 && l->first_upper ? DL_SHAPE_CAP : DL_SHAPE_MIXED;
}

static dl_name_shape shape_of_number(const letters *l, dl_str s)
{
    if (l->digit != l->n)
        return DL_SHAPE_NUMBER;
    if (l->n == 4 && ((s.p[0] == '1' && s.p[1] >= '7') || (s.p[0] == '2' && s.p[1] == '0')))
        return DL_SHAPE_YEAR;
    return l->n == 1 ? DL_SHAPE_DIGITS_1 : l->n == 2 ? DL_SHAPE_DIGITS_2 : DL_SHAPE_DIGITS;
}

static dl_name_shape shape_of_punct(const dl_token *tok)
{
    dl_str s = tok->form;

    if (s.p[0] == '"' || s.p[0] == '\'' || s.p[0] == '`' || (s.n == 3 && memcmp(s.p, "\xE2\x80", 2) == 0 && (unsigned char)s.p[2] >= 0x98 && (unsigned char)s.p[2] <= 0x9F))
        return DL_SHAPE_QUOTE;
    if (tok->flags & DL_TOK_OPENS)
        return DL_SHAPE_OPEN;
    if (tok->flags & DL_TOK_CLOSES)
        return DL_SHAPE_CLOSE;
    switch (s.p[0]) {
    case '(': case '[': case '{': return DL_SHAPE_OPEN;
    case ')': case ']': case '}': return DL_SHAPE_CLOSE;
    case '.': case '!': case '?': return DL_SHAPE_DOT;
    case ',': return DL_SHAPE_COMMA;
    case ':': return DL_SHAPE_COLON;
    case ';': return DL_SHAPE_SEMICOLON;
    case '-': return DL_SHAPE_DASH;
    case '/': return DL_SHAPE_SLASH;
    case '&': return DL_SHAPE_AMPERSAND;
    default: break;
    }
    return s.n == 3 && memcmp(s.p, "\xE2\x80", 2) == 0 && (unsigned char)s.p[2] >= 0x90 && (unsigned char)s.p[2] <= 0x95 ? DL_SHAPE_DASH : DL_SHAPE_PUNCT;
}

static dl_name_shape shape_of(const dl_token *tok, bool *cap)
{
    bool plain = tok->kind == DL_TOK_WORD && !(tok->flags & (DL_TOK_CAP | DL_TOK_MIXED | DL_TOK_HAS_DIGIT | DL_TOK_NON_ASCII));
    letters l = {0};

    if (!plain || tok->form.n < 2 || memchr(tok->form.p, '\'', tok->form.n) || memchr(tok->form.p, '.', tok->form.n) ||
        memchr(tok->form.p, '-', tok->form.n))
        l = count(tok->form);
    else
        l = (letters){.lower = (uint32_t)tok->form.n, .n = (uint32_t)tok->form.n};
    *cap = l.upper > 0 && (tok->kind == DL_TOK_WORD || tok->kind == DL_TOK_NUMBER || tok->kind == DL_TOK_SYMBOL || tok->kind == DL_TOK_PUNCT);
    switch ((dl_tok_kind)tok->kind) {
    case DL_TOK_WORD: return shape_of_word(&l);
    case DL_TOK_NUMBER: return shape_of_number(&l, tok->form);
    case DL_TOK_PUNCT: return shape_of_punct(tok);
    case DL_TOK_SYMBOL: return tok->form.n == 1 && tok->form.p[0] == '&' ? DL_SHAPE_AMPERSAND : DL_SHAPE_SYMBOL;
    case DL_TOK_URL: case DL_TOK_EMAIL: return DL_SHAPE_WEB;
    case DL_TOK_HANDLE: case DL_TOK_HASHTAG: return DL_SHAPE_TAG;
    }
    return DL_SHAPE_OTHER;
}

/* ---- words of the document ------------------------------------------------------------------------------------------ */

typedef struct word_index {
    uint32_t *slots; /* index into words + 1; 0: free */
    uint32_t  mask;
} word_index;

static uint32_t word_of(dl_name_features *f, const word_index *index, uint64_t key, uint32_t tok)
{
    uint32_t at = (uint32_t)(key ^ key >> 32) & index->mask;

    for (; index->slots[at]; at = (at + 1) & index->mask)
        if (f->words[index->slots[at] - 1].key == key)
            return index->slots[at] - 1;
    f->words[f->n_words] = (dl_name_word){.key = key, .first = tok};
    index->slots[at] = ++f->n_words;
    return f->n_words - 1;
}

static void mark(uint64_t *bits, uint32_t bit)
{
    *bits |= (uint64_t)1 << bit;
}

static bool is_word(const dl_token *tok)
{
    return tok->kind == DL_TOK_WORD || tok->kind == DL_TOK_NUMBER || tok->kind == DL_TOK_HASHTAG || tok->kind == DL_TOK_HANDLE;
}

/* Does a line begin with the token? Only white space stands between it and the byte `from`. */
static bool begins_line(const dl_doc *doc, uint32_t from, const dl_token *tok)
{
    return from == 0 || memchr(doc->text.p + from, '\n', tok->span.start - from) != NULL;
}

/* Shapes, words and the bits that a sentence decides. */
static void read_sentence(dl_name_features *f, const dl_doc *doc, const dl_sentence *sent, const word_index *index)
{
    bool first = true, open = false, brackets = false;
    uint32_t n_upper = 0;

    for (uint32_t i = sent->first_tok; i < sent->first_tok + sent->n_toks; i++) {
        const dl_token *tok = &doc->toks.p[i];
        dl_name_token *t = &f->toks[i];

        t->shape = (uint8_t)shape_of(tok, &t->cap);
        t->word = word_of(f, index, tok->key, i);
        n_upper += t->cap;
        if (t->shape == DL_SHAPE_CLOSE)
            brackets = false;
        if (open)
            mark(&t->bits, DL_NAME_BIT_AFTER_OPEN);
        if (brackets)
            mark(&t->bits, DL_NAME_BIT_IN_BRACKETS);
        if (!(tok->flags & DL_TOK_SPACE))
            mark(&t->bits, DL_NAME_BIT_NO_SPACE);
        if (begins_line(doc, i ? tok[-1].span.end : 0, tok))
            mark(&t->bits, DL_NAME_BIT_LINE);
        if (tok->flags & DL_TOK_SEAM)
            mark(&t->bits, DL_NAME_BIT_SEAM);
        if (first && is_word(tok)) {
            mark(&t->bits, DL_NAME_BIT_FIRST);
            first = false;
        }
        open = t->shape == DL_SHAPE_OPEN || t->shape == DL_SHAPE_COLON || (t->shape == DL_SHAPE_QUOTE && tok->flags & DL_TOK_OPENS);
        brackets |= t->shape == DL_SHAPE_OPEN;
        if (i > sent->first_tok && (t->shape == DL_SHAPE_CLOSE || (t->shape == DL_SHAPE_QUOTE && tok->flags & DL_TOK_CLOSES)))
            mark(&f->toks[i - 1].bits, DL_NAME_BIT_BEFORE_CLOSE);
    }
    bool caps = sent->flags & (DL_SENT_ALL_CAPS | DL_SENT_TITLE_CASE);
    uint64_t whole = 0;

    if (sent->flags & DL_SENT_ALL_CAPS)
        mark(&whole, DL_NAME_BIT_ALL_CAPS);
    else if (sent->flags & DL_SENT_TITLE_CASE)
        mark(&whole, DL_NAME_BIT_TITLE_CASE);
    if (n_upper == 0)
        mark(&whole, DL_NAME_BIT_LOWER_CASE);
    for (uint32_t i = sent->first_tok; i < sent->first_tok + sent->n_toks; i++) {
        dl_name_token *t = &f->toks[i];
        dl_name_word *w = &f->words[t->word];

        t->bits |= whole;
        w->n_cap += t->cap;
        w->n_lower += !t->cap;
        w->n_cap_inside += t->cap && !caps && !(t->bits >> DL_NAME_BIT_FIRST & 1) && !(t->bits >> DL_NAME_BIT_AFTER_OPEN & 1);
    }
}

/* ---- gazetteer ------------------------------------------------------------------------------------------------------ */

enum { MOST_TOKS = 12, MOST_WORDS_OF_TOK = 4 };

/* Lengthen a phrase by a token; false where the token cannot be in a name. */
static bool step(uint64_t *key, const dl_token *tok, bool *has_word)
{
    uint64_t hashes[MOST_WORDS_OF_TOK];
    char folded[DL_FOLD_MAX];
    bool simple = tok->form.n > 0;

    for (size_t i = 0; simple && i < tok->form.n; i++)
        simple = dl_is_alnum(tok->form.p[i]);
    if (simple) {
        *key = dl_gazetteer_step(*key, tok->key);
        *has_word = true;
        return true;
    }
    uint32_t n = dl_gazetteer_words((dl_str){folded, dl_fold_word(tok->form, folded)}, hashes, MOST_WORDS_OF_TOK);

    for (uint32_t i = 0; i < n && i < MOST_WORDS_OF_TOK; i++)
        *key = dl_gazetteer_step(*key, hashes[i]);
    *has_word = n > 0;
    return n <= MOST_WORDS_OF_TOK && (n > 0 || tok->kind != DL_TOK_PUNCT || tok->form.p[0] == '-' || tok->form.p[0] == '.');
}

static void mark_match(dl_name_token *toks, uint32_t start, uint32_t end, uint32_t kind)
{
    enum { B, I, L, U };

    if (end - start == 1) {
        mark(&toks[start].bits, 4 * kind + U);
        return;
    }
    mark(&toks[start].bits, 4 * kind + B);
    for (uint32_t i = start + 1; i + 1 < end; i++)
        mark(&toks[i].bits, 4 * kind + I);
    mark(&toks[end - 1].bits, 4 * kind + L);
}

static void mark_word(dl_name_token *t, uint32_t found)
{
    static const uint8_t bits[][2] = {
        {DL_GAZ_BIT_GIVEN, DL_NAME_BIT_GIVEN}, {DL_GAZ_BIT_SURNAME, DL_NAME_BIT_SURNAME}, {DL_GAZ_BIT_COMMON_GIVEN, DL_NAME_BIT_COMMON_GIVEN},
        {DL_GAZ_BIT_COMMON_SURNAME, DL_NAME_BIT_COMMON_SURNAME}, {DL_GAZ_BIT_LEGAL, DL_NAME_BIT_LEGAL}, {DL_GAZ_BIT_WORD, DL_NAME_BIT_WORD}};

    for (size_t k = 0; k < sizeof bits / sizeof *bits; k++)
        if (found >> bits[k][0] & 1)
            mark(&t->bits, bits[k][1]);
}

/* The longest match of each kind from each capital on, left to right; a match ends at a token with a capital or a digit. */
static void match_sentence(dl_name_features *f, const dl_doc *doc, const dl_sentence *sent, const dl_gazetteer *gaz)
{
    uint32_t done[DL_NAME_KINDS + 1] = {0}; /* token up to which a kind is marked; the last is TITLE */
    uint32_t stop = sent->first_tok + sent->n_toks;

    for (uint32_t i = sent->first_tok; i < stop; i++) {
        uint32_t best[DL_NAME_KINDS + 1] = {0};
        uint64_t key = DL_GAZETTEER_START;

        if (!f->toks[i].cap)
            continue;
        for (uint32_t j = i; j < stop && j < i + MOST_TOKS; j++) {
            bool has_word;

            if ((j > i && doc->toks.p[j].flags & DL_TOK_SEAM) || !step(&key, &doc->toks.p[j], &has_word))
                break;
            if (!has_word)
                continue;
            uint32_t found = dl_gazetteer_find(gaz, key);

            if (f->toks[j].cap || doc->toks.p[j].kind == DL_TOK_NUMBER) {
                for (uint32_t k = 0; k < DL_NAME_KINDS; k++)
                    if (found >> k & 1)
                        best[k] = j + 1;
                if (found & DL_GAZ_TITLE)
                    best[DL_NAME_KINDS] = j + 1;
            }
            if (j == i)
                mark_word(&f->toks[i], found);
            if (!(found & DL_GAZ_PREFIX))
                break;
        }
        for (uint32_t k = 0; k < DL_NAME_KINDS; k++)
            if (best[k] && i >= done[k]) {
                mark_match(f->toks, i, best[k], k);
                done[k] = best[k];
            }
        if (best[DL_NAME_KINDS] && i >= done[DL_NAME_KINDS]) {
            for (uint32_t t = i; t < best[DL_NAME_KINDS]; t++)
                mark(&f->toks[t].bits, DL_NAME_BIT_TITLE);
            done[DL_NAME_KINDS] = best[DL_NAME_KINDS];
        }
    }
}

dl_code dl_name_features_make(dl_name_features *out, dl_doc *doc, const dl_gazetteer *gaz, dl_error *err)
{
    uint32_t n = doc->toks.n, slots = 64;

    while (slots < 2 * n)
        slots *= 2;
    dl_name_features f = {.toks = DL_NEW_N(doc->a, dl_name_token, n ? n : 1), .words = dl_arena_alloc(doc->a, sizeof(dl_name_word) * (n ? n : 1))};
    word_index index = {.slots = DL_NEW_N(doc->a, uint32_t, slots), .mask = slots - 1};

    if (!f.toks || !f.words || !index.slots)
        return dl_fail(err, DL_LIMIT, "mentions", DL_NO_PLACE, "the arena is full");
    for (uint32_t s = 0; s < doc->sents.n; s++) {
        read_sentence(&f, doc, &doc->sents.p[s], &index);
        match_sentence(&f, doc, &doc->sents.p[s], gaz);
    }
    for (uint32_t i = 0; i < n; i++) {
        const dl_name_word *w = &f.words[f.toks[i].word];

        if (w->n_lower)
            mark(&f.toks[i].bits, DL_NAME_BIT_LOWER_TOO);
        if (w->n_cap_inside)
            mark(&f.toks[i].bits, DL_NAME_BIT_CAP_INSIDE);
    }
    *out = f;
    return DL_OK;
}

void dl_name_affixes(dl_str form, uint16_t out[static DL_NAME_AFFIXES])
{
    char folded[DL_FOLD_MAX];
    dl_str w = {folded, dl_fold_word(form, folded)};

    for (size_t i = 0; i < DL_NAME_AFFIXES; i++) {
        static const uint8_t bytes[DL_NAME_AFFIXES] = {3, 2, 3, 4, DL_FOLD_MAX};
        size_t n = bytes[i] < w.n ? bytes[i] : w.n;
        dl_str part = i == 0 ? dl_str_sub(w, 0, n) : dl_str_sub(w, w.n - n, w.n);

        out[i] = (uint16_t)(dl_hash(part.p, part.n, i + 1) >> 40 & (DL_NAME_BUCKETS - 1));
    }
}
