/* chars: what a character is to the cutters of text: one table look-up for ASCII, utf8proc's categories for the rest. */
#ifndef DL_CHARS_H
#define DL_CHARS_H

#include "pipeline/base/str.h"

enum {                      /* class bits */
    DL_CH_SPACE = 1 << 0,   /* white space, controls, and what shows nothing: zero width space, byte order and direction marks */
    DL_CH_UPPER = 1 << 1,   /* upper or title case */
    DL_CH_LOWER = 1 << 2,   /* lower case */
    DL_CH_LETTER = 1 << 3,  /* any letter, cased or not; U+FFFD, which stands for one that was lost */
    DL_CH_DIGIT = 1 << 4,   /* any number character */
    DL_CH_MARK = 1 << 5,    /* belongs to the character before it: combining marks, joiners, variation selectors, emoji modifiers */
    DL_CH_IDEO = 1 << 6,    /* letter of a script without spaces that is a token by itself: Han, Hiragana */
    DL_CH_PUNCT = 1 << 7,
    DL_CH_SYMBOL = 1 << 8,
    DL_CH_OPEN = 1 << 9,    /* opening bracket or directed opening quotation mark */
    DL_CH_CLOSE = 1 << 10,  /* closing ... */
    DL_CH_QUOTE = 1 << 11,  /* double or single quotation mark, directed or not */
    DL_CH_APOS = 1 << 12,   /* apostrophe: ' and U+2019 */
    DL_CH_STOP = 1 << 13,   /* may end a sentence: . ! ? and their like in other scripts */
    DL_CH_CJK_STOP = 1 << 14, /* ends one without white space behind it */
    DL_CH_FORMAT = 1 << 15  /* invisible (also SPACE, unless within a word) */
};

#define DL_CH_WORD (DL_CH_LETTER | DL_CH_DIGIT | DL_CH_MARK)

extern const uint16_t dl_ch_ascii[128];

/* Class of a code point above 127. */
uint32_t dl_ch_wide(int32_t cp);

/* Class and byte length of the character at `at` (< s.n); malformed bytes are a LETTER of length 1. */
uint32_t dl_ch_decode(dl_str s, uint32_t at, uint32_t *len);

static inline uint32_t dl_ch_at(dl_str s, uint32_t at, uint32_t *len)
{
    unsigned char c = (unsigned char)s.p[at];

    if (c < 128)
        return *len = 1, dl_ch_ascii[c];
    return dl_ch_decode(s, at, len);
}

/* The character that ends at `at` (> 0). */
uint32_t dl_ch_decode_before(dl_str s, uint32_t at, uint32_t *len);

static inline uint32_t dl_ch_before(dl_str s, uint32_t at, uint32_t *len)
{
    unsigned char c = (unsigned char)s.p[at - 1];

    if (c < 128)
        return *len = 1, dl_ch_ascii[c];
    return dl_ch_decode_before(s, at, len);
}

/* [start, end) without SPACE at both ends. */
dl_span dl_ch_trim(dl_str s, dl_span span);

#endif
