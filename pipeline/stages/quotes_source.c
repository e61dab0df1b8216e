#include "quotes_source.h"

#include "../base/wordset.h"
#include "tag.h"

bool dl_is_finite(const dl_token *tok)
{
    return tok->xpos == DL_XPOS_VBD || tok->xpos == DL_XPOS_VBZ || tok->xpos == DL_XPOS_VBP || tok->xpos == DL_XPOS_MD;
}

static bool is_pronoun(const dl_token *tok)
{
    return tok->upos == DL_UPOS_PRON && tok->xpos != DL_XPOS_PRPS && tok->xpos != DL_XPOS_WP && tok->xpos != DL_XPOS_WDT && tok->xpos != DL_XPOS_EX;
}

static bool is_head(const dl_token *tok)
{
    return tok->upos == DL_UPOS_NOUN || tok->upos == DL_UPOS_PROPN || tok->upos == DL_UPOS_NUM || tok->upos == DL_UPOS_X || is_pronoun(tok) ||
           tok->kind == DL_TOK_HANDLE || (tok->xpos == DL_XPOS_WP && tok->flags & DL_TOK_ALL_CAPS); /* the WHO */
}

static bool is_inner(const dl_token *tok)
{
    switch (tok->upos) {
    case DL_UPOS_DET: return tok->xpos != DL_XPOS_WDT;
    case DL_UPOS_ADJ:
    case DL_UPOS_NOUN:
    case DL_UPOS_PROPN:
    case DL_UPOS_NUM:
    case DL_UPOS_X: return true;
    case DL_UPOS_PRON: return tok->xpos == DL_XPOS_PRPS || (tok->xpos == DL_XPOS_WP && tok->flags & DL_TOK_ALL_CAPS);
    case DL_UPOS_PART: return tok->xpos == DL_XPOS_POS;
    case DL_UPOS_CCONJ: return dl_tok_is_char(tok, '&');
    default: return tok->xpos == DL_XPOS_HYPH || (dl_tok_is_char(tok, '-') && !(tok->flags & DL_TOK_SPACE));
    }
}

static bool is_reflexive(const dl_token *tok)
{
    return dl_tok_is(tok, "himself") || dl_tok_is(tok, "herself") || dl_tok_is(tok, "itself") || dl_tok_is(tok, "themselves");
}

enum { NP_MAX = 40, REACH = 200 }; /* tokens of a phrase, and to the left of a cue: for text that never ends a sentence */

dl_np dl_np_ending(const dl_quotes_view *v, uint32_t lo, uint32_t last)
{
    const dl_token *toks = v->doc->toks.p;
    uint32_t first = last;

    lo = last > NP_MAX && lo < last - NP_MAX ? last - NP_MAX : lo;

    if (last > lo && !v->quoted[last] && is_reflexive(&toks[last]))
        last = first = last - 1;
    if (last < lo || v->quoted[last] || !(is_head(&toks[last]) || toks[last].upos == DL_UPOS_ADJ))
        return (dl_np){0};
    if (!is_pronoun(&toks[last]))
        while (first > lo && !v->quoted[first - 1] && is_inner(&toks[first - 1]) &&
               (toks[first].upos != DL_UPOS_DET || first == last || toks[first - 1].xpos == DL_XPOS_PDT))
            first--;
    while (first < last && (toks[first].xpos == DL_XPOS_POS || toks[first].upos == DL_UPOS_PUNCT))
        first++;
    if (toks[last].upos == DL_UPOS_ADJ && toks[first].upos != DL_UPOS_DET)
        return (dl_np){0};
    return (dl_np){first, last + 1};
}

dl_np dl_np_starting(const dl_quotes_view *v, uint32_t first, uint32_t hi)
{
    const dl_token *toks = v->doc->toks.p;
    uint32_t end = first;

    if (first >= hi || v->quoted[first])
        return (dl_np){0};
    hi = hi - first > NP_MAX ? first + NP_MAX : hi;
    if (is_pronoun(&toks[first]))
        return (dl_np){first, first + 1};
    while (end < hi && !v->quoted[end] && is_inner(&toks[end]) &&
           !(end > first && (toks[end].upos == DL_UPOS_DET || toks[end].xpos == DL_XPOS_PRPS) && is_head(&toks[end - 1])))
        end++;
    while (end > first && !is_head(&toks[end - 1]))
        end--;
    return end > first ? (dl_np){first, end} : (dl_np){0};
}

uint32_t dl_np_head(const dl_doc *doc, dl_np np)
{
    uint32_t head = np.end - 1;

    while (head > np.first && !is_head(&doc->toks.p[head]))
        head--;
    return head;
}

/* ---- to the left ---------------------------------------------------------------------------------------------------- */

/* "Smith and Jones": the phrase with what is joined to it on the left. */
static dl_np joined(const dl_quotes_view *v, uint32_t lo, dl_np np)
{
    const dl_token *toks = v->doc->toks.p;

    if (np.first >= lo + 2 && toks[np.first - 1].upos == DL_UPOS_CCONJ && !v->quoted[np.first - 1]) {
        dl_np left = dl_np_ending(v, lo, np.first - 2);

        if (left.end && !(left.first > lo && dl_is_finite(&toks[left.first - 1])))
            np.first = left.first;
    }
    return np;
}

/* "this week", "Monday". */
static bool is_time(const dl_quotes_view *v, dl_np np)
{
    static const dl_wordset_word units[] = {"afternoon", "day", "evening", "month", "morning", "night", "today", "tomorrow", "week", "year", "yesterday"};
    const dl_token *head = &v->doc->toks.p[np.end - 1];

    return DL_WORDSET_HAS(units, head->form) || (head->form.n >= 6 && head->flags & DL_TOK_CAP && dl_str_ends(head->form, DL_LIT("day")));
}

/* The first noun phrase from lo on that no preposition governs and a finite verb follows: the subject of the clause. */
static dl_np clause_subject(const dl_quotes_view *v, uint32_t lo, uint32_t hi)
{
    const dl_token *toks = v->doc->toks.p;

    for (uint32_t i = lo; i < hi;) {
        dl_np np = dl_np_starting(v, i, hi);

        if (!np.end) {
            i++;
            continue;
        }
        if (i == lo || (toks[i - 1].upos != DL_UPOS_ADP && toks[i - 1].upos != DL_UPOS_SCONJ && !is_time(v, np)))
            for (uint32_t k = np.end; k < hi; k++)
                if (dl_is_finite(&toks[k]) && !v->quoted[k])
                    return joined(v, lo, np);
        i = np.end;
    }
    return (dl_np){0};
}

/* Left end of what stands between two commas or dashes and ends before `close`; lo where there is none. */
static uint32_t bracket_before(const dl_quotes_view *v, uint32_t lo, uint32_t close, bool dash)
{
    const dl_token *toks = v->doc->toks.p;

    for (uint32_t i = close; i > lo + 1; i--)
        if (!v->quoted[i - 1] && (dash ? dl_tok_is_dash(&toks[i - 1]) : dl_tok_is_char(&toks[i - 1], ',')) && !(toks[i - 2].upos == DL_UPOS_ADV))
            return i - 1;
    return lo;
}

static bool skipped(const dl_token *toks, uint32_t i, uint32_t cue)
{
    const dl_token *tok = &toks[i];

    if (tok->upos == DL_UPOS_AUX || tok->upos == DL_UPOS_ADV || (tok->upos == DL_UPOS_PART && tok->xpos != DL_XPOS_POS))
        return true;
    if (tok->upos == DL_UPOS_VERB) /* went on to say; was quoted as saying */
        return toks[i + 1].xpos == DL_XPOS_TO || (toks[i + 1].upos == DL_UPOS_ADP && i + 2 == cue) || toks[i + 1].xpos == DL_XPOS_RP ||
               (toks[i + 1].upos == DL_UPOS_ADV && i + 2 < cue && toks[i + 2].xpos == DL_XPOS_TO);
    return tok->upos == DL_UPOS_ADP && ((i + 1 == cue && toks[cue].xpos == DL_XPOS_VBG) || (i + 2 == cue && toks[i + 1].xpos == DL_XPOS_TO));
}

static bool is_relative(const dl_token *tok)
{
    return tok->xpos == DL_XPOS_WP || tok->xpos == DL_XPOS_WDT;
}

static bool is_person(const dl_quotes_view *v, uint32_t tok)
{
    return v->mention_at[tok] && v->doc->mentions.p[v->mention_at[tok] - 1].type == DL_ENT_PER;
}

static bool is_subordinator(const dl_token *tok)
{
    static const dl_wordset_word words[] = {"after", "as", "because", "before", "since", "than", "until", "while"};

    return DL_WORDSET_HAS(words, tok->form);
}

/* "Education Stefania Giannini" of "Minister of Education Stefania Giannini": a name behind another that a preposition governs. */
static bool ends_in_person(const dl_quotes_view *v, dl_np np)
{
    static const dl_wordset_word titles[] = {"chancellor", "dr.", "governor", "king", "minister", "mr", "mr.", "mrs.", "ms.", "pope", "president",
                                             "prince", "queen", "senator"};
    uint32_t at = v->mention_at[np.end - 1];

    if (!at || v->doc->mentions.p[at - 1].type != DL_ENT_PER || v->doc->mentions.p[at - 1].first_tok <= np.first)
        return false;
    const dl_token *before = &v->doc->toks.p[v->doc->mentions.p[at - 1].first_tok - 1];

    return before->flags & DL_TOK_CAP && before->kind == DL_TOK_WORD && !DL_WORDSET_HAS(titles, before->form);
}

/* "X, curator of exhibits at the University of Y, Z, said" comes out as the curator: the name before the comma is meant. */
static dl_np named(const dl_quotes_view *v, uint32_t lo, dl_np np)
{
    const dl_token *toks = v->doc->toks.p;

    if (!np.end || np.first < lo + 2 || !dl_tok_is_char(&toks[np.first - 1], ',') || toks[np.end - 1].upos != DL_UPOS_NOUN)
        return np;
    dl_np name = dl_np_ending(v, lo, np.first - 2);

    if (!name.end || toks[name.end - 1].upos != DL_UPOS_PROPN || (name.first > lo && toks[name.first - 1].upos == DL_UPOS_ADP))
        return np;
    return name;
}

static dl_np subject_of(const dl_quotes_view *v, uint32_t lo, uint32_t cue)
{
    const dl_token *toks = v->doc->toks.p;
    dl_np fallback = {0};
    uint32_t at = cue, n_skipped = 0;

    while (at > lo && !v->quoted[at - 1]) {
        const dl_token *tok = &toks[at - 1];
        dl_np np;

        if (skipped(toks, at - 1, cue)) {
            at--;
        } else if (dl_tok_is_char(tok, ',') || dl_tok_is_dash(tok)) {
            if (toks[cue].xpos == DL_XPOS_VBG && at + 1 >= cue)
                return clause_subject(v, lo, cue);
            uint32_t left = bracket_before(v, lo, at - 1, dl_tok_is_dash(tok));

            if (left == lo || ++n_skipped > 3)
                return n_skipped ? fallback : dl_np_ending(v, lo, at >= 2 ? at - 2 : lo);
            np = at >= 2 ? dl_np_ending(v, lo, at - 2) : (dl_np){0};
            if (np.end && np.first == left + 1 && is_person(v, np.end - 1))
                return np; /* the spokesman, X, said */
            at = left;
            if (!dl_np_ending(v, lo, at - 1).end) { /* "and, in a statement, said" */
                if (toks[at - 1].upos == DL_UPOS_CCONJ)
                    continue;
                return fallback;
            }
        } else if (dl_tok_is_char(tok, ')')) {
            while (at > lo && !dl_tok_is_char(&toks[at - 1], '('))
                at--;
            at -= at > lo;
        } else if (tok->upos == DL_UPOS_CCONJ) {
            return clause_subject(v, lo, at - 1);
        } else if (is_relative(tok)) {
            at -= at - 1 > lo && dl_tok_is_char(&toks[at - 2], ',') ? 2 : 1;
            return at > lo ? dl_np_ending(v, lo, at - 1) : fallback;
        } else if ((np = dl_np_ending(v, lo, at - 1)).end) {
            if (np.first > lo + 1 && toks[np.first - 1].upos == DL_UPOS_ADP && !v->quoted[np.first - 1]) {
                if (ends_in_person(v, np)) {
                    dl_np outer = dl_np_ending(v, lo, np.first - 2);

                    return outer.end ? (dl_np){outer.first, np.end} : np;
                }
                if (at == cue && is_subordinator(&toks[np.first - 1]))
                    return np;
                fallback = fallback.end ? fallback : np;
                at = np.first - 1;
                if (!is_head(&toks[at - 1]) && toks[at - 1].upos != DL_UPOS_ADP && toks[at - 1].upos != DL_UPOS_VERB)
                    return fallback;
            } else
                return joined(v, lo, np);
        } else if (tok->upos == DL_UPOS_VERB || tok->upos == DL_UPOS_SCONJ) {
            np = toks[cue].xpos == DL_XPOS_VBG || fallback.end ? clause_subject(v, lo, at) : (dl_np){0};
            return np.end ? np : fallback;
        } else
            return fallback;
    }
    return fallback;
}

dl_np dl_subject_before(const dl_quotes_view *v, uint32_t lo, uint32_t cue)
{
    lo = cue > REACH && lo < cue - REACH ? cue - REACH : lo;
    for (uint32_t i = cue; i > lo; i--)
        if ((v->doc->toks.p[i].flags & (DL_TOK_SEAM | DL_TOK_CAP)) == (DL_TOK_SEAM | DL_TOK_CAP))
            lo = i; /* what stands before a lost link is another sentence */
    return named(v, lo, subject_of(v, lo, cue));
}

/* ---- to the right --------------------------------------------------------------------------------------------------- */

dl_np dl_subject_after(const dl_quotes_view *v, uint32_t cue, uint32_t hi)
{
    const dl_token *toks = v->doc->toks.p;
    uint32_t at = cue + 1;

    while (at < hi && toks[at].upos == DL_UPOS_ADV)
        at++;
    dl_np np = dl_np_starting(v, at, hi);

    if (!np.end || dl_tok_is(&toks[at], "that") || dl_tok_is(&toks[at], "it") || dl_tok_is(&toks[at], "them") || dl_tok_is(&toks[at], "him"))
        return (dl_np){0};
    return np;
}
