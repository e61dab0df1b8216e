#include "tests/support/check.h"

#include "pipeline/stages/name_crf.h"

#include <math.h>

enum { TAGS = DL_NAMES_TAGS, PAD = DL_NAMES_TAGS_PAD, LONGEST = 3 };

/* The plain way: every path of tags, by the rules of BILOU written out anew. */

static uint32_t part(uint32_t tag)
{
    return tag ? (tag - 1) % 4 : 4;
}

static bool may_follow(uint32_t from, uint32_t to)
{
    static const bool open[5] = {true, true, false, false, false}; /* B I L U O: a name goes on */

    if (!open[part(from)])
        return part(to) == DL_NAME_B || part(to) == DL_NAME_U || to == 0;
    return to && (from - 1) / 4 == (to - 1) / 4 && (part(to) == DL_NAME_I || part(to) == DL_NAME_L);
}

typedef struct plain {
    uint8_t best[LONGEST];
    int64_t best_score;
    double  sum;                                   /* of exp over all paths */
    double  span[LONGEST][LONGEST + 1][DL_NAMES_TYPES]; /* of paths with this name */
} plain;

static void add_path(plain *p, const dl_name_crf *crf, const int32_t *e, const uint8_t *path, uint32_t n, bool followed)
{
    int64_t score = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (!may_follow(i ? path[i - 1] : 0, path[i]))
            return;
        score += e[i * PAD + path[i]] + crf->trans[(i ? path[i - 1] : 0) * TAGS + path[i]];
    }
    if (!may_follow(path[n - 1], 0))
        return;
    score += followed ? crf->trans[path[n - 1] * TAGS] : 0;
    double weight = exp(crf->unit * (double)score);

    p->sum += weight;
    if (score > p->best_score) {
        p->best_score = score;
        memcpy(p->best, path, n);
    }
    for (uint32_t i = 0; i < n; i++) {
        uint32_t end = i + 1;

        if (path[i] == 0 || (part(path[i]) != DL_NAME_B && part(path[i]) != DL_NAME_U))
            continue;
        while (part(path[end - 1]) != DL_NAME_L && part(path[end - 1]) != DL_NAME_U)
            end++;
        p->span[i][end][(path[i] - 1) / 4] += weight;
    }
}

static uint32_t next_random(uint32_t *state)
{
    *state = *state * 1664525u + 1013904223u;
    return *state >> 8;
}

static void check_one(uint32_t n, bool followed, uint32_t seed)
{
    static int32_t trans[TAGS * TAGS], e[LONGEST * PAD];
    dl_names_net net = {.trans = trans, .emit_scale = 0.01F};
    dl_name_crf crf;
    dl_name_sums sums;
    dl_arena a;
    uint8_t tags[LONGEST], back[LONGEST * TAGS], path[LONGEST] = {0};
    static plain want;

    want = (plain){.best_score = INT64_MIN};
    for (uint32_t i = 0; i < TAGS * TAGS; i++)
        trans[i] = (int32_t)(next_random(&seed) % 400) - 200;
    for (uint32_t i = 0; i < n * PAD; i++)
        e[i] = (int32_t)(next_random(&seed) % 1000) - 500;
    dl_arena_init(&a, 1 << 20);
    dl_name_crf_init(&crf, &net);
    assert_true(dl_name_sums_init(&sums, &a, n));
    for (uint32_t k = 0;; k++) {
        add_path(&want, &crf, e, path, n, followed);
        uint32_t at = 0;

        while (at < n && ++path[at] == TAGS)
            path[at++] = 0;
        if (at == n)
            break;
    }
    dl_name_viterbi(&crf, e, n, followed, tags, back);
    assert_memory_equal(tags, want.best, n);
    dl_name_sums_make(&sums, &crf, e, n, followed);
    assert_true(fabs(sums.log_z - log(want.sum)) < 1e-9);
    for (uint32_t i = 0; i < n; i++)
        for (uint32_t end = i + 1; end <= n; end++)
            for (uint32_t t = 0; t < DL_NAMES_TYPES; t++)
                assert_true(fabs(dl_name_marginal(&sums, &crf, e, i, end, t) - want.span[i][end][t] / want.sum) < 1e-9);
    dl_arena_free(&a);
}

static void dynamic_programs_agree_with_all_paths(void **state)
{
    (void)state;
    for (uint32_t n = 1; n <= LONGEST; n++)
        for (uint32_t seed = 0; seed < 40; seed++)
            check_one(n, seed % 2, 77 * seed + n);
}

static void extreme_scores_stay_finite(void **state)
{
    enum { N = 500 };
    static int32_t trans[TAGS * TAGS], e[N * PAD];
    dl_names_net net = {.trans = trans, .emit_scale = 0.01F};
    dl_name_crf crf;
    dl_name_sums sums;
    dl_arena a;
    static uint8_t tags[N], back[N * TAGS];

    (void)state;
    for (uint32_t i = 0; i < N * PAD; i++)
        e[i] = i % 2 ? 1000000 : -1000000;
    dl_arena_init(&a, 1 << 22);
    dl_name_crf_init(&crf, &net);
    assert_true(dl_name_sums_init(&sums, &a, N));
    dl_name_viterbi(&crf, e, N, true, tags, back);
    dl_name_sums_make(&sums, &crf, e, N, true);
    assert_true(isfinite(sums.log_z));
    for (uint32_t i = 0; i < N; i++) {
        double p = dl_name_marginal(&sums, &crf, e, i, i + 1, i % DL_NAMES_TYPES);

        assert_true(p >= 0 && p <= 1);
        assert_true(may_follow(i ? tags[i - 1] : 0, tags[i]));
    }
    dl_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dynamic_programs_agree_with_all_paths),
        cmocka_unit_test(extreme_scores_stay_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
