/* names_net: the network that scores each token's name tags, in integers.
 *
 *     x_i  = word vector and affixes of the word                       bytes, DIM = 128
 *     h_i  = relu(sum over slots s = -2..2 of (W1_s x_{i+s} + shape row + rows of its bits) + b1)      bytes, H
 *     p_i  = P h_i                                                     [-63, 63], D
 *     d(w) = max of p_i over the capitalised occurrences of the word w in the document
 *     z_i  = relu(W2 [h_i; d(w_{i-1}); d(w_i); d(w_{i+1}); counts of w_i] + b2)                        bytes, Z
 *     e_i  = W3 z_i + b3                                               one score a tag, units of emit_scale
 *
 * W1 x is 5 H numbers for each word, whatever stands around it: a word's row. Rows of the commonest words are computed once, when the
 * model is opened; the others once for each document that needs them. A slot outside of the sentence adds nothing.
 * Source  Collobert et al. 2011 (window network), Chen and Manning 2014 (rows computed before); docs/models.md has the measurements.
 *         Weights by scripts/train names; scripts/training/names_export.py computes the same numbers. */
#ifndef DL_NAMES_NET_H
#define DL_NAMES_NET_H

#include "kernel.h"
#include "wordvec.h"

enum {
    DL_NAMES_SLOTS = 5,
    DL_NAMES_AFFIX = 28,
    DL_NAMES_DIM = DL_WORDVEC_DIM + DL_NAMES_AFFIX,
    DL_NAMES_MAX_WIDTH = 512, /* of H, D and Z */
    DL_NAMES_TYPES = 4,
    DL_NAMES_TAGS = 1 + 4 * DL_NAMES_TYPES, /* O, then B I L U of PER, ORG, LOC, MISC */
    DL_NAMES_TAGS_PAD = 32,
    DL_NAMES_COUNTS = 16 /* numbers of occurrences that are told apart */
};

typedef struct dl_names_net { /* shared */
    dl_model_file     file;
    const dl_wordvec *vectors; /* borrows */
    const dl_kernels *kernels;
    uint32_t          h, d, z, n_shapes, n_bits, n_buckets, n_affixes;
    const int8_t     *affix;   /* [n_buckets][AFFIX] quarters of a step */
    const int8_t     *unknown; /* [WORDVEC_DIM] instead of a vector */
    const int8_t     *w1;      /* [5 H] x [DIM], packed */
    const int32_t    *b_rows;  /* [5 H] */
    const int16_t    *shape;   /* [SLOTS][n_shapes][H] */
    const int16_t    *bits;    /* [SLOTS][n_bits][H] */
    const int16_t    *b1;      /* [H] */
    const int8_t     *pool;    /* [D] x [H], packed */
    const int32_t    *b_pool;
    const int8_t     *w2; /* [Z] x [H + 3 D + 4], packed */
    const int32_t    *b2;
    const int8_t     *w3; /* [TAGS_PAD] x [Z], packed */
    const int32_t    *b3;
    const int32_t    *trans;  /* [TAGS][TAGS] from, to */
    const uint8_t    *counts; /* [COUNTS] */
    const uint8_t    *lower;  /* [n_rows / 8] bits: words that are looked at in lower case, too */
    const uint16_t   *common; /* [n_common][n_affixes] of the commonest words; 0xFFFF: its row is not fixed */
    uint32_t          n_common;
    int32_t           vector_mult; /* units of the word vectors to steps, 2^-16 */
    uint32_t          shift_rows, shift_pool, shift_z;
    float             emit_scale; /* natural logarithm a unit */
    const float      *calibration; /* [N_CALIBRATION] confidence at equal steps of the marginal */
    int16_t          *pinned;      /* [n_common][5 H]; ours */
} dl_names_net;

enum { DL_NAMES_N_CALIBRATION = 21 };

/* names.dlm of models_dir. kernels NULL: the best of this processor. Gives: dl_names_net_close. DL_FATAL where it cannot be used. */
dl_code dl_names_net_open(dl_names_net *out, const char *models_dir, const dl_wordvec *vectors, const dl_kernels *kernels, dl_error *err);
dl_code dl_names_net_init(dl_names_net *out, dl_model_file *file, const dl_wordvec *vectors, const dl_kernels *kernels, dl_error *err); /* takes the file */
void    dl_names_net_close(dl_names_net *net);

/* The row of a common word, where it has one ready: [5 H]. Else NULL. Borrows the network. */
static inline const int16_t *dl_names_net_pinned(const dl_names_net *net, uint32_t word)
{
    if (word >= net->n_common || net->common[(size_t)word * net->n_affixes] == UINT16_MAX)
        return NULL;
    return net->pinned + (size_t)word * DL_NAMES_SLOTS * net->h;
}

/* Rows of n words: x [n][DIM] as dl_names_net_input makes them, rows [n][5 H], acc [n][5 H] for scratch. */
void dl_names_net_input(const dl_names_net *net, uint32_t word, const uint16_t *affixes, uint8_t x[static DL_NAMES_DIM]);
void dl_names_net_rows(const dl_names_net *net, const uint8_t *x, uint32_t n, int32_t *acc, int16_t *rows);

/* True where a word is a name so often that it is looked at without a capital, too. */
static inline bool dl_names_net_lower(const dl_names_net *net, uint32_t word)
{
    return word < net->vectors->n_rows && net->lower[word / 8] >> (word % 8) & 1;
}

#endif
