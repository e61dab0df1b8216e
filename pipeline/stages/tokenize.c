#include "tokenize.h"

#include "chars.h"
#include "cutword.h"
#include "weblike.h"

/* A cutter walks one sentence. The text between two stretches of white space is a chunk; a chunk of letters only, the common case, is one
 * token at once; the others are cut from left to right, each rule taking the longest token that begins here. */
typedef struct cutter {
    dl_doc            *doc;
    const dl_tokenize *t;
    dl_str             text;
    uint32_t           sent_start, sent_end;
    uint32_t           at; /* end of the last token */
    dl_error          *err;
} cutter;

/* ---- flags ---------------------------------------------------------------------------------------------------------- */

static uint16_t flags_of(dl_str form, uint16_t *all)
{
    uint16_t flags = 0;
    uint32_t letters = 0, bits = 0, len;

    for (uint32_t i = 0; i < form.n; i += len) {
        uint32_t ch = dl_ch_at(form, i, &len);

        if (ch & DL_CH_LETTER) {
            if (!letters++ && (ch & DL_CH_UPPER))
                flags |= DL_TOK_CAP;
            if ((ch & DL_CH_UPPER) && (bits & DL_CH_LOWER))
                flags |= DL_TOK_MIXED;
        }
        if (len > 1)
            flags |= DL_TOK_NON_ASCII;
        bits |= ch;
    }
    if (bits & DL_CH_DIGIT)
        flags |= DL_TOK_HAS_DIGIT;
    if (bits & DL_CH_LOWER)
        flags |= DL_TOK_HAS_LOWER;
    else if (letters > 1 && (bits & DL_CH_UPPER))
        flags |= DL_TOK_ALL_CAPS;
    *all = (uint16_t)bits;
    return flags;
}

static dl_tok_kind kind_of(dl_str form, uint32_t bits)
{
    uint32_t len, first = dl_ch_at(form, 0, &len);

    if (bits & DL_CH_DIGIT) {
        size_t i = 0;

        while (i < form.n && !dl_is_alpha(form.p[i]))
            i++;
        if (first & DL_CH_DIGIT || i == form.n)
            return DL_TOK_NUMBER;
        return DL_TOK_WORD;
    }
    if (bits & DL_CH_LETTER)
        return DL_TOK_WORD;
    return bits & DL_CH_SYMBOL ? DL_TOK_SYMBOL : DL_TOK_PUNCT;
}

/* An undirected mark opens where white space or an opening bracket stands before it, and closes elsewhere. */
static uint16_t direction(const cutter *c, dl_span span)
{
    uint32_t len, first = dl_ch_at(c->text, span.start, &len), before = DL_CH_SPACE, after = DL_CH_SPACE;

    if (!(first & (DL_CH_OPEN | DL_CH_CLOSE | DL_CH_QUOTE)))
        return 0;
    if ((first & (DL_CH_OPEN | DL_CH_CLOSE)) && !(first & DL_CH_APOS))
        return first & DL_CH_OPEN ? DL_TOK_OPENS : DL_TOK_CLOSES;
    if (span.start > c->sent_start)
        before = dl_ch_before(c->text, span.start, &len);
    if (span.end < c->sent_end)
        after = dl_ch_at(c->text, span.end, &len);
    if ((before & (DL_CH_SPACE | DL_CH_OPEN)) && !(after & DL_CH_SPACE))
        return first & DL_CH_APOS && c->text.p[span.start] != '\'' ? DL_TOK_CLOSES : DL_TOK_OPENS;
    return DL_TOK_CLOSES;
}

/* ---- tokens --------------------------------------------------------------------------------------------------------- */

static bool follows_space(const cutter *c, uint32_t at)
{
    uint32_t len, ch;

    while (at > 0 && ((ch = dl_ch_before(c->text, at, &len)) & DL_CH_SPACE)) {
        if (!(ch & DL_CH_FORMAT))
            return true;
        at -= len;
    }
    return false;
}

static dl_code emit(cutter *c, uint32_t start, uint32_t end, int kind)
{
    dl_doc *doc = c->doc;
    dl_token *tok;
    uint16_t bits;

    if (doc->toks.n == c->t->opts.max_tokens)
        return dl_fail(c->err, DL_LIMIT, "tokenize", start, "more than %u tokens", (unsigned)c->t->opts.max_tokens);
    tok = DL_PUSH(doc->a, &doc->toks);
    if (!tok)
        return dl_fail(c->err, DL_LIMIT, "tokenize", start, "no memory left for tokens");
    tok->span = (dl_span){start, end};
    tok->form = dl_str_sub(c->text, start, end);
    tok->head = DL_NONE;
    tok->word = DL_NONE;
    tok->flags = flags_of(tok->form, &bits);
    if (start > c->at || start == c->sent_start)
        tok->flags |= follows_space(c, start) ? DL_TOK_SPACE : 0;
    tok->kind = (uint8_t)(kind >= 0 ? (dl_tok_kind)kind : kind_of(tok->form, bits));
    if (tok->kind == DL_TOK_PUNCT || tok->kind == DL_TOK_SYMBOL)
        tok->flags |= direction(c, tok->span);
    c->at = end;
    return DL_OK;
}

/* An address begins where the chunk does, or behind a bracket, a quotation mark and the like. */
static bool may_be_web(const dl_cut_chunk *chunk, uint32_t at)
{
    uint32_t len, ch;

    if (at == chunk->start)
        return true;
    ch = dl_ch_before(chunk->text, at, &len);
    return (ch & (DL_CH_OPEN | DL_CH_QUOTE)) || (len == 1 && memchr("<>=:;,|*", chunk->text.p[at - 1], 8));
}

static dl_code cut_chunk(cutter *c, uint32_t start, uint32_t end)
{
    const dl_cut_chunk chunk = {.text = c->text, .start = start, .end = end, .sent_start = c->sent_start, .sent_end = c->sent_end};
    dl_code code = DL_OK;
    uint32_t at = start;

    while (at < end && code == DL_OK) {
        dl_tok_kind web;
        uint32_t len, next = may_be_web(&chunk, at) ? dl_weblike(c->text, at, end, &web) : 0;

        if (next) {
            code = emit(c, at, next, (int)web);
        } else if (dl_ch_at(c->text, at, &len) & DL_CH_FORMAT) {
            next = at + len;
        } else {
            next = dl_cut_next(&chunk, at);
            code = emit(c, at, next, -1);
        }
        at = next;
    }
    return code;
}

static dl_code cut_sentence(cutter *c, dl_sentence *sent)
{
    uint32_t at = sent->span.start, len;
    dl_code code = DL_OK;

    c->sent_start = at;
    c->sent_end = sent->span.end;
    c->at = at;
    sent->first_tok = c->doc->toks.n;
    while (at < sent->span.end && code == DL_OK) {
        uint32_t start = at, all = 0, ch = 0;

        while (at < sent->span.end && !((ch = dl_ch_at(c->text, at, &len)) & DL_CH_SPACE && !(ch & DL_CH_FORMAT))) {
            all |= ch;
            at += len;
        }
        if (at > start) {
            if (!(all & ~(uint32_t)(DL_CH_LETTER | DL_CH_UPPER | DL_CH_LOWER)) && !dl_cut_is_contracted(dl_str_sub(c->text, start, at)))
                code = emit(c, start, at, DL_TOK_WORD);
            else
                code = cut_chunk(c, start, at);
        }
        while (at < sent->span.end && (dl_ch_at(c->text, at, &len) & DL_CH_SPACE))
            at += len;
    }
    sent->n_toks = c->doc->toks.n - sent->first_tok;
    return code;
}

/* ---- the stage ------------------------------------------------------------------------------------------------------ */

dl_tokenize_opts dl_tokenize_defaults(void)
{
    return (dl_tokenize_opts){.max_tokens = 1000000};
}

dl_code dl_tokenize_init(dl_tokenize *t, const dl_tokenize_opts *opts, dl_error *err)
{
    dl_tokenize_opts set = opts ? *opts : dl_tokenize_defaults();

    if (set.max_tokens == 0)
        return dl_fail(err, DL_FATAL, "tokenize", DL_NO_PLACE, "max_tokens is 0");
    *t = (dl_tokenize){.opts = set};
    return DL_OK;
}

void dl_tokenize_free(dl_tokenize *t)
{
    *t = (dl_tokenize){0};
}

dl_code dl_tokenize_run(const dl_tokenize *t, dl_doc *doc, dl_error *err)
{
    cutter c = {.doc = doc, .t = t, .text = doc->text, .err = err};
    uint32_t expected = (uint32_t)(doc->text.n / 5 + 32);
    dl_code code = DL_OK;

    doc->toks.p = dl_arena_alloc(doc->a, sizeof(dl_token) * expected);
    doc->toks.cap = doc->toks.p ? expected : 0;
    for (uint32_t i = 0; i < doc->sents.n && code == DL_OK; i++)
        code = cut_sentence(&c, &doc->sents.p[i]);
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_tokenize_run(self, doc, err);
}

const dl_stage_ops dl_tokenize_ops = {.name = "tokenize",
                                      .reads = DL_LAYER_TEXT | DL_LAYER_SENTENCES,
                                      .writes = DL_LAYER_TOKENS,
                                      .any_language = true,
                                      .run = run};
