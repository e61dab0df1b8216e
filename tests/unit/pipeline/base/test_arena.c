#include "tests/support/check.h"

#include "pipeline/base/vec.h"

static void ceiling_holds(void **state)
{
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 4096);
    assert_non_null(dl_arena_alloc(&a, 4000));
    assert_null(dl_arena_alloc(&a, 4000));
    assert_null(dl_arena_alloc(&a, SIZE_MAX));
    assert_null(dl_arena_alloc(&a, SIZE_MAX - 8));
    assert_non_null(dl_arena_alloc(&a, 64));
    dl_arena_reset(&a);
    assert_non_null(dl_arena_alloc(&a, 4000));
    dl_arena_free(&a);
    dl_arena_free(&a);
}

static void pushes_keep_what_was_there(void **state)
{
    DL_VEC(uint32_t) v = {0};
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 1 << 20);
    for (uint32_t i = 0; i < 10000; i++) {
        uint32_t *slot = DL_PUSH(&a, &v);

        assert_non_null(slot);
        assert_int_equal(*slot, 0);
        *slot = i;
        if (i % 7 == 0)
            assert_non_null(dl_arena_alloc(&a, 3)); /* so that growth in place is not always possible */
    }
    for (uint32_t i = 0; i < v.n; i++)
        assert_int_equal(v.p[i], i);
    uint32_t n = v.n;

    while (DL_PUSH(&a, &v))
        n++;
    assert_int_equal(v.n, n); /* a failed push counts nothing */
    dl_arena_free(&a);
}

static void printf_and_copies_end_in_nul(void **state)
{
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 1 << 16);
    check_str("printf", dl_arena_printf(&a, "%d of %s", 3, "five"), "3 of five");
    dl_str empty = dl_arena_str(&a, (dl_str){0});

    assert_non_null(empty.p);
    assert_int_equal(empty.p[0], 0);
    dl_arena_free(&a);
}

static void reset_keeps_one_block(void **state)
{
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 1 << 26);
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 1000; i++)
            assert_non_null(dl_arena_alloc(&a, 100));
        dl_arena_reset(&a);
    }
#ifndef DL_ARENA_DEBUG
    assert_int_equal(a.n_mallocs, 1);
#endif
    dl_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ceiling_holds),
        cmocka_unit_test(pushes_keep_what_was_there),
        cmocka_unit_test(printf_and_copies_end_in_nul),
        cmocka_unit_test(reset_keeps_one_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
