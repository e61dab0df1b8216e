#include "tests/support/check.h"

#include "pipeline/lexicon/gazetteer.h"

#include <stdio.h>

static const struct {
    const char *name, *text;
    uint32_t    has, lacks;
} cases[] = {
    {"country", "Kazakhstan", DL_GAZ_PLACE, DL_GAZ_PERSON},
    {"city with diacritics", "São Paulo", DL_GAZ_PLACE, DL_GAZ_PERSON},
    {"the same without", "SAO PAULO", DL_GAZ_PLACE, DL_GAZ_PERSON},
    {"person", "Vladimir Putin", DL_GAZ_PERSON, DL_GAZ_PLACE},
    {"surname", "Tokayev", DL_GAZ_SURNAME, DL_GAZ_PLACE},
    {"given name", "Mary", DL_GAZ_COMMON_GIVEN, DL_GAZ_ORG},
    {"acronym with dots", "U.N.", DL_GAZ_ORG, 0},
    {"organisation", "European Union", DL_GAZ_ORG, DL_GAZ_PERSON},
    {"demonym", "Ghanaian", DL_GAZ_DEMONYM, DL_GAZ_PLACE},
    {"hyphen and space are one", "Guinea Bissau", DL_GAZ_PLACE, 0},
    {"title", "Prime Minister", DL_GAZ_TITLE, DL_GAZ_PERSON},
    {"legal form", "GmbH", DL_GAZ_LEGAL, DL_GAZ_PLACE},
    {"prefix", "Trinidad and", DL_GAZ_PREFIX, DL_GAZ_PLACE},
    {"common word that is a small place", "Reading", DL_GAZ_WORD, 0},
    {"small place under a common word is left out", "Of", 0, DL_GAZ_SMALL_PLACE},
    {"nothing", "", 0, UINT32_MAX},
    {"punctuation", "-- .", 0, UINT32_MAX},
    {"more words than any name", "a b c d e f g h i j k l m n o p q r s", 0, UINT32_MAX},
};

static void phrases_have_their_bits(void **state)
{
    (void)state;
    dl_gazetteer g;
    dl_error err;

    check_ok("open", dl_gazetteer_open(&g, "models", &err), &err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint32_t bits = dl_gazetteer_find_text(&g, dl_str_of(cases[i].text));

        if ((bits & cases[i].has) != cases[i].has || (bits & cases[i].lacks) != 0)
            fail_msg("%s: bits %x, wanted %x without %x", cases[i].name, bits, cases[i].has, cases[i].lacks);
    }
    dl_gazetteer_close(&g);
}

static void strangers_are_rarely_taken_for_names(void **state)
{
    enum { N = 100000, AT_MOST = N / 250 };
    (void)state;
    dl_gazetteer g;
    dl_error err;
    uint32_t hits = 0;

    check_ok("open", dl_gazetteer_open(&g, "models", &err), &err);
    for (uint32_t i = 0; i < N; i++) {
        char phrase[32];
        int n = snprintf(phrase, sizeof phrase, "zq%uxv wj%u", i, i * 7919u);

        hits += dl_gazetteer_find_text(&g, (dl_str){phrase, (size_t)n}) != 0;
    }
    assert_in_range(hits, 0, AT_MOST);
    dl_gazetteer_close(&g);
}

static void words_are_cut_as_keys_are(void **state)
{
    static const struct {
        const char *token;
        uint32_t    n;
    } rows[] = {{"al-zaman", 2}, {"u.s.", 1}, {"o'brien", 1}, {"--", 0}, {"", 0}, {"-a-", 1}, {"киев", 1}, {"a\xE2\x82z", 2}};
    uint64_t h[4];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check_u64(rows[i].token, dl_gazetteer_words(dl_str_of(rows[i].token), h, 4), rows[i].n);
    assert_int_equal(dl_gazetteer_words(DL_LIT("o'brien"), h, 4), 1);
    assert_true(h[0] == dl_hash("obrien", 6, 0));
    assert_int_equal(dl_gazetteer_words(DL_LIT("a-b-c-d-e"), h, 4), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phrases_have_their_bits),
        cmocka_unit_test(strangers_are_rarely_taken_for_names),
        cmocka_unit_test(words_are_cut_as_keys_are),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
