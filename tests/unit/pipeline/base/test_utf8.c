#include "tests/support/check.h"

#include "pipeline/base/utf8.h"

static const struct {
    const char *name;
    dl_str      in;
    size_t      good; /* bytes before the first malformed one */
} cases[] = {
    {"empty", {"", 0}, 0},
    {"ascii", {"hello, world", 12}, 12},
    {"two, three, four bytes", {"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80", 9}, 9},
    {"bare continuation", {"a\x80", 2}, 1},
    {"overlong slash", {"\xC0\xAF", 2}, 0},
    {"overlong three", {"\xE0\x80\xAF", 3}, 0},
    {"surrogate", {"x\xED\xA0\x80", 4}, 1},
    {"last code point", {"\xF4\x8F\xBF\xBF", 4}, 4},
    {"above U+10FFFF", {"\xF4\x90\x80\x80", 4}, 0},
    {"cut in the middle", {"12345678\xE2\x82", 10}, 8},
    {"bad behind eight ASCII bytes", {"12345678\xFF", 9}, 8},
};

static void check_finds_the_first_bad_byte(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_u64(cases[i].name, dl_utf8_check(cases[i].in), cases[i].good);
}

static void walking_always_moves(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dl_str s = cases[i].in;
        size_t at = 0, steps = 0, back = s.n;
        uint32_t len;

        for (; at < s.n; at += len, steps++) {
            (void)dl_utf8_at(s, at, &len);
            assert_in_range(len, 1, 4);
        }
        assert_int_equal(at, s.n);
        for (; back > 0; back -= len) {
            (void)dl_utf8_before(s, back, &len);
            assert_in_range(len, 1, back);
        }
    }
}

static void every_code_point_survives(void **state)
{
    (void)state;
    for (int32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char b[4];
        uint32_t len, n;

        if (cp >= 0xD800 && cp <= 0xDFFF)
            continue;
        n = dl_utf8_put(cp, b);
        assert_int_equal(dl_utf8_at((dl_str){b, n}, 0, &len), cp);
        assert_int_equal(len, n);
        assert_int_equal(dl_utf8_before((dl_str){b, n}, n, &len), cp);
        assert_int_equal(dl_utf8_count((dl_str){b, n}), 1);
        assert_int_equal(dl_utf8_count_utf16((dl_str){b, n}), cp > 0xFFFF ? 2 : 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(check_finds_the_first_bad_byte),
        cmocka_unit_test(walking_always_moves),
        cmocka_unit_test(every_code_point_survives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
