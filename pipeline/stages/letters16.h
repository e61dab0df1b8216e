/* letters16: which of 16 bytes are letters, without a branch for each: bit i of the result is for p[i]. All 16 must be readable. */
#ifndef DL_LETTERS16_H
#define DL_LETTERS16_H

#include <stdint.h>

#ifdef __SSE2__
#include <emmintrin.h>

/* Bytes from `low` to `high`, both ASCII. */
static inline uint32_t dl_16_between(const char *p, char low, char high)
{
    __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)p);

    return (uint32_t)_mm_movemask_epi8(
        _mm_and_si128(_mm_cmpgt_epi8(bytes, _mm_set1_epi8((char)(low - 1))), _mm_cmplt_epi8(bytes, _mm_set1_epi8((char)(high + 1)))));
}
#else
static inline uint32_t dl_16_between(const char *p, char low, char high)
{
    uint32_t bits = 0;

    for (uint32_t i = 0; i < 16; i++)
        bits |= (uint32_t)(p[i] >= low && p[i] <= high) << i;
    return bits;
}
#endif

static inline uint32_t dl_16_lower(const char *p)
{
    return dl_16_between(p, 'a', 'z');
}

static inline uint32_t dl_16_upper(const char *p)
{
    return dl_16_between(p, 'A', 'Z');
}

/* How many of the lowest bits are set, up to 16. */
static inline uint32_t dl_16_run(uint32_t bits)
{
    return (uint32_t)__builtin_ctz(~bits | 0x10000);
}

#endif
