/* boundary: where sentences end within a paragraph. */
#ifndef DL_BOUNDARY_H
#define DL_BOUNDARY_H

#include "pipeline/base/str.h"

typedef struct dl_boundary { /* a walk over one paragraph */
    dl_str   text;
    uint32_t start, at, end; /* sentence begun, next byte to look at, end of the paragraph */
} dl_boundary;

dl_boundary dl_boundary_begin(dl_str text, uint32_t start, uint32_t end);

/* The byte where the sentence begun ends (white space before the next one may be included); the paragraph's end at last. */
uint32_t dl_boundary_next(dl_boundary *b);

#endif
