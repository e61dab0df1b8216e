#include "quotes_mark.h"

#include "tag.h"

enum { NEAR = 64 }; /* marks that are looked at on either side */

typedef enum shape { NO_MARK, DOUBLE, SINGLE } shape;

typedef struct mark {
    uint32_t tok, end; /* one token, or several that stand together */
    int8_t   lean;     /* > 0: opens, < 0: closes; 2 by white space, 1 by shape */
    bool     single;
} mark;

typedef struct pairing {
    const dl_doc  *doc;
    const dl_cues *cues;
    dl_quoteds    *out;
    uint32_t       para, para_end;
    mark          *marks; /* of this paragraph */
    uint32_t       n, cap;
    bool           goes_on; /* the paragraph before was not closed */
    bool           full;
} pairing;

uint32_t dl_sent_of(const dl_doc *doc, uint32_t tok)
{
    uint32_t lo = 0, hi = doc->sents.n;

    while (hi - lo > 1) { /* sents[lo].first_tok <= tok */
        uint32_t mid = (lo + hi) / 2;

        if (doc->sents.p[mid].first_tok <= tok)
            lo = mid;
        else
            hi = mid;
    }
    return lo;
}

/* ---- marks ---------------------------------------------------------------------------------------------------------- */

static shape shape_of(dl_str form, int *lean)
{
    const unsigned char *p = (const unsigned char *)form.p;

    *lean = 0;
    if (form.n == 1)
        return p[0] == '"' ? DOUBLE : p[0] == '\'' ? SINGLE : p[0] == '`' ? (*lean = 1, SINGLE) : NO_MARK;
    if (form.n == 2) {
        if (p[0] == p[1] && (p[0] == '\'' || p[0] == '`' || p[0] == ',')) {
            *lean = p[0] == '\'' ? -1 : 1;
            return DOUBLE;
        }
        if (p[0] == '"' && p[1] == '"')
            return DOUBLE;
        *lean = p[0] == 0xC2 && p[1] == 0xAB ? 1 : -1;
        return p[0] == 0xC2 && (p[1] == 0xAB || p[1] == 0xBB) ? DOUBLE : NO_MARK;
    }
    if (form.n != 3 || p[0] != 0xE2 || p[1] != 0x80)
        return NO_MARK;
    switch (p[2]) {
    case 0x98: case 0x9A: case 0x9B: *lean = 1; return SINGLE;
    case 0x99: *lean = -1; return SINGLE;
    case 0xB2: return SINGLE; /* prime */
    case 0x9C: case 0x9E: case 0x9F: *lean = 1; return DOUBLE;
    case 0x9D: *lean = -1; return DOUBLE;
    case 0xB3: return DOUBLE;
    case 0xB9: *lean = 1; return SINGLE;
    case 0xBA: *lean = -1; return SINGLE;
    default: return NO_MARK;
    }
}

static bool is_punct(const dl_token *tok, const char *any)
{
    return tok->kind == DL_TOK_PUNCT && tok->form.n && memchr(any, tok->form.p[0], strlen(any));
}

static int8_t lean_of(const pairing *p, uint32_t tok, uint32_t end, int shape_lean)
{
    const dl_token *toks = p->doc->toks.p;
    bool first = tok == p->para, last = end == p->para_end;
    bool open_before = first || (toks[tok].flags & DL_TOK_SPACE) || is_punct(&toks[tok - 1], "([{-\xE2");
    bool closed_behind = last || (toks[end].flags & DL_TOK_SPACE) || is_punct(&toks[end], ".,;:!?)]}-\xE2");

    if (!first && !last && !(toks[tok].flags & DL_TOK_SPACE) && is_punct(&toks[tok - 1], ".,!?"))
        open_before = false;
    if (toks[tok].flags & DL_TOK_REPAIRED && toks[tok].flags & (DL_TOK_OPENS | DL_TOK_CLOSES))
        return toks[tok].flags & DL_TOK_OPENS ? 2 : -2;
    if (open_before != closed_behind)
        return open_before ? 2 : -2;
    return (int8_t)shape_lean;
}

/* Marks that stand together and are alike are one: ““ is “, '' is ". */
static void collect(pairing *p)
{
    const dl_token *toks = p->doc->toks.p;

    p->n = 0;
    for (uint32_t i = p->para; i < p->para_end && !p->full;) {
        int lean, next_lean;
        shape s = toks[i].kind >= DL_TOK_PUNCT && toks[i].kind <= DL_TOK_SYMBOL ? shape_of(toks[i].form, &lean) : NO_MARK;
        uint32_t end = i + 1;

        if (s == NO_MARK) {
            i++;
            continue;
        }
        while (end < p->para_end && !(toks[end].flags & DL_TOK_SPACE) && shape_of(toks[end].form, &next_lean) == s &&
               dl_str_eq(toks[end].form, toks[i].form)) {
            end++;
            s = DOUBLE;
        }
        mark *m = dl_vec_push(p->doc->a, &p->marks, &p->n, &p->cap, sizeof *p->marks);

        if (!m)
            p->full = true;
        else
            *m = (mark){.tok = i, .end = end, .lean = lean_of(p, i, end, lean), .single = s == SINGLE};
        i = end;
    }
}

/* A closing single mark, not the apostrophe of a plural: "the workers' rights". */
static bool closes_single(const pairing *p, const mark *m)
{
    const dl_token *toks = p->doc->toks.p;

    if (m->lean >= 0 || m->tok == p->para)
        return false;
    if (toks[m->tok - 1].kind == DL_TOK_PUNCT || m->end == p->para_end || toks[m->end].kind == DL_TOK_PUNCT)
        return true;
    return toks[m->tok].xpos != DL_XPOS_POS;
}

/* ---- the automaton -------------------------------------------------------------------------------------------------- */

static uint32_t sentence_end(const pairing *p, uint32_t tok)
{
    const dl_sentence *sent = &p->doc->sents.p[dl_sent_of(p->doc, tok)];
    uint32_t end = sent->first_tok + sent->n_toks;

    return end < p->para_end ? end : p->para_end;
}

static void emit(pairing *p, const mark *open, uint32_t first, uint32_t end, const mark *close, uint32_t flags)
{
    if (first >= end || p->full)
        return;
    dl_quoted *q = DL_PUSH(p->doc->a, &p->out->v);

    if (!q) {
        p->full = true;
        return;
    }
    *q = (dl_quoted){.first = first, .end = end, .mark = open ? open->tok : first, .after = close ? close->end : end,
                     .para = p->para, .para_end = p->para_end, .flags = flags | (open && open->single ? DL_QUOTED_SINGLE : 0u)};
}

/* Where a quotation ends whose closing mark is lost, at `limit` at the latest: before ", he said", else with its sentence; with its
 * paragraph where it began that. */
static uint32_t lost_end(const pairing *p, const mark *open, uint32_t limit)
{
    const dl_token *toks = p->doc->toks.p;
    uint32_t sent_end = sentence_end(p, open->end < p->para_end ? open->end : open->tok);

    sent_end = sent_end < limit ? sent_end : limit;
    for (uint32_t i = open->end + 1; i < sent_end; i++) {
        if (!is_punct(&toks[i - 1], ",") || sent_end - i > 8)
            continue;
        for (uint32_t k = i; k < sent_end && k < i + 4; k++)
            if (dl_cues_of(p->cues, &toks[k]).frames & DL_CUE_QUOTES)
                return i;
    }
    return open->tok == p->para && limit == p->para_end ? limit : sent_end;
}

/* A mark that closes though nothing is open: the sentence before it, if it ends as speech does. */
static void lost_open(pairing *p, const mark *m)
{
    const dl_token *toks = p->doc->toks.p;

    if (m->single || m->tok == p->para || !is_punct(&toks[m->tok - 1], ",.!?"))
        return;
    uint32_t first = p->goes_on ? p->para : p->doc->sents.p[dl_sent_of(p->doc, m->tok - 1)].first_tok;
    uint32_t least = p->out->v.n ? p->out->v.p[p->out->v.n - 1].after : 0;

    if (first < p->para)
        first = p->para;
    if (first >= least)
        emit(p, NULL, first, m->tok, m, DL_QUOTED_LOST_OPEN | (p->goes_on ? DL_QUOTED_CONTINUES : 0u));
}

static const mark *single_close(const pairing *p, uint32_t i)
{
    const dl_token *toks = p->doc->toks.p;

    if (p->marks[i].lean < 2 || (p->marks[i].end < p->para_end && toks[p->marks[i].end].kind == DL_TOK_NUMBER))
        return NULL;
    for (uint32_t k = i + 1; k < p->n && k < i + NEAR; k++) {
        if (!p->marks[k].single)
            return NULL;
        if (closes_single(p, &p->marks[k]))
            return &p->marks[k];
    }
    return NULL;
}

/* 6'2": a number before the mark, and no other mark to close what is open. */
static bool is_inch(const pairing *p, const mark *m, bool open)
{
    const dl_token *toks = p->doc->toks.p;

    if (m->tok == p->para || toks[m->tok].flags & DL_TOK_SPACE || !(toks[m->tok - 1].flags & DL_TOK_HAS_DIGIT))
        return false;
    if (!open)
        return true;
    for (const mark *k = m + 1; k < p->marks + p->n; k++)
        if (!k->single)
            return k->lean < 0;
    return false;
}

/* A mark that leans to closing with nothing open, though the next one leans so too: the white space is on its wrong side. */
static bool is_misplaced(const pairing *p, const mark *m)
{
    if (p->goes_on || m->end == p->para_end || !(p->doc->toks.p[m->end].flags & DL_TOK_SPACE))
        return false;
    for (const mark *k = m + 1; k < p->marks + p->n; k++)
        if (!k->single)
            return k->lean < 0;
    return false;
}

/* A mark that opens in the middle of what is quoted, and of the next two double ones both close. */
static bool is_nested(const pairing *p, const mark *m)
{
    uint32_t n_closing = 0;

    if (m->tok == p->para || is_punct(&p->doc->toks.p[m->tok - 1], ".,!?"))
        return false;
    for (const mark *k = m + 1; k < p->marks + p->n && k < m + NEAR && n_closing < 2; k++) {
        if (!k->single && k->lean > 0)
            return false;
        n_closing += !k->single;
    }
    return n_closing == 2;
}

static bool opens_next(const pairing *p)
{
    int lean;

    return p->para_end < p->doc->toks.n && shape_of(p->doc->toks.p[p->para_end].form, &lean) == DOUBLE;
}

/* A single mark behind punctuation where a double one is open and the next double one opens: “I will go,’ he said. */
static bool ends_mixed(const pairing *p, const mark *m)
{
    if (m->lean >= 0 || m->tok == p->para || !is_punct(&p->doc->toks.p[m->tok - 1], ",.!?"))
        return false;
    for (const mark *k = m - 1; k >= p->marks && k->single && k + NEAR > m; k--)
        if (k->lean > 0)
            return false; /* it closes that one */
    for (const mark *k = m + 1; k < p->marks + p->n && k < m + NEAR; k++)
        if (!k->single)
            return k->lean > 0;
    return !opens_next(p);
}

static void pair_paragraph(pairing *p)
{
    const mark *open = NULL;
    bool goes_on = false, reopened = false;

    for (uint32_t i = 0; i < p->n; i++) {
        const mark *m = &p->marks[i];

        if (m->single && open && ends_mixed(p, m)) {
            emit(p, open, open->end, m->tok, m, reopened ? DL_QUOTED_CONTINUES : 0);
            open = NULL;
            continue;
        }
        if (m->single) {
            const mark *close = open ? NULL : single_close(p, i);

            if (close) {
                emit(p, m, m->end, close->tok, close, 0);
                i = (uint32_t)(close - p->marks);
            }
            continue;
        }
        if (m->lean <= 0 && is_inch(p, m, open != NULL))
            continue;
        if (!open && (m->lean >= 0 || is_misplaced(p, m))) {
            open = m;
            reopened = p->goes_on && m->tok == p->para;
        } else if (!open) {
            lost_open(p, m);
        } else if (m->lean <= 0) {
            emit(p, open, open->end, m->tok, m, reopened ? DL_QUOTED_CONTINUES : 0);
            open = NULL;
        } else if (is_nested(p, m)) {
            while (p->marks[++i].single) /* on to the mark that closes it */
                ;
        } else {
            emit(p, open, open->end, lost_end(p, open, m->tok), NULL, DL_QUOTED_LOST_CLOSE | (reopened ? DL_QUOTED_CONTINUES : 0u));
            open = m;
            reopened = false;
        }
    }
    if (open) {
        uint32_t flags = reopened ? DL_QUOTED_CONTINUES : 0;

        goes_on = opens_next(p);
        emit(p, open, open->end, goes_on ? p->para_end : lost_end(p, open, p->para_end), NULL,
             flags | (goes_on ? DL_QUOTED_GOES_ON : DL_QUOTED_LOST_CLOSE));
    }
    p->goes_on = goes_on;
}

/* The first token behind `at` before which a link was lost, and a capital says that something new begins: no quotation crosses it. */
static uint32_t to_seam(const dl_doc *doc, uint32_t at, uint32_t end)
{
    for (at++; at < end && (doc->toks.p[at].flags & (DL_TOK_SEAM | DL_TOK_CAP)) != (DL_TOK_SEAM | DL_TOK_CAP); at++)
        ;
    return at < end ? at : end;
}

bool dl_quotes_pair(const dl_doc *doc, const dl_cues *cues, dl_quoteds *out)
{
    pairing p = {.doc = doc, .cues = cues, .out = out};

    for (uint32_t s = 0; s < doc->sents.n && !p.full;) {
        uint32_t section = doc->sents.p[s].section;

        p.para = p.para_end = doc->sents.p[s].first_tok;
        do {
            p.para_end = doc->sents.p[s].first_tok + doc->sents.p[s].n_toks;
            s++;
        } while (s < doc->sents.n && !(doc->sents.p[s].flags & DL_SENT_PARAGRAPH) && doc->sents.p[s].section == section);
        for (uint32_t end = p.para_end; p.para < end; p.para = p.para_end) {
            p.para_end = to_seam(doc, p.para, end);
            collect(&p);
            if (p.n)
                pair_paragraph(&p);
            else
                p.goes_on = false;
        }
    }
    return !p.full;
}
