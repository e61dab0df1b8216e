/* quotes_mark: which quotation marks belong together.
 *
 * A mark leans to opening or closing by the white space around it, then by its shape, then by whether a quotation is open: so wrong-way,
 * straight, doubled and mixed marks pair alike. One automaton a paragraph; apostrophes, inches and seconds are no marks. A quotation that
 * is not closed at the end of its paragraph and opened again in the next goes on there; another one ends where its sentence does, before
 * the words that attribute it, or with its paragraph where it began that. Single marks pair outside of double ones, on stronger evidence.
 * Cost    O(tokens); 24 bytes of arena a mark */
#ifndef DL_QUOTES_MARK_H
#define DL_QUOTES_MARK_H

#include "quotes_cue.h"

enum { /* dl_quoted.flags */
    DL_QUOTED_LOST_OPEN = 1,
    DL_QUOTED_LOST_CLOSE = 2,
    DL_QUOTED_GOES_ON = 4,  /* its paragraph ends without a closing mark and the next opens again */
    DL_QUOTED_CONTINUES = 8, /* ... and this is that one */
    DL_QUOTED_SINGLE = 16
};

typedef struct dl_quoted {
    uint32_t first, end;           /* tokens of the content, without marks; first < end */
    uint32_t mark, after;          /* first token of the opening mark, token behind the closing one; first and end where it is lost */
    uint32_t para, para_end;       /* tokens of its paragraph */
    uint32_t flags;
} dl_quoted;

typedef struct dl_quoteds {
    DL_VEC(dl_quoted) v;
} dl_quoteds;

/* Appends to out, in arena, in text order; contents do not overlap. False where the arena is full. */
bool dl_quotes_pair(const dl_doc *doc, const dl_cues *cues, dl_quoteds *out);

/* The sentence that holds a token. */
uint32_t dl_sent_of(const dl_doc *doc, uint32_t tok);

#endif
