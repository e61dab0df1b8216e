/* parse_model: loading of the parser. */
#include "parse.h"

#include "../lexicon/spelling.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    MAX_SIZE = 1024,
    MAX_TAGS = 4096,
    NEAR = 11, /* buckets of distance to each side */
    N_DISTANCES = 2 * NEAR + 1
};

static const char where[] = "parse";

const char *const dl_deprel_names[DL_N_DEPRELS] = {
    "_",
#define X(id, name) name,
    DL_DEPRELS(X)
#undef X
};

static dl_code out_of_memory(dl_error *err)
{
    return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "out of memory");
}

static void *aligned(size_t n)
{
    return aligned_alloc(DL_KERNEL_ALIGN, (n + DL_KERNEL_ALIGN - 1) / DL_KERNEL_ALIGN * DL_KERNEL_ALIGN);
}

/* A float section, without values that no training gives: what is converted to integers later stays in range. */
static const float *load_floats(const dl_model_file *f, const char *name, uint32_t rows, uint32_t cols, dl_error *err)
{
    static const float most = 1e4F;
    const float *v = dl_model_array(f, name, DL_ELEM_F32, &rows, &cols, err);

    for (size_t i = 0; v && i < (size_t)rows * cols; i++)
        if (!(v[i] >= -most && v[i] <= most)) {
            (void)dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "section %s has a value out of range", name);
            return NULL;
        }
    return v;
}

/* The same for integers. */
static const int32_t *load_ints(const dl_model_file *f, const char *name, uint32_t rows, int32_t most, dl_error *err)
{
    uint32_t one = 1;
    const int32_t *v = dl_model_array(f, name, DL_ELEM_I32, &rows, &one, err);

    for (size_t i = 0; v && i < rows; i++)
        if (v[i] > most || v[i] < -most) {
            (void)dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "section %s has a value out of range", name);
            return NULL;
        }
    return v;
}

static dl_code load_sizes(dl_parse *p, dl_error *err)
{
    enum { EMBED, HIDDEN, LAYERS, ARC, LABEL, WIDTH, N };
    uint32_t n = N, one = 1;
    const uint32_t *s = dl_model_array(&p->file, "sizes", DL_ELEM_U32, &n, &one, err);

    if (!s)
        return DL_FATAL;
    for (int i = 0; i < N; i++)
        if (s[i] == 0 || s[i] > MAX_SIZE || (i != LAYERS && i != WIDTH && s[i] % 32 != 0))
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the parser's sizes are out of range");
    if (s[LAYERS] > DL_PARSE_MAX_LAYERS)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the parser has %u layers", s[LAYERS]);
    if (s[WIDTH] % 2 == 0 || s[WIDTH] / 2 > DL_PARSE_MAX_REACH)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the parser's first layer reads %u tokens", s[WIDTH]);
    p->layers[0].reach = s[WIDTH] / 2;
    p->embed_n = s[EMBED];
    p->hidden_n = s[HIDDEN];
    p->n_layers = s[LAYERS];
    p->arc_n = s[ARC];
    p->label_n = s[LABEL];
    return DL_OK;
}

/* Sections name, name.scale and, where with_bias, name.bias. */
static dl_code load_matrix(dl_parse_matrix *m, const dl_model_file *f, const char *name, uint32_t n_in, uint32_t n_out, bool with_bias,
                           dl_error *err)
{
    char scale[16], bias[16];
    const int8_t *w = dl_model_array(f, name, DL_ELEM_I8, &n_out, &n_in, err);

    (void)snprintf(scale, sizeof scale, "%s.scale", name);
    (void)snprintf(bias, sizeof bias, "%s.bias", name);
    if (!w || !(m->scale = load_floats(f, scale, n_out, 1, err)) || (with_bias && !(m->bias = load_floats(f, bias, n_out, 1, err))))
        return DL_FATAL;
    m->n_in = n_in;
    m->n_out = n_out;
    m->w = aligned((size_t)n_in * n_out);
    m->zero = calloc(n_out, sizeof *m->zero);
    if (!m->w || !m->zero)
        return out_of_memory(err);
    dl_kernel_pack(m->w, m->zero, w, n_out, n_in, true);
    return DL_OK;
}

static dl_code load_network(dl_parse *p, dl_error *err)
{
    dl_code code = load_matrix(&p->embed, &p->file, "embed", DL_INPUT_DIM, p->embed_n, false, err);

    for (uint32_t i = 0; i < p->n_layers && code == DL_OK; i++) {
        char name[16];

        (void)snprintf(name, sizeof name, "layer%u", i);
        p->layers[i].stride = i == 0 ? p->embed_n : 2 * p->hidden_n;
        code = load_matrix(&p->layers[i], &p->file, name, (2 * p->layers[i].reach + 1) * p->layers[i].stride, 6 * p->hidden_n, true, err);
    }
    if (code == DL_OK)
        code = load_matrix(&p->dep, &p->file, "dep", 2 * p->hidden_n, p->arc_n, true, err);
    if (code == DL_OK)
        code = load_matrix(&p->head, &p->file, "head", 2 * p->hidden_n, p->arc_n, true, err);
    return code;
}

/* The number that `table` gives to each line of a section; those without one get `other`. */
static dl_code load_names(uint8_t **out, uint32_t *n, const dl_model_file *f, const char *section, const char *const *table,
                          uint8_t n_names, uint8_t other, dl_error *err)
{
    uint32_t bytes = 0, one = 1;
    const char *p = dl_model_array(f, section, DL_ELEM_U8, &bytes, &one, err);

    if (!p)
        return DL_FATAL;
    dl_str text = {p, bytes};

    *out = calloc((size_t)bytes + 1, 1);
    if (!*out)
        return out_of_memory(err);
    for (*n = 0; text.n; (*n)++) {
        const char *nl = memchr(text.p, '\n', text.n);
        size_t len = nl ? (size_t)(nl - text.p) : text.n;
        uint8_t k = 1;

        while (k < n_names && !dl_str_eq(dl_str_of(table[k]), (dl_str){text.p, len}))
            k++;
        (*out)[*n] = k < n_names ? k : other;
        text = dl_str_sub(text, nl ? len + 1 : len, text.n);
    }
    return DL_OK;
}

/* Section "tags": universal tag, line of "xpos.names", morphology. */
static dl_code load_tags(dl_parse *p, dl_error *err)
{
    enum { UPOS, XPOS, MORPH, FIELDS };
    uint32_t fields = FIELDS, n_names = 0;
    uint8_t *names = NULL;
    const uint16_t *recs = dl_model_array(&p->file, "tags", DL_ELEM_U16, &p->n_tags, &fields, err);

    if (!recs)
        return DL_FATAL;
    if (p->n_tags > MAX_TAGS)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the parser knows %u tags", p->n_tags);
    dl_code code = load_names(&names, &n_names, &p->file, "xpos.names", dl_xpos_names, DL_N_XPOS, DL_XPOS_XX, err);

    if (code != DL_OK)
        return code;
    for (uint32_t u = 0; u < DL_N_UPOS; u++)
        for (uint32_t x = 0; x < DL_N_XPOS; x++)
            p->tag_first[u][x] = (uint16_t)p->n_tags;
    p->tags = calloc((size_t)p->n_tags + 1, sizeof *p->tags);
    for (uint32_t i = 0; i < p->n_tags && p->tags && code == DL_OK; i++, recs += FIELDS) {
        uint8_t xpos = recs[XPOS] < n_names ? names[recs[XPOS]] : (uint8_t)DL_XPOS_XX;

        if (recs[UPOS] >= DL_N_UPOS) {
            code = dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "tag %u of the parser is out of range", i);
            break;
        }
        p->tags[i] = (dl_parse_tag){recs[MORPH], p->tag_first[recs[UPOS]][xpos]};
        p->tag_first[recs[UPOS]][xpos] = (uint16_t)i;
    }
    free(names);
    return code != DL_OK || p->tags ? code : out_of_memory(err);
}

static dl_code load_rows(dl_parse *p, dl_error *err)
{
    p->tag_rows = load_floats(&p->file, "tag.rows", p->n_tags + 1, p->embed_n, err);
    p->shape_rows = p->tag_rows ? load_floats(&p->file, "shape.rows", DL_N_SHAPES + 1, p->embed_n, err) : NULL;
    return p->shape_rows ? DL_OK : DL_FATAL;
}

static int bucket(int k)
{
    enum { EACH = 8, SECOND = 12, THIRD = 20 };
    int a = k < 0 ? -k : k;
    int b = a <= EACH ? a : a <= SECOND ? NEAR - 2 : a <= THIRD ? NEAR - 1 : NEAR;

    return NEAR + (k > 0 ? b : -b);
}

static dl_code load_distances(dl_parse *p, dl_error *err)
{
    const int32_t *d = load_ints(&p->file, "distance", N_DISTANCES, 1 << 18, err);

    if (!d)
        return DL_FATAL;
    p->distance = calloc(2 * DL_PARSE_MAX + 1, sizeof *p->distance);
    if (!p->distance)
        return out_of_memory(err);
    for (int k = -DL_PARSE_MAX; k <= DL_PARSE_MAX; k++)
        p->distance[DL_PARSE_MAX + k] = d[bucket(k)];
    return DL_OK;
}

static dl_code load_arcs_and_labels(dl_parse *p, dl_error *err)
{
    uint32_t one = 1, n_ends = 2 * p->label_n, both = 2 * p->hidden_n;
    const int8_t *ends, *label;
    dl_code code = load_names(&p->rels, &p->n_rels, &p->file, "rel.names", dl_deprel_names, DL_N_DEPRELS, DL_DEPREL_DEP, err);

    if (code != DL_OK)
        return code;
    p->n_label_out = dl_kernel_rows(p->n_rels);
    if (p->n_rels == 0 || p->n_rels > UINT8_MAX)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the parser knows %u relations", p->n_rels);
    if (!(p->root = dl_model_array(&p->file, "root", DL_ELEM_I8, &p->arc_n, &one, err)) ||
        !(ends = dl_model_array(&p->file, "ends", DL_ELEM_I8, &n_ends, &both, err)) ||
        !(p->ends_mult = load_ints(&p->file, "ends.mult", n_ends, 1 << 28, err)) ||
        !(p->ends_bias = load_ints(&p->file, "ends.bias", n_ends, 1 << 20, err)) ||
        !(label = dl_model_array(&p->file, "label", DL_ELEM_I8, &p->n_label_out, &p->label_n, err)) ||
        !(p->label_bias = load_ints(&p->file, "label.bias", p->n_label_out, 1 << 30, err)))
        return DL_FATAL;
    p->ends = aligned((size_t)n_ends * both);
    p->ends_zero = calloc(n_ends, sizeof *p->ends_zero);
    p->label = aligned((size_t)p->n_label_out * p->label_n);
    if (!p->ends || !p->ends_zero || !p->label)
        return out_of_memory(err);
    dl_kernel_pack(p->ends, p->ends_zero, ends, n_ends, both, true);
    dl_kernel_pack(p->label, NULL, label, p->n_label_out, p->label_n, false);
    return DL_OK;
}

static dl_code make_inputs(dl_parse *p, dl_error *err)
{
    p->inputs = calloc((size_t)p->words.n + 1, DL_INPUT_DIM);
    if (!p->inputs)
        return out_of_memory(err);
    for (uint32_t i = 0; i < p->words.n; i++)
        dl_word_input_known(&p->words, i, p->inputs + (size_t)i * DL_INPUT_DIM);
    return DL_OK;
}

dl_code dl_parse_load(dl_parse *out, const dl_parse_opts *opts, dl_model_file *file, const dl_wordvec *vectors, const dl_kernels *k,
                      dl_error *err)
{
    dl_parse p = {.opts = opts ? *opts : (dl_parse_opts){0}, .file = *file, .k = k};
    dl_code code = dl_word_input_load(&p.words, file, vectors, err);

    if (code == DL_OK)
        code = load_sizes(&p, err);
    if (code == DL_OK)
        code = load_network(&p, err);
    if (code == DL_OK)
        code = load_tags(&p, err);
    if (code == DL_OK)
        code = load_rows(&p, err);
    if (code == DL_OK)
        code = load_distances(&p, err);
    if (code == DL_OK)
        code = load_arcs_and_labels(&p, err);
    if (code == DL_OK)
        code = make_inputs(&p, err);
    if (code == DL_OK) {
        *out = p;
        *file = (dl_model_file){0};
        return DL_OK;
    }
    p.file = (dl_model_file){0}; /* still the caller's */
    dl_parse_free(&p);
    return code;
}

dl_code dl_parse_init(dl_parse *p, const dl_parse_opts *opts, const char *models_dir, const dl_wordvec *vectors, dl_error *err)
{
    dl_model_file file = {0};
    dl_code code = dl_model_open(&file, models_dir, "parser.dlm", "parser", err);

    if (code == DL_OK)
        code = dl_parse_load(p, opts, &file, vectors, dl_kernels_best(), err);
    dl_model_close(&file);
    return code;
}

static void matrix_free(dl_parse_matrix *m)
{
    free(m->w);
    free(m->zero);
}

void dl_parse_free(dl_parse *p)
{
    matrix_free(&p->embed);
    for (uint32_t i = 0; i < DL_PARSE_MAX_LAYERS; i++)
        matrix_free(&p->layers[i]);
    matrix_free(&p->dep);
    matrix_free(&p->head);
    free(p->inputs);
    free(p->tags);
    free(p->distance);
    free(p->ends);
    free(p->ends_zero);
    free(p->label);
    free(p->rels);
    dl_model_close(&p->file);
    *p = (dl_parse){0};
}
