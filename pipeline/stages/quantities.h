/* quantities: how many, how much, and of what. Numbers in digits and words with ranges and bounds, money, percentages, units, and the kind of
 * count that the words around say: deaths, injuries, arrests...
 * Reads   doc->toks (key, tags where there are some), doc->sents, doc->times        Writes  doc->quantities
 * Holds   quantities in text order, never overlapping, never in a time; min and max NAN where a bound is not said; not both
 * Cost    O(tokens)
 * Method  A number, the words of bound before it ("at least", "up to"), the unit or the noun counted behind it; the kind from that noun,
 *         else from the nearest trigger of the clause: just before ("killing 12"), behind ("12 people were killed"), further before.
 *         Vague words: dozens 24 and more, hundreds 200, thousands 2,000; "about" and "nearly" leave the number as it is.
 *         Years, dates, ages, scores and names of models are left out. */
#ifndef DL_QUANTITIES_H
#define DL_QUANTITIES_H

#include "../stage.h"
#include "numbers.h"

typedef struct dl_quantities { /* shared */
    const dl_numbers *numbers; /* borrows */
    dl_wordclass      words;
} dl_quantities;

/* numbers: borrows; outlives the stage. Gives: dl_quantities_free. DL_FATAL without memory. */
dl_code dl_quantities_init(dl_quantities *q, const dl_numbers *numbers, dl_error *err);
dl_code dl_quantities_run(const dl_quantities *q, dl_doc *doc, dl_error *err);
void    dl_quantities_free(dl_quantities *q);
extern const dl_stage_ops dl_quantities_ops;

#endif
