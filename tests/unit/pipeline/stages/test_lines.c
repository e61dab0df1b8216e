#include "tests/support/check.h"
#include "tests/support/docs.h"

#include "pipeline/stages/dateline_head.h"
#include "pipeline/stages/sections.h"

#include <stdio.h>

#define BODY "Troops crossed the river on Monday and took the town, the army said, after two days of fighting in the hills around it."
#define B2 "The governor told reporters that the hospital had run out of blood and that two bridges were down."

static const struct {
    const char *name, *text, *want; /* want: first letter of each section's kind, its text behind "="; sections joined by '|' */
} cases[] = {
    {"a body alone", BODY, "b=" BODY},
    {"empty", "", ""},
    {"white space alone", " \n\n\t ", ""},
    {"paragraphs join", BODY "\n\n" B2, "b=" BODY "\n\n" B2},
    {"dateline", "KYIV, Ukraine (AP) — " BODY, "d=KYIV, Ukraine (AP) —|b=" BODY},
    {"dateline in the second paragraph", B2 "\n\nMoscow – " BODY, "b=" B2 "|d=Moscow –|b=" BODY},
    {"caption before a credit", BODY "\n\nSmoke rises over the port of Lissa, January 5, 2022.\n\nJan Roe / AP\n\n" B2,
     "b=" BODY "|c=Smoke rises over the port of Lissa, January 5, 2022.|r=Jan Roe / AP|b=" B2},
    {"caption with its credit in brackets", BODY "\n\nPolice stand guard in Lissa on Monday. (AP Photo/Jan Roe)\n\n" B2,
     "b=" BODY "|c=Police stand guard in Lissa on Monday.|r=(AP Photo/Jan Roe)|b=" B2},
    {"caption with its credit glued behind", BODY "\n\nPolice stand guard in Lissa on Monday. Photo: Jan Roe/AFP\n\n" B2,
     "b=" BODY "|c=Police stand guard in Lissa on Monday.|r=Photo: Jan Roe/AFP|b=" B2},
    {"credit above its caption", BODY "\n\nImage source, Getty Images\nImage caption, The port of Lissa\n\n" B2,
     "b=" BODY "|r=Image source, Getty Images|c=Image caption, The port of Lissa|b=" B2},
    {"title of a picture", BODY "\n\nProtests in Lissa\nPeople march in Lissa, May 1, 2022.\n\nJan Roe / AP\n\n" B2,
     "b=" BODY "|c=Protests in Lissa|c=People march in Lissa, May 1, 2022.|r=Jan Roe / AP|b=" B2},
    {"file picture", BODY "\n\nFILE - The port of Lissa, May 1, 2022.\n\n" B2, "b=" BODY "|c=FILE - The port of Lissa, May 1, 2022.|b=" B2},
    {"no line breaks: credit within", BODY " People wait at a well in Lissa. (Photo by Jan Roe/AFP) " B2,
     "b=" BODY "|c=People wait at a well in Lissa.|r=(Photo by Jan Roe/AFP)|b=" B2},
    {"no line breaks: link within", BODY " READ MORE: Who took the town? " B2, "b=" BODY "|x=READ MORE: Who took the town?|b=" B2},
    {"no line breaks: advertisement within", BODY " ADVERTISEMENT " B2, "b=" BODY "|x=ADVERTISEMENT|b=" B2},
    {"subhead", BODY "\n\nBridges down\n\n" B2, "b=" BODY "|s=Bridges down|b=" B2},
    {"links behind a heading", BODY "\n\nRelated stories\nTown taken\nBridge blown up", "b=" BODY "|x=Related stories\nTown taken\nBridge blown up"},
    {"desk and rights", BODY "\n\n(Reporting by Jan Roe; Editing by Ann Moe)\n\nCopyright 2022. All rights reserved.",
     "b=" BODY "|x=(Reporting by Jan Roe; Editing by Ann Moe)\n\nCopyright 2022. All rights reserved."},
    {"byline", "By Jan Roe\n\n" BODY, "x=By Jan Roe|b=" BODY},
    {"share row", BODY "\n\nFacebook | X | E-mail", "b=" BODY "|x=Facebook | X | E-mail"},
    {"headline that was cut off", BODY "\n\nMinister warns that if the army Ur …\n\n" B2, "b=" BODY "|s=Minister warns that if the army Ur …|b=" B2},
    {"wrapped lines are one paragraph",
     "Troops crossed the river on Monday and took the town of Lissa, the army\nsaid, after two days of fighting in the hills around it, and then went\non.",
     "b=Troops crossed the river on Monday and took the town of Lissa, the army\nsaid, after two days of fighting in the hills around it, and then went\non."},
    /* what looks like furniture and is not */
    {"an agency as a source", BODY " The claim was first made by a paper, Reuters reported.", "b=" BODY " The claim was first made by a paper, Reuters reported."},
    {"an acronym in brackets", "The Associated Press (AP) said that its office in Lissa had been searched by police on Monday morning.",
     "b=The Associated Press (AP) said that its office in Lissa had been searched by police on Monday morning."},
    {"cookies that are eaten", "Bakers said that the price of cookies had gone up by 40% since flour from the north stopped coming in May.",
     "b=Bakers said that the price of cookies had gone up by 40% since flour from the north stopped coming in May."},
    {"watchmakers", "Watch dealers in Geneva said that demand had fallen.\n\n" BODY, "b=Watch dealers in Geneva said that demand had fallen.\n\n" BODY},
    {"subscribers of a firm", "The company said that it had lost 90,000 subscribers in the quarter, more than analysts had expected.",
     "b=The company said that it had lost 90,000 subscribers in the quarter, more than analysts had expected."},
    {"slashes in a sentence", "The 2021/22 season was the worst on record and/or the shortest, the league said.",
     "b=The 2021/22 season was the worst on record and/or the shortest, the league said."},
    {"a short paragraph is no subhead", BODY "\n\nHe was 61.\n\n" B2, "b=" BODY "\n\nHe was 61.\n\n" B2},
    {"list items are no subheads", BODY "\n\n- two bridges\n\n" B2, "b=" BODY "\n\n- two bridges\n\n" B2},
    {"credit that was cut off", BODY " (AP Photo/Jan", "b=" BODY "|r=(AP Photo/Jan"},
    {"brackets only", "((((((((((", "x=(((((((((("},
};

static char mark(dl_section_kind kind)
{
    static const char marks[] = "hdbcrsx";

    return marks[kind];
}

static void test_lines(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_doc d;
        char got[4096];
        size_t n = 0;
        dl_sections s;
        dl_error err;

        check_ok(cases[i].name, dl_sections_init(&s, NULL, &err), &err);
        test_doc_open(&d, dl_str_of(cases[i].text), 0);
        d.doc.article.title = dl_str_of("A title");
        test_doc_run(&d, &dl_sections_ops, &s);
        dl_doc_check(&d.doc);
        for (uint32_t k = 0; k < d.doc.sections.n; k++) {
            dl_str text = dl_doc_str(&d.doc, d.doc.sections.p[k].span);

            n += (size_t)snprintf(got + n, sizeof got - n, "%s%c=%.*s", k ? "|" : "", mark(d.doc.sections.p[k].kind), DL_ARG(text));
        }
        check_str(cases[i].name, (dl_str){got, n}, cases[i].want);
        test_doc_close(&d);
        dl_sections_free(&s);
    }
}

static const struct {
    const char *text, *want; /* place|date|agency, NULL: none */
} heads[] = {
    {"MOSCOW, Jan 7 (Reuters) - Troops", "MOSCOW|Jan 7|Reuters"},
    {"KYIV, Ukraine (AP) — Troops", "KYIV, Ukraine||AP"},
    {"Moscow – Russia has", "Moscow||"},
    {"MANILA, July 8 -- A ferry", "MANILA|July 8|"},
    {"BISHKEK. The service", "BISHKEK||"},
    {"NEW DELHI: The court", "NEW DELHI||"},
    {"MOSCOW, January 7. /TASS/. Troops", "MOSCOW|January 7|TASS"},
    {"SEOUL, Jan. 7 (Yonhap) -- The", "SEOUL|Jan. 7|Yonhap"},
    {"BEIJING, Jan. 7, 2022 (Xinhua) -- The", "BEIJING|Jan. 7, 2022|Xinhua"},
    {"SÃO PAULO (AFP) – The", "SÃO PAULO||AFP"},
    {"Jan 7 (Reuters) - Shares", "|Jan 7|Reuters"},
    {"(Reuters) - Shares", "||Reuters"},
    {"PORT-AU-PRINCE, Haiti — Gunmen", "PORT-AU-PRINCE, Haiti||"},
    {"WASHINGTON -- The", "WASHINGTON||"},
    /* none of these */
    {"", NULL},
    {" - ", NULL},
    {"(", NULL},
    {"() - The", NULL},
    {"Yesterday — The army", NULL},
    {"Analysis - The army", NULL},
    {"BREAKING: The army", NULL},
    {"SECRETARY KERRY: The army", NULL},
    {"WATCH: Troops cross", NULL},
    {"The town – a port on the river – was taken.", NULL},
    {"Lissa – a port of 60,000 people – was taken.", NULL},
    {"Moscow said on Monday - before the talks - that", NULL},
    {"He said: The army", NULL},
    {"Mr. Smith went", NULL},
    {"U.S. officials", NULL},
    {"\"No\" - The army", NULL},
    {"MOSCOW", NULL},
    {"MOSCOW -", NULL},
};

static void test_heads(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        dl_str s = dl_str_of(heads[i].text);
        dl_dateline d = {0};
        char got[256] = "";
        uint32_t end = dl_dateline_head(s, 0, (uint32_t)s.n, &d);

        if (end) {
            (void)snprintf(got, sizeof got, "%.*s|%.*s|%.*s", DL_ARG(dl_str_sub(s, d.place.start, d.place.end)),
                           DL_ARG(dl_str_sub(s, d.date.start, d.date.end)), DL_ARG(dl_str_sub(s, d.agency.start, d.agency.end)));
            assert_true(end <= s.n);
        }
        check_str(heads[i].text, dl_str_of(got), heads[i].want ? heads[i].want : "");
    }
}

static void test_limit(void **state)
{
    const dl_sections_opts none = {0}, one = {.max_sections = 1};
    dl_sections s;
    dl_error err;
    test_doc d;

    (void)state;
    assert_int_equal(dl_sections_init(&s, &none, &err), DL_FATAL);
    check_ok("init", dl_sections_init(&s, &one, &err), &err);
    test_doc_open(&d, DL_LIT(BODY "\n\nAdvertisement\n\n" B2), 0);
    assert_int_equal(dl_sections_run(&s, &d.doc, &err), DL_LIMIT);
    test_doc_close(&d);
    dl_sections_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_lines), cmocka_unit_test(test_heads), cmocka_unit_test(test_limit)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
