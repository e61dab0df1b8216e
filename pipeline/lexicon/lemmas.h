/* lemmas: from a word and its tag to the dictionary form, by exceptions and suffix rules learnt from treebanks.
 *
 * The word is lower-cased first, but for proper nouns. A rule cuts bytes off its end and appends others; the rule of the longest suffix
 * that the tag has one for is taken.
 * Source  scripts/training/lemma.py */
#ifndef DL_LEMMAS_H
#define DL_LEMMAS_H

#include "../base/arena.h"
#include "fusemap.h"

typedef struct dl_lemma_table { /* hash of text, with the tag as seed, to a record */
    dl_fusemap      map;
    const uint32_t *recs; /* [n][6]: text at, result at (in the pool), text bytes, result bytes, bytes to cut, tag */
    uint32_t        n;
} dl_lemma_table;

typedef struct dl_lemmas { /* shared; borrows the model file */
    dl_lemma_table exceptions, rules;
    const char    *pool;
    uint32_t       n_pool;
} dl_lemmas;

/* What a label says of lemmas. */
typedef struct dl_lemma_tag {
    uint16_t number;
    uint8_t  longest; /* bytes of the longest suffix with a rule, and one; 0: no rules */
    bool     proper;  /* keep capitals */
} dl_lemma_tag;

dl_code dl_lemmas_load(dl_lemmas *out, const dl_model_file *m, dl_error *err);

/* The lemma of form: form itself, text of the model, or in arena; .p NULL over the arena's ceiling. */
dl_str dl_lemma_find(const dl_lemmas *l, dl_lemma_tag tag, dl_str form, dl_arena *a);

#endif
