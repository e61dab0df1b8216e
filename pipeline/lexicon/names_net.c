#include "names_net.h"

#include <stdlib.h>

static const char where[] = "names";

typedef struct need { /* a section: what it must be */
    const char  *name;
    dl_elem      type;
    uint32_t     rows, cols;
    const void **out;
} need;

static dl_code load(const dl_model_file *m, const need *needs, size_t n, dl_error *err)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t rows = needs[i].rows, cols = needs[i].cols;

        if (!(*needs[i].out = dl_model_array(m, needs[i].name, needs[i].type, &rows, &cols, err)))
            return DL_FATAL;
    }
    return DL_OK;
}

enum { SIZE_H, SIZE_D, SIZE_Z, SIZE_SHAPES, SIZE_BITS, SIZE_BUCKETS, SIZE_AFFIXES, SIZE_COMMON, MULT, SHIFT_ROWS, SHIFT_POOL, SHIFT_Z, N_SIZES };

static bool is_width(uint32_t n, uint32_t multiple)
{
    return n > 0 && n <= DL_NAMES_MAX_WIDTH && n % multiple == 0;
}

static dl_code load_sizes(dl_names_net *net, dl_error *err)
{
    uint32_t n = N_SIZES, one = 1;
    const uint32_t *s = dl_model_array(&net->file, "sizes", DL_ELEM_U32, &n, &one, err);

    if (!s)
        return DL_FATAL;
    net->h = s[SIZE_H], net->d = s[SIZE_D], net->z = s[SIZE_Z];
    net->n_shapes = s[SIZE_SHAPES], net->n_bits = s[SIZE_BITS], net->n_buckets = s[SIZE_BUCKETS], net->n_affixes = s[SIZE_AFFIXES];
    net->n_common = s[SIZE_COMMON];
    net->vector_mult = (int32_t)s[MULT];
    net->shift_rows = s[SHIFT_ROWS], net->shift_pool = s[SHIFT_POOL], net->shift_z = s[SHIFT_Z];
    if (!is_width(net->h, 32) || !is_width(net->d, 16) || !is_width(net->z, 16) || net->n_shapes == 0 || net->n_shapes > 256 || net->n_bits == 0 ||
        net->n_bits > 64 || net->n_buckets == 0 || net->n_buckets > UINT16_MAX || net->n_affixes == 0 || net->n_affixes > 16 ||
        net->n_common > net->vectors->n_rows || net->vector_mult <= 0 || net->vector_mult > 1 << 16 || net->shift_rows - 1 > 29 ||
        net->shift_pool - 1 > 29 || net->shift_z - 1 > 29)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the network's sizes are out of range");
    return DL_OK;
}

static dl_code load_arrays(dl_names_net *net, dl_error *err)
{
    uint32_t h = net->h, d = net->d, z = net->z, rows = DL_NAMES_SLOTS * h, in2 = h + 3 * d + 4;
    const float *scale = NULL;
    const need needs[] = {
        {"affix", DL_ELEM_I8, net->n_buckets, DL_NAMES_AFFIX, (const void **)&net->affix},
        {"unknown", DL_ELEM_I8, DL_WORDVEC_DIM, 1, (const void **)&net->unknown},
        {"w1", DL_ELEM_I8, rows, DL_NAMES_DIM, (const void **)&net->w1},
        {"b.rows", DL_ELEM_I32, rows, 1, (const void **)&net->b_rows},
        {"shape", DL_ELEM_I16, DL_NAMES_SLOTS * net->n_shapes, h, (const void **)&net->shape},
        {"bits", DL_ELEM_I16, DL_NAMES_SLOTS * net->n_bits, h, (const void **)&net->bits},
        {"b1", DL_ELEM_I16, h, 1, (const void **)&net->b1},
        {"pool", DL_ELEM_I8, d, h, (const void **)&net->pool},
        {"b.pool", DL_ELEM_I32, d, 1, (const void **)&net->b_pool},
        {"w2", DL_ELEM_I8, z, in2, (const void **)&net->w2},
        {"b2", DL_ELEM_I32, z, 1, (const void **)&net->b2},
        {"w3", DL_ELEM_I8, DL_NAMES_TAGS_PAD, z, (const void **)&net->w3},
        {"b3", DL_ELEM_I32, DL_NAMES_TAGS_PAD, 1, (const void **)&net->b3},
        {"trans", DL_ELEM_I32, DL_NAMES_TAGS, DL_NAMES_TAGS, (const void **)&net->trans},
        {"counts", DL_ELEM_U8, DL_NAMES_COUNTS, 1, (const void **)&net->counts},
        {"lower", DL_ELEM_U8, (net->vectors->n_rows + 7) / 8, 1, (const void **)&net->lower},
        {"common", DL_ELEM_U16, net->n_common, net->n_affixes, (const void **)&net->common},
        {"calibration", DL_ELEM_F32, DL_NAMES_N_CALIBRATION, 1, (const void **)&net->calibration},
        {"emit.scale", DL_ELEM_F32, 1, 1, (const void **)&scale},
    };
    dl_code code = load(&net->file, needs, sizeof needs / sizeof *needs, err);

    if (code != DL_OK)
        return code;
    for (uint32_t i = 0; i < DL_NAMES_COUNTS; i++)
        if (net->counts[i] > 127)
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the network's counts are out of range");
    for (size_t i = 0; i < (size_t)net->n_common * net->n_affixes; i++)
        if (net->common[i] >= net->n_buckets && net->common[i] != UINT16_MAX)
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the affixes of a common word are out of range");
    if (!(*scale > 0 && *scale < 1))
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the network's unit is out of range");
    net->emit_scale = *scale;
    return DL_OK;
}

static dl_code pin_rows(dl_names_net *net, dl_error *err)
{
    enum { AT_ONCE = 8 };
    size_t n = (size_t)DL_NAMES_SLOTS * net->h;
    int32_t *acc = malloc(n * AT_ONCE * sizeof *acc);
    uint8_t x[AT_ONCE * DL_NAMES_DIM];

    net->pinned = malloc((n * net->n_common + 1) * sizeof *net->pinned);
    if (!net->pinned || !acc) {
        free(acc);
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "out of memory");
    }
    for (uint32_t i = 0; i < net->n_common; i += AT_ONCE) {
        uint32_t m = net->n_common - i < AT_ONCE ? net->n_common - i : AT_ONCE;

        for (uint32_t k = 0; k < m; k++) {
            static const uint16_t none[16] = {0};
            const uint16_t *affixes = net->common + (size_t)(i + k) * net->n_affixes;

            dl_names_net_input(net, i + k, *affixes == UINT16_MAX ? none : affixes, x + (size_t)k * DL_NAMES_DIM);
        }
        dl_names_net_rows(net, x, m, acc, net->pinned + n * i);
    }
    free(acc);
    return DL_OK;
}

dl_code dl_names_net_init(dl_names_net *out, dl_model_file *file, const dl_wordvec *vectors, const dl_kernels *kernels, dl_error *err)
{
    dl_names_net net = {.file = *file, .vectors = vectors, .kernels = kernels ? kernels : dl_kernels_best()};
    dl_code code = load_sizes(&net, err);

    if (code == DL_OK)
        code = load_arrays(&net, err);
    if (code == DL_OK)
        code = pin_rows(&net, err);
    if (code != DL_OK) {
        free(net.pinned);
        return code;
    }
    *out = net;
    *file = (dl_model_file){0};
    return DL_OK;
}

dl_code dl_names_net_open(dl_names_net *out, const char *models_dir, const dl_wordvec *vectors, const dl_kernels *kernels, dl_error *err)
{
    dl_model_file file = {0};
    dl_code code = dl_model_open(&file, models_dir, "names.dlm", "names", err);

    if (code == DL_OK)
        code = dl_names_net_init(out, &file, vectors, kernels, err);
    dl_model_close(&file);
    return code;
}

void dl_names_net_close(dl_names_net *net)
{
    free(net->pinned);
    dl_model_close(&net->file);
    *net = (dl_names_net){0};
}

static uint8_t step(int32_t v)
{
    enum { MOST = 63 };

    return (uint8_t)((v < -MOST ? -MOST : v > MOST ? MOST : v) + DL_KERNEL_ZERO);
}

void dl_names_net_input(const dl_names_net *net, uint32_t word, const uint16_t *affixes, uint8_t x[static DL_NAMES_DIM])
{
    int16_t row[DL_WORDVEC_PAD];

    if (word == DL_NONE)
        for (uint32_t i = 0; i < DL_WORDVEC_DIM; i++)
            x[i] = step(net->unknown[i]);
    else {
        dl_wordvec_row(net->vectors, word, row);
        for (uint32_t i = 0; i < DL_WORDVEC_DIM; i++)
            x[i] = step((row[i] * net->vector_mult + (1 << 15)) >> 16);
    }
    for (uint32_t i = 0; i < DL_NAMES_AFFIX; i++) {
        int32_t sum = 2;

        for (uint32_t k = 0; k < net->n_affixes; k++)
            sum += net->affix[(size_t)affixes[k] * DL_NAMES_AFFIX + i];
        x[DL_WORDVEC_DIM + i] = step(sum >> 2);
    }
}

void dl_names_net_rows(const dl_names_net *net, const uint8_t *x, uint32_t n, int32_t *acc, int16_t *rows)
{
    uint32_t n_out = DL_NAMES_SLOTS * net->h;
    int32_t half = 1 << (net->shift_rows - 1);

    net->kernels->dot(acc, x, n, net->w1, net->b_rows, DL_NAMES_DIM, n_out);
    for (size_t i = 0; i < (size_t)n * n_out; i++) {
        int32_t v = (acc[i] + half) >> net->shift_rows;

        rows[i] = (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
    }
}
