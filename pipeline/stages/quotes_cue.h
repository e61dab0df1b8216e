/* quotes_cue: the words that say who says what, found by the key of a token.
 * Cost    init writes some 2,000 inflected forms into a table; a look-up is one probe, about 2 ns
 * Source  quotes_cues.def; inflection by the spelling rules of English */
#ifndef DL_QUOTES_CUE_H
#define DL_QUOTES_CUE_H

#include "../doc.h"

typedef enum dl_cue_class {
    DL_CUE_NONE,
    DL_CUE_SPEECH,
    DL_CUE_TELL,
    DL_CUE_QUESTION,
    DL_CUE_BELIEF,
    DL_CUE_FACT,
    DL_CUE_NOMINAL, /* "a warning that" */
    DL_CUE_STATE,   /* "is confident that" */
    DL_N_CUE_CLASSES
} dl_cue_class;

enum { /* frames */
    DL_CUE_QUOTES = 1,   /* takes a quotation */
    DL_CUE_THAT = 2,     /* a clause with "that" */
    DL_CUE_BARE = 4,     /* a clause without */
    DL_CUE_WHETHER = 8,  /* a clause with "whether", "if" or a question word */
    DL_CUE_OBJECT = 16   /* an object before the clause */
};

enum { DL_CUE_SLOTS = 8192 }; /* a power of two, more than twice the forms */

typedef struct dl_cue {
    uint8_t class, frames; /* DL_CUE_NONE: no cue */
} dl_cue;

typedef struct dl_cues { /* shared */
    uint64_t keys[DL_CUE_SLOTS]; /* 0: free */
    dl_cue   cues[DL_CUE_SLOTS];
    uint32_t n;
} dl_cues;

void dl_cues_init(dl_cues *c);

/* The cue that a word of this key (tok->key) may be; class DL_CUE_NONE: none. */
static inline dl_cue dl_cues_find(const dl_cues *c, uint64_t key)
{
    for (uint32_t at = (uint32_t)key & (DL_CUE_SLOTS - 1); c->keys[at]; at = (at + 1) & (DL_CUE_SLOTS - 1))
        if (c->keys[at] == key)
            return c->cues[at];
    return (dl_cue){0};
}

/* The cue that token `tok` is, its tag considered: "report" as a verb or as a noun. */
dl_cue dl_cues_of(const dl_cues *c, const dl_token *tok);

#endif
