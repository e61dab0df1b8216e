/* utf8: walk, check and count code points. Hot loops read ASCII themselves and call here for the rest. */
#ifndef DL_UTF8_H
#define DL_UTF8_H

#include "arena.h"
#include "str.h"

enum { DL_CP_BAD = -1 };

/* The code point at s.p[at] and its length in *len. Malformed bytes give DL_CP_BAD with *len 1 (the maximal subpart rule is the
 * repairer's business, see decode): a loop always moves forward. Needs at < s.n. */
int32_t dl_utf8_at(dl_str s, size_t at, uint32_t *len);

/* The code point that ends at `at` (exclusive) and its length; DL_CP_BAD, 1 where bytes are malformed. Needs at > 0. */
int32_t dl_utf8_before(dl_str s, size_t at, uint32_t *len);

/* First malformed byte, or s.n where all is well-formed (no surrogates, no overlong forms, at most U+10FFFF). */
size_t dl_utf8_check(dl_str s);

/* Length of the maximal subpart of an ill-formed sequence at s.p[at]: what one U+FFFD stands for (Unicode 15, section 3.9, D93b). */
uint32_t dl_utf8_bad_len(dl_str s, size_t at);

/* s with U+FFFD for each maximal ill-formed subpart, counted in *n_bad (may be NULL). Well-formed text is returned as it is; else in
 * arena, .p NULL over its ceiling. */
dl_str dl_utf8_repair(dl_arena *a, dl_str s, uint32_t *n_bad);

/* Number of code points, or of UTF-16 units, in well-formed text. */
size_t dl_utf8_count(dl_str s);
size_t dl_utf8_count_utf16(dl_str s);

/* Encode cp (valid, not a surrogate) into out[4]; returns the length. */
uint32_t dl_utf8_put(int32_t cp, char out[4]);

static inline bool dl_utf8_is_cont(char c)
{
    return ((unsigned char)c & 0xC0) == 0x80;
}

#endif
