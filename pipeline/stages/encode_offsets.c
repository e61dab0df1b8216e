#include "encode_offsets.h"

#include <assert.h>

enum { STEP = 32 };

/* Units that begin in the eight bytes x: every byte but continuations (10xxxxxx) begins a code point, and one of 1111xxxx begins two
 * UTF-16 units. */
static uint32_t units_in(uint64_t x, bool utf16)
{
    static const uint64_t highs = 0x8080808080808080u;
    uint32_t n = 8 - (uint32_t)__builtin_popcountll(x & ~(x << 1) & highs);

    return utf16 ? n + (uint32_t)__builtin_popcountll(x & x << 1 & x << 2 & x << 3 & highs) : n;
}

/* Units that begin in n bytes at p. */
static uint32_t count(const char *p, size_t n, bool utf16)
{
    uint32_t units = 0;
    uint64_t x;

    for (; n >= 8; n -= 8, p += 8) {
        memcpy(&x, p, 8);
        units += units_in(x, utf16);
    }
    if (n) { /* filled up with continuations, which count nothing */
        x = 0x8080808080808080u;
        memcpy(&x, p, n);
        units += units_in(x, utf16);
    }
    return units;
}

static bool is_ascii(dl_str s)
{
    uint64_t high = 0, x;
    size_t at = 0;

    for (; s.n - at >= 8; at += 8) {
        memcpy(&x, s.p + at, 8);
        high |= x;
    }
    for (; at < s.n; at++)
        high |= (unsigned char)s.p[at];
    return (high & 0x8080808080808080u) == 0;
}

bool dl_offsets_init(dl_offsets *o, dl_arena *a, dl_str text, dl_offset_unit unit)
{
    uint32_t units = 0;

    *o = (dl_offsets){.text = text, .utf16 = unit == DL_OFFSET_UTF16};
    if (unit == DL_OFFSET_BYTE || is_ascii(text))
        return true;
    uint32_t *counts = dl_arena_alloc(a, (text.n / STEP + 1) * sizeof *counts);

    if (!counts)
        return false;
    for (size_t i = 0; i <= text.n / STEP; i++) {
        size_t at = i * STEP;

        counts[i] = units;
        units += count(text.p + at, text.n - at < STEP ? text.n - at : STEP, o->utf16);
    }
    o->counts = counts;
    return true;
}

uint32_t dl_offsets_at(const dl_offsets *o, uint32_t byte)
{
    assert(byte <= o->text.n);
    if (!o->counts)
        return byte;
    return o->counts[byte / STEP] + count(o->text.p + byte / STEP * STEP, byte % STEP, o->utf16);
}
