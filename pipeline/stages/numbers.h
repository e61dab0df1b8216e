/* numbers: what number stands at a token. Digits with separators, words, both ("3.2 million", "half a million", "two and a half",
 * "2½", "1 234 567", "12 lakh", "three dozen", "two-thirds"). Shared by times and quantities. */
#ifndef DL_NUMBERS_H
#define DL_NUMBERS_H

#include "../doc.h"
#include "../lexicon/wordclass.h"

enum { /* dl_number.flags */
    DL_NUMBER_WORDS = 1 << 0,    /* a number word is in it */
    DL_NUMBER_SCALED = 1 << 1,   /* ends in a word of size: million, dozen, bn */
    DL_NUMBER_FRACTION = 1 << 2, /* a fraction is in it */
    DL_NUMBER_DECIMAL = 1 << 3,
    DL_NUMBER_PLAIN = 1 << 4,    /* digits alone, without separators: perhaps a year */
    DL_NUMBER_ORDINAL = 1 << 5,  /* "21st", "third" */
    DL_NUMBER_ARTICLE = 1 << 6   /* begins with "a": "a hundred" */
};

typedef struct dl_number {
    double   value;
    double   scale;  /* of the last word of size: "1.5 million" 1e6; else 1 */
    uint32_t n_toks; /* at least 1 */
    uint32_t flags;
} dl_number;

typedef struct dl_numbers { /* shared */
    dl_wordclass words;
} dl_numbers;

/* Gives: dl_numbers_free. DL_FATAL without memory. */
dl_code dl_numbers_init(dl_numbers *n, dl_error *err);
void    dl_numbers_free(dl_numbers *n);

/* The longest number that begins at token `at`, before token `end`; needs tok->key. False: none. */
bool dl_number_read(const dl_numbers *n, const dl_doc *doc, uint32_t at, uint32_t end, dl_number *out);

/* Value of a string of digits with at most one point, "," between groups of digits; false for anything else. */
bool dl_digits_value(dl_str s, double *value, uint32_t *flags);

#endif
