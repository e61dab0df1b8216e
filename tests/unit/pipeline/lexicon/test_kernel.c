#include "tests/support/check.h"

#include "pipeline/lexicon/kernel.h"

#include <math.h>
#include <string.h>

/* The portable kernels against plain formulas, the others against the portable ones: all must give the same numbers. */

enum { MAX_X = 7, MAX_IN = 256, MAX_OUT = 768 };

static uint64_t random_state = 1;

static uint32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(random_state >> 33) % below;
}

static const char *const sets[] = {"portable", "avx2", "avx512vnni"};
enum { N_SETS = sizeof sets / sizeof *sets };

static const struct {
    const char *name;
    uint32_t    n_x, n_in, n_out, stride;
    bool        extreme, offset;
} dots[] = {
    {"one input", 1, 128, 640, 128, false, true},
    {"a full tile", 4, 128, 768, 128, false, true},
    {"a tile and a rest", 7, 256, 768, 256, false, true},
    {"no offset", 5, 96, 64, 96, false, false},
    {"outputs that are filled up", 3, 64, 21, 64, false, true},
    {"inputs that are no multiple of eight", 2, 4, 16, 4, false, true},
    {"greatest products", 4, 256, 32, 256, true, false},
    {"a window that slides", 6, 192, 48, 64, false, true},
    {"no input", 0, 128, 16, 128, false, true},
};

static int8_t   plain[MAX_OUT * MAX_IN], packed[MAX_OUT * MAX_IN];
static uint8_t  x[MAX_X * MAX_IN];
static int32_t  bias[MAX_OUT], zero[MAX_OUT], got[MAX_X * MAX_OUT], want[MAX_X * MAX_OUT];

static void dot_is_the_sum_of_products(void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof dots / sizeof *dots; c++) {
        uint32_t n_in = dots[c].n_in, n_out = dots[c].n_out, rows = dl_kernel_rows(n_out);

        memset(zero, 0, sizeof zero);
        for (uint32_t i = 0; i < n_in * n_out; i++)
            plain[i] = (int8_t)(dots[c].extreme ? (draw(2) ? 127 : -127) : (int)draw(255) - 127);
        for (uint32_t i = 0; i < (uint32_t)sizeof x; i++)
            x[i] = (uint8_t)(dots[c].extreme ? 127 : draw(128));
        for (uint32_t o = 0; o < rows; o++)
            zero[o] = bias[o] = o < n_out ? (int32_t)draw(2000) - 1000 : 0;
        dl_kernel_pack(packed, zero, plain, n_out, n_in, dots[c].offset);
        for (uint32_t j = 0; j < dots[c].n_x; j++)
            for (uint32_t o = 0; o < n_out; o++) {
                want[j * rows + o] = bias[o];
                for (uint32_t i = 0; i < n_in; i++)
                    want[j * rows + o] += plain[o * n_in + i] * (x[j * dots[c].stride + i] - (dots[c].offset ? DL_KERNEL_ZERO : 0));
            }
        for (size_t s = 0; s < N_SETS; s++) {
            const dl_kernels *k = dl_kernels_named(sets[s]);

            if (!k)
                continue;
            memset(got, 0, sizeof got);
            if (dots[c].stride == n_in)
                k->dot(got, x, dots[c].n_x, packed, zero, n_in, rows);
            else
                k->slide(got, x, dots[c].stride, dots[c].n_x, packed, zero, n_in, rows);
            for (uint32_t j = 0; j < dots[c].n_x; j++)
                for (uint32_t o = 0; o < n_out; o++)
                    if (got[j * rows + o] != want[j * rows + o])
                        fail_msg("%s, %s: input %u, output %u: want %d, got %d", dots[c].name, k->name, j, o, want[j * rows + o],
                                 got[j * rows + o]);
        }
    }
}

static void sums_saturate_and_are_cut_alike(void **state)
{
    enum { N = 128, ROWS = 10 };
    static int16_t rows[ROWS][N];
    const int16_t *at[ROWS];
    uint8_t out[N];

    (void)state;
    for (int r = 0; r < ROWS; r++) {
        at[r] = rows[r];
        for (int i = 0; i < N; i++)
            rows[r][i] = (int16_t)(i < N / 2 ? (int)draw(400) - 200 : (int)draw(65536) - 32768);
    }
    rows[0][0] = 32767;
    rows[1][0] = 32767; /* stays at the top ... */
    rows[2][0] = -32768; /* ... from where it comes down */
    for (int i = 3; i < ROWS; i++)
        rows[i][0] = 0;
    for (size_t s = 0; s < N_SETS; s++) {
        const dl_kernels *k = dl_kernels_named(sets[s]);

        if (!k)
            continue;
        k->sum_relu(out, at, ROWS, N);
        for (int i = 0; i < N; i++) {
            int sum = 0;

            for (int r = 0; r < ROWS; r++) {
                sum += rows[r][i];
                sum = sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum;
            }
            sum = sum + 4 > INT16_MAX ? INT16_MAX : sum + 4;
            int relu = sum < 0 ? 0 : sum >> 3;

            if (out[i] != (relu > 127 ? 127 : relu))
                fail_msg("%s: place %d: want %d, got %d", k->name, i, relu, out[i]);
        }
        assert_int_equal(out[0], 0);
    }
}

static void sums_come_to_a_common_unit(void **state)
{
    enum { N = 64 };
    int32_t acc[N], mult[N], add[N];
    int16_t out[N];

    (void)state;
    for (int i = 0; i < N; i++) {
        acc[i] = (int32_t)draw(2000001) - 1000000;
        mult[i] = (int32_t)draw(1 << 20);
        add[i] = (int32_t)draw(2001) - 1000;
    }
    acc[0] = acc[1] = 1 << 20;
    mult[0] = mult[1] = 1 << 24; /* over the top */
    acc[1] = -acc[1];
    acc[2] = -1; /* rounds up to 0 */
    mult[2] = 1;
    acc[3] = 3;
    mult[3] = 1 << 23; /* 1.5 to 2 */
    acc[4] = -3;
    mult[4] = 1 << 23; /* -1.5 to -1 */
    for (size_t s = 0; s < N_SETS; s++) {
        const dl_kernels *k = dl_kernels_named(sets[s]);

        for (int with = 0; k && with < 2; with++) {
            k->rescale(out, acc, mult, with ? add : NULL, N);
            for (int i = 0; i < N; i++) {
                double v = floor((double)acc[i] * mult[i] / 16777216.0 + 0.5) + (with ? add[i] : 0);

                v = v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v;
                if (out[i] != (int)v)
                    fail_msg("%s: place %d: want %d, got %d", k->name, i, (int)v, out[i]);
            }
        }
    }
}

static void floats_are_the_same_everywhere(void **state)
{
    enum { N = 128 };
    static int32_t acc[3 * N];
    static float scale[3 * N], add[3 * N], first[N], c[N];
    uint8_t squashed[N], stepped[N], other[N];
    const dl_kernels *plain_set = dl_kernels_named("portable");

    (void)state;
    for (int i = 0; i < 3 * N; i++) {
        acc[i] = (int32_t)draw(2000001) - 1000000;
        scale[i] = (float)draw(1000) * 1e-8F;
        add[i] = (float)((int)draw(2000) - 1000) * 1e-3F;
    }
    acc[0] = INT32_MAX; /* far outside: the ends of the squash */
    acc[1] = INT32_MIN;
    scale[0] = scale[1] = 1.0F;
    plain_set->squash(squashed, acc, scale, add, N);
    assert_int_equal(squashed[0], DL_KERNEL_ZERO + 63);
    assert_int_equal(squashed[1], DL_KERNEL_ZERO - 63);
    memset(first, 0, sizeof first);
    for (int step = 0; step < 5; step++)
        plain_set->recur(stepped, first, acc, scale, add, N);
    for (size_t s = 0; s < N_SETS; s++) {
        const dl_kernels *k = dl_kernels_named(sets[s]);

        if (!k)
            continue;
        k->squash(other, acc, scale, add, N);
        assert_memory_equal(other, squashed, N);
        memset(c, 0, sizeof c);
        for (int step = 0; step < 5; step++)
            k->recur(other, c, acc, scale, add, N);
        assert_memory_equal(other, stepped, N);
        assert_memory_equal(c, first, sizeof c);
    }
}

static void added_steps_stay_in_range(void **state)
{
    enum { N = 64 };
    uint8_t a[N], b[N];

    (void)state;
    for (size_t s = 0; s < N_SETS; s++) {
        const dl_kernels *k = dl_kernels_named(sets[s]);

        for (int at = -63; k && at <= 63; at++) {
            for (int i = 0; i < N; i++) {
                a[i] = (uint8_t)(at + DL_KERNEL_ZERO);
                b[i] = (uint8_t)(i * 2 - 63 + DL_KERNEL_ZERO);
            }
            k->add(a, b, N);
            for (int i = 0; i < N; i++) {
                int v = at + i * 2 - 63;

                assert_int_equal(a[i] - DL_KERNEL_ZERO, v < -63 ? -63 : v > 63 ? 63 : v);
            }
        }
    }
}

static void argmax_takes_the_first_of_equals(void **state)
{
    enum { N = 112 };
    int32_t v[N];

    (void)state;
    for (size_t s = 0; s < N_SETS; s++) {
        const dl_kernels *k = dl_kernels_named(sets[s]);

        if (!k)
            continue;
        for (uint32_t at = 0; at < N; at++) {
            for (uint32_t i = 0; i < N; i++)
                v[i] = i >= at && (i - at) % 9 == 0 ? 7 : (int32_t)(i % 7);
            assert_int_equal(k->argmax(v, N), at);
            for (uint32_t i = 0; i < N; i++)
                v[i] = i == at ? INT32_MIN + 1 : INT32_MIN;
            assert_int_equal(k->argmax(v, N), at);
            assert_int_equal(k->argmax(v, 16), at < 16 ? at : 0);
        }
    }
}

static void sets_have_their_names(void **state)
{
    (void)state;
    assert_null(dl_kernels_named("neon"));
    assert_null(dl_kernels_named(""));
    assert_string_equal(dl_kernels_named("portable")->name, "portable");
    assert_non_null(dl_kernels_named(dl_kernels_best()->name));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dot_is_the_sum_of_products),     cmocka_unit_test(sums_saturate_and_are_cut_alike),
        cmocka_unit_test(floats_are_the_same_everywhere), cmocka_unit_test(argmax_takes_the_first_of_equals),
        cmocka_unit_test(added_steps_stay_in_range),
        cmocka_unit_test(sets_have_their_names),          cmocka_unit_test(sums_come_to_a_common_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
