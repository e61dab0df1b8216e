/* word_input: a word as the networks of the tagger and the parser read it: 100 numbers of its vector and 28 of their own, in steps of
 * 1/63, as bytes q + DL_KERNEL_ZERO. A word of the vocabulary has a row of its own; one outside has the sum of its affixes' rows.
 * Source  scripts/training/tagger.py */
#ifndef DL_WORD_INPUT_H
#define DL_WORD_INPUT_H

#include "wordvec.h"

enum { DL_INPUT_OWN = 28, DL_INPUT_DIM = DL_WORDVEC_DIM + DL_INPUT_OWN };

typedef struct dl_word_input { /* shared; borrows the model file and the vectors */
    const dl_wordvec *vectors;
    dl_fusemap        map; /* tok->key to row */
    const uint64_t   *keys;
    const int8_t     *own;     /* [n][OWN], 1/63 */
    const int8_t     *unknown; /* [OWN], 1/252 */
    const int8_t     *affix;   /* [DL_AFFIX_BUCKETS][OWN], 1/252 */
    int32_t           mult;    /* units of the word vectors to 1/63, 2^-16 */
    uint32_t          n;
} dl_word_input;

dl_code dl_word_input_load(dl_word_input *out, const dl_model_file *m, const dl_wordvec *vectors, dl_error *err);

/* Row of a token's key in the vocabulary; DL_NONE. */
static inline uint32_t dl_word_input_find(const dl_word_input *in, uint64_t key)
{
    uint32_t row = dl_fusemap_find(&in->map, key);

    return row < in->n ? row : (uint32_t)DL_NONE;
}

/* Input of a row of the vocabulary. */
void dl_word_input_known(const dl_word_input *in, uint32_t row, uint8_t out[static DL_INPUT_DIM]);

/* Input of a token whose word is not in the vocabulary. */
void dl_word_input_unknown(const dl_word_input *in, const dl_token *tok, uint8_t out[static DL_INPUT_DIM]);

#endif
