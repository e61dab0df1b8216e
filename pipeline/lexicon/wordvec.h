/* wordvec: word vectors, shared by every statistical stage.
 *
 * A word's row is found by its folded form (fold.h); a form with digits that has no row of its own takes the row of its shape, all
 * digits made "0". Rows are ordered by frequency in English, words of our own text first. A row holds 100 four-bit codes into a table
 * of 16 levels and an 8-bit scale; dl_wordvec_row writes level * scale, exact 16-bit integers, so that every user computes the same.
 * Cost    a look-up about 30 ns: fold, hash, three reads; a row 50 bytes
 * Source  GloVe (Pennington et al. 2014), see models/README.md; scripts/train words */
#ifndef DL_WORDVEC_H
#define DL_WORDVEC_H

#include "../doc.h"
#include "fusemap.h"

enum { DL_WORDVEC_DIM = 100, DL_WORDVEC_PAD = 112 }; /* PAD: whole AVX2 registers of int16 */

typedef struct dl_wordvec { /* shared */
    dl_model_file  file;
    dl_fusemap     map;
    const uint8_t *codes;  /* [n_rows][DIM / 2], the even dimension in the low nibble */
    const uint8_t *scales; /* [n_rows] */
    const int8_t  *levels; /* [16] */
    uint32_t       n_rows;
    float          unit; /* of the integers: the vectors that were coded had deviation 1 in each dimension */
} dl_wordvec;

/* words.dlm of models_dir. Gives: dl_wordvec_close. DL_FATAL where it cannot be used. */
dl_code dl_wordvec_open(dl_wordvec *out, const char *models_dir, dl_error *err);
dl_code dl_wordvec_init(dl_wordvec *out, dl_model_file *file, dl_error *err); /* takes the file */
void    dl_wordvec_close(dl_wordvec *wv);

/* Row of a word as it stands in the text; DL_NONE where it has none. */
uint32_t dl_wordvec_find(const dl_wordvec *wv, dl_str word);

/* The same for a folded word: what a stage calls that folds for purposes of its own. Needs n <= DL_FOLD_MAX. */
uint32_t dl_wordvec_find_folded(const dl_wordvec *wv, dl_str folded);

/* Writes DIM integers and zeros up to PAD, in units of wv->unit. Row DL_NONE: all zeros. */
void dl_wordvec_row(const dl_wordvec *wv, uint32_t row, int16_t out[static DL_WORDVEC_PAD]);

#endif
