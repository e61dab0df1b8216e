#include "wordvec.h"

#include "fold.h"

#include <assert.h>

enum { ROW_BYTES = DL_WORDVEC_DIM / 2, N_LEVELS = 16 };

dl_code dl_wordvec_init(dl_wordvec *out, dl_model_file *file, dl_error *err)
{
    dl_wordvec wv = {.file = *file};
    uint32_t cols = ROW_BYTES, one = 1, n_levels = N_LEVELS, n_unit = 1;
    const float *unit;
    dl_code code = dl_fusemap_load(&wv.map, file, DL_ELEM_U32, err);

    if (code != DL_OK)
        return code;
    if (!(wv.codes = dl_model_array(file, "codes", DL_ELEM_U8, &wv.n_rows, &cols, err)) ||
        !(wv.scales = dl_model_array(file, "scales", DL_ELEM_U8, &wv.n_rows, &one, err)) ||
        !(wv.levels = dl_model_array(file, "levels", DL_ELEM_I8, &n_levels, &one, err)) ||
        !(unit = dl_model_array(file, "unit", DL_ELEM_F32, &n_unit, &one, err)))
        return DL_FATAL;
    if (wv.n_rows == 0)
        return dl_fail(err, DL_FATAL, "words", DL_NO_PLACE, "the word vectors have no rows");
    wv.unit = *unit;
    *out = wv;
    *file = (dl_model_file){0};
    return DL_OK;
}

dl_code dl_wordvec_open(dl_wordvec *out, const char *models_dir, dl_error *err)
{
    dl_model_file file = {0};
    dl_code code = dl_model_open(&file, models_dir, "words.dlm", "words", err);

    if (code == DL_OK)
        code = dl_wordvec_init(out, &file, err);
    dl_model_close(&file);
    return code;
}

void dl_wordvec_close(dl_wordvec *wv)
{
    dl_model_close(&wv->file);
    *wv = (dl_wordvec){0};
}

static uint32_t find_key(const dl_wordvec *wv, dl_str key)
{
    uint32_t row = dl_fusemap_find(&wv->map, dl_hash(key.p, key.n, 0));

    return row < wv->n_rows ? row : (uint32_t)DL_NONE;
}

uint32_t dl_wordvec_find_folded(const dl_wordvec *wv, dl_str folded)
{
    char shape[DL_FOLD_MAX];
    bool digits = false;
    uint32_t row = find_key(wv, folded);

    assert(folded.n <= DL_FOLD_MAX);
    if (row != DL_NONE)
        return row;
    for (size_t i = 0; i < folded.n; i++) {
        bool digit = dl_is_digit(folded.p[i]);

        digits |= digit;
        shape[i] = digit ? '0' : folded.p[i];
    }
    return digits ? find_key(wv, (dl_str){shape, folded.n}) : (uint32_t)DL_NONE;
}

uint32_t dl_wordvec_find(const dl_wordvec *wv, dl_str word)
{
    char folded[DL_FOLD_MAX];

    return dl_wordvec_find_folded(wv, (dl_str){folded, dl_fold_word(word, folded)});
}

void dl_wordvec_row(const dl_wordvec *wv, uint32_t row, int16_t out[static DL_WORDVEC_PAD])
{
    memset(out, 0, DL_WORDVEC_PAD * sizeof *out);
    if (row == DL_NONE)
        return;
    assert(row < wv->n_rows);
    const uint8_t *code = wv->codes + (size_t)row * ROW_BYTES;
    int scale = wv->scales[row];

    for (int i = 0; i < ROW_BYTES; i++) {
        out[2 * i] = (int16_t)(wv->levels[code[i] & 15] * scale);
        out[2 * i + 1] = (int16_t)(wv->levels[code[i] >> 4] * scale);
    }
}
