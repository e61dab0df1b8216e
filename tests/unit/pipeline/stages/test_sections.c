#include "tests/support/check.h"
#include "tests/support/docs.h"

#include "pipeline/stages/sections.h"

#include <stdio.h>

static const struct {
    const char *name, *text;
    uint32_t    body_start;
    const char *want; /* kind and text of each */
} cases[] = {
    {"title and body", "Storm\n\nRain fell.", 7, "headline:Storm|body:Rain fell."},
    {"body alone", "Rain fell.", 0, "body:Rain fell."},
    {"title alone", "Storm\n\n", 7, "headline:Storm|"},
    {"empty", "", 0, ""},
    {"white space alone", " \n\t\n", 0, ""},
    {"white title", " \n\nRain", 3, "body:Rain"},
    {"invisible edges", "\xEF\xBB\xBFStorm\xE2\x80\x8B\n\nRain", 13, "headline:Storm|body:Rain"},
};

static void sections_are_as_wanted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[256] = "";
        size_t at = 0;
        test_doc d;

        test_doc_open(&d, dl_str_of(cases[i].text), cases[i].body_start);
        test_doc_cut(&d);
        for (uint32_t k = 0; k < d.doc.sections.n; k++) {
            dl_str text = dl_doc_str(&d.doc, d.doc.sections.p[k].span);

            at += (size_t)snprintf(got + at, sizeof got - at, "%s:%.*s%s", dl_section_kind_name(d.doc.sections.p[k].kind), DL_ARG(text),
                                   d.doc.sections.p[k].kind == DL_SECTION_HEADLINE ? "|" : "");
        }
        check_str(cases[i].name, dl_str_of(got), cases[i].want);
        test_doc_close(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(sections_are_as_wanted)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
