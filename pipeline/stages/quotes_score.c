#include "quotes_score.h"

#include "tag.h"

#include <math.h>

static const float weights[DL_N_QF] = {
#include "quotes_weights.inc"
};

typedef struct gather {
    const dl_who          *w;
    const dl_cues         *cues;
    const dl_quoted       *q;
    const dl_last_speaker *last;
    dl_quote_cand         *out;
    uint32_t               n;
} gather;

enum { WINDOW = 200 }; /* tokens of a sentence that are looked at */

/* ---- features ------------------------------------------------------------------------------------------------------- */

static void source_features(const gather *g, dl_quote_cand *c)
{
    const dl_doc *doc = g->w->v.doc;

    if (c->source.end == 0) {
        c->f[DL_QF_NO_SOURCE] = 1;
        return;
    }
    uint32_t head = dl_np_head(doc, c->source);
    const dl_token *tok = &doc->toks.p[head];

    if (g->w->v.mention_at[head]) {
        const dl_mention *m = &doc->mentions.p[g->w->v.mention_at[head] - 1];

        c->f[m->type == DL_ENT_PER ? DL_QF_PERSON : DL_QF_OTHER_NAME] = 1;
        c->f[DL_QF_SAME_SPEAKER] = m->ent == g->last->ent;
    } else if (tok->upos == DL_UPOS_PRON) {
        bool first = dl_tok_is(tok, "i") || dl_tok_is(tok, "we") || dl_tok_is(tok, "you");

        c->f[first ? DL_QF_FIRST_PERSON : DL_QF_PRONOUN] = 1;
    }
}

/* Tokens between [lo, hi) that keep a cue from being adjacent. */
static uint32_t between(const gather *g, uint32_t lo, uint32_t hi)
{
    const dl_token *toks = g->w->v.doc->toks.p;
    uint32_t n = 0;

    for (uint32_t i = lo; i < hi; i++)
        n += toks[i].kind != DL_TOK_PUNCT && !dl_tok_is(&toks[i], "that");
    return n;
}

static dl_quote_cand *fresh(gather *g, dl_np source, dl_np cue)
{
    if (g->n == DL_QUOTE_CANDS)
        return NULL;
    dl_quote_cand *c = &g->out[g->n++];

    *c = (dl_quote_cand){.source = source, .cue = cue};
    source_features(g, c);
    return c;
}

/* Where the clause of a candidate stands to the stretch. */
static void place_features(const gather *g, dl_quote_cand *c)
{
    const dl_token *toks = g->w->v.doc->toks.p;
    const dl_quoted *q = g->q;
    bool before = c->cue.first < q->mark;
    uint32_t first = c->cue.first, end = c->cue.end;

    if (c->source.end && (c->source.first < q->mark) == before) {
        first = c->source.first < first ? c->source.first : first;
        end = c->source.end > end ? c->source.end : end;
    }
    uint32_t lo = before ? end : q->after, hi = before ? q->mark : first, n = lo < hi ? between(g, lo, hi) : 0;
    uint32_t edge = before ? q->mark : q->after - 1;

    c->f[DL_QF_BEFORE] = before;
    c->f[DL_QF_ADJACENT] = n == 0;
    c->f[DL_QF_DISTANCE] = log2f(1.0F + (float)n);
    c->f[DL_QF_OTHER_SENTENCE] = dl_sent_of(g->w->v.doc, c->cue.first) != dl_sent_of(g->w->v.doc, edge);
    if (before && q->mark > 0) {
        c->f[DL_QF_COLON] = dl_tok_is_char(&toks[q->mark - 1], ':');
        c->f[DL_QF_COMMA] = dl_tok_is_char(&toks[q->mark - 1], ',');
    }
}

/* ---- candidates ----------------------------------------------------------------------------------------------------- */

static bool is_passive(const dl_doc *doc, uint32_t verb)
{
    return doc->toks.p[verb].xpos == DL_XPOS_VBN && verb > 0 && doc->toks.p[verb - 1].upos == DL_UPOS_AUX &&
           (dl_str_eq_nocase(doc->toks.p[verb - 1].lemma, DL_LIT("be")));
}

static void add_cue(gather *g, uint32_t verb, dl_cue cue, uint32_t lo, uint32_t hi)
{
    const dl_doc *doc = g->w->v.doc;
    dl_np before = dl_subject_before(&g->w->v, lo, verb), after = {0};
    const uint8_t *quoted = g->w->v.quoted;
    bool inverted = before.end == 0 || verb == lo || quoted[verb - 1] || (doc->toks.p[verb - 1].kind == DL_TOK_PUNCT && verb > 1 && quoted[verb - 2]);

    if (inverted && cue.frames & DL_CUE_QUOTES && doc->toks.p[verb].xpos != DL_XPOS_VBG)
        after = dl_subject_after(&g->w->v, verb, hi);
    for (uint32_t side = 0; side < 2; side++) {
        dl_np source = side ? after : before;

        if (source.end == 0 && (side || after.end))
            continue;
        dl_quote_cand *c = fresh(g, source, (dl_np){verb, verb + 1});

        if (!c)
            return;
        place_features(g, c);
        c->f[DL_QF_TAKES_QUOTES] = (cue.frames & DL_CUE_QUOTES) != 0;
        c->f[DL_QF_SPEECH] = cue.class == DL_CUE_SPEECH || cue.class == DL_CUE_TELL || cue.class == DL_CUE_QUESTION;
        c->f[DL_QF_BELIEF] = cue.class == DL_CUE_BELIEF || cue.class == DL_CUE_FACT;
        c->f[DL_QF_PARTICIPLE] = doc->toks.p[verb].xpos == DL_XPOS_VBG;
        c->f[DL_QF_PASSIVE] = is_passive(doc, verb);
        c->f[DL_QF_INVERTED] = side == 1;
    }
}

static void add_according(gather *g, uint32_t at, uint32_t hi)
{
    dl_np source = dl_np_starting(&g->w->v, at + 2, hi);
    dl_quote_cand *c = source.end ? fresh(g, source, (dl_np){at, at + 2}) : NULL;

    if (c) {
        place_features(g, c);
        c->f[DL_QF_ACCORDING] = 1;
    }
}

/* Nothing but a comma or a colon between the token and the stretch. */
static bool leads(const gather *g, uint32_t tok)
{
    const dl_token *toks = g->w->v.doc->toks.p;

    if (tok == 0 || toks[tok - 1].upos == DL_UPOS_DET || toks[tok - 1].upos == DL_UPOS_ADJ || toks[tok - 1].xpos == DL_XPOS_PRPS)
        return false;
    return tok + 2 == g->q->mark && (dl_tok_is_char(&toks[tok + 1], ',') || dl_tok_is_char(&toks[tok + 1], ':'));
}

/* Cues of [lo, hi); of a clause before the stretch the last ones come first. */
static uint32_t add_cues(gather *g, uint32_t lo, uint32_t hi, bool backwards, uint32_t most)
{
    const dl_doc *doc = g->w->v.doc;
    uint32_t n = 0;

    for (uint32_t k = 0; k < hi - lo && n < most; k++) {
        uint32_t i = backwards ? hi - 1 - k : lo + k;
        const dl_token *tok = &doc->toks.p[i];

        if (g->w->v.quoted[i])
            continue;
        if (dl_tok_is(tok, "according") && i + 2 < hi && dl_tok_is(tok + 1, "to")) {
            add_according(g, i, hi);
            n++;
            continue;
        }
        bool is_verb = tok->upos == DL_UPOS_VERB || (tok->upos == DL_UPOS_NOUN && leads(g, i)); /* "the ministry notes," */
        dl_cue cue = is_verb ? dl_cues_find(g->cues, tok->key) : (dl_cue){0};

        if (cue.class != DL_CUE_NONE) {
            add_cue(g, i, cue, lo, hi);
            n++;
        }
    }
    return n;
}

/* The sentence before the stretch names somebody but has no cue. */
static void add_cueless(gather *g, uint32_t lo, uint32_t hi)
{
    const dl_doc *doc = g->w->v.doc;
    uint32_t verb = lo;

    while (verb < hi && (g->w->v.quoted[verb] || !dl_is_finite(&doc->toks.p[verb])))
        verb++;
    dl_np source = verb < hi ? dl_subject_before(&g->w->v, lo, verb) : (dl_np){0};
    dl_quote_cand *c = source.end ? fresh(g, source, (dl_np){0}) : NULL;

    if (c) {
        c->f[DL_QF_CUELESS] = 1;
        c->f[DL_QF_COLON] = dl_tok_is_char(&doc->toks.p[g->q->mark - 1], ':');
        c->f[DL_QF_OTHER_SENTENCE] = dl_sent_of(doc, verb) != dl_sent_of(doc, g->q->mark - 1);
    }
}

static void add_lead(gather *g, uint32_t lo)
{
    const dl_quoted *q = g->q;

    if (q->mark < lo + 2 || !(dl_tok_is_char(&g->w->v.doc->toks.p[q->mark - 1], ':') || dl_tok_is_dash(&g->w->v.doc->toks.p[q->mark - 1])))
        return;
    dl_np source = dl_np_ending(&g->w->v, lo, q->mark - 2);
    const dl_token *before = source.end && source.first > lo ? &g->w->v.doc->toks.p[source.first - 1] : NULL;
    bool of_quote = before && (dl_tok_is(before, "by") || dl_tok_is(before, "from") || (dl_tok_is(before, "to") && dl_tok_is(before - 1, "attributed")));
    bool alone = source.end && (!before || before->kind == DL_TOK_PUNCT || of_quote); /* "a line by X: " */
    dl_quote_cand *c = alone ? fresh(g, source, (dl_np){0}) : NULL;

    if (c)
        c->f[DL_QF_LEAD] = 1;
}

/* "...", and behind a dash a name alone. */
static void add_signature(gather *g)
{
    const dl_doc *doc = g->w->v.doc;
    uint32_t dash = g->q->after;

    if (dash + 1 >= g->q->para_end || !dl_tok_is_dash(&doc->toks.p[dash]))
        return;
    dl_np source = dl_np_starting(&g->w->v, dash + 1, g->q->para_end);
    bool alone = source.end == g->q->para_end || (source.end && dl_tok_is_char(&doc->toks.p[source.end], ','));
    dl_quote_cand *c = alone ? fresh(g, source, (dl_np){0}) : NULL;

    if (c)
        c->f[DL_QF_LEAD] = 1;
}

static void add_previous(gather *g)
{
    const dl_last_speaker *last = g->last;

    if (last->source.end == 0 || g->q->mark - last->after > 400)
        return;
    dl_quote_cand *c = fresh(g, last->source, (dl_np){0});

    if (c) {
        c->f[DL_QF_SAME_SPEAKER] = 0;
        c->f[DL_QF_PREVIOUS] = 1;
        c->f[DL_QF_PREVIOUS_NEAR] = last->para == g->q->para;
        c->f[DL_QF_CONTINUES] = (g->q->flags & DL_QUOTED_CONTINUES) != 0;
        c->f[DL_QF_DISTANCE] = g->q->mark > last->after ? log2f(1.0F + (float)(g->q->mark - last->after)) / 4 : 0;
    }
}

uint32_t dl_quote_cands(const dl_who *w, const dl_cues *cues, const dl_quoted *q, uint32_t prev_after, uint32_t next_mark,
                        const dl_last_speaker *last, dl_quote_cand out[static DL_QUOTE_CANDS])
{
    const dl_doc *doc = w->v.doc;
    gather g = {.w = w, .cues = cues, .q = q, .last = last, .out = out};
    uint32_t behind_end = q->after, n_before = 0;

    if (q->after < q->para_end) { /* to the end of the sentence that goes on behind the mark */
        const dl_sentence *sent = &doc->sents.p[dl_sent_of(doc, q->after)];

        behind_end = sent->first_tok + sent->n_toks;
        behind_end = behind_end < q->para_end ? behind_end : q->para_end;
        behind_end = behind_end < next_mark ? behind_end : next_mark;
        behind_end = behind_end > q->after + WINDOW ? q->after + WINDOW : behind_end;
        for (uint32_t i = q->after; i < behind_end; i++)
            if (dl_tok_is_char(&doc->toks.p[i], ';'))
                behind_end = i;
    }
    (void)add_cues(&g, q->after, behind_end > q->after ? behind_end : q->after, false, 2);
    bool led = q->mark == q->para && q->para > 0 && (dl_tok_is_char(&doc->toks.p[q->mark - 1], ':') || dl_tok_is_char(&doc->toks.p[q->mark - 1], ','));

    if (q->mark > q->para || led) { /* led: the paragraph before ends with "said:" */
        uint32_t s = dl_sent_of(doc, q->mark - 1), lo = doc->sents.p[s].first_tok;

        lo = lo > q->para || led ? lo : q->para;
        lo = q->mark - lo > WINDOW ? q->mark - WINDOW : lo;
        n_before = add_cues(&g, lo, q->mark, true, 3);
        add_lead(&g, lo);
        if (n_before == 0)
            add_cueless(&g, lo, q->mark);
        if (lo > q->para && !led && lo > prev_after && s > 0) {
            uint32_t lo2 = doc->sents.p[s - 1].first_tok;

            lo2 = lo2 > q->para ? lo2 : q->para;
            (void)add_cues(&g, lo - lo2 > WINDOW ? lo - WINDOW : lo2, lo, true, 2);
        }
    }
    add_signature(&g);
    add_previous(&g);
    for (uint32_t i = 0; i < g.n; i++) {
        out[i].score = 0;
        for (uint32_t k = 0; k < DL_N_QF; k++)
            out[i].score += weights[k] * out[i].f[k];
    }
    return g.n;
}
