/* wordclass: a small table from words to a class and a value, looked up by tok->key. For lists of some hundred words that a stage brings
 * with it; large vocabularies are fusemaps. */
#ifndef DL_WORDCLASS_H
#define DL_WORDCLASS_H

#include "../base/err.h"
#include "../base/str.h"

typedef struct dl_wordclass_row {
    uint16_t    cls; /* not 0 */
    int32_t     value;
    const char *words; /* folded (lexicon/fold.h), parted by blanks */
} dl_wordclass_row;

typedef struct dl_wordclass_cell {
    uint64_t key; /* 0: empty */
    int32_t  value;
    uint16_t cls;
} dl_wordclass_cell;

typedef struct dl_wordclass { /* shared */
    dl_wordclass_cell *cells; /* [mask + 1], at most half of them taken */
    uint64_t           mask;
} dl_wordclass;

/* Gives: dl_wordclass_free. DL_FATAL without memory, or where a word stands twice. */
dl_code dl_wordclass_init(dl_wordclass *w, const dl_wordclass_row *rows, size_t n_rows, dl_error *err);
void    dl_wordclass_free(dl_wordclass *w);

/* NULL: not in the table. */
static inline const dl_wordclass_cell *dl_wordclass_find(const dl_wordclass *w, uint64_t key)
{
    for (uint64_t i = key & w->mask; w->cells[i].key; i = (i + 1) & w->mask)
        if (w->cells[i].key == key)
            return &w->cells[i];
    return NULL;
}

#endif
