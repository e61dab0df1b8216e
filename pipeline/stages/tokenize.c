#include "tokenize.h"

#include "chars.h"
#include "cutword.h"
#include "letters16.h"
#include "pipeline/view.h"
#include "weblike.h"

/* A cutter walks one sentence. The text between two stretches of white space is a chunk. Nine chunks in ten are plain: ASCII letters or
 * digits and at most one mark or clitic behind them; they are cut as they are scanned. The others are cut from left to right, each rule
 * taking the longest token that begins here. */
typedef struct cutter {
    dl_doc            *doc;
    const dl_tokenize *t;
    dl_str             text;
    uint32_t           sent_start, sent_end;
    uint32_t           at; /* end of the last token */
    dl_view_map        map;
    dl_code            code;
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

/* The next token; false (and c->code set) where there may be no more. */
static bool push(cutter *c, uint32_t start, uint32_t end, dl_tok_kind kind, uint32_t flags)
{
    dl_doc *doc = c->doc;
    dl_token *tok;

    if (doc->toks.n < doc->toks.cap && doc->toks.n < c->t->opts.max_tokens) {
        tok = &doc->toks.p[doc->toks.n++];
    } else {
        if (doc->toks.n >= c->t->opts.max_tokens) {
            c->code = dl_fail(c->err, DL_LIMIT, "tokenize", start, "more than %u tokens", (unsigned)c->t->opts.max_tokens);
            return false;
        }
        tok = DL_PUSH(doc->a, &doc->toks);
        if (!tok) {
            c->code = dl_fail(c->err, DL_LIMIT, "tokenize", start, "no memory left for tokens");
            return false;
        }
    }
    *tok = (dl_token){.span = {start, end},
                      .form = dl_str_sub(c->text, start, end),
                      .head = DL_NONE,
                      .word = DL_NONE,
                      .flags = (uint16_t)flags,
                      .kind = (uint8_t)kind};
    c->at = end;
    return true;
}

/* A token of any characters. kind -1: by its characters. */
static bool emit(cutter *c, uint32_t start, uint32_t end, int kind)
{
    dl_str form = dl_str_sub(c->text, start, end);
    uint16_t bits, flags = flags_of(form, &bits);

    if (start > c->at || start == c->sent_start)
        flags |= follows_space(c, start) ? DL_TOK_SPACE : 0;
    if (kind < 0)
        kind = (int)kind_of(form, bits);
    if (kind == DL_TOK_PUNCT || kind == DL_TOK_SYMBOL)
        flags |= direction(c, (dl_span){start, end});
    return push(c, start, end, (dl_tok_kind)kind, flags);
}

/* ---- plain chunks --------------------------------------------------------------------------------------------------- */

/* End of what a plain chunk has behind its word [start, at), or 0 where the chunk is not plain: the rules say then what its tokens are. */
static uint32_t plain_tail(const cutter *c, uint32_t start, uint32_t at)
{
    const char *p = c->text.p;
    uint32_t end = at + 1;

    switch (p[at]) {
    case ',':
    case ';':
    case ':':
    case '!':
    case '?':
    case ')':
    case '"': break;
    case '.':
        if (end != c->sent_end) /* it may be an abbreviation's */
            return 0;
        break;
    case '\'':
    case '\xE2': /* ’ */
        if (p[at] != '\'') {
            if (end + 2 > c->sent_end || p[at + 1] != '\x80' || p[at + 2] != '\x99')
                return 0;
            end += 2;
        }
        if (end >= c->sent_end || p[end] != 's' || dl_is_digit(p[start]))
            return 0;
        end++;
        break;
    default: return 0;
    }
    return end == c->sent_end || p[end] == ' ' || p[end] == '\n' ? end : 0;
}

/* The chunk at `at`, where it is a plain one, becomes tokens; returns its end, or `at` where it is not plain. */
static uint32_t cut_plain(cutter *c, uint32_t at)
{
    const unsigned char *p = (const unsigned char *)c->text.p;
    uint32_t first = p[at] < 128 ? dl_ch_ascii[p[at]] : 0, of = first & (DL_CH_LETTER | DL_CH_DIGIT), rest = 0, i = at + 1, end, flags;

    if (!of)
        return at;
    if (of == DL_CH_LETTER && at + 16 <= c->sent_end) {
        uint32_t upper = dl_16_upper(c->text.p + at), lower = dl_16_lower(c->text.p + at), n = dl_16_run(upper | lower), mask = (1u << n) - 2;

        rest = (upper & mask ? DL_CH_UPPER : 0) | (lower & mask ? DL_CH_LOWER : 0);
        i = at + n;
    }
    for (; i < c->sent_end && p[i] < 128 && (dl_ch_ascii[p[i]] & of); i++)
        rest |= dl_ch_ascii[p[i]];
    if (i < c->sent_end && p[i] != ' ' && p[i] != '\n') {
        end = plain_tail(c, at, i);
        if (!end)
            return at;
    } else {
        end = i;
    }
    if (of == DL_CH_DIGIT) {
        flags = DL_TOK_HAS_DIGIT;
    } else if (dl_cut_is_contracted(dl_str_sub(c->text, at, i))) {
        return at;
    } else if (rest & DL_CH_UPPER) {
        uint16_t bits;

        flags = flags_of(dl_str_sub(c->text, at, i), &bits);
    } else {
        flags = (first & DL_CH_UPPER ? DL_TOK_CAP : 0) | ((first | rest) & DL_CH_LOWER ? DL_TOK_HAS_LOWER : 0);
    }
    if (at > c->sent_start || follows_space(c, at))
        flags |= DL_TOK_SPACE;
    if (push(c, at, i, of == DL_CH_DIGIT ? DL_TOK_NUMBER : DL_TOK_WORD, flags) && end > i)
        (void)emit(c, i, end, -1);
    return end;
}

/* ---- other chunks --------------------------------------------------------------------------------------------------- */

/* An address begins where the chunk does, or behind a bracket, a quotation mark and the like. */
static bool may_be_web(const dl_cut_chunk *chunk, uint32_t at)
{
    uint32_t len, ch;

    if (at == chunk->start)
        return true;
    ch = dl_ch_before(chunk->text, at, &len);
    return (ch & (DL_CH_OPEN | DL_CH_QUOTE)) || (len == 1 && memchr("<>=:;,|*", chunk->text.p[at - 1], 8));
}

/* Only these begin an address, or stand within one. */
static bool has_web_mark(dl_str text, uint32_t start, uint32_t end)
{
    for (uint32_t i = start; i + 1 < end; i++)
        if (text.p[i] == '.' || text.p[i] == '@' || text.p[i] == ':' || text.p[i] == '#')
            return true;
    return false;
}

static void cut_chunk(cutter *c, uint32_t start, uint32_t end)
{
    const dl_cut_chunk chunk = {.text = c->text, .start = start, .end = end, .sent_start = c->sent_start, .sent_end = c->sent_end};
    bool web_mark = has_web_mark(c->text, start, end);
    uint32_t at = start;

    while (at < end && c->code == DL_OK) {
        dl_tok_kind web;
        uint32_t len, next = web_mark && may_be_web(&chunk, at) ? dl_weblike(c->text, at, end, &web) : 0;

        if (next) {
            (void)emit(c, at, next, (int)web);
        } else if (dl_ch_at(c->text, at, &len) & DL_CH_FORMAT) {
            next = at + len;
        } else {
            next = dl_cut_next(&chunk, at);
            (void)emit(c, at, next, -1);
        }
        at = next;
    }
}

/* The chunk at `at`; returns its end. */
static uint32_t cut_any(cutter *c, uint32_t at)
{
    uint32_t start = at, all = 0, ch, len;

    while (at < c->sent_end && !((ch = dl_ch_at(c->text, at, &len)) & DL_CH_SPACE && !(ch & DL_CH_FORMAT))) {
        all |= ch;
        at += len;
    }
    if (at == start)
        return at;
    if (!(all & ~(uint32_t)(DL_CH_LETTER | DL_CH_UPPER | DL_CH_LOWER)) && !dl_cut_is_contracted(dl_str_sub(c->text, start, at)))
        (void)emit(c, start, at, DL_TOK_WORD);
    else
        cut_chunk(c, start, at);
    return at;
}

static void cut_sentence(cutter *c, dl_sentence *sent)
{
    const dl_span span = dl_view_from_text(&c->map, sent->span);
    uint32_t at = span.start, len;

    c->sent_start = at;
    c->sent_end = span.end;
    c->at = at;
    sent->first_tok = c->doc->toks.n;
    while (at < c->sent_end && c->code == DL_OK) {
        uint32_t end = cut_plain(c, at);

        at = end > at ? end : cut_any(c, at);
        while (at < c->sent_end && (dl_ch_at(c->text, at, &len) & DL_CH_SPACE))
            at += len;
    }
    sent->n_toks = c->doc->toks.n - sent->first_tok;
}

/* ---- repaired text -------------------------------------------------------------------------------------------------- */

/* Spans of the view become spans of the text. What has no bytes of its own there (two tokens within one repair) goes. */
static void settle(dl_doc *doc)
{
    dl_view_map map = {.doc = doc}, seams = {.doc = doc};
    uint32_t out = 0, end = 0;

    for (uint32_t i = 0; i < doc->sents.n; i++) {
        dl_sentence *sent = &doc->sents.p[i];
        const uint32_t first = sent->first_tok, n = sent->n_toks;

        sent->first_tok = out;
        for (uint32_t t = first; t < first + n; t++) {
            dl_token tok = doc->toks.p[t];
            const dl_span span = dl_view_to_text(&map, tok.span);

            if (span.start < end || span.start >= span.end)
                continue;
            if (dl_view_repair_before(&seams, tok.span.start, DL_REPAIR_GLUE))
                tok.flags |= DL_TOK_SEAM;
            tok.span = span;
            if (!dl_str_eq(tok.form, dl_doc_str(doc, span)))
                tok.flags |= DL_TOK_REPAIRED;
            end = span.end;
            doc->toks.p[out++] = tok;
        }
        sent->n_toks = out - sent->first_tok;
    }
    doc->toks.n = out;
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
    cutter c = {.doc = doc, .t = t, .text = dl_view(doc), .map = {.doc = doc}, .err = err};
    uint32_t expected = (uint32_t)(doc->text.n / 5 + 32);

    doc->toks.p = dl_arena_alloc(doc->a, sizeof(dl_token) * expected);
    doc->toks.cap = doc->toks.p ? expected : 0;
    for (uint32_t i = 0; i < doc->sents.n && c.code == DL_OK; i++)
        cut_sentence(&c, &doc->sents.p[i]);
    if (doc->repairs.n)
        settle(doc);
    return c.code;
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
