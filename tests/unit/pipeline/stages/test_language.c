#include "tests/support/check.h"
#include "tests/support/docs.h"

#include "pipeline/stages/language.h"

#include <stdio.h>

static const struct {
    const char *name, *hint, *text, *want;
    bool        unsupported;
} cases[] = {
    {"English", "", "The president said on Monday that he would sign the law, but that the talks with the others were not over.", "en", false},
    {"English headline", "", "Ferry sinks off the coast of Indonesia, dozens missing", "en", false},
    {"English in capitals", "", "PRESIDENT SIGNS NEW LAW ON IMMIGRATION AFTER LONG DEBATE", "en", false},
    {"French", "", "Le président français a annoncé lundi une nouvelle réforme des retraites devant le Parlement.", "fr", true},
    {"Dutch, near English", "", "De minister was in Den Haag en is van mening dat het plan op tijd komt.", "nl", true},
    {"Russian", "", "Президент России заявил в понедельник, что страна готова к переговорам.", "ru", true},
    {"Chinese, simplified", "", "中国国家主席习近平周一抵达莫斯科。", "zh-Hans", true},
    {"Chinese, traditional", "", "中華民國總統蔡英文週一抵達紐約訪問。", "zh-Hant", true},
    {"Arabic", "", "رئيس الوزراء يعلن استقالته يوم الاثنين", "ar", true},
    {"Japanese", "", "首相は月曜日に辞任を発表した。", "ja", true},
    {"a feed's finer tag is kept", "en-GB", "The minister said that the ferry had been late, and that they were sorry for it and would pay for all.", "en-GB", false},
    {"a feed's wrong tag is not", "en", "Le président français a annoncé lundi une nouvelle réforme des retraites devant le Parlement.", "fr", true},
    /* odd */
    {"empty", "", "", "und", false},
    {"numbers only", "", "12 345 2024", "und", false},
    {"numbers only, and the feed's word", "en", "12 345 2024", "en", false},
    {"marks only", "", "!!! --- ???", "und", false},
    {"one name", "", "Kyiv", "und", false},
    {"names only", "", "Putin Xi Modi Erdogan Macron", "und", false},
    {"a short list", "", "1. Apples and oranges 2. Pears from the garden", "en", false},
    {"English with a French sentence", "",
     "The president said on Monday that he would sign the law. He told them that it was time. « Je le signerai », he said to the French "
     "press, and they were not there.",
     "en", false},
    {"replacement characters", "", "\xEF\xBF\xBD\xEF\xBF\xBD \xEF\xBF\xBD", "und", true},
};

static void language_is_as_wanted(void **state)
{
    dl_language l;
    dl_error err = {0};

    (void)state;
    check_ok("init", dl_language_init(&l, NULL, &err), &err);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_doc d;

        test_doc_open(&d, dl_str_of(cases[i].text), 0);
        if (*cases[i].hint)
            (void)snprintf(d.doc.article.language, sizeof d.doc.article.language, "%s", cases[i].hint);
        test_doc_cut(&d);
        test_doc_run(&d, &dl_language_ops, &l);
        check_str(cases[i].name, dl_str_of(d.doc.article.language), cases[i].want);
        check_u64(cases[i].name, d.doc.unsupported, cases[i].unsupported);
        check_u64(cases[i].name, d.doc.notes.n, cases[i].unsupported);
        assert_true(d.doc.article.language_confidence >= 0 && d.doc.article.language_confidence <= 1);
        test_doc_close(&d);
    }
    assert_int_equal(dl_language_init(&l, &(dl_language_opts){0}, &err), DL_FATAL);
    dl_language_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(language_is_as_wanted)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
