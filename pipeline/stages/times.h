/* times: when. Dates, times of day, lengths and repetitions, with TIMEX3 values and the days that they cover.
 * Reads   doc->toks (key, flags; tags where there are some), doc->sents, doc->article.published     Writes  doc->times
 * Holds   times in text order, never overlapping, never crossing a sentence; begin and end are set where the value is resolved
 * Cost    O(tokens): a look-up each, an automaton over word classes where one may begin
 * Method  Words and digits become classes (times_words.def), patterns over classes (times_patterns.def) give underspecified expressions,
 *         and a pass in text order resolves them against the publication date or the date last spoken of. Which of two candidates a bare
 *         weekday, month or day means, the one before or the one behind, is decided by a logistic unit over the tense of the verb
 *         nearby, prepositions and distances (times_direction.c).
 *         An article without a publication date gets one from its text, where that gives a full date: doc->article.published,
 *         published_from = DL_DATE_TEXT.
 * Source  TimeML annotation guidelines 1.2.1 (values, extents without prepositions); after HeidelTime (Strötgen and Gertz 2010), SUTime */
#ifndef DL_TIMES_H
#define DL_TIMES_H

#include "../lexicon/classmatch.h"
#include "../stage.h"
#include "numbers.h"

typedef enum dl_day_order { DL_ORDER_AUTO, DL_ORDER_MDY, DL_ORDER_DMY } dl_day_order;

typedef struct dl_times_opts {
    dl_day_order order; /* of 5/1/2022; AUTO: as other dates of the article show, else month first */
} dl_times_opts;

typedef struct dl_times { /* shared */
    dl_times_opts     opts;
    const dl_numbers *numbers; /* borrows */
    dl_wordclass      words, holidays;
    dl_classmatch     patterns;
} dl_times;

dl_times_opts dl_times_defaults(void);

/* numbers: borrows; outlives the stage. Gives: dl_times_free. opts NULL: the defaults. */
dl_code dl_times_init(dl_times *t, const dl_times_opts *opts, const dl_numbers *numbers, dl_error *err);
dl_code dl_times_run(const dl_times *t, dl_doc *doc, dl_error *err);
void    dl_times_free(dl_times *t);
extern const dl_stage_ops dl_times_ops;

#endif
