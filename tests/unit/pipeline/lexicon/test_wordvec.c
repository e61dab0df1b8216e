#include "tests/support/check.h"

#include "pipeline/lexicon/fold.h"
#include "pipeline/lexicon/wordvec.h"

#include <math.h>

static const struct {
    const char *name, *word, *want;
} folds[] = {
    {"lower case", "London", "london"},
    {"diacritics go", "Şırnak-Élysée", "sirnak-elysee"},
    {"letters that do not decompose", "Łódź Øresund Æsir", "lodz oresund aesir"},
    {"curly apostrophe", "O’Brien", "o'brien"},
    {"dash", "—", "--"},
    {"ligature", "ﬁnance", "finance"},
    {"Cyrillic keeps its letters", "Киев", "киев"},
    {"combining mark", "Cafe\xCC\x81", "cafe"},
    {"empty", "", ""},
    {"bad bytes are dropped", "a\xFF\x62", "ab"},
    {"cut sequence is dropped", "a\xE2\x82", "a"},
    {"only marks", "\xCC\x81", ""},
};

static void words_fold(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof folds / sizeof *folds; i++) {
        char out[DL_FOLD_MAX];

        check_str(folds[i].name, (dl_str){out, dl_fold_word(dl_str_of(folds[i].word), out)}, folds[i].want);
    }
}

static void a_long_word_is_cut(void **state)
{
    char out[DL_FOLD_MAX], word[4 * DL_FOLD_MAX];

    (void)state;
    memset(word, 'A', sizeof word);
    assert_int_equal(dl_fold_word((dl_str){word, sizeof word}, out), DL_FOLD_MAX);
    for (size_t i = 0; i + 3 <= sizeof word; i += 3)
        memcpy(word + i, "\xE2\x80\xA6", 3); /* each becomes three dots */
    assert_true(dl_fold_word((dl_str){word, sizeof word / 3 * 3}, out) <= DL_FOLD_MAX);
}

static double cosine(const dl_wordvec *wv, const char *a, const char *b)
{
    int16_t x[DL_WORDVEC_PAD], y[DL_WORDVEC_PAD];
    double xy = 0, xx = 0, yy = 0;

    dl_wordvec_row(wv, dl_wordvec_find(wv, dl_str_of(a)), x);
    dl_wordvec_row(wv, dl_wordvec_find(wv, dl_str_of(b)), y);
    for (int i = 0; i < DL_WORDVEC_PAD; i++) {
        xy += (double)x[i] * y[i];
        xx += (double)x[i] * x[i];
        yy += (double)y[i] * y[i];
    }
    return xy / sqrt(xx * yy + 1e-9);
}

static void near_words_are_near(void **state)
{
    (void)state;
    dl_wordvec wv;
    dl_error err;
    int16_t row[DL_WORDVEC_PAD];

    check_ok("open", dl_wordvec_open(&wv, "models", &err), &err);
    assert_true(cosine(&wv, "Paris", "London") > cosine(&wv, "Paris", "banana") + 0.2);
    assert_true(cosine(&wv, "soldiers", "troops") > 0.5);
    assert_true(cosine(&wv, "troops", "TROOPS") > 0.999);
    assert_int_equal(dl_wordvec_find(&wv, DL_LIT("2,417")), dl_wordvec_find(&wv, DL_LIT("8,062")));
    assert_int_not_equal(dl_wordvec_find(&wv, DL_LIT("a")), DL_NONE);
    assert_int_equal(dl_wordvec_find(&wv, DL_LIT("qqxzzyqv")), DL_NONE);
    assert_int_equal(dl_wordvec_find(&wv, DL_LIT("")), DL_NONE);
    dl_wordvec_row(&wv, DL_NONE, row);
    for (int i = 0; i < DL_WORDVEC_PAD; i++)
        assert_int_equal(row[i], 0);
    dl_wordvec_row(&wv, wv.n_rows - 1, row);
    for (int i = DL_WORDVEC_DIM; i < DL_WORDVEC_PAD; i++)
        assert_int_equal(row[i], 0);
    dl_wordvec_close(&wv);
    dl_wordvec_close(&wv);
}

static void a_foreign_model_is_refused(void **state)
{
    (void)state;
    dl_wordvec wv = {0};
    dl_error err;

    assert_int_equal(dl_wordvec_open(&wv, "tests/unit", &err), DL_FATAL);
    assert_null(wv.codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_fold),
        cmocka_unit_test(a_long_word_is_cut),
        cmocka_unit_test(near_words_are_near),
        cmocka_unit_test(a_foreign_model_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
