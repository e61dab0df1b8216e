#include "kernel_x86.h"

#include <stddef.h>
#include <string.h>

#if defined(__x86_64__)
#include <immintrin.h>

#define AVX2 __attribute__((target("avx2")))
#define VNNI __attribute__((target("avx2,avx512f,avx512vl,avx512bw,avx512vnni")))

enum { BLOCK_BYTES = 32 }; /* 8 outputs by 4 inputs */

AVX2 static inline __m256i load(const void *p)
{
    return _mm256_loadu_si256(p);
}

AVX2 static inline void store(void *p, __m256i v)
{
    _mm256_storeu_si256(p, v);
}

/* Four bytes of x in each lane. */
AVX2 static inline __m256i four(const uint8_t *x)
{
    int32_t v;

    memcpy(&v, x, sizeof v);
    return _mm256_set1_epi32(v);
}

/* ---- dot: two blocks of outputs by up to four inputs at a time, so that each load of weights serves four products ---- */

#define DOT_TILE(name, TARGET, MAC)                                                                                                      \
    TARGET static void name##_tile4(int32_t *acc, const uint8_t *x, size_t stride, const int8_t *w, const int32_t *bias,                 \
                                    uint32_t n_in, uint32_t n_out)                                                                       \
    {                                                                                                                                    \
        for (uint32_t o = 0; o < n_out; o += 16, w += (size_t)16 * n_in) {                                                               \
            const int8_t *w1 = w + (size_t)8 * n_in;                                                                                     \
            __m256i b0 = load(bias + o), b1 = load(bias + o + 8);                                                                        \
            __m256i s00 = b0, s10 = b0, s20 = b0, s30 = b0, s01 = b1, s11 = b1, s21 = b1, s31 = b1;                                      \
                                                                                                                                         \
            for (uint32_t i = 0; i < n_in; i += 4) {                                                                                     \
                __m256i v0 = load(w + (size_t)i * 8), v1 = load(w1 + (size_t)i * 8);                                                     \
                __m256i x0 = four(x + i), x1 = four(x + stride + i), x2 = four(x + 2 * stride + i);                                      \
                __m256i x3 = four(x + 3 * stride + i);                                                                                   \
                                                                                                                                         \
                s00 = MAC(s00, x0, v0);                                                                                                  \
                s01 = MAC(s01, x0, v1);                                                                                                  \
                s10 = MAC(s10, x1, v0);                                                                                                  \
                s11 = MAC(s11, x1, v1);                                                                                                  \
                s20 = MAC(s20, x2, v0);                                                                                                  \
                s21 = MAC(s21, x2, v1);                                                                                                  \
                s30 = MAC(s30, x3, v0);                                                                                                  \
                s31 = MAC(s31, x3, v1);                                                                                                  \
            }                                                                                                                            \
            store(acc + o, s00);                                                                                                         \
            store(acc + o + 8, s01);                                                                                                     \
            store(acc + n_out + o, s10);                                                                                                 \
            store(acc + n_out + o + 8, s11);                                                                                             \
            store(acc + 2 * (size_t)n_out + o, s20);                                                                                     \
            store(acc + 2 * (size_t)n_out + o + 8, s21);                                                                                 \
            store(acc + 3 * (size_t)n_out + o, s30);                                                                                     \
            store(acc + 3 * (size_t)n_out + o + 8, s31);                                                                                 \
        }                                                                                                                                \
    }                                                                                                                                    \
    TARGET static void name##_tile1(int32_t *acc, const uint8_t *x, const int8_t *w, const int32_t *bias, uint32_t n_in, uint32_t n_out) \
    {                                                                                                                                    \
        for (uint32_t o = 0; o < n_out; o += 16, w += (size_t)16 * n_in) {                                                               \
            const int8_t *w1 = w + (size_t)8 * n_in;                                                                                     \
            __m256i s0 = load(bias + o), s1 = load(bias + o + 8), t0 = _mm256_setzero_si256(), t1 = t0;                                  \
            uint32_t i = 0;                                                                                                              \
                                                                                                                                         \
            for (; i + 8 <= n_in; i += 8) {                                                                                              \
                __m256i x0 = four(x + i), x1 = four(x + i + 4);                                                                          \
                                                                                                                                         \
                s0 = MAC(s0, x0, load(w + (size_t)i * 8));                                                                               \
                s1 = MAC(s1, x0, load(w1 + (size_t)i * 8));                                                                              \
                t0 = MAC(t0, x1, load(w + (size_t)i * 8 + BLOCK_BYTES));                                                                 \
                t1 = MAC(t1, x1, load(w1 + (size_t)i * 8 + BLOCK_BYTES));                                                                \
            }                                                                                                                            \
            for (; i < n_in; i += 4) {                                                                                                   \
                s0 = MAC(s0, four(x + i), load(w + (size_t)i * 8));                                                                      \
                s1 = MAC(s1, four(x + i), load(w1 + (size_t)i * 8));                                                                     \
            }                                                                                                                            \
            store(acc + o, _mm256_add_epi32(s0, t0));                                                                                    \
            store(acc + o + 8, _mm256_add_epi32(s1, t1));                                                                                \
        }                                                                                                                                \
    }                                                                                                                                    \
    TARGET static void slide_##name(int32_t *acc, const uint8_t *x, uint32_t stride, uint32_t n_x, const int8_t *w,                      \
                                    const int32_t *bias, uint32_t n_in, uint32_t n_out)                                                  \
    {                                                                                                                                    \
        uint32_t j = 0;                                                                                                                  \
                                                                                                                                         \
        for (; j + 4 <= n_x; j += 4)                                                                                                     \
            name##_tile4(acc + (size_t)j * n_out, x + (size_t)j * stride, stride, w, bias, n_in, n_out);                                 \
        for (; j < n_x; j++)                                                                                                             \
            name##_tile1(acc + (size_t)j * n_out, x + (size_t)j * stride, w, bias, n_in, n_out);                                         \
    }                                                                                                                                    \
    TARGET static void dot_##name(int32_t *acc, const uint8_t *x, uint32_t n_x, const int8_t *w, const int32_t *bias, uint32_t n_in,     \
                                  uint32_t n_out)                                                                                        \
    {                                                                                                                                    \
        slide_##name(acc, x, n_in, n_x, w, bias, n_in, n_out);                                                                           \
    }

AVX2 static inline __m256i mac_avx2(__m256i sum, __m256i x, __m256i w)
{
    return _mm256_add_epi32(sum, _mm256_madd_epi16(_mm256_maddubs_epi16(x, w), _mm256_set1_epi16(1)));
}

VNNI static inline __m256i mac_vnni(__m256i sum, __m256i x, __m256i w)
{
    return _mm256_dpbusd_epi32(sum, x, w);
}

DOT_TILE(avx2, AVX2, mac_avx2)
DOT_TILE(vnni, VNNI, mac_vnni)

/* ---- the rest, the same for both ------------------------------------------------------------------------------------ */

/* (acc * mult + 2^23) >> 24 in 64 bits; the low halves of the results, which are all of them. */
AVX2 static inline __m256i scaled(__m256i acc, __m256i mult)
{
    __m256i half = _mm256_set1_epi64x(1 << 23);
    __m256i even = _mm256_add_epi64(_mm256_mul_epi32(acc, mult), half);
    __m256i odd = _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(acc, 32), _mm256_srli_epi64(mult, 32)), half);

    return _mm256_blend_epi32(_mm256_srli_epi64(even, 24), _mm256_slli_epi64(_mm256_srli_epi64(odd, 24), 32), 0xAA);
}

AVX2 static void rescale(int16_t *out, const int32_t *acc, const int32_t *mult, const int32_t *bias, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 16) {
        __m256i a = scaled(load(acc + i), load(mult + i)), b = scaled(load(acc + i + 8), load(mult + i + 8));

        if (bias) {
            a = _mm256_add_epi32(a, load(bias + i));
            b = _mm256_add_epi32(b, load(bias + i + 8));
        }
        store(out + i, _mm256_permute4x64_epi64(_mm256_packs_epi32(a, b), 0xD8));
    }
}

AVX2 static inline __m256i relu(__m256i sum)
{
    __m256i v = _mm256_srai_epi16(_mm256_adds_epi16(sum, _mm256_set1_epi16(4)), 3);

    return _mm256_max_epi16(_mm256_min_epi16(v, _mm256_set1_epi16(127)), _mm256_setzero_si256());
}

AVX2 static void sum_relu(uint8_t *out, const int16_t *const *rows, uint32_t n_rows, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 32) {
        __m256i a = _mm256_setzero_si256(), b = a;

        for (uint32_t r = 0; r < n_rows; r++) {
            a = _mm256_adds_epi16(a, load(rows[r] + i));
            b = _mm256_adds_epi16(b, load(rows[r] + i + 16));
        }
        store(out + i, _mm256_permute4x64_epi64(_mm256_packus_epi16(relu(a), relu(b)), 0xD8));
    }
}

AVX2 static inline __m256 squashed(__m256 x)
{
    __m256 two = _mm256_set1_ps(2.0F);
    __m256 u = _mm256_mul_ps(_mm256_max_ps(_mm256_min_ps(x, two), _mm256_set1_ps(-2.0F)), _mm256_set1_ps(0.5F));
    __m256 size = _mm256_andnot_ps(_mm256_set1_ps(-0.0F), u);

    return _mm256_mul_ps(u, _mm256_sub_ps(two, size));
}

AVX2 static inline __m256 gate(__m256 x)
{
    __m256 half = _mm256_set1_ps(0.5F);

    return _mm256_add_ps(half, _mm256_mul_ps(half, squashed(_mm256_mul_ps(x, half))));
}

AVX2 static inline __m256 line(const int32_t *acc, const float *scale, const float *bias)
{
    return _mm256_add_ps(_mm256_mul_ps(_mm256_cvtepi32_ps(load(acc)), _mm256_loadu_ps(scale)), _mm256_loadu_ps(bias));
}

/* Eight values to steps of 1/63, as bytes. */
AVX2 static inline void store_steps(uint8_t *out, __m256 x)
{
    __m256 shifted = _mm256_add_ps(_mm256_mul_ps(x, _mm256_set1_ps(63.0F)), _mm256_set1_ps(DL_KERNEL_ZERO + 0.5F));
    __m256i v = _mm256_cvttps_epi32(shifted);
    __m128i words = _mm_packs_epi32(_mm256_castsi256_si128(v), _mm256_extracti128_si256(v, 1));

    _mm_storel_epi64((__m128i *)(void *)out, _mm_packus_epi16(words, words));
}

AVX2 static void squash(uint8_t *out, const int32_t *acc, const float *scale, const float *bias, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 8)
        store_steps(out + i, squashed(line(acc + i, scale + i, bias + i)));
}

AVX2 static void recur(uint8_t *out, float *c, const int32_t *acc, const float *scale, const float *bias, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 8) {
        __m256 z = squashed(line(acc + i, scale + i, bias + i));
        __m256 f = gate(line(acc + n + i, scale + n + i, bias + n + i));
        __m256 o = gate(line(acc + 2 * (size_t)n + i, scale + 2 * (size_t)n + i, bias + 2 * (size_t)n + i));
        __m256 fresh = _mm256_mul_ps(_mm256_sub_ps(_mm256_set1_ps(1.0F), f), z);
        __m256 state = _mm256_add_ps(fresh, _mm256_mul_ps(f, _mm256_loadu_ps(c + i)));

        _mm256_storeu_ps(c + i, state);
        store_steps(out + i, _mm256_mul_ps(o, state));
    }
}

AVX2 static void add(uint8_t *y, const uint8_t *x, uint32_t n)
{
    for (uint32_t i = 0; i < n; i += 32) {
        __m256i sum = _mm256_subs_epu8(_mm256_adds_epu8(load(y + i), load(x + i)), _mm256_set1_epi8(DL_KERNEL_ZERO));

        store(y + i, _mm256_max_epu8(_mm256_min_epu8(sum, _mm256_set1_epi8(127)), _mm256_set1_epi8(1)));
    }
}

AVX2 static uint32_t argmax(const int32_t *x, uint32_t n)
{
    __m256i m = _mm256_max_epi32(load(x), load(x + 8));

    for (uint32_t i = 16; i < n; i += 8)
        m = _mm256_max_epi32(m, load(x + i));
    m = _mm256_max_epi32(m, _mm256_permute2x128_si256(m, m, 1));
    m = _mm256_max_epi32(m, _mm256_shuffle_epi32(m, 0x4E));
    m = _mm256_max_epi32(m, _mm256_shuffle_epi32(m, 0xB1));
    for (uint32_t i = 0;; i += 8) {
        int hits = _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_cmpeq_epi32(m, load(x + i))));

        if (hits)
            return i + (uint32_t)__builtin_ctz((unsigned)hits);
    }
}

static const dl_kernels set_avx2 = {"avx2", dot_avx2, slide_avx2, rescale, sum_relu, squash, recur, add, argmax};
static const dl_kernels set_vnni = {"avx512vnni", dot_vnni, slide_vnni, rescale, sum_relu, squash, recur, add, argmax};

const dl_kernels *dl_kernels_x86(const char *name)
{
    __builtin_cpu_init();
    if (strcmp(name, set_avx2.name) == 0 && __builtin_cpu_supports("avx2"))
        return &set_avx2;
    if (strcmp(name, set_vnni.name) == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vnni"))
        return &set_vnni;
    return NULL;
}

#else

const dl_kernels *dl_kernels_x86(const char *name)
{
    (void)name;
    return NULL;
}

#endif
