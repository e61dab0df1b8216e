#include "kernel.h"

#include "kernel_x86.h"

#include <stddef.h>
#include <string.h>

enum { BLOCK = 8, STEP = 4 };

static void slide(int32_t *acc, const uint8_t *x, uint32_t stride, uint32_t n_x, const int8_t *w, const int32_t *bias, uint32_t n_in,
                  uint32_t n_out)
{
    for (uint32_t j = 0; j < n_x; j++, x += stride, acc += n_out) {
        const int8_t *at = w;

        for (uint32_t o = 0; o < n_out; o += BLOCK) {
            int32_t sum[BLOCK];

            memcpy(sum, bias + o, sizeof sum);
            for (uint32_t i = 0; i < n_in; i += STEP, at += BLOCK * STEP)
                for (uint32_t b = 0; b < BLOCK; b++)
                    for (uint32_t k = 0; k < STEP; k++)
                        sum[b] += x[i + k] * at[b * STEP + k];
            memcpy(acc + o, sum, sizeof sum);
        }
    }
}

static void dot(int32_t *acc, const uint8_t *x, uint32_t n_x, const int8_t *w, const int32_t *bias, uint32_t n_in, uint32_t n_out)
{
    slide(acc, x, n_in, n_x, w, bias, n_in, n_out);
}

static int clamp(int v, int lo, int hi)
{
    return v < lo ? lo : v > hi ? hi : v;
}

static void rescale(int16_t *out, const int32_t *acc, const int32_t *mult, const int32_t *bias, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        int32_t v = (int32_t)(((int64_t)acc[i] * mult[i] + (1 << 23)) >> 24) + (bias ? bias[i] : 0);

        out[i] = (int16_t)clamp(v, INT16_MIN, INT16_MAX);
    }
}

static void sum_relu(uint8_t *out, const int16_t *const *rows, uint32_t n_rows, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        int sum = 0;

        for (uint32_t r = 0; r < n_rows; r++)
            sum = clamp(sum + rows[r][i], INT16_MIN, INT16_MAX);
        out[i] = (uint8_t)clamp(clamp(sum + 4, INT16_MIN, INT16_MAX) >> 3, 0, 127);
    }
}

static float squashed(float x)
{
    float u = (x < -2.0F ? -2.0F : x > 2.0F ? 2.0F : x) * 0.5F;

    return u * (2.0F - (u < 0.0F ? -u : u));
}

static float gate(float x)
{
    return 0.5F + 0.5F * squashed(x * 0.5F);
}

/* To steps of 1/63; what is converted is positive. */
static uint8_t steps(float x)
{
    return (uint8_t)(x * 63.0F + (DL_KERNEL_ZERO + 0.5F));
}

static void squash(uint8_t *out, const int32_t *acc, const float *scale, const float *bias, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = steps(squashed((float)acc[i] * scale[i] + bias[i]));
}

static void recur(uint8_t *out, float *c, const int32_t *acc, const float *scale, const float *bias, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        float z = squashed((float)acc[i] * scale[i] + bias[i]);
        float f = gate((float)acc[n + i] * scale[n + i] + bias[n + i]);
        float o = gate((float)acc[2 * n + i] * scale[2 * n + i] + bias[2 * n + i]);

        c[i] = (1.0F - f) * z + f * c[i];
        out[i] = steps(o * c[i]);
    }
}

static void add(uint8_t *y, const uint8_t *x, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        y[i] = (uint8_t)clamp(y[i] + x[i] - DL_KERNEL_ZERO, 1, 127);
}

static uint32_t argmax(const int32_t *x, uint32_t n)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < n; i++)
        if (x[i] > x[best])
            best = i;
    return best;
}

static const dl_kernels portable = {"portable", dot, slide, rescale, sum_relu, squash, recur, add, argmax};

const dl_kernels *dl_kernels_named(const char *name)
{
    const dl_kernels *k = dl_kernels_x86(name);

    return k ? k : strcmp(name, portable.name) == 0 ? &portable : NULL;
}

const dl_kernels *dl_kernels_best(void)
{
    static const char *const names[] = {"avx512vnni", "avx2"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const dl_kernels *k = dl_kernels_x86(names[i]);

        if (k)
            return k;
    }
    return &portable;
}

void dl_kernel_pack(int8_t *packed, int32_t *bias, const int8_t *w, uint32_t n_out, uint32_t n_in, bool offset)
{
    uint32_t cols = (n_in + STEP - 1) & ~(uint32_t)(STEP - 1);

    memset(packed, 0, (size_t)dl_kernel_rows(n_out) * cols);
    for (uint32_t o = 0; o < n_out; o++) {
        int8_t *block = packed + (size_t)(o / BLOCK) * BLOCK * cols + (size_t)(o % BLOCK) * STEP;
        int32_t sum = 0;

        for (uint32_t i = 0; i < n_in; i++) {
            int8_t v = w[(size_t)o * n_in + i];

            block[(size_t)(i / STEP) * BLOCK * STEP + i % STEP] = v;
            sum += v;
        }
        if (offset)
            bias[o] -= DL_KERNEL_ZERO * sum;
    }
}
