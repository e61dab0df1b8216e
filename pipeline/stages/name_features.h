/* name_features: what the names recogniser knows of each token before its network runs. The training program reads the same
 * (scripts/training/name_features.c), so that there is one definition of a feature.
 *
 * Words of a document that are equal but for case and diacritics (tok->key) are one word here. */
#ifndef DL_NAME_FEATURES_H
#define DL_NAME_FEATURES_H

#include "../doc.h"
#include "../lexicon/gazetteer.h"

enum { /* bits of dl_name_token.bits: first BILU of each of six kinds of gazetteer match, then single ones */
    DL_NAME_KINDS = 6, /* PLACE, SMALL_PLACE, PERSON, ORG, COMPANY, DEMONYM: the first bits of dl_gaz */
    DL_NAME_BIT_GIVEN = 4 * DL_NAME_KINDS,
    DL_NAME_BIT_SURNAME,
    DL_NAME_BIT_COMMON_GIVEN,
    DL_NAME_BIT_COMMON_SURNAME,
    DL_NAME_BIT_TITLE,
    DL_NAME_BIT_LEGAL,
    DL_NAME_BIT_WORD,        /* a name by the gazetteer and a common English word */
    DL_NAME_BIT_LOWER_TOO,   /* the document has the word in lower case, too */
    DL_NAME_BIT_CAP_INSIDE,  /* the document has it with a capital inside a sentence */
    DL_NAME_BIT_FIRST,       /* first word of its sentence */
    DL_NAME_BIT_AFTER_OPEN,  /* behind an opening quotation mark or bracket, or a colon */
    DL_NAME_BIT_BEFORE_CLOSE,
    DL_NAME_BIT_ALL_CAPS,    /* the sentence has no lower-case letter */
    DL_NAME_BIT_TITLE_CASE,  /* the sentence is a headline, by its capitals */
    DL_NAME_BIT_LOWER_CASE,  /* the sentence has no capital */
    DL_NAME_BIT_IN_BRACKETS,
    DL_NAME_BIT_NO_SPACE,    /* no white space before it */
    DL_NAME_BIT_SEAM,        /* a lost link border before it */
    DL_NAME_BIT_LINE,        /* a line break before it, or first of its paragraph */
    DL_NAME_N_BITS
};

typedef enum dl_name_shape {
    DL_SHAPE_LOWER,
    DL_SHAPE_CAP,        /* Word */
    DL_SHAPE_LETTER,     /* A */
    DL_SHAPE_INITIAL,    /* A. */
    DL_SHAPE_CAPS_SHORT, /* two or three letters, EU */
    DL_SHAPE_CAPS,       /* NATO */
    DL_SHAPE_DOTTED,     /* U.S. */
    DL_SHAPE_ABBREV,     /* Corp. */
    DL_SHAPE_MIXED,      /* McDonald, iPhone */
    DL_SHAPE_CAP_DIGIT,  /* F16, G20 */
    DL_SHAPE_LOWER_DIGIT,
    DL_SHAPE_CAP_HYPHEN, /* a capital and a hyphen or slash */
    DL_SHAPE_CAP_APOS,   /* O'Brien */
    DL_SHAPE_LOWER_MARK, /* lower case with a hyphen, dot or apostrophe */
    DL_SHAPE_YEAR,
    DL_SHAPE_DIGITS_1,
    DL_SHAPE_DIGITS_2,
    DL_SHAPE_DIGITS,
    DL_SHAPE_NUMBER, /* with marks or letters */
    DL_SHAPE_OPEN,
    DL_SHAPE_CLOSE,
    DL_SHAPE_QUOTE,
    DL_SHAPE_DOT,
    DL_SHAPE_COMMA,
    DL_SHAPE_COLON,
    DL_SHAPE_SEMICOLON,
    DL_SHAPE_DASH,
    DL_SHAPE_SLASH,
    DL_SHAPE_AMPERSAND,
    DL_SHAPE_PUNCT,
    DL_SHAPE_SYMBOL,
    DL_SHAPE_WEB,  /* address, e-mail */
    DL_SHAPE_TAG,  /* @name, #tag */
    DL_SHAPE_OTHER, /* letters without case */
    DL_N_SHAPES
} dl_name_shape;

typedef struct dl_name_token {
    uint64_t bits;
    uint32_t word;  /* index into dl_name_features.words */
    uint8_t  shape; /* dl_name_shape */
    bool     cap;   /* has an upper-case letter */
} dl_name_token;

typedef struct dl_name_word { /* of the document */
    uint64_t key;
    uint32_t first;           /* token */
    uint32_t n_cap, n_lower;  /* occurrences with and without a capital */
    uint32_t n_cap_inside;    /* with a capital, neither first in its sentence nor in a sentence of capitals */
} dl_name_word;

typedef struct dl_name_features { /* in arena */
    dl_name_token *toks;          /* [doc->toks.n] */
    dl_name_word  *words;         /* [n_words], by first occurrence */
    uint32_t       n_words;
} dl_name_features;

/* Needs tok->key (stage words). DL_LIMIT where the arena is full. */
dl_code dl_name_features_make(dl_name_features *out, dl_doc *doc, const dl_gazetteer *gaz, dl_error *err);

/* Buckets of a word's prefix of 3 bytes, suffixes of 2, 3 and 4, and of the word itself: what is known of a word without a vector. */
enum { DL_NAME_AFFIXES = 5, DL_NAME_BUCKETS = 1 << 14 };

void dl_name_affixes(dl_str form, uint16_t out[static DL_NAME_AFFIXES]);

#endif
