#include "tests/support/check.h"

#include "pipeline/base/wordset.h"

static const dl_wordset_word list[] = {"a", "ab", "abc", "b/t", "caf\xC3\xA9", "cannot", "meanwhile", "meanwhiles", "sixteen-letters-", "zz"};

static const struct {
    const char *name;
    dl_str      word;
    bool        want;
} cases[] = {
    {"first", {"a", 1}, true},
    {"last", {"zz", 2}, true},
    {"case does not count", {"CanNot", 6}, true},
    {"a mark within", {"B/T", 3}, true},
    {"longer than eight bytes", {"Meanwhile", 9}, true},
    {"one letter more", {"meanwhiles", 10}, true},
    {"as long as can be", {"SIXTEEN-LETTERS-", 16}, true},
    {"beyond ASCII", {"caf\xC3\xA9", 5}, true},
    {"nothing", {"", 0}, false},
    {"prefix of a word", {"canno", 5}, false},
    {"a word and more", {"cannot.", 7}, false},
    {"differs behind the eighth byte", {"meanwhilf", 9}, false},
    {"longer than any", {"sixteen-letters-s", 17}, false},
    {"before the first", {"A\x01", 2}, false},
    {"behind the last", {"zzz", 3}, false},
    {"upper half of bytes", {"\xFF\xFF", 2}, false},
};

static void finds_what_is_there(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_u64(cases[i].name, DL_WORDSET_HAS(list, cases[i].word), cases[i].want);
}

/* The clever against the plain: every length of list, every word. */
static void agrees_with_a_linear_scan(void **state)
{
    (void)state;
    for (size_t n = 0; n <= sizeof list / sizeof *list; n++)
        for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
            dl_str word = {list[i], strnlen(list[i], DL_WORDSET_LONGEST)};

            check_u64(list[i], dl_wordset_has(list, n, word), i < n);
            check_u64(list[i], dl_wordset_find(list, sizeof *list, n, word), i < n ? i : n);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(finds_what_is_there), cmocka_unit_test(agrees_with_a_linear_scan)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
