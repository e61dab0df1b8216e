#include "tests/support/check.h"
#include "tests/support/docs.h"

#include "pipeline/stages/tokenize.h"

#include <stdlib.h>

static const struct {
    const char *name, *text, *want;
} cases[] = {
    {"clitics are tokens", "Moscow's men don't know we've won", "Moscow|'s|men|do|n't|know|we|'ve|won"},
    {"curly apostrophes, too", "It’s Kyiv’s; they can’t", "It|’s|Kyiv|’s|;|they|ca|n’t"},
    {"contractions without an apostrophe", "I cannot, dont and gonna", "I|can|not|,|do|nt|and|gon|na"},
    {"names keep their apostrophe", "O'Neill met Sha'lan at 5 o'clock", "O'Neill|met|Sha'lan|at|5|o'clock"},
    {"compounds are split", "the al-Assad-led two-year-old truce", "the|al|-|Assad|-|led|two|-|year|-|old|truce"},
    {"prefixes are not", "anti-war and non-profit e-mail re-elected", "anti-war|and|non-profit|e-mail|re-elected"},
    {"acronyms keep their stops", "U.S. troops and the U.N. said", "U.S.|troops|and|the|U.N.|said"},
    {"an initial keeps its stop", "John F. Kennedy", "John|F.|Kennedy"},
    {"titles keep their stop", "Mr. Smith met Gen. Lee.", "Mr.|Smith|met|Gen.|Lee|."},
    {"the last stop is the sentence's", "He likes tea, etc.", "He|likes|tea|,|etc|."},
    {"money", "a $3.2bn deal, €5m and US$40", "a|$|3.2|bn|deal|,|€|5|m|and|US$|40"},
    {"numbers with separators", "3,200.5 at 10:30 on 9/11, 3/4 done", "3,200.5|at|10:30|on|9/11|,|3/4|done"},
    {"units", "5km at 7pm, 1990s, 20th", "5|km|at|7|pm|,|1990s|,|20th"},
    {"ranges are split, telephone numbers are not", "10-15 men, 713-853-3989", "10|-|15|men|,|713-853-3989"},
    {"COVID-19 is one word", "COVID-19 cases", "COVID-19|cases"},
    {"addresses", "see https://a.org/x?y=1, mail a.b@c.org.", "see|https://a.org/x?y=1|,|mail|a.b@c.org|."},
    {"names and tags", "@NATO #Ukraine (#1)", "@NATO|#Ukraine|(|#|1|)"},
    {"ellipsis and dashes", "Well... no -- yes", "Well|...|no|--|yes"},
    {"quotes and brackets", "(\"no\")", "(|\"|no|\"|)"},
    {"ampersand in a name", "AT&T and R&D", "AT&T|and|R&D"},
    {"year without its century", "in '90s and 'em", "in|'90s|and|'em"},
    /* odd and hostile */
    {"empty text, no tokens", "", ""},
    {"white space only", " \n\t \xC2\xA0 ", ""},
    {"invisible characters only", "\xE2\x80\x8B\xEF\xBB\xBF", ""},
    {"only quotation marks", "\"\"\"", "\"|\"|\""},
    {"only apostrophes", "'''", "''|'"},
    {"only stops", "....", "...."},
    {"zero width space parts nothing from nothing", "\xE2\x80\x8Bword\xE2\x80\x8B", "word"},
    {"soft hyphen stays within", "basic\xC2\xAD" "ally", "basic\xC2\xAD" "ally"},
    {"replacement character is a letter", "caf\xEF\xBF\xBD bar", "caf\xEF\xBF\xBD|bar"},
    {"combining mark stays with its letter", "e\xCC\x81t\xC3\xA9", "e\xCC\x81t\xC3\xA9"},
    {"a mark without a letter", "\xCC\x81", "\xCC\x81"},
    {"family emoji is one", "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9!", "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9|!"},
    {"flag is one", "\xF0\x9F\x87\xBA\xF0\x9F\x87\xA6\xF0\x9F\x87\xBA\xF0\x9F\x87\xB8", "\xF0\x9F\x87\xBA\xF0\x9F\x87\xA6|\xF0\x9F\x87\xBA\xF0\x9F\x87\xB8"},
    {"Han one by one", "北京说", "北|京|说"},
    {"right to left", "قال الرئيس", "قال|الرئيس"},
    {"apostrophe at the end", "the troops' camp", "the|troops|'|camp"},
    {"hyphen at the end", "pre- and post-war", "pre|-|and|post-war"},
    {"glued sentence", "He left.The end", "He|left|. || The|end"},
    {"URL cut short", "http:// www. @ #", "http://|www|.|@|#"},
    {"n't alone", "n't", "n't"},
    {"hyphens without end", "1-1-1-1-1-1-1-1-1-1-1a", "1|-|1|-|1|-|1|-|1|-|1|-|1|-|1|-|1|-|1|-|1a"},
};

static void tokens_are_as_wanted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_doc d;

        test_doc_open(&d, dl_str_of(cases[i].text), 0);
        test_doc_cut(&d);
        check_str(cases[i].name, test_doc_tokens(&d), cases[i].want);
        test_doc_close(&d);
    }
}

static const struct {
    const char *text;
    uint32_t    tok, kind, flags;
} flag_cases[] = {
    {"Kyiv", 0, DL_TOK_WORD, DL_TOK_CAP | DL_TOK_HAS_LOWER},
    {"in NATO", 1, DL_TOK_WORD, DL_TOK_SPACE | DL_TOK_CAP | DL_TOK_ALL_CAPS},
    {"McDonald", 0, DL_TOK_WORD, DL_TOK_CAP | DL_TOK_MIXED | DL_TOK_HAS_LOWER},
    {"iPhone", 0, DL_TOK_WORD, DL_TOK_MIXED | DL_TOK_HAS_LOWER},
    {"F16", 0, DL_TOK_WORD, DL_TOK_CAP | DL_TOK_HAS_DIGIT},
    {"1990s", 0, DL_TOK_NUMBER, DL_TOK_HAS_DIGIT | DL_TOK_HAS_LOWER},
    {"Zürich", 0, DL_TOK_WORD, DL_TOK_CAP | DL_TOK_HAS_LOWER | DL_TOK_NON_ASCII},
    {"(a)", 0, DL_TOK_PUNCT, DL_TOK_OPENS},
    {"(a)", 2, DL_TOK_PUNCT, DL_TOK_CLOSES},
    {"he \"said\" so", 1, DL_TOK_PUNCT, DL_TOK_SPACE | DL_TOK_OPENS},
    {"he \"said\" so", 3, DL_TOK_PUNCT, DL_TOK_CLOSES},
    {"“no”", 0, DL_TOK_PUNCT, DL_TOK_OPENS | DL_TOK_NON_ASCII},
    {"$5", 0, DL_TOK_SYMBOL, 0},
    {"www.a.org", 0, DL_TOK_URL, DL_TOK_HAS_LOWER},
    {"a@b.org", 0, DL_TOK_EMAIL, DL_TOK_HAS_LOWER},
    {"@nato", 0, DL_TOK_HANDLE, DL_TOK_HAS_LOWER},
    {"#nato", 0, DL_TOK_HASHTAG, DL_TOK_HAS_LOWER},
};

static void flags_and_kinds(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof flag_cases / sizeof *flag_cases; i++) {
        test_doc d;

        test_doc_open(&d, dl_str_of(flag_cases[i].text), 0);
        test_doc_cut(&d);
        assert_true(d.doc.toks.n > flag_cases[i].tok);
        check_u64(flag_cases[i].text, d.doc.toks.p[flag_cases[i].tok].kind, flag_cases[i].kind);
        check_u64(flag_cases[i].text, d.doc.toks.p[flag_cases[i].tok].flags, flag_cases[i].flags);
        test_doc_close(&d);
    }
}

/* A megabyte without white space, of each of these, ends in time and covers all of the text. */
static void no_space_in_a_megabyte(void **state)
{
    static const char *const units[] = {"a", "a-", "a.", "1,", "1-", "'", "\"", "a'", "@", "http://", "(", ")", "é", "北", "a&", "x/", "!?", "n't"};
    const size_t size = 1000000;

    (void)state;
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t n = strlen(units[i]), used = 0;
        char *text = malloc(size);
        test_doc d;

        assert_non_null(text);
        for (; used + n <= size; used += n)
            memcpy(text + used, units[i], n);
        test_doc_open(&d, (dl_str){text, used}, 0);
        test_doc_cut(&d);
        size_t covered = 0;

        for (uint32_t t = 0; t < d.doc.toks.n; t++)
            covered += d.doc.toks.p[t].form.n;
        check_u64(units[i], covered, used);
        test_doc_close(&d);
        free(text);
    }
}

static void too_many_tokens_is_a_limit(void **state)
{
    const dl_tokenize_opts opts = {.max_tokens = 2};
    dl_tokenize t;
    dl_error err = {0};
    test_doc d;

    (void)state;
    test_doc_open(&d, DL_LIT("one two three"), 0);
    test_doc_cut(&d);
    d.doc.toks.n = 0;
    assert_int_equal(dl_tokenize_init(&t, &opts, &err), DL_OK);
    assert_int_equal(dl_tokenize_run(&t, &d.doc, &err), DL_LIMIT);
    assert_int_equal(dl_tokenize_init(&t, &(dl_tokenize_opts){0}, &err), DL_FATAL);
    test_doc_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_as_wanted),
        cmocka_unit_test(flags_and_kinds),
        cmocka_unit_test(no_space_in_a_megabyte),
        cmocka_unit_test(too_many_tokens_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
