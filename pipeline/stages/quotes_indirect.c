#include "quotes_indirect.h"

#include "tag.h"

enum { REACH = 14, SENT_MAX = 500 }; /* tokens between a cue and its clause; of a sentence, beyond which it is not looked at */

typedef struct scan {
    const dl_quotes_view *v;
    const dl_cues        *cues;
    const dl_token       *toks;
    uint32_t              lo, hi; /* the sentence, its final punctuation left out */
    dl_saids             *out;
    bool                  full;
} scan;

static bool has_finite(const scan *s, uint32_t lo, uint32_t hi)
{
    for (uint32_t i = lo; i < hi; i++)
        if (dl_is_finite(&s->toks[i]))
            return true;
    return false;
}

static void emit(scan *s, uint32_t first, uint32_t end, dl_np source, dl_np cue)
{
    if (first >= end || s->full)
        return;
    dl_said *said = DL_PUSH(s->v->doc->a, &s->out->v);

    if (!said)
        s->full = true;
    else
        *said = (dl_said){first, end, source, cue};
}

/* ---- the clause behind a cue ---------------------------------------------------------------------------------------- */

/* Past phrases that say where, when and to whom: "on Monday", "in a statement", "to reporters", "Monday". */
static uint32_t past_adjuncts(const scan *s, uint32_t at)
{
    for (uint32_t n = 0; n < 3 && at < s->hi; n++) {
        const dl_token *tok = &s->toks[at];

        if (tok->upos == DL_UPOS_ADV && tok->xpos != DL_XPOS_WRB) {
            at++;
        } else if (tok->upos == DL_UPOS_ADP && tok->xpos == DL_XPOS_IN && at + 1 < s->hi) {
            dl_np np = dl_np_starting(s->v, at + 1, s->hi);

            if (!np.end)
                return at;
            at = np.end;
        } else if (tok->upos == DL_UPOS_PROPN && tok->form.n >= 6 && dl_str_ends(tok->form, DL_LIT("day")) && at + 1 < s->hi) {
            at++; /* said Monday the ... */
        } else if ((dl_tok_is(tok, "this") || dl_tok_is(tok, "last")) && at + 2 < s->hi && tok[1].upos == DL_UPOS_NOUN) {
            at += 2; /* this morning */
        } else
            break;
    }
    return at;
}

static bool is_that(const dl_token *tok)
{
    return dl_tok_is(tok, "that") && (tok->upos == DL_UPOS_SCONJ || tok->xpos == DL_XPOS_IN);
}

static bool is_question_word(const dl_token *tok)
{
    return dl_tok_is(tok, "whether") || dl_tok_is(tok, "if") || tok->xpos == DL_XPOS_WRB || tok->xpos == DL_XPOS_WP || tok->xpos == DL_XPOS_WDT;
}

static bool begins_clause(const dl_token *tok)
{
    switch (tok->upos) {
    case DL_UPOS_DET:
    case DL_UPOS_PRON:
    case DL_UPOS_PROPN:
    case DL_UPOS_NOUN:
    case DL_UPOS_ADJ:
    case DL_UPOS_NUM: return tok->xpos != DL_XPOS_WP && tok->xpos != DL_XPOS_WDT;
    default: return false;
    }
}

/* "that", a few words behind the cue at most, with no verb before it. */
static uint32_t find_that(const scan *s, uint32_t at)
{
    for (uint32_t i = at; i < s->hi && i < at + REACH; i++) {
        if (s->v->quoted[i])
            return 0;
        if (is_that(&s->toks[i]))
            return i;
        if (dl_is_finite(&s->toks[i]) || dl_tok_is_char(&s->toks[i], ';') || s->toks[i].upos == DL_UPOS_CCONJ)
            return 0;
    }
    return 0;
}

/* At the comma behind a noun phrase: an apposition or a relative clause, and its verb behind the second comma. */
static bool verb_behind_brackets(const scan *s, uint32_t comma)
{
    uint32_t i = comma + 1;

    while (i < s->hi && i < comma + 30 && !dl_tok_is_char(&s->toks[i], ',') && !s->v->quoted[i])
        i++;
    return i < s->hi && dl_tok_is_char(&s->toks[i], ',') && has_finite(s, i + 1, i + 4 < s->hi ? i + 4 : s->hi);
}

static bool is_subject_pronoun(const dl_token *tok)
{
    return tok->xpos == DL_XPOS_PRP && (dl_tok_is(tok, "i") || dl_tok_is(tok, "we") || dl_tok_is(tok, "he") || dl_tok_is(tok, "she") ||
                                        dl_tok_is(tok, "they") || dl_tok_is(tok, "you"));
}

enum { PLAIN, SHORT, LOOSE }; /* how a bare clause may begin: any way, with no comma before its verb, with an infinitive before it, too */

/* The next words are a subject and its verb: a clause without "that". The verb of a relative clause within the subject does not count. */
static bool is_bare_clause(const scan *s, uint32_t at, int way)
{
    uint32_t wanted = 1;

    if (at < s->hi && s->toks[at].upos == DL_UPOS_SCONJ && (s->toks[at].flags & DL_TOK_HAS_LOWER) && !dl_tok_is(&s->toks[at], "as") &&
        !dl_tok_is(&s->toks[at], "that") && !dl_tok_is(&s->toks[at], "because") && !dl_tok_is(&s->toks[at], "since"))
        return has_finite(s, at, s->hi); /* "said although ..." */
    if (at >= s->hi || s->v->quoted[at] || !begins_clause(&s->toks[at]))
        return false;
    dl_np np = dl_np_starting(s->v, at, s->hi);
    uint32_t i = np.end ? np.end : at + 1;

    for (uint32_t n = 0; i < s->hi && n < 25; i++, n++) {
        const dl_token *tok = &s->toks[i];

        if (s->v->quoted[i] && tok[-1].kind == DL_TOK_PUNCT && !s->v->quoted[i - 1])
            return false; /* "told reporters, '...'" */
        if (dl_is_finite(tok) && --wanted == 0)
            return true;
        if (dl_tok_is_char(tok, ',') && (n == 0 || way == SHORT))
            return way != SHORT && verb_behind_brackets(s, i);
        if (tok->xpos == DL_XPOS_WDT || tok->xpos == DL_XPOS_WP || (is_subject_pronoun(tok) && n < 3))
            wanted++;
        else if (dl_tok_is_char(tok, ';') || (tok->xpos == DL_XPOS_TO && way != LOOSE) || tok->upos == DL_UPOS_SCONJ)
            return false;
        else if (tok->upos == DL_UPOS_CCONJ && (dl_tok_is_char(tok - 1, ',') || (i + 1 < s->hi && s->toks[i + 1].upos == DL_UPOS_VERB)))
            return false;
    }
    return false;
}

/* First token of what the cue's clause says; 0: it has none. */
static uint32_t clause_start(const scan *s, uint32_t verb, dl_cue cue)
{
    uint32_t at = verb + 1, that;

    if (at >= s->hi)
        return 0;
    if (cue.frames & DL_CUE_THAT && (that = find_that(s, at)))
        return that;
    if (cue.frames & DL_CUE_OBJECT && !is_question_word(&s->toks[at])) {
        dl_np object = dl_np_starting(s->v, at, s->hi);

        if (object.end && object.end < s->hi && (begins_clause(&s->toks[object.end]) || s->toks[object.end].upos == DL_UPOS_ADP ||
                                                 is_question_word(&s->toks[object.end])))
            at = object.end;
    }
    if (cue.frames & (DL_CUE_WHETHER | DL_CUE_OBJECT) && is_question_word(&s->toks[at]) && has_finite(s, at, s->hi))
        return at;
    if (!(cue.frames & DL_CUE_BARE))
        return 0;
    int way = cue.class == DL_CUE_FACT || s->toks[verb].xpos == DL_XPOS_VBG ? SHORT : dl_str_eq(s->toks[verb].lemma, DL_LIT("say")) ? LOOSE : PLAIN;

    if (is_bare_clause(s, at, way))
        return at;
    uint32_t past = past_adjuncts(s, at);

    if (past < s->hi && dl_tok_is_char(&s->toks[past], ','))
        past++;
    return past > at && is_bare_clause(s, past, PLAIN) && (cue.class != DL_CUE_BELIEF || dl_tok_is_char(&s->toks[past - 1], ',')) ? past : 0;
}

static bool speaks(const scan *s, uint32_t at)
{
    dl_cue cue = s->toks[at].upos == DL_UPOS_VERB && dl_is_finite(&s->toks[at]) ? dl_cues_of(s->cues, &s->toks[at]) : (dl_cue){0};

    return (cue.class == DL_CUE_SPEECH || cue.class == DL_CUE_TELL) && cue.frames & DL_CUE_BARE;
}

/* The clause ends where ", and he added" or ", saying" begin a second attribution. */
static uint32_t clause_end(const scan *s, uint32_t first)
{
    for (uint32_t i = first + 2; i + 1 < s->hi; i++) {
        if (dl_tok_is_char(&s->toks[i], ';') && !s->v->quoted[i])
            return i;
        if (s->toks[i].upos == DL_UPOS_CCONJ && !s->v->quoted[i] && speaks(s, i + 1 + (i + 2 < s->hi && s->toks[i + 1].upos == DL_UPOS_ADV)))
            return i;
        if (!dl_tok_is_char(&s->toks[i], ',') || s->v->quoted[i])
            continue;
        bool joined = s->toks[i + 1].upos == DL_UPOS_CCONJ || dl_tok_is(&s->toks[i + 1], "while");

        for (uint32_t k = i + 1; k < s->hi && k < i + 6; k++) {
            const dl_token *tok = &s->toks[k];

            if (s->v->quoted[k] || dl_tok_is_char(tok, ','))
                break;
            if (tok->upos != DL_UPOS_VERB)
                continue;
            dl_cue cue = dl_cues_of(s->cues, tok);

            if (cue.class != DL_CUE_SPEECH && cue.class != DL_CUE_TELL)
                break;
            if (tok->xpos == DL_XPOS_VBG ? k == i + 1 : joined && dl_is_finite(tok))
                return i;
            break;
        }
    }
    return s->hi;
}

/* ---- the attribution behind what is said ---------------------------------------------------------------------------- */

/* ", X said." or ", X said, ": the words before the comma are the content, or all of the sentence where it goes on. */
static bool tail(scan *s, uint32_t verb, dl_np source, dl_cue cue)
{
    uint32_t first = source.end && source.first < verb ? source.first : verb;
    uint32_t end = source.end > verb + 1 ? source.end : verb + 1;

    if (first < s->lo + 3 || !(dl_tok_is_char(&s->toks[first - 1], ',')) || s->v->quoted[first - 1] || !(cue.frames & (DL_CUE_BARE | DL_CUE_QUOTES)))
        return false;
    if (cue.class == DL_CUE_TELL) {
        dl_np object = dl_np_starting(s->v, end, s->hi);

        end = object.end ? object.end : end;
    }
    if (s->toks[verb].xpos == DL_XPOS_VBG || !dl_is_finite(&s->toks[verb]) || !has_finite(s, s->lo, first - 1))
        return false;
    for (uint32_t i = s->lo; i + 1 < first; i++)
        if (s->v->quoted[i])
            return false;
    uint32_t rest = past_adjuncts(s, end);

    if (rest >= s->hi)
        emit(s, s->lo, first - 1, source, (dl_np){verb, verb + 1});
    else if (dl_tok_is_char(&s->toks[rest], ','))
        emit(s, s->lo, has_finite(s, rest, s->hi) && rest + 8 < s->hi && source.first < verb ? s->hi : first - 1, source, (dl_np){verb, verb + 1});
    else
        return false;
    return true;
}

static void according_to(scan *s, uint32_t at)
{
    if (at > s->lo && s->v->quoted[at - 1])
        return; /* the source of that quotation */

    dl_np source = dl_np_starting(s->v, at + 2, s->hi), cue = {at, at + 2};
    uint32_t comma = source.end;

    if (!source.end)
        return;
    while (comma < s->hi && !dl_tok_is_char(&s->toks[comma], ','))
        comma++;
    if (at <= s->lo + 1 || !has_finite(s, s->lo, at)) {
        uint32_t first = comma < s->hi && !has_finite(s, source.end, comma) ? comma + 1 : source.end;

        if (has_finite(s, first, s->hi))
            emit(s, first, s->hi, source, cue);
    } else if (comma + 1 < s->hi && has_finite(s, comma, s->hi) && s->toks[comma + 1].upos != DL_UPOS_CCONJ && s->toks[at - 1].upos == DL_UPOS_PUNCT)
        emit(s, s->lo, s->hi, source, cue);
    else
        emit(s, s->lo, s->toks[at - 1].upos == DL_UPOS_PUNCT ? at - 1 : at, source, cue);
}

/* ---- one sentence --------------------------------------------------------------------------------------------------- */

/* "his claim that": the phrase before a noun that possesses it. */
static dl_np possessor(const scan *s, uint32_t noun)
{
    dl_np np = dl_np_ending(s->v, s->lo, noun);

    for (uint32_t i = np.first; np.end && i < noun; i++) {
        if (s->toks[i].xpos == DL_XPOS_PRPS)
            return (dl_np){i, i + 1};
        if (s->toks[i].xpos == DL_XPOS_POS)
            return (dl_np){np.first, i};
    }
    return (dl_np){0};
}

/* "As X told Y, S": the sentence behind the comma is the content. */
static bool as_told(scan *s, uint32_t verb, dl_np source)
{
    uint32_t comma = verb + 1;

    if (!source.end || source.first != s->lo + 1 || !dl_tok_is(&s->toks[s->lo], "as") || !dl_is_finite(&s->toks[verb]))
        return false;
    while (comma < s->hi && comma < verb + 8 && !dl_tok_is_char(&s->toks[comma], ','))
        comma++;
    if (comma >= s->hi || !dl_tok_is_char(&s->toks[comma], ',') || has_finite(s, verb + 1, comma) || s->v->quoted[comma + 1] || !has_finite(s, comma, s->hi))
        return false;
    emit(s, comma + 1, s->hi, source, (dl_np){verb, verb + 1});
    return true;
}

/* "the stated goals", "a proposed change". */
static bool is_attribute(const scan *s, uint32_t i)
{
    if (i == s->lo)
        return false;
    const dl_token *before = &s->toks[i - 1];

    if (before->xpos == DL_XPOS_PRPS || before->xpos == DL_XPOS_POS || dl_tok_is(before, "the") || dl_tok_is(before, "a"))
        return true;
    return (s->toks[i].xpos == DL_XPOS_VBN || s->toks[i].xpos == DL_XPOS_VBG) && (before->upos == DL_UPOS_DET || before->upos == DL_UPOS_ADJ);
}

static void at_cue(scan *s, uint32_t i, dl_cue cue)
{
    const dl_token *tok = &s->toks[i];
    uint32_t first;

    if (tok->upos == DL_UPOS_VERB && is_attribute(s, i))
        return;
    if (tok->upos == DL_UPOS_NOUN) {
        dl_np owner = cue.class == DL_CUE_NOMINAL ? possessor(s, i) : (dl_np){0};

        if (owner.end && i + 1 < s->hi && is_that(&s->toks[i + 1]))
            emit(s, i + 1, clause_end(s, i + 1), owner, (dl_np){i, i + 1});
        return;
    }
    if (cue.class == DL_CUE_NOMINAL || (cue.class == DL_CUE_STATE && !(i > s->lo && (s->toks[i - 1].upos == DL_UPOS_AUX || s->toks[i - 1].upos == DL_UPOS_ADV))))
        return;
    dl_np source = dl_subject_before(s->v, s->lo, i);

    if (tok->xpos == DL_XPOS_VBN && i > s->lo && cue.class != DL_CUE_STATE && dl_str_eq(s->toks[i - 1].lemma, DL_LIT("be"))) {
        source = (dl_np){0}; /* a passive's subject does not speak */
        if (cue.class != DL_CUE_TELL)
            cue.frames &= (uint8_t)~DL_CUE_BARE;
    }
    if (cue.class != DL_CUE_STATE) {
        dl_np after = i > s->lo && dl_tok_is_char(&s->toks[i - 1], ',') ? dl_subject_after(s->v, i, s->hi) : (dl_np){0};

        if (tail(s, i, after.end ? after : source, cue))
            return;
    }
    if (!source.end && i > 0 && s->v->quoted[i - 1] && !find_that(s, i + 1))
        return; /* "...", said X, who: the words behind are the speaker's */
    if (!source.end && (tok->xpos == DL_XPOS_VB || tok->xpos == DL_XPOS_VBP || tok->xpos == DL_XPOS_VBG))
        return; /* an order to the reader: "note that", "suppose" */
    if (as_told(s, i, source))
        return;
    if ((first = clause_start(s, i, cue)))
        emit(s, first, clause_end(s, first), source, (dl_np){i, i + 1});
}

bool dl_quotes_indirect(const dl_quotes_view *v, const dl_cues *cues, const dl_sentence *sent, dl_saids *out)
{
    scan s = {.v = v, .cues = cues, .toks = v->doc->toks.p, .lo = sent->first_tok, .hi = sent->first_tok + sent->n_toks, .out = out};

    if (sent->n_toks > SENT_MAX)
        s.hi = s.lo + SENT_MAX;

    while (s.hi > s.lo && s.toks[s.hi - 1].kind == DL_TOK_PUNCT && !v->quoted[s.hi - 1])
        s.hi--;
    while (s.lo < s.hi && s.toks[s.lo].upos == DL_UPOS_CCONJ)
        s.lo++;
    for (uint32_t i = s.lo; i < s.hi && !s.full; i++) {
        const dl_token *tok = &s.toks[i];

        if (v->quoted[i] || (tok->upos != DL_UPOS_VERB && tok->upos != DL_UPOS_NOUN && tok->upos != DL_UPOS_ADJ && tok->upos != DL_UPOS_ADP))
            continue;
        if (i + 2 < s.hi && dl_tok_is(tok, "according") && dl_tok_is(tok + 1, "to")) {
            according_to(&s, i);
            continue;
        }
        dl_cue cue = dl_cues_of(cues, tok);

        if (cue.class != DL_CUE_NONE)
            at_cue(&s, i, cue);
    }
    return !s.full;
}
