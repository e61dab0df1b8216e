/* quotes_indirect: what is said without quotation marks, or with some.
 *
 * Three shapes: a cue with the clause behind it ("X said that S", "X told Y S", "X is confident that S"), the attribution at the end or
 * within ("S, X said", "S, said X"), and "according to X". The clause ends with its sentence, or where a second attribution begins.
 * Cost    O(tokens) and a few steps a cue */
#ifndef DL_QUOTES_INDIRECT_H
#define DL_QUOTES_INDIRECT_H

#include "quotes_cue.h"
#include "quotes_source.h"

typedef struct dl_said { /* tokens */
    uint32_t first, end; /* content */
    dl_np    source, cue;
} dl_said;

typedef struct dl_saids {
    DL_VEC(dl_said) v;
} dl_saids;

/* What one sentence attributes, appended to out; false where the arena is full. */
bool dl_quotes_indirect(const dl_quotes_view *v, const dl_cues *cues, const dl_sentence *sent, dl_saids *out);

#endif
