#include "tests/support/check.h"

#include "pipeline/stages/parse_tree.h"

#include <string.h>

enum { MAX = 6, STRIDE = 16 };

static uint64_t random_state = 7;

static int32_t draw(uint32_t below)
{
    random_state = random_state * 6364136223846793005u + 1442695040888963407u;
    return (int32_t)((random_state >> 33) % below);
}

static const struct {
    const char *name;
    uint16_t    heads[MAX];
    uint32_t    n;
    bool        want;
} trees[] = {
    {"one word", {0}, 1, true},
    {"chain", {2, 3, 0}, 3, true},
    {"star", {2, 0, 2, 2}, 4, true},
    {"arcs that cross", {3, 4, 0, 3}, 4, true},
    {"its own head", {1}, 1, false},
    {"two roots", {0, 0}, 2, false},
    {"no root", {2, 1}, 2, false},
    {"a cycle beside a tree", {0, 3, 2}, 3, false},
    {"a cycle that others hang on", {0, 3, 4, 2, 2}, 5, false},
    {"a cycle reached late", {2, 3, 4, 3, 0}, 5, false},
};

static void a_tree_has_one_root_and_no_cycle(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof trees / sizeof *trees; i++)
        check_u64(trees[i].name, dl_parse_is_tree(trees[i].heads, trees[i].n), trees[i].want);
}

/* Does an arc cross another, or stand over the root? The plain definition: all between the ends of an arc descend from its head. */
static bool is_projective(const uint16_t *heads, uint32_t n)
{
    for (uint32_t d = 1; d <= n; d++) {
        uint32_t h = heads[d - 1], lo = h < d ? h : d, hi = h < d ? d : h;

        for (uint32_t k = lo + 1; h != 0 && k < hi; k++) {
            uint32_t up = k;

            while (up != 0 && up != h)
                up = heads[up - 1];
            if (up != h)
                return false;
        }
    }
    return true;
}

static int32_t total(const uint16_t *heads, const int32_t *score, uint32_t n)
{
    int32_t sum = 0;

    for (uint32_t i = 0; i < n; i++)
        sum += score[i * STRIDE + heads[i]];
    return sum;
}

/* The best of all trees that `keep` passes, by trying every assignment of heads. */
static int32_t best_of_all(const int32_t *score, uint32_t n, bool projective)
{
    uint16_t heads[MAX] = {0};
    int32_t best = INT32_MIN;

    for (;;) {
        if (dl_parse_is_tree(heads, n) && (!projective || is_projective(heads, n)) && total(heads, score, n) > best)
            best = total(heads, score, n);
        uint32_t i = 0;

        while (i < n && heads[i] == n)
            heads[i++] = 0;
        if (i == n)
            return best;
        heads[i]++;
    }
}

static void the_tree_is_the_best(void **state)
{
    int32_t score[MAX * STRIDE];
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 1 << 20);
    for (int round = 0; round < 400; round++) {
        uint32_t n = 1 + (uint32_t)draw(5);
        uint16_t heads[MAX];

        for (uint32_t i = 0; i < MAX * STRIDE; i++)
            score[i] = draw(round % 2 ? 5 : 1 << 20) - (round % 3 ? 1 << 19 : 2);
        dl_arena_reset(&a);
        assert_true(dl_parse_tree(heads, score, STRIDE, n, &a));
        assert_true(dl_parse_is_tree(heads, n));
        if (total(heads, score, n) < best_of_all(score, n, true))
            fail_msg("round %d: %u words: a projective tree is better", round, n);
        if (!is_projective(heads, n))
            assert_int_equal(total(heads, score, n), best_of_all(score, n, false));
    }
    dl_arena_free(&a);
}

static void a_long_sentence_is_a_tree_or_a_full_arena(void **state)
{
    enum { N = 160, WIDE = 176 };
    static int32_t score[N * WIDE];
    static uint16_t heads[N];
    dl_arena a;

    (void)state;
    for (int i = 0; i < N * WIDE; i++)
        score[i] = draw(1 << 20);
    for (int i = 0; i < N; i++)
        score[i * WIDE] = 1 << 20; /* each wants to be the root */
    dl_arena_init(&a, 8 << 20);
    assert_true(dl_parse_tree(heads, score, WIDE, N, &a));
    assert_true(dl_parse_is_tree(heads, N));
    dl_arena_free(&a);
    dl_arena_init(&a, 64 << 10);
    assert_false(dl_parse_tree(heads, score, WIDE, N, &a));
    dl_arena_free(&a);
}

static void no_words_no_tree(void **state)
{
    uint16_t heads[1] = {9};
    int32_t score[STRIDE] = {0};
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 1 << 16);
    assert_true(dl_parse_tree(heads, score, STRIDE, 0, &a));
    assert_int_equal(heads[0], 9);
    dl_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_has_one_root_and_no_cycle),
        cmocka_unit_test(the_tree_is_the_best),
        cmocka_unit_test(a_long_sentence_is_a_tree_or_a_full_arena),
        cmocka_unit_test(no_words_no_tree),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
