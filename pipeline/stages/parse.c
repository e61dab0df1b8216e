#include "parse.h"

#include "../lexicon/spelling.h"
#include "parse_tree.h"

#include <assert.h>

enum {
    FIRST_ADDED = 2, /* layer from which on what comes out is added to what went in */
    CUT_BACK = 40    /* how far back from its end a long sentence's piece may be cut at punctuation */
};

static const char where[] = "parse";

typedef struct work { /* of one piece of n tokens */
    uint32_t  first, n, n_pad; /* n_pad: room for the heads' scores, a multiple of 16 */
    uint8_t  *shapes;
    uint8_t  *x, *y; /* [n][most inputs] activations, this layer's and the next one's */
    int32_t  *acc;   /* [n][most outputs] */
    float    *c;     /* [hidden_n], or a row of biases */
    uint8_t  *dep;   /* [n][arc_n] */
    int8_t   *heads_plain, *heads_packed; /* [n_pad][arc_n] */
    int32_t  *heads_zero;                 /* [n_pad] */
    int32_t  *arcs;                       /* [n][n_pad] */
    int16_t  *ends;                       /* [n][2][label_n] */
    uint16_t *heads;
} work;

static uint32_t most(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static bool work_init(work *w, const dl_parse *p, uint32_t n, dl_arena *a)
{
    uint32_t inputs = most(most(DL_INPUT_DIM, p->embed_n), 2 * p->hidden_n);
    uint32_t outputs = most(most(6 * p->hidden_n, p->embed_n), most(2 * p->label_n, p->arc_n));
    size_t n_pad = dl_kernel_rows(n + 1);

    size_t margin = (size_t)DL_PARSE_MAX_REACH * p->embed_n; /* nothing, before and behind the sentence */
    uint8_t *x = dl_arena_alloc(a, (size_t)n * inputs + 2 * margin), *y = dl_arena_alloc(a, (size_t)n * inputs + 2 * margin);

    if (!x || !y)
        return false;
    *w = (work){.shapes = dl_arena_alloc(a, n),
                .x = x + margin,
                .y = y + margin,
                .acc = dl_arena_alloc(a, (size_t)n * most(outputs, p->n_label_out) * sizeof(int32_t)),
                .c = dl_arena_alloc(a, most(p->hidden_n, p->embed_n) * sizeof(float)),
                .dep = dl_arena_alloc(a, (size_t)n * p->arc_n),
                .heads_plain = dl_arena_alloc(a, n_pad * p->arc_n),
                .heads_packed = dl_arena_alloc(a, n_pad * p->arc_n),
                .heads_zero = dl_arena_alloc(a, n_pad * sizeof(int32_t)),
                .arcs = dl_arena_alloc(a, n * n_pad * sizeof(int32_t)),
                .ends = dl_arena_alloc(a, (size_t)n * 2 * p->label_n * sizeof(int16_t)),
                .heads = dl_arena_alloc(a, n * sizeof(uint16_t))};
    return w->shapes && w->acc && w->c && w->dep && w->heads_plain && w->heads_packed && w->heads_zero && w->arcs &&
           w->ends && w->heads;
}

/* ---- the network ---------------------------------------------------------------------------------------------------- */

static void swap(work *w)
{
    uint8_t *x = w->x;

    w->x = w->y;
    w->y = x;
}

static uint32_t tag_of(const dl_parse *p, const dl_token *tok)
{
    uint32_t i = p->tag_first[tok->upos][tok->xpos];

    while (i < p->n_tags && p->tags[i].morph != (tok->morph & DL_PARSE_TAG_MASK))
        i = p->tags[i].next;
    return i;
}

static void embed(const dl_parse *p, work *w, const dl_doc *doc)
{
    for (uint32_t i = 0; i < w->n; i++) {
        const dl_token *tok = &doc->toks.p[w->first + i];
        uint32_t known = dl_word_input_find(&p->words, tok->key);
        uint8_t *x = w->x + (size_t)i * DL_INPUT_DIM;

        if (known != DL_NONE)
            memcpy(x, p->inputs + (size_t)known * DL_INPUT_DIM, DL_INPUT_DIM);
        else
            dl_word_input_unknown(&p->words, tok, x);
        w->shapes[i] = (uint8_t)dl_spell_class(tok->form);
    }
    dl_spell_shapes(w->shapes, w->n);
    p->k->dot(w->acc, w->x, w->n, p->embed.w, p->embed.zero, DL_INPUT_DIM, p->embed_n);
    for (uint32_t i = 0; i < w->n; i++) {
        const float *tag = p->tag_rows + (size_t)tag_of(p, &doc->toks.p[w->first + i]) * p->embed_n;
        const float *shape = p->shape_rows + (size_t)w->shapes[i] * p->embed_n;

        for (uint32_t e = 0; e < p->embed_n; e++)
            w->c[e] = tag[e] + shape[e];
        p->k->squash(w->y + (size_t)i * p->embed_n, w->acc + (size_t)i * p->embed_n, p->embed.scale, w->c, p->embed_n);
    }
    swap(w);
    memset(w->x - (size_t)DL_PARSE_MAX_REACH * p->embed_n, DL_KERNEL_ZERO, (size_t)DL_PARSE_MAX_REACH * p->embed_n);
    memset(w->x + (size_t)w->n * p->embed_n, DL_KERNEL_ZERO, (size_t)DL_PARSE_MAX_REACH * p->embed_n);
}

static void recur(const dl_parse *p, work *w, uint32_t layer)
{
    const dl_parse_matrix *m = &p->layers[layer];
    uint32_t h = p->hidden_n;

    p->k->slide(w->acc, w->x - (size_t)m->reach * m->stride, m->stride, w->n, m->w, m->zero, m->n_in, m->n_out);
    for (uint32_t side = 0; side < 2; side++) {
        size_t at = (size_t)side * 3 * h;

        memset(w->c, 0, h * sizeof *w->c);
        for (uint32_t k = 0; k < w->n; k++) {
            size_t i = side == 0 ? k : w->n - 1 - k;

            p->k->recur(w->y + i * 2 * h + (size_t)side * h, w->c, w->acc + i * m->n_out + at, m->scale + at, m->bias + at, h);
        }
    }
    if (layer >= FIRST_ADDED)
        p->k->add(w->y, w->x, w->n * 2 * h);
    swap(w);
}

static void squash_all(const dl_parse *p, work *w, uint8_t *out, const dl_parse_matrix *m)
{
    p->k->dot(w->acc, w->x, w->n, m->w, m->zero, m->n_in, m->n_out);
    for (uint32_t i = 0; i < w->n; i++)
        p->k->squash(out + (size_t)i * m->n_out, w->acc + (size_t)i * m->n_out, m->scale, m->bias, m->n_out);
}

/* w->arcs[i][h]: head 0 is the root, 1 + t a token. */
static void score_arcs(const dl_parse *p, work *w)
{
    uint32_t n_heads = w->n + 1;

    squash_all(p, w, w->dep, &p->dep);
    squash_all(p, w, (uint8_t *)w->heads_plain + p->arc_n, &p->head);
    for (size_t i = p->arc_n; i < (size_t)n_heads * p->arc_n; i++)
        w->heads_plain[i] = (int8_t)(w->heads_plain[i] - DL_KERNEL_ZERO);
    memcpy(w->heads_plain, p->root, p->arc_n);
    memset(w->heads_zero, 0, w->n_pad * sizeof *w->heads_zero);
    dl_kernel_pack(w->heads_packed, w->heads_zero, w->heads_plain, n_heads, p->arc_n, true);
    p->k->dot(w->arcs, w->dep, w->n, w->heads_packed, w->heads_zero, p->arc_n, w->n_pad);
    for (uint32_t i = 0; i < w->n; i++) {
        int32_t *arcs = w->arcs + (size_t)i * w->n_pad + 1;
        const int32_t *distance = p->distance + DL_PARSE_MAX - i;

        for (uint32_t h = 0; h < w->n; h++)
            arcs[h] += distance[h];
    }
}

static void label_arcs(const dl_parse *p, work *w, dl_doc *doc)
{
    uint32_t width = 2 * p->label_n;

    p->k->dot(w->acc, w->x, w->n, p->ends, p->ends_zero, 2 * p->hidden_n, width);
    for (size_t i = 0; i < w->n; i++)
        p->k->rescale(w->ends + i * width, w->acc + i * width, p->ends_mult, p->ends_bias, width);
    for (uint32_t i = 0; i < w->n; i++) {
        dl_token *tok = &doc->toks.p[w->first + i];
        uint32_t head = w->heads[i];

        tok->head = head ? w->first + head - 1 : (uint32_t)DL_NONE;
        tok->deprel = DL_DEPREL_ROOT;
        if (!head)
            continue;
        const int16_t *rows[2] = {w->ends + (size_t)i * width, w->ends + (size_t)(head - 1) * width + p->label_n};
        int32_t *scores = w->acc; /* no longer needed */

        p->k->sum_relu(w->y, rows, 2, p->label_n);
        p->k->dot(scores, w->y, 1, p->label, p->label_bias, p->label_n, p->n_label_out);
        for (uint32_t r = 0; r < p->n_rels; r++)
            if (p->rels[r] == DL_DEPREL_ROOT)
                scores[r] = INT32_MIN;
        uint32_t best = p->k->argmax(scores, p->n_label_out);

        tok->deprel = best < p->n_rels ? p->rels[best] : (uint8_t)DL_DEPREL_DEP;
    }
}

/* ---- sentences ------------------------------------------------------------------------------------------------------ */

static dl_code parse_piece(const dl_parse *p, work *w, dl_doc *doc, uint32_t first, uint32_t n, dl_error *err)
{
    w->first = first;
    w->n = n;
    w->n_pad = dl_kernel_rows(n + 1);
    embed(p, w, doc);
    for (uint32_t i = 0; i < p->n_layers; i++)
        recur(p, w, i);
    score_arcs(p, w);
    if (!dl_parse_tree(w->heads, w->arcs, w->n_pad, n, doc->a))
        return dl_fail(err, DL_LIMIT, where, doc->toks.p[first].span.start, "out of memory");
    label_arcs(p, w, doc);
    return DL_OK;
}

/* Tokens of the next piece of what is left of a sentence: all, or up to the last punctuation mark near the limit. */
static uint32_t piece(const dl_doc *doc, uint32_t first, uint32_t left)
{
    if (left <= DL_PARSE_MAX)
        return left;
    for (uint32_t n = DL_PARSE_MAX; n > DL_PARSE_MAX - CUT_BACK; n--)
        if (doc->toks.p[first + n - 1].upos == DL_UPOS_PUNCT)
            return n;
    return DL_PARSE_MAX;
}

static dl_code parse_sentence(const dl_parse *p, work *w, dl_doc *doc, dl_sentence *sent, dl_error *err)
{
    uint32_t root = DL_NONE;
    dl_code code = DL_OK;

    for (uint32_t done = 0, n; done < sent->n_toks && code == DL_OK; done += n) {
        uint32_t first = sent->first_tok + done;

        n = piece(doc, first, sent->n_toks - done);
        code = parse_piece(p, w, doc, first, n, err);
        for (uint32_t i = first; i < first + n && code == DL_OK; i++) {
            dl_token *tok = &doc->toks.p[i];

            if (tok->head != DL_NONE)
                continue;
            if (root == DL_NONE) {
                root = i;
            } else {
                tok->head = root;
                tok->deprel = DL_DEPREL_PARATAXIS;
            }
        }
    }
    if (sent->n_toks > DL_PARSE_MAX && code == DL_OK)
        dl_doc_note(doc, where, "long_sentence", "a sentence of %u tokens was parsed in pieces", sent->n_toks);
    if (code == DL_OK)
        sent->flags |= DL_SENT_PARSED;
    return code;
}

static bool wanted(const dl_parse *p, const dl_sentence *sent)
{
    return sent->n_toks > 0 && (p->opts.all || (sent->flags & DL_SENT_WANT_PARSE));
}

dl_code dl_parse_run(const dl_parse *p, dl_doc *doc, dl_error *err)
{
    uint32_t longest = 0;
    dl_code code = DL_OK;
    work w;

    for (uint32_t i = 0; i < doc->sents.n; i++)
        if (wanted(p, &doc->sents.p[i]))
            longest = most(longest, doc->sents.p[i].n_toks);
    if (longest == 0)
        return DL_OK;
    if (!work_init(&w, p, longest < DL_PARSE_MAX ? longest : (uint32_t)DL_PARSE_MAX, doc->a))
        return dl_fail(err, DL_LIMIT, where, DL_NO_PLACE, "out of memory");
    for (uint32_t i = 0; i < doc->sents.n && code == DL_OK; i++)
        if (wanted(p, &doc->sents.p[i]))
            code = parse_sentence(p, &w, doc, &doc->sents.p[i], err);
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_parse_run(self, doc, err);
}

const dl_stage_ops dl_parse_ops = {
    .name = "parse",
    .reads = DL_LAYER_SENTENCES | DL_LAYER_TOKENS | DL_LAYER_WORDS | DL_LAYER_TAGS,
    .writes = DL_LAYER_PARSE,
    .run = run,
};
