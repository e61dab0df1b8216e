#include "tests/support/check.h"
#include "tests/support/docs.h"

#include "pipeline/stages/segment.h"

static const struct {
    const char *name, *text, *want;
} cases[] = {
    {"two sentences", "Troops left. They went home.", "Troops left. || They went home."},
    {"title and initial", "Mr. Smith met John F. Kennedy in Washington.", "Mr. Smith met John F. Kennedy in Washington."},
    {"acronym before a name", "The U.S. Senate voted on Monday.", "The U.S. Senate voted on Monday."},
    {"acronym before a pronoun", "He flew to the U.S. He stayed there.", "He flew to the U.S. || He stayed there."},
    {"decimals", "It rose 3.5 percent. Oil fell.", "It rose 3.5 percent. || Oil fell."},
    {"quote closes after the stop", "“We wait.” He left the room.", "“We wait.” || He left the room."},
    {"speaker follows the quote", "\"Is it over?\" he asked.", "\"Is it over?\" he asked."},
    {"question and exclamation", "Who won? Nobody! It rained.", "Who won? || Nobody! || It rained."},
    {"ellipsis goes on in lower case", "He said he would ... think about it.", "He said he would ... think about it."},
    {"blank line is a boundary", "Storm hits coast\n\nThousands fled.", "Storm hits coast || Thousands fled."},
    {"blank line with spaces", "One\n \t\nTwo", "One || Two"},
    {"a list of lines", "Apples\nPears\nPlums", "Apples || Pears || Plums"},
    {"lines broken at a margin",
     "The president told reporters on Monday that the talks\nwith Belarus would go on, and that no date for them\nhad been set.",
     "The president told reporters on Monday that the talks\nwith Belarus would go on, and that no date for them\nhad been set."},
    {"bullets", "• One thing • Another thing", "• One thing || • Another thing"},
    {"numbered list", "1. The first item 2. The second item", "1. The first item || 2. The second item"},
    {"Chinese stops need no space", "他走了。她留下。", "他走了。 || 她留下。"},
    {"Arabic, with a plain stop", "قال ذلك. ثم خرج.", "قال ذلك. || ثم خرج."},
    {"Hindi stop", "वह गया। वह रुकी।", "वह गया। || वह रुकी।"},
    /* odd and hostile */
    {"empty", "", ""},
    {"white space", " \n\n \t ", ""},
    {"only newlines", "\n\n\n\n", ""},
    {"only stops", "....", "...."},
    {"only quotation marks", "\"\"\"\"", "\"\"\"\""},
    {"stop at the very start", ". Then", ". || Then"},
    {"abbreviation at the end", "He works at Acme Inc.", "He works at Acme Inc."},
    {"closing marks without end", "Yes.)))))\"\"\"", "Yes.)))))\"\"\""},
    {"URL with stops", "See www.a.org/b.html for more.", "See www.a.org/b.html for more."},
    {"weekday behind the time of day", "They meet at 5 p.m. Monday. It rains.", "They meet at 5 p.m. Monday. || It rains."},
    {"sentence behind the time of day", "It opens at 9 a.m. The door is red.", "It opens at 9 a.m. || The door is red."},
    {"references behind a stop", "It was so. [17] [1 - 3] This holds.", "It was so. [17] [1 - 3] || This holds."},
    {"reference behind a stop", "It was so. [5] This holds.", "It was so. [5] || This holds."},
    {"carriage returns", "One.\r\n\r\nTwo.", "One. || Two."},
    {"NEL, NBSP and invisible marks at the edges", "\xC2\xA0One.\xE2\x80\x8B \xEF\xBB\xBFTwo.", "One. || Two."},
    {"replacement characters", "\xEF\xBF\xBD. \xEF\xBF\xBD.", "\xEF\xBF\xBD. || \xEF\xBF\xBD."},
};

static void sentences_are_as_wanted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_doc d;

        test_doc_open(&d, dl_str_of(cases[i].text), 0);
        test_doc_cut(&d);
        check_str(cases[i].name, test_doc_sentences(&d), cases[i].want);
        test_doc_close(&d);
    }
}

static void nul_is_white_space(void **state)
{
    test_doc d;

    (void)state;
    test_doc_open(&d, (dl_str){"One.\0Two.", 9}, 0);
    test_doc_cut(&d);
    check_u64("tokens", d.doc.toks.n, 4);
    test_doc_close(&d);
}

static const struct {
    const char *text;
    uint32_t    sent, flags;
} flag_cases[] = {
    {"One. Two.", 0, DL_SENT_PARAGRAPH},
    {"One. Two.", 1, 0},
    {"One.\n\nTwo.", 1, DL_SENT_PARAGRAPH},
    {"STORM HITS COAST", 0, DL_SENT_PARAGRAPH | DL_SENT_ALL_CAPS},
    {"Storm Hits the Northern Coast", 0, DL_SENT_PARAGRAPH | DL_SENT_TITLE_CASE},
    {"Storm hits the northern coast", 0, DL_SENT_PARAGRAPH},
    {"12 345", 0, DL_SENT_PARAGRAPH},
    {"A", 0, DL_SENT_PARAGRAPH},
};

static void flags_say_place_and_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof flag_cases / sizeof *flag_cases; i++) {
        test_doc d;

        test_doc_open(&d, dl_str_of(flag_cases[i].text), 0);
        test_doc_cut(&d);
        assert_true(d.doc.sents.n > flag_cases[i].sent);
        check_u64(flag_cases[i].text, d.doc.sents.p[flag_cases[i].sent].flags, flag_cases[i].flags);
        test_doc_close(&d);
    }
}

static void too_many_sentences_is_a_limit(void **state)
{
    const dl_segment_opts opts = {.max_sentences = 1};
    dl_segment s;
    dl_error err = {0};
    test_doc d;

    (void)state;
    test_doc_open(&d, DL_LIT("One.\n\nTwo."), 0);
    test_doc_cut(&d);
    d.doc.sents.n = 0;
    assert_int_equal(dl_segment_init(&s, &opts, &err), DL_OK);
    assert_int_equal(dl_segment_run(&s, &d.doc, &err), DL_LIMIT);
    assert_int_equal(dl_segment_init(&s, &(dl_segment_opts){0}, &err), DL_FATAL);
    test_doc_close(&d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_are_as_wanted),
        cmocka_unit_test(nul_is_white_space),
        cmocka_unit_test(flags_say_place_and_case),
        cmocka_unit_test(too_many_sentences_is_a_limit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
