/* decode_json: make a message safe for cJSON.
 *
 * cJSON 1.7.15 takes what RFC 8259 forbids (trailing bytes, numbers such as 01 or 1., raw control characters, any bytes as UTF-8) and
 * loses what it allows (text behind \u0000, digits beyond 2^53, numbers longer than 63 characters; lone surrogates fail). So one pass
 * over the bytes checks the grammar, without recursion, and where needed makes a copy in which
 *   an ill-formed UTF-8 subpart, \u0000 and a lone surrogate stand as U+FFFD,
 *   a number that is not an integer of up to 15 digits stands as {"#number": "its very characters"}.
 * What it lets through, cJSON parses to the same values. */
#ifndef DL_DECODE_JSON_H
#define DL_DECODE_JSON_H

#include "pipeline/base/arena.h"
#include "pipeline/base/err.h"

enum { DL_JSON_MAX_DEPTH = 999 }; /* cJSON stops at 1000, and a number in its object is one more */

typedef struct dl_json_limits {
    uint32_t max_depth;  /* at most DL_JSON_MAX_DEPTH */
    uint32_t max_values; /* members and elements */
} dl_json_limits;

typedef struct dl_json_damage {
    uint32_t bad_utf8, nuls, lone_surrogates;
} dl_json_damage;

/* *out: `raw` itself where nothing had to change, else in arena. DL_BAD_INPUT bad_json; DL_LIMIT too_deep, too_many_values, memory. */
dl_code dl_decode_json(dl_str *out, dl_json_damage *damage, dl_arena *a, dl_str raw, dl_json_limits limits, dl_error *err);

#endif
