#include "tests/support/check.h"

#include "pipeline/lexicon/fold.h"
#include "pipeline/lexicon/spelling.h"

static const struct {
    const char *form;
    dl_spelling want;
} classes[] = {
    {"house", DL_SPELL_LOWER},       {"House", DL_SPELL_CAP},          {"A", DL_SPELL_CAP1},
    {"NATO", DL_SPELL_CAPS},         {"iPhone", DL_SPELL_MIXED},       {"McDonald", DL_SPELL_MIXED},
    {"U.S.", DL_SPELL_CAPS_STOP},    {"Mr.", DL_SPELL_CAP_STOP},       {"etc.", DL_SPELL_LOWER_STOP},
    {"5", DL_SPELL_DIGIT1},          {"12", DL_SPELL_DIGIT2},          {"2008", DL_SPELL_DIGIT4},
    {"123", DL_SPELL_NUMBER},        {"3.5", DL_SPELL_NUMBER},         {"1990s", DL_SPELL_DIGIT_WORD},
    {"a@b.org", DL_SPELL_ADDRESS},   {"http://x", DL_SPELL_ADDRESS},   {"www.x.com", DL_SPELL_ADDRESS},
    {"'s", DL_SPELL_CLITIC},         {"\xE2\x80\x99s", DL_SPELL_CLITIC}, {"n't", DL_SPELL_LOWER},
    {"@user", DL_SPELL_LOWER},       {"@", DL_SPELL_PUNCT},            {".", DL_SPELL_PUNCT},
    {"\xE2\x80\x94", DL_SPELL_PUNCT}, {"\xC3\x89tat", DL_SPELL_CAP},   {"\xC3\x89TAT", DL_SPELL_CAPS},
    {"\xD0\x9C\xD0\xBE", DL_SPELL_CAP}, {"\xE4\xB8\xAD", DL_SPELL_LOWER}, {"\xC3\x97", DL_SPELL_PUNCT},
    {"\xFF", DL_SPELL_PUNCT},        {"", DL_SPELL_OTHER},             {"://", DL_SPELL_ADDRESS},
};

static void a_form_has_its_class(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
        check_u64(classes[i].form, dl_spell_class(dl_str_of(classes[i].form)), classes[i].want);
}

enum { MAX_TOKENS = 12 };

static const struct {
    const char *name;
    uint8_t     classes[MAX_TOKENS];
    uint32_t    n;
    uint8_t     mode, first_at; /* first_at: which token is the first word; n: none */
} sentences[] = {
    {"ordinary", {DL_SPELL_CAP, DL_SPELL_LOWER, DL_SPELL_LOWER, DL_SPELL_PUNCT}, 4, 0, 0},
    {"all capitals", {DL_SPELL_CAPS, DL_SPELL_CAPS, DL_SPELL_DIGIT2}, 3, 1, 0},
    {"headline", {DL_SPELL_CAP, DL_SPELL_CAP, DL_SPELL_CAP, DL_SPELL_CAPS, DL_SPELL_LOWER}, 5, 2, 0},
    {"three capitals are no headline", {DL_SPELL_CAP, DL_SPELL_CAP, DL_SPELL_CAP}, 3, 0, 0},
    {"no capital at all", {DL_SPELL_LOWER, DL_SPELL_LOWER}, 2, 3, 0},
    {"behind a quotation mark", {DL_SPELL_PUNCT, DL_SPELL_CAP, DL_SPELL_LOWER}, 3, 0, 1},
    {"nothing but marks", {DL_SPELL_PUNCT, DL_SPELL_PUNCT}, 2, 3, 2},
    {"one acronym", {DL_SPELL_CAPS}, 1, 0, 0},
    {"empty", {0}, 0, 0, 0},
};

static void a_sentence_has_its_shapes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof sentences / sizeof *sentences; i++) {
        uint8_t got[MAX_TOKENS];

        memcpy(got, sentences[i].classes, sizeof got);
        dl_spell_shapes(got, sentences[i].n);
        for (uint32_t t = 0; t < sentences[i].n; t++) {
            uint32_t first = t <= sentences[i].first_at;

            check_u64(sentences[i].name, got[t], sentences[i].classes[t] * 8u + sentences[i].mode * 2u + first);
        }
    }
}

static void affixes_are_of_the_folded_word(void **state)
{
    uint16_t a[DL_N_AFFIXES], b[DL_N_AFFIXES];

    (void)state;
    dl_spell_affixes(DL_LIT("1990s"), a);
    dl_spell_affixes(DL_LIT("2008s"), b);
    assert_memory_equal(a, b, sizeof a); /* digits are alike */
    dl_spell_affixes(DL_LIT("running"), a);
    dl_spell_affixes(DL_LIT("walking"), b);
    assert_int_equal(a[2], b[2]); /* -ing */
    assert_int_not_equal(a[4], b[4]);
    dl_spell_affixes(DL_LIT("ing"), b);
    assert_int_not_equal(a[2], b[2]); /* a whole word is no suffix */
    dl_spell_affixes(DL_LIT("a"), a);
    for (int i = 0; i < DL_N_AFFIXES; i++)
        assert_true(a[i] < DL_AFFIX_BUCKETS);
}

static void lower_keeps_the_length(void **state)
{
    (void)state;
    assert_int_equal(dl_spell_lower('A'), 'a');
    assert_int_equal(dl_spell_lower(0xC9), 0xE9);
    assert_int_equal(dl_spell_lower(0xD7), 0xD7);
    assert_int_equal(dl_spell_lower(0x130), 0x130); /* its partner is one byte long */
    assert_int_equal(dl_spell_lower(0x178), 0x178);
    assert_int_equal(dl_spell_lower(0x401), 0x451);
    assert_int_equal(dl_spell_lower(-1), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_has_its_class),
        cmocka_unit_test(a_sentence_has_its_shapes),
        cmocka_unit_test(affixes_are_of_the_folded_word),
        cmocka_unit_test(lower_keeps_the_length),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
