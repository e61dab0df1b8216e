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

/* A word of letters alone that is two tokens all the same: "cannot", "gonna", "dont". */
bool dl_cut_is_contracted(dl_str word);

#endif
