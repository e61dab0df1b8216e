/* name_crf: linear-chain conditional random field over a run of tokens: best tags, sums of all paths, probability of a span.
 *
 * Tags are BILOU: 0 is O, then B I L U of each type. Behind O, L and U come O, B and U; behind B and I of a type its I and L. A run
 * stands between two O, or at the edge of its sentence. Scores are integers in units of net->emit_scale.
 * Source  Lafferty et al. 2001; sums in the probability domain, each step scaled to one (Rabiner 1989, section V.A) */
#ifndef DL_NAME_CRF_H
#define DL_NAME_CRF_H

#include "../base/arena.h"
#include "../lexicon/names_net.h"

enum { DL_NAME_B, DL_NAME_I, DL_NAME_L, DL_NAME_U }; /* tag of a type: 1 + 4 * type + one of these */

typedef struct dl_name_crf {
    const int32_t *trans; /* [TAGS][TAGS] from, to; borrows the network */
    double         unit;
    double         factor[DL_NAMES_TAGS][DL_NAMES_TAGS]; /* exp of trans; 0 where it may not be */
    struct {
        uint8_t n, from[1 + 2 * DL_NAMES_TYPES];
    } before[DL_NAMES_TAGS]; /* tags that may stand before each */
} dl_name_crf;

void dl_name_crf_init(dl_name_crf *crf, const dl_names_net *net);

/* Best tags of a run: e [n][TAGS_PAD], tags [n]. followed: a token of the same sentence stands behind it. back: [n][TAGS] for scratch. */
void dl_name_viterbi(const dl_name_crf *crf, const int32_t *e, uint32_t n, bool followed, uint8_t *tags, uint8_t *back);

typedef struct dl_name_sums { /* in arena */
    double *alpha, *beta;         /* [n][TAGS], scaled to a sum of one */
    double *log_alpha, *log_beta; /* [n] logarithm of the scale */
    double  log_z;
} dl_name_sums;

bool dl_name_sums_init(dl_name_sums *s, dl_arena *a, uint32_t longest); /* false where the arena is full */
void dl_name_sums_make(dl_name_sums *s, const dl_name_crf *crf, const int32_t *e, uint32_t n, bool followed);

/* Probability that tokens [start, end) of the run are a name of this type. */
double dl_name_marginal(const dl_name_sums *s, const dl_name_crf *crf, const int32_t *e, uint32_t start, uint32_t end, uint32_t type);

#endif
