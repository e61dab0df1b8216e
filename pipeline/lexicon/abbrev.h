/* abbrev: words that take a period without ending a sentence.
 * Source  abbrev_table.inc, made by gen/abbreviations.py from the knowledge base's list (CoreNLP, compromise, pySBD, own) */
#ifndef DL_ABBREV_H
#define DL_ABBREV_H

#include "pipeline/base/str.h"

enum {
    DL_ABBREV_NEVER = 1 << 0,  /* its period does not end a sentence: "Mr." */
    DL_ABBREV_MAYBE = 1 << 1,  /* it may: "Inc." */
    DL_ABBREV_NUMBER = 1 << 2, /* it ends one unless a number follows: "No. 5" */
    DL_ABBREV_TITLE = 1 << 3,
    DL_ABBREV_ORG = 1 << 4,
    DL_ABBREV_DATE = 1 << 5, /* month or day */
    DL_ABBREV_UNIT = 1 << 6,
    DL_ABBREV_REF = 1 << 7,
    DL_ABBREV_PLACE = 1 << 8,
    DL_ABBREV_ACRONYM = 1 << 9,
    DL_ABBREV_CAPITAL = 1 << 10, /* written with a capital */
    DL_ABBREV_WORD = 1 << 11     /* an everyday word, too: "in.", "Sun." */
};

/* Flags of a word without its last period, whatever its case; 0 where it is no abbreviation. A word that is written with a capital and
 * is an everyday word without one ("Ill.", "Sat.") counts only with the capital. */
uint32_t dl_abbrev_find(dl_str word);

#endif
