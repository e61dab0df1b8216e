#include "word_input.h"

#include "fold.h"
#include "kernel.h"
#include "spelling.h"

#include <assert.h>

enum { MOST = 63, MAX_MULT = 1 << 16 };

dl_code dl_word_input_load(dl_word_input *out, const dl_model_file *m, const dl_wordvec *vectors, dl_error *err)
{
    dl_word_input in = {.vectors = vectors};
    uint32_t one = 1, single = 1, own = DL_INPUT_OWN, own_rows = DL_INPUT_OWN, buckets = DL_AFFIX_BUCKETS;
    const int32_t *mult;
    dl_code code = dl_fusemap_load(&in.map, m, DL_ELEM_U32, err);

    if (code != DL_OK)
        return code;
    if (!(in.keys = dl_model_array(m, "keys", DL_ELEM_U64, &in.n, &one, err)) ||
        !(in.own = dl_model_array(m, "own", DL_ELEM_I8, &in.n, &own, err)) ||
        !(in.unknown = dl_model_array(m, "unknown", DL_ELEM_I8, &own_rows, &one, err)) ||
        !(in.affix = dl_model_array(m, "affix", DL_ELEM_I8, &buckets, &own, err)) ||
        !(mult = dl_model_array(m, "word.mult", DL_ELEM_I32, &single, &one, err)))
        return DL_FATAL;
    if (*mult < 0 || *mult > MAX_MULT)
        return dl_fail(err, DL_FATAL, "words", DL_NO_PLACE, "word.mult is out of range");
    in.mult = *mult;
    *out = in;
    return DL_OK;
}

static int clamp(int v)
{
    return v < -MOST ? -MOST : v > MOST ? MOST : v;
}

static void put_vector(const dl_word_input *in, uint32_t word, uint8_t *out)
{
    int16_t v[DL_WORDVEC_PAD];

    dl_wordvec_row(in->vectors, word, v);
    for (int i = 0; i < DL_WORDVEC_DIM; i++)
        out[i] = (uint8_t)(clamp((v[i] * in->mult + (1 << 15)) >> 16) + DL_KERNEL_ZERO);
}

void dl_word_input_known(const dl_word_input *in, uint32_t row, uint8_t out[static DL_INPUT_DIM])
{
    assert(row < in->n);
    const int8_t *own = in->own + (size_t)row * DL_INPUT_OWN;
    uint32_t word = dl_fusemap_find(&in->vectors->map, in->keys[row]);

    put_vector(in, word < in->vectors->n_rows ? word : (uint32_t)DL_NONE, out);
    for (int i = 0; i < DL_INPUT_OWN; i++)
        out[DL_WORDVEC_DIM + i] = (uint8_t)(clamp(own[i]) + DL_KERNEL_ZERO);
}

void dl_word_input_unknown(const dl_word_input *in, const dl_token *tok, uint8_t out[static DL_INPUT_DIM])
{
    char folded[DL_FOLD_MAX];
    size_t n = dl_fold_word(tok->form, folded);
    uint16_t buckets[DL_N_AFFIXES];
    int sum[DL_INPUT_OWN];

    put_vector(in, tok->word, out);
    for (int i = 0; i < DL_INPUT_OWN; i++)
        sum[i] = in->unknown[i];
    if (n > 0) {
        dl_spell_affixes((dl_str){folded, n}, buckets);
        for (int b = 0; b < DL_N_AFFIXES; b++)
            for (int i = 0; i < DL_INPUT_OWN; i++)
                sum[i] += in->affix[(size_t)buckets[b] * DL_INPUT_OWN + (size_t)i];
    }
    for (int i = 0; i < DL_INPUT_OWN; i++)
        out[DL_WORDVEC_DIM + i] = (uint8_t)(clamp((sum[i] + 2) >> 2) + DL_KERNEL_ZERO);
}
