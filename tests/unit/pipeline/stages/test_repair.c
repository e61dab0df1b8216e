#include "tests/support/check.h"
#include "tests/support/docs.h"

#include "pipeline/stages/repair.h"
#include "pipeline/stages/sections.h"
#include "pipeline/stages/segment.h"
#include "pipeline/stages/tokenize.h"
#include "pipeline/view.h"

#include <stdio.h>

static dl_wordvec   words;
static dl_gazetteer gazetteer;

static const struct {
    const char *name, *text, *want; /* the view */
} cases[] = {
    /* mojibake */
    {"an apostrophe", "the cityâ€™s hospital", "the city’s hospital"},
    {"read as Latin-1", "the city\xC3\xA2\xC2\x80\xC2\x99s hospital", "the city’s hospital"},
    {"letters", "JosÃ©-MarÃ­a EchÃ¡niz", "José-María Echániz"},
    {"twice over", "doesnÃƒÂ¢Ã¢â€šÂ¬Ã¢â€žÂ¢t", "doesn’t"},
    {"a control for a mark", "\xC2\x93No,\xC2\x94 he said", "“No,” he said"},
    {"read as Mac Roman", "wei√ü", "weiß"},
    {"capitals before an ellipsis stay", "VOCÊ… JOSÉ” ATENÇÃO»", "VOCÊ… JOSÉ” ATENÇÃO»"},
    {"Polish stays", "CZĘŚĆ ŻÓŁW „ŁÓDŹ”…", "CZĘŚĆ ŻÓŁW „ŁÓDŹ”…"},
    {"Cyrillic stays", "Вінниця: «Різдво…», — ВІКІ", "Вінниця: «Різдво…», — ВІКІ"},
    {"products and signs stay", "NESTLÉ® 5×£35 “×”", "NESTLÉ® 5×£35 “×”"},
    {"half a sequence stays", "Ã", "Ã"},
    /* characters */
    {"soft hyphen", "govern\xC2\xADment", "government"},
    {"zero width space", "Mos\xE2\x80\x8B" "cow", "Moscow"},
    {"direction marks", "\xE2\x80\xAAMoscow\xE2\x80\xAC", "Moscow"},
    {"ligature", "of\xEF\xAC\x81" "cial", "official"},
    {"full-width letters", "\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\xA3 news", "ABC news"},
    {"a Cyrillic o in a Latin word", "M\xD0\xBEscow", "Moscow"},
    {"full-width marks at home", "北京，2022", "北京，2022"},
    {"a joiner in an emoji stays", "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9", "\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9"},
    {"a Cyrillic word stays", "Москва", "Москва"},
    /* lines */
    {"hyphen at a line's end", "the govern-\nment said", "the government said"},
    {"spaced letters", "B R E A K I N G news", "BREAKING news"},
    {"a compound at a line's end keeps its hyphen", "the pro-\nWagner camp", "the pro-\nWagner camp"},
    {"initials stay", "J R R Tolkien", "J R R Tolkien"},
    {"a list of letters stays", "A B C D", "A B C D"},
    /* glue */
    {"a name behind a name", "BelarusDmitry Trenin, director", "Belarus Dmitry Trenin, director"},
    {"an acronym behind a word", "Soldiers near the borderUS officials", "Soldiers near the border US officials"},
    {"behind a function word", "the southern city ofOsh", "the southern city of Osh"},
    {"before a function word", "raids across theChui regionand the city", "raids across the Chui region and the city"},
    {"behind a possessive", "the army'sKoi-Tash base", "the army's Koi-Tash base"},
    {"behind a stop", "the ruling coalition.Russia said", "the ruling coalition. Russia said"},
    {"behind a closing mark", "(CSTO)The bloc", "(CSTO) The bloc"},
    {"names with a capital within stay", "McDonald MacBook iPhone YouTube WhatsApp eBay LaGuardia DeVos", "McDonald MacBook iPhone YouTube WhatsApp eBay LaGuardia DeVos"},
    {"brands stay", "PlayStation LinkedIn ExxonMobil BuzzFeed SpaceX", "PlayStation LinkedIn ExxonMobil BuzzFeed SpaceX"},
    {"addresses stay", "www.theGuardian.com @borderUSwatch #BelarusDmitry a/theChui", "www.theGuardian.com @borderUSwatch #BelarusDmitry a/theChui"},
    {"what stands twice stays", "the BelarusDmitry and BelarusDmitry", "the BelarusDmitry and BelarusDmitry"},
    {"plain words stay", "demand thousand certain Berlin office format Putin Stalin", "demand thousand certain Berlin office format Putin Stalin"},
    {"plurals of acronyms stay", "the MPs and NGOs of the GDPs", "the MPs and NGOs of the GDPs"},
    /* quotation marks */
    {"wrong way round", "he said. ”I held my son.“", "he said. “I held my son.”"},
    {"doubled", "““No,”” he said", "“No,” he said"},
    {"doubled straight", "\"\"No,\"\" he said", "\"No,\" he said"},
    {"ticks", "``No,'' he said", "“No,” he said"},
    {"straight marks stay", "\"No,\" he said. \"Never.\"", "\"No,\" he said. \"Never.\""},
    {"mixed marks that agree stay", "\"No,” he said", "\"No,” he said"},
    {"German marks stay", "„Nein“, sagte er. „Nie.“", "„Nein“, sagte er. „Nie.“"},
    {"inches stay", "6'2\" tall and 19\" wide", "6'2\" tall and 19\" wide"},
    {"empty", "", ""},
    {"marks only", "\"\"\"\"\"", NULL},
};

static void view_is_as_wanted(void **state)
{
    dl_repairer r;

    (void)state;
    dl_repairer_init(&r, &words, &gazetteer);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        test_doc d;

        test_doc_open(&d, dl_str_of(cases[i].text), 0);
        test_doc_run(&d, &dl_repair_ops, &r);
        test_doc_cut(&d); /* checks the document */
        if (cases[i].want)
            check_str(cases[i].name, dl_view(&d.doc), cases[i].want);
        check_str(cases[i].name, d.doc.text, cases[i].text);
        test_doc_close(&d);
    }
}

static const struct {
    const char *name, *text, *want; /* tokens: bytes of the text, "=form" where it differs, "^" before a seam */
} tokens[] = {
    {"mojibake", "the cityâ€™s mayor", "the|city|â€™s=’s|mayor"},
    {"glue", "near the borderUS officials", "near|the|border|^US|officials"},
    {"glue behind a stop is no space of the text", "the coalition.Russia", "the|coalition|.|^Russia"},
    {"quotation", "said. ”No.“", "said|.|”=“|No|.|“=”"},
    {"soft hyphen", "govern\xC2\xADment", "govern\xC2\xADment=government"},
    {"line's end", "govern-\nment", "govern-\nment=government"},
    {"both sorts in one word", "M\xD0\xBEs\xC2\xAD" "cow", "M\xD0\xBEs\xC2\xAD" "cow=Moscow"},
};

static void tokens_keep_the_text(void **state)
{
    dl_repairer r;

    (void)state;
    dl_repairer_init(&r, &words, &gazetteer);
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        char got[256] = "";
        size_t n = 0;
        test_doc d;

        test_doc_open(&d, dl_str_of(tokens[i].text), 0);
        test_doc_run(&d, &dl_repair_ops, &r);
        test_doc_cut(&d);
        for (uint32_t t = 0; t < d.doc.toks.n; t++) {
            const dl_token *tok = &d.doc.toks.p[t];
            const bool repaired = (tok->flags & DL_TOK_REPAIRED) != 0;

            n += (size_t)snprintf(got + n, sizeof got - n, "%s%s%.*s%s%.*s", t ? "|" : "", tok->flags & DL_TOK_SEAM ? "^" : "",
                                  DL_ARG(dl_tok_text(&d.doc, tok)), repaired ? "=" : "", repaired ? (int)tok->form.n : 0, tok->form.p);
        }
        check_str(tokens[i].name, (dl_str){got, n}, tokens[i].want);
        test_doc_close(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(view_is_as_wanted), cmocka_unit_test(tokens_keep_the_text)};
    dl_error err;
    int failed;

    if (dl_wordvec_open(&words, "models", &err) != DL_OK || dl_gazetteer_open(&gazetteer, "models", &err) != DL_OK) {
        (void)fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    dl_wordvec_close(&words);
    dl_gazetteer_close(&gazetteer);
    return failed;
}
