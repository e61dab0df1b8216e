#include "quotes.h"

#include "quotes_indirect.h"
#include "quotes_score.h"
#include "tag.h"

typedef struct work {
    const dl_quotes *self;
    dl_doc         *doc;
    const dl_cues  *cues;
    dl_quoteds      stretches;
    dl_saids        saids;
    dl_who          who;
    dl_last_speaker last;
} work;

/* ---- shape of a stretch --------------------------------------------------------------------------------------------- */

typedef struct form {
    uint32_t n_words;
    bool     capital, stopped, title_case;
} form;

static bool is_stop(const dl_token *tok)
{
    return tok->kind == DL_TOK_PUNCT && tok->form.n && (memchr(",.!?", tok->form.p[0], 4) || dl_str_eq(tok->form, DL_LIT("\xE2\x80\xA6")));
}

static form form_of(const dl_doc *doc, const dl_quoted *q)
{
    form f = {.title_case = true};

    for (uint32_t i = q->first; i < q->end; i++) {
        const dl_token *tok = &doc->toks.p[i];

        if (tok->kind == DL_TOK_PUNCT || tok->kind == DL_TOK_SYMBOL || tok->form.p[0] == '\'')
            continue;
        if (f.n_words++ == 0)
            f.capital = (tok->flags & DL_TOK_CAP) || tok->kind == DL_TOK_NUMBER;
        if (!(tok->flags & DL_TOK_CAP) && tok->form.n > 3)
            f.title_case = false;
    }
    f.stopped = is_stop(&doc->toks.p[q->end - 1]);
    return f;
}

/* Stretches that hide what is in them from the search for cues: all but a word or two that are part of the sentence. */
static bool is_opaque(const dl_doc *doc, const dl_quoted *q)
{
    form f = form_of(doc, q);

    return f.n_words > 2 || f.stopped;
}

/* Speech, and no title, no scare quotes. */
static bool is_speech(const dl_doc *doc, const dl_quoted *q, const dl_quote_cand *c)
{
    form f = form_of(doc, q);
    bool behind = q->after < doc->toks.n && is_stop(&doc->toks.p[q->after]);
    bool sentence = f.capital && f.n_words > 3 && (f.stopped || behind);

    if (f.n_words == 0)
        return false;
    if (c && c->f[DL_QF_ADJACENT] > 0 && (c->f[DL_QF_TAKES_QUOTES] > 0 || c->f[DL_QF_ACCORDING] > 0)) {
        bool named = c->cue.end && doc->toks.p[c->cue.first].xpos == DL_XPOS_VBN && f.title_case && !f.stopped; /* a song called "X" */

        return !named && (f.n_words > 1 || f.stopped || c->f[DL_QF_COLON] > 0 || c->f[DL_QF_COMMA] > 0);
    }
    if (q->flags & DL_QUOTED_CONTINUES || (c && c->f[DL_QF_COLON] > 0 && f.n_words > 2))
        return true;
    if (f.title_case && !f.stopped)
        return false;
    if (sentence)
        return !(q->flags & DL_QUOTED_SINGLE) || (c && c->score > 0);
    return c && f.n_words > 1 && c->score > -1 && c->f[DL_QF_OTHER_SENTENCE] <= 0 && c->f[DL_QF_TAKES_QUOTES] + c->f[DL_QF_ACCORDING] > 0;
}

/* ---- output --------------------------------------------------------------------------------------------------------- */

static dl_span span_of(const dl_doc *doc, dl_np np)
{
    return np.end ? (dl_span){doc->toks.p[np.first].span.start, doc->toks.p[np.end - 1].span.end} : (dl_span){0, 0};
}

static bool emit(work *w, dl_np content, dl_quote_kind kind, dl_np source, dl_np cue, uint32_t speaker)
{
    dl_quote *q = DL_PUSH(w->doc->a, &w->doc->quotes);

    if (!q)
        return false;
    *q = (dl_quote){.span = span_of(w->doc, content),
                    .kind = kind,
                    .speaker = speaker,
                    .speaker_span = span_of(w->doc, source),
                    .cue = span_of(w->doc, cue)};
    return true;
}

static void remember(work *w, dl_np source, uint32_t speaker, uint32_t para, uint32_t after)
{
    if (source.end)
        w->last = (dl_last_speaker){.source = source, .ent = speaker, .para = para, .after = after};
}

static uint32_t paragraph_of(const dl_doc *doc, uint32_t tok)
{
    uint32_t s = dl_sent_of(doc, tok);

    for (uint32_t n = 0; n < 64 && s > 0 && !(doc->sents.p[s].flags & DL_SENT_PARAGRAPH); n++)
        s--;
    return doc->sents.p[s].first_tok;
}

static bool emit_stretch(work *w, uint32_t i)
{
    const dl_quoted *q = &w->stretches.v.p[i];
    uint32_t prev_after = i ? q[-1].after : 0, next_mark = i + 1 < w->stretches.v.n ? q[1].mark : w->doc->toks.n, n, best = 0;
    dl_quote_cand cands[DL_QUOTE_CANDS], *c;
    form f = form_of(w->doc, q);

    n = dl_quote_cands(&w->who, w->cues, q, prev_after, next_mark, &w->last, cands);
    if (w->self->see)
        w->self->see(w->self->see_arg, w->doc, q, cands, n);
    for (uint32_t k = 1; k < n; k++)
        if (cands[k].score > cands[best].score)
            best = k;
    c = n ? &cands[best] : NULL;
    if (!is_speech(w->doc, q, c))
        return true;
    bool previous = c && c->f[DL_QF_PREVIOUS] > 0;
    uint32_t speaker = !c ? DL_NONE : previous ? w->last.ent : dl_who_is(&w->who, c->source, w->last.ent);
    bool direct = f.capital || (q->mark > q->para && w->doc->toks.p[q->mark - 1].kind == DL_TOK_PUNCT) || (c && c->f[DL_QF_ADJACENT] > 0);

    if (c)
        remember(w, c->source, speaker, q->para, q->after);
    return emit(w, (dl_np){q->first, q->end}, direct ? DL_QUOTE_DIRECT : DL_QUOTE_MIXED, c ? c->source : (dl_np){0}, c ? c->cue : (dl_np){0}, speaker);
}

/* Stretches within what is said: *next is the first that is not. Their share of the content tells the kind. */
static bool emit_said(work *w, const dl_said *said, uint32_t *next)
{
    uint32_t speaker = dl_who_is(&w->who, said->source, w->last.ent), quoted = 0, i = *next, from;
    dl_np content = {said->first, said->end};

    while (i > 0 && w->stretches.v.p[i - 1].mark >= said->first) /* an outer content may have passed them */
        i--;
    from = i;
    while (i < w->stretches.v.n && w->stretches.v.p[i].mark < said->end) {
        const dl_quoted *q = &w->stretches.v.p[i++];

        quoted += q->end - q->first;
        if (q->after > content.end && q->mark >= content.first)
            content.end = q->end;
    }
    if (i == from + 1 && quoted * 100 >= (content.end - content.first) * 85)
        content = (dl_np){w->stretches.v.p[from].first, w->stretches.v.p[from].end};
    dl_quote_kind kind = quoted == 0 ? DL_QUOTE_INDIRECT : quoted * 100 >= (content.end - content.first) * 85 ? DL_QUOTE_DIRECT : DL_QUOTE_MIXED;

    *next = i > *next ? i : *next;
    remember(w, said->source, speaker, paragraph_of(w->doc, said->first), said->end);
    return emit(w, content, kind, said->source, said->cue, speaker);
}

/* ---- the stage ------------------------------------------------------------------------------------------------------ */

static bool is_read(const dl_doc *doc, const dl_sentence *sent)
{
    dl_section_kind kind = doc->sections.n ? doc->sections.p[sent->section].kind : DL_SECTION_BODY;

    return kind != DL_SECTION_BOILERPLATE && kind != DL_SECTION_CREDIT && kind != DL_SECTION_DATELINE;
}

static bool find(work *w)
{
    dl_doc *doc = w->doc;
    uint8_t *quoted = dl_arena_zalloc(doc->a, doc->toks.n + 1);
    uint32_t *mention_at = dl_arena_zalloc(doc->a, sizeof *mention_at * (doc->toks.n + 1));

    if (!quoted || !mention_at || !dl_quotes_pair(doc, w->cues, &w->stretches))
        return false;
    for (uint32_t i = 0; i < w->stretches.v.n; i++) {
        const dl_quoted *q = &w->stretches.v.p[i];

        if (is_opaque(doc, q))
            memset(quoted + q->mark, 1, q->after - q->mark);
    }
    for (uint32_t i = 0; i < doc->mentions.n; i++)
        for (uint32_t t = doc->mentions.p[i].first_tok; t < doc->mentions.p[i].first_tok + doc->mentions.p[i].n_toks; t++)
            mention_at[t] = i + 1;
    const dl_quotes_view v = {.doc = doc, .quoted = quoted, .mention_at = mention_at};

    for (uint32_t i = 0; i < doc->sents.n; i++)
        if (is_read(doc, &doc->sents.p[i]) && !dl_quotes_indirect(&v, w->cues, &doc->sents.p[i], &w->saids))
            return false;
    return w->stretches.v.n + w->saids.v.n == 0 || dl_who_init(&w->who, v);
}

/* Cues give saids in the order of cues; they are wanted in the order of contents, which differs by a few places at most. */
static void sort_saids(dl_saids *saids)
{
    for (uint32_t i = 1; i < saids->v.n; i++) {
        dl_said said = saids->v.p[i];
        uint32_t k = i;

        for (; k > 0 && saids->v.p[k - 1].first > said.first; k--)
            saids->v.p[k] = saids->v.p[k - 1];
        saids->v.p[k] = said;
    }
}

dl_code dl_quotes_run(const dl_quotes *q, dl_doc *doc, dl_error *err)
{
    work w = {.self = q, .doc = doc, .cues = &q->cues, .last = {.ent = DL_NONE}};
    uint32_t stretch = 0, said = 0;

    if (!find(&w))
        return dl_fail(err, DL_LIMIT, "quotes", DL_NO_PLACE, "the arena is full");
    sort_saids(&w.saids);
    while (stretch < w.stretches.v.n || said < w.saids.v.n) {
        bool ok = true;

        if (said == w.saids.v.n || (stretch < w.stretches.v.n && w.stretches.v.p[stretch].mark < w.saids.v.p[said].first)) {
            if (is_read(doc, &doc->sents.p[dl_sent_of(doc, w.stretches.v.p[stretch].first)]))
                ok = emit_stretch(&w, stretch);
            stretch++;
        } else
            ok = emit_said(&w, &w.saids.v.p[said++], &stretch);
        if (!ok)
            return dl_fail(err, DL_LIMIT, "quotes", DL_NO_PLACE, "the arena is full");
    }
    return DL_OK;
}

void dl_quotes_init(dl_quotes *q)
{
    *q = (dl_quotes){0};
    dl_cues_init(&q->cues);
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_quotes_run(self, doc, err);
}

const dl_stage_ops dl_quotes_ops = {
    .name = "quotes",
    .reads = DL_LAYER_TAGS | DL_LAYER_WORDS | DL_LAYER_ENTITIES,
    .writes = DL_LAYER_QUOTES,
    .run = run,
};
