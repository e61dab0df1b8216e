/* kernel: the inner loops of the networks, chosen once for the processor at hand. All sets give the same numbers: sums of
 * products are integers, and the little that is in floats is done element by element, in one order and without fused operations.
 *
 * Inputs are unsigned bytes of at most 127, weights are signed bytes of at most 127: the pairwise sums of AVX2's maddubs then stay
 * within 16 bits. A signed activation q in [-63, 63] is passed as q + DL_KERNEL_ZERO; its weights' row sums, times DL_KERNEL_ZERO, are
 * taken off by the bias (dl_kernel_pack gives it). */
#ifndef DL_KERNEL_H
#define DL_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

enum { DL_KERNEL_ZERO = 64, DL_KERNEL_ALIGN = 64 };

/* Sizes of packed weights: rows (outputs) go up to a multiple of 16, columns (inputs) to a multiple of 4. */
static inline uint32_t dl_kernel_rows(uint32_t n_out)
{
    return (n_out + 15) & ~15u;
}

typedef struct dl_kernels {
    const char *name; /* "portable", "avx2", "avx512vnni" */

    /* acc[j][o] = bias[o] + sum over i of w[o][i] * x[j][i], for n_x inputs x, n_in bytes each (a multiple of 4), one behind the other,
     * and n_out (a multiple of 16) outputs. w as dl_kernel_pack lays it out. */
    void (*dot)(int32_t *acc, const uint8_t *x, uint32_t n_x, const int8_t *w, const int32_t *bias, uint32_t n_in, uint32_t n_out);

    /* The same where each input begins `stride` bytes behind the one before: a window that slides. */
    void (*slide)(int32_t *acc, const uint8_t *x, uint32_t stride, uint32_t n_x, const int8_t *w, const int32_t *bias, uint32_t n_in,
                  uint32_t n_out);

    /* out[i] = ((acc[i] * mult[i] + 2^23) >> 24) + bias[i], saturated at 16 bits: sums of products to a common unit. bias NULL: zeros.
     * The product's integer part fits 32 bits. n: a multiple of 16. */
    void (*rescale)(int16_t *out, const int32_t *acc, const int32_t *mult, const int32_t *bias, uint32_t n);

    /* out[i] = clamp((sum over r of rows[r][i] + 4) >> 3, 0, 127); sums saturate at 16 bits, in order of r. n: a multiple of 32. */
    void (*sum_relu)(uint8_t *out, const int16_t *const *rows, uint32_t n_rows, uint32_t n);

    /* out[i] = round(63 T(acc[i] * scale[i] + bias[i])) + DL_KERNEL_ZERO, T(x) = u (2 - |u|), u = clamp(x / 2, -1, 1): a tanh of two
     * parabolas. n: a multiple of 8. */
    void (*squash)(uint8_t *out, const int32_t *acc, const float *scale, const float *bias, uint32_t n);

    /* One step of a quasi-recurrent layer of n states (a multiple of 8). acc, scale, bias: [3][n] for z, f, o.
     *     c = (1 - f) z + f c,  out = round(63 o c) + DL_KERNEL_ZERO     z = T(.), f and o = (1 + T(. / 2)) / 2 */
    void (*recur)(uint8_t *out, float *c, const int32_t *acc, const float *scale, const float *bias, uint32_t n);

    /* y[i] = clamp(y[i] + x[i]) of values in [-63, 63], each with DL_KERNEL_ZERO added. n: a multiple of 32. */
    void (*add)(uint8_t *y, const uint8_t *x, uint32_t n);

    /* Index of the greatest, the first of equals. n: a multiple of 16, at least 16. */
    uint32_t (*argmax)(const int32_t *x, uint32_t n);
} dl_kernels;

/* The fastest set that this processor runs. Any thread. */
const dl_kernels *dl_kernels_best(void);

/* The set of a name; NULL where it is unknown or this processor cannot run it. For tests and the bench. */
const dl_kernels *dl_kernels_named(const char *name);

/* Weights [n_out][n_in] to [n_out / 8][n_in / 4][8][4], zeros where rows or columns are filled up. offset: inputs are passed as
 * q + DL_KERNEL_ZERO, and bias[o] is lowered by DL_KERNEL_ZERO * sum of w[o]. Returns packed; its size is dl_kernel_rows(n_out) * n_in
 * rounded up to 4. */
void dl_kernel_pack(int8_t *packed, int32_t *bias, const int8_t *w, uint32_t n_out, uint32_t n_in, bool offset);

#endif
