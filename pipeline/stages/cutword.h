/* cutword: where the token that begins here ends, within a stretch of text without white space. */
#ifndef DL_CUTWORD_H
#define DL_CUTWORD_H

#include "pipeline/base/str.h"

typedef struct dl_cut_chunk {
    dl_str   text;
    uint32_t start, end;           /* the stretch */
    uint32_t sent_start, sent_end; /* its sentence: a period at its end is not an abbreviation's */
} dl_cut_chunk;

/* End of the token that begins at `at` (start <= at < end): > at, <= end, on a code-point edge. */
uint32_t dl_cut_next(const dl_cut_chunk *c, uint32_t at);

/* Where a word of letters alone is cut in two all the same, "can|not", "gon|na", "do|nt", or 0. */
size_t dl_cut_contraction(dl_str word);

static inline bool dl_cut_is_contracted(dl_str word)
{
    char last = word.n < 2 || word.n > 8 ? '\0' : dl_to_lower(word.p[word.n - 1]); /* most words end otherwise */

    return (last == 't' || last == 'a' || last == 'e' || last == 'm') && dl_cut_contraction(word) != 0;
}

#endif
