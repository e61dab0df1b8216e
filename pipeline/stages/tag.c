#include "tag.h"

#include "../lexicon/spelling.h"

#include <assert.h>
#include <stdlib.h>

enum {
    SIDE = 2,
    WIN = 2 * SIDE + 1,
    HIDDEN = 128,
    ROW = WIN * HIDDEN,
    MAX_LABELS = 4096,
    MOST_BIAS = 1 << 30,
    N_SHAPE_ROWS = DL_N_SHAPES + 1,
    CACHE = 512, /* words outside the vocabulary that a document remembers */
    BATCH = 8,   /* of them whose rows are computed at once */
    CHUNK = 16   /* tokens whose labels are */
};

static const char where[] = "tag";
static const int16_t nothing[ROW]; /* what a place outside the sentence adds */

/* ---- the model ------------------------------------------------------------------------------------------------------ */

const char *const dl_xpos_names[DL_N_XPOS] = {
    "_",
#define X(id, name) name,
    DL_XPOS_TAGS(X)
#undef X
};

static uint8_t xpos_of(dl_str name)
{
    for (uint8_t i = 1; i < DL_N_XPOS; i++)
        if (dl_str_eq(name, dl_str_of(dl_xpos_names[i])))
            return i;
    return DL_XPOS_XX;
}

/* Line i of the section "xpos.names". */
static dl_str line(dl_str text, uint32_t i)
{
    for (;; i--) {
        const char *nl = text.n ? memchr(text.p, '\n', text.n) : NULL;
        size_t n = nl ? (size_t)(nl - text.p) : text.n;

        if (i == 0 || !nl)
            return (dl_str){text.p, i == 0 ? n : 0};
        text = dl_str_sub(text, n + 1, text.n);
    }
}

static dl_code load_labels(dl_tag *t, dl_error *err)
{
    enum { UPOS, XPOS, MORPH, CLASS, LONGEST, FIELDS };
    uint32_t n = 0, n_names = 0, fields = FIELDS, one = 1;
    const uint16_t *recs = dl_model_array(&t->file, "labels", DL_ELEM_U16, &n, &fields, err);
    const char *names = recs ? dl_model_array(&t->file, "xpos.names", DL_ELEM_U8, &n_names, &one, err) : NULL;

    if (!names)
        return DL_FATAL;
    if (n == 0 || n > MAX_LABELS)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the tagger has %u labels", n);
    t->labels = calloc(n, sizeof *t->labels);
    if (!t->labels)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "out of memory");
    t->n_labels = n;
    for (uint32_t i = 0; i < n; i++, recs += FIELDS) {
        if (recs[UPOS] == 0 || recs[UPOS] >= DL_N_UPOS || recs[LONGEST] > 16)
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "label %u of the tagger is out of range", i);
        t->labels[i] = (dl_tag_label){.upos = (uint8_t)recs[UPOS],
                                      .xpos = xpos_of(line((dl_str){names, n_names}, recs[XPOS])),
                                      .morph = recs[MORPH],
                                      .lemma = {recs[CLASS], (uint8_t)recs[LONGEST], recs[UPOS] == DL_UPOS_PROPN}};
    }
    return DL_OK;
}

static void *aligned(size_t n)
{
    return aligned_alloc(DL_KERNEL_ALIGN, (n + DL_KERNEL_ALIGN - 1) / DL_KERNEL_ALIGN * DL_KERNEL_ALIGN);
}

static dl_code load_weights(dl_tag *t, dl_error *err)
{
    uint32_t n_first = ROW, dim = DL_INPUT_DIM, one = 1, hidden = HIDDEN, n_shapes = WIN * N_SHAPE_ROWS, n_bias;
    const int8_t *first = dl_model_array(&t->file, "first", DL_ELEM_I8, &n_first, &dim, err);
    const int8_t *out;
    const int32_t *bias;

    t->n_out = dl_kernel_rows(t->n_labels);
    n_bias = t->n_out;
    if (!first || !(t->first_mult = dl_model_array(&t->file, "first.mult", DL_ELEM_I32, &n_first, &one, err)) ||
        !(t->shapes = dl_model_array(&t->file, "shape", DL_ELEM_I16, &n_shapes, &hidden, err)) ||
        !(out = dl_model_array(&t->file, "out", DL_ELEM_I8, &t->n_out, &hidden, err)) ||
        !(bias = dl_model_array(&t->file, "out.bias", DL_ELEM_I32, &n_bias, &one, err)))
        return DL_FATAL;
    t->first = aligned((size_t)ROW * DL_INPUT_DIM);
    t->out = aligned((size_t)t->n_out * HIDDEN);
    t->first_bias = calloc(ROW, sizeof *t->first_bias);
    t->out_bias = calloc(t->n_out, sizeof *t->out_bias);
    if (!t->first || !t->out || !t->first_bias || !t->out_bias)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "out of memory");
    dl_kernel_pack(t->first, t->first_bias, first, ROW, DL_INPUT_DIM, true);
    dl_kernel_pack(t->out, t->out_bias, out, t->n_out, HIDDEN, false);
    for (uint32_t i = 0; i < t->n_out; i++) {
        if (bias[i] > MOST_BIAS || bias[i] < -MOST_BIAS)
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "section out.bias has a value out of range");
        t->out_bias[i] = bias[i];
    }
    return DL_OK;
}

/* What n words, at most BATCH, add to the hidden layer at each of the five places. acc: [n][ROW]. */
static void rows_of(const dl_tag *t, const uint8_t *x, int16_t *const *out, uint32_t n, int32_t *acc)
{
    t->k->dot(acc, x, n, t->first, t->first_bias, DL_INPUT_DIM, ROW);
    for (uint32_t j = 0; j < n; j++)
        t->k->rescale(out[j], acc + (size_t)j * ROW, t->first_mult, NULL, ROW);
}

static dl_code make_rows(dl_tag *t, dl_error *err)
{
    uint8_t x[BATCH * DL_INPUT_DIM];
    int32_t acc[BATCH * ROW];
    int16_t *out[BATCH];

    t->rows = aligned(((size_t)t->words.n + 1) * ROW * sizeof *t->rows);
    if (!t->rows)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "out of memory");
    for (uint32_t i = 0; i < t->words.n; i += BATCH) {
        uint32_t n = t->words.n - i < BATCH ? t->words.n - i : (uint32_t)BATCH;

        for (uint32_t j = 0; j < n; j++) {
            dl_word_input_known(&t->words, i + j, x + (size_t)j * DL_INPUT_DIM);
            out[j] = t->rows + (size_t)(i + j) * ROW;
        }
        rows_of(t, x, out, n, acc);
    }
    return DL_OK;
}

dl_code dl_tag_load(dl_tag *out, dl_model_file *file, const dl_wordvec *vectors, const dl_kernels *k, dl_error *err)
{
    dl_tag t = {.file = *file, .k = k};
    dl_code code = dl_word_input_load(&t.words, file, vectors, err);

    if (code == DL_OK)
        code = dl_lemmas_load(&t.lemmas, file, err);
    if (code == DL_OK)
        code = load_labels(&t, err);
    if (code == DL_OK)
        code = load_weights(&t, err);
    if (code == DL_OK)
        code = make_rows(&t, err);
    if (code == DL_OK) {
        *out = t;
        *file = (dl_model_file){0};
        return DL_OK;
    }
    t.file = (dl_model_file){0}; /* still the caller's */
    dl_tag_free(&t);
    return code;
}

dl_code dl_tag_init(dl_tag *t, const char *models_dir, const dl_wordvec *vectors, dl_error *err)
{
    dl_model_file file = {0};
    dl_code code = dl_model_open(&file, models_dir, "tagger.dlm", "tagger", err);

    if (code == DL_OK)
        code = dl_tag_load(t, &file, vectors, dl_kernels_best(), err);
    dl_model_close(&file);
    return code;
}

void dl_tag_free(dl_tag *t)
{
    free(t->labels);
    free(t->rows);
    free(t->first);
    free(t->out);
    free(t->first_bias);
    free(t->out_bias);
    dl_model_close(&t->file);
    *t = (dl_tag){0};
}

/* ---- a document ----------------------------------------------------------------------------------------------------- */

typedef struct work {
    const int16_t **rows;   /* [tokens] what each token adds */
    uint8_t        *shapes; /* [tokens] */
    struct {
        uint64_t       key;
        const int16_t *row;
    } cache[CACHE];
    uint32_t n_new; /* words outside the vocabulary whose rows are still to be computed */
    int16_t *new_rows[BATCH];
    uint8_t  x[BATCH * DL_INPUT_DIM];
    uint8_t  hidden[CHUNK * HIDDEN];
    int32_t  acc[BATCH * ROW];
    int32_t *scores; /* [CHUNK][n_out] */
} work;

static void flush(const dl_tag *t, work *w)
{
    rows_of(t, w->x, w->new_rows, w->n_new, w->acc);
    w->n_new = 0;
}

/* The row of a word outside the vocabulary, filled at the next flush. Two tokens with one key differ at most in case and diacritics,
 * which the row does not see. */
static const int16_t *outside(const dl_tag *t, work *w, const dl_token *tok, dl_arena *a)
{
    uint32_t slot = (uint32_t)(tok->key >> 20) & (CACHE - 1);

    if (w->cache[slot].row && w->cache[slot].key == tok->key)
        return w->cache[slot].row;
    int16_t *row = dl_arena_alloc(a, ROW * sizeof *row);

    if (!row)
        return NULL;
    if (w->n_new == BATCH)
        flush(t, w);
    dl_word_input_unknown(&t->words, tok, w->x + (size_t)w->n_new * DL_INPUT_DIM);
    w->new_rows[w->n_new++] = row;
    w->cache[slot].key = tok->key;
    w->cache[slot].row = row;
    return row;
}

static dl_code find_rows(const dl_tag *t, work *w, const dl_doc *doc, dl_error *err)
{
    for (uint32_t i = 0; i < doc->toks.n; i++) {
        const dl_token *tok = &doc->toks.p[i];
        uint32_t known = dl_word_input_find(&t->words, tok->key);

        w->shapes[i] = (uint8_t)dl_spell_class(tok->form);
        w->rows[i] = known != DL_NONE ? t->rows + (size_t)known * ROW : outside(t, w, tok, doc->a);
        if (!w->rows[i])
            return dl_fail(err, DL_LIMIT, where, tok->span.start, "out of memory");
    }
    flush(t, w);
    return DL_OK;
}

/* The hidden layer of token i of the sentence start..end. */
static void hidden_of(const dl_tag *t, const work *w, uint32_t i, uint32_t start, uint32_t end, uint8_t *hidden)
{
    const int16_t *rows[2 * WIN];

    for (uint32_t k = 0; k < WIN; k++) {
        uint32_t at = i + k; /* + SIDE */
        bool inside = at >= start + SIDE && at < end + SIDE;
        uint32_t shape = inside ? w->shapes[at - SIDE] : (uint32_t)DL_SHAPE_PAD;

        rows[2 * k] = inside ? w->rows[at - SIDE] + (size_t)k * HIDDEN : nothing;
        rows[2 * k + 1] = t->shapes + ((size_t)k * N_SHAPE_ROWS + shape) * HIDDEN;
    }
    t->k->sum_relu(hidden, rows, 2 * WIN, HIDDEN);
}

static bool set_label(const dl_tag *t, dl_token *tok, const int32_t *scores, dl_arena *a)
{
    uint32_t id = t->k->argmax(scores, t->n_out);
    const dl_tag_label *label = &t->labels[id < t->n_labels ? id : 0];

    tok->upos = label->upos;
    tok->xpos = label->xpos;
    tok->morph = label->morph;
    tok->lemma = dl_lemma_find(&t->lemmas, label->lemma, tok->form, a);
    return tok->lemma.p != NULL;
}

static dl_code tag_sentence(const dl_tag *t, work *w, dl_doc *doc, const dl_sentence *sent, dl_error *err)
{
    uint32_t start = sent->first_tok, end = start + sent->n_toks;

    dl_spell_shapes(w->shapes + start, sent->n_toks);
    for (uint32_t i = start; i < end; i += CHUNK) {
        uint32_t n = end - i < CHUNK ? end - i : (uint32_t)CHUNK;

        for (uint32_t j = 0; j < n; j++)
            hidden_of(t, w, i + j, start, end, w->hidden + (size_t)j * HIDDEN);
        t->k->dot(w->scores, w->hidden, n, t->out, t->out_bias, HIDDEN, t->n_out);
        for (uint32_t j = 0; j < n; j++)
            if (!set_label(t, &doc->toks.p[i + j], w->scores + (size_t)j * t->n_out, doc->a))
                return dl_fail(err, DL_LIMIT, where, doc->toks.p[i + j].span.start, "out of memory");
    }
    return DL_OK;
}

dl_code dl_tag_run(const dl_tag *t, dl_doc *doc, dl_error *err)
{
    if (doc->toks.n == 0)
        return DL_OK;
    work *w = DL_NEW(doc->a, work);

    if (w) {
        w->scores = dl_arena_alloc(doc->a, (size_t)CHUNK * t->n_out * sizeof *w->scores);
        w->rows = dl_arena_alloc(doc->a, doc->toks.n * sizeof(void *));
        w->shapes = dl_arena_alloc(doc->a, doc->toks.n);
    }
    if (!w || !w->scores || !w->rows || !w->shapes)
        return dl_fail(err, DL_LIMIT, where, DL_NO_PLACE, "out of memory");
    dl_code code = find_rows(t, w, doc, err);

    for (uint32_t s = 0; s < doc->sents.n && code == DL_OK; s++)
        code = tag_sentence(t, w, doc, &doc->sents.p[s], err);
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_tag_run(self, doc, err);
}

const dl_stage_ops dl_tag_ops = {
    .name = "tag",
    .reads = DL_LAYER_SENTENCES | DL_LAYER_TOKENS | DL_LAYER_WORDS,
    .writes = DL_LAYER_TAGS,
    .run = run,
};
