#include "tests/support/check.h"

#include "pipeline/engine.h"

#include <math.h>
#include <stdio.h>

/* Quantities of whole articles, with tags: "span=min..max unit kind", joined by '|'; what is not said is left out. */

static dl_engine *engine;

static int open_engine(void **state)
{
    dl_engine_opts opts = dl_engine_defaults();
    dl_error err;

    (void)state;
    opts.models_dir = "models";
    opts.stages_off = "parse";
    check_ok("engine", dl_engine_open(&engine, &opts, &err), &err);
    return 0;
}

static int close_engine(void **state)
{
    (void)state;
    dl_engine_close(engine);
    return 0;
}

static const struct { const char *name, *text, *want; } cases[] = {
    {"active voice", "A bomb killed 12 people and wounded 30.", "12=12..12 person deaths|30=30..30 person injuries"},
    {"participles", "A blast hit the market, killing 12 and injuring 40 others.", "12=12..12 person deaths|40=40..40 person injuries"},
    {"passive voice", "Twelve officers were killed in the raid.", "Twelve=12..12 person deaths"},
    {"left dead and injured", "The attack left 12 people dead and 30 injured.", "12=12..12 person deaths|30=30..30 person injuries"},
    {"toll", "The death toll rose to 45.", "45=45..45 person deaths"},
    {"lower bound", "At least 20 civilians were killed.", "At least 20=20.. person deaths"},
    {"no fewer than", "No fewer than 50 people were arrested.", "No fewer than 50=50.. person arrests"},
    {"upper bound", "Up to 500 soldiers were deployed.", "Up to 500=..500 person troops"},
    {"a round number", "About 300 protesters marched.", "About 300=300..300 person protesters"},
    {"dozens", "Dozens of people were injured.", "Dozens=24.. person injuries"},
    {"hundreds of thousands", "Hundreds of thousands of people fled the city.", "Hundreds of thousands=200000.. person displaced"},
    {"several thousand", "Several thousand people rallied.", "Several thousand=2000.. person protesters"},
    {"range", "Between 20 and 30 people were arrested.", "Between 20 and 30=20..30 person arrests"},
    {"range whose size is said once", "They counted 1.2 to 1.5 million votes.", "1.2 to 1.5 million=1200000..1500000 votes"},
    {"half a million", "Half a million refugees crossed.", "Half a million=500000..500000 person displaced"},
    {"money", "The deal is worth $3.2 billion.", "$3.2 billion=3200000000..3200000000 USD money"},
    {"money with a bound", "It paid more than $850,000.", "more than $850,000=850000.. USD money"},
    {"money in words", "He owed two million euros.", "two million euros=2000000..2000000 EUR money"},
    {"letters for size", "A £5m grant was made.", "£5m=5000000..5000000 GBP money"},
    {"percent", "Turnout was 45.5 percent.", "45.5 percent=45.5..45.5 % percent"},
    {"unit", "The town is 100 km away.", "100 km=100..100 km"},
    {"square unit", "The fire burnt 5,000 square kilometers.", "5,000 square kilometers=5000..5000 km2"},
    {"lakh", "Some 2 lakh voters came.", "Some 2 lakh=200000..200000 person"},
    {"homes destroyed", "The storm destroyed 300 homes.", "300=300..300 homes"},
    {"missing", "Nine people are missing.", "Nine=9..9 person missing"},
    {"range of money", "It will cost between $300 and 400 billion.", "between $300 and 400 billion=300000000000..400000000000 USD money"},
    {"lives claimed", "The flood claimed 3000 lives.", "3000=3000..3000 deaths"},
    {"the death of", "It caused the death of at least 50 people.", "at least 50=50.. person deaths"},
    {"none", "There were no injuries.", "no=0..0 person injuries"},
    {"dollars and cents", "It cost 13 dollars and 45 cents.", "13 dollars and 45 cents=13.45..13.45 USD money"},
    {"metres are no millions", "The wall is 48m high.", "48=48..48"},
    {"a negative number", "Growth was minus 5 percent.", "minus 5 percent=-5..-5 % percent"},
    {"a part of a million said behind", "They have 3 million and a half.", "3 million and a half=3500000..3500000"},
    /* what must be told apart, or left alone */
    {"killed is not wounded", "The blast wounded 30 people and killed 2.", "30=30..30 person injuries|2=2..2 person deaths"},
    {"years and dates", "In 2011, on May 3, he left.", ""},
    {"lengths are times", "They waited two hours and 30 minutes.", ""},
    {"age", "A 22-year-old man came.", ""},
    {"age in an apposition", "Mr. Lee, 45, came.", ""},
    {"age of one who is held", "Police arrested a man, 34, over it.", ""},
    {"model", "They saw a Boeing 737 land.", ""},
    {"score", "United won 3-2.", ""},
    {"one of them", "He is one of them.", ""},
    {"no one", "No one was hurt.", ""},
    {"ordinal", "It was the 21st win and the third loss.", ""},
    {"number of a thing", "See page 14 and section 3.", ""},
    {"address", "It is at http://example.com/2011/12.", ""},
    {"homes not destroyed", "The firm sold 300 homes.", "300=300..300"},
    {"too many points", "Address 192.168.1.2 was blocked.", ""},
    {"a comma in the wrong place", "They made 1,5 of it.", ""},
    {"division by zero", "A 1/0 chance.", ""},
    {"half alone", "Half of them left.", ""},
    {"huge", "They have 99999999999999999999999999999999999999999999999 files.", ""},
    {"only words of bound", "At least up to more than.", ""},
    {"sign without a number", "The $ fell and the % rose.", ""},
    {"a sentence that ends in a number word", "He paid a", ""},
    {"the couple", "The couple left.", ""},
    {"tens", "Tens of problems arose.", ""},
    {"lives not claimed", "A cat has nine lives.", "nine=9..9"},
    {"no, without a kind", "There was no answer to no problem.", ""},
    {"money at the very end", "It cost 3 dollars", "3 dollars=3..3 USD money"},
    {"money and the end", "It cost 3 dollars and", "3 dollars=3..3 USD money"},
    {"nothing", ".", ""},
};

static void describe(const dl_doc *doc, char *out, size_t size)
{
    size_t n = 0;

    out[0] = 0;
    for (uint32_t i = 0; i < doc->quantities.n && n < size; i++) {
        const dl_quantity *q = &doc->quantities.p[i];
        char min[40] = "", max[40] = "";

        if (!isnan(q->min))
            (void)snprintf(min, sizeof min, "%.15g", q->min);
        if (!isnan(q->max))
            (void)snprintf(max, sizeof max, "%.15g", q->max);
        n += (size_t)snprintf(out + n, size - n, "%s%.*s=%s..%s%s%.*s%s%.*s", i ? "|" : "", DL_ARG(dl_doc_str(doc, q->span)), min, max,
                              q->unit.n ? " " : "", DL_ARG(q->unit), q->kind.n ? " " : "", DL_ARG(q->kind));
    }
}

static void run_on(dl_session *s, const char *text)
{
    char raw[2048];
    dl_error err;
    dl_str out;
    int n = snprintf(raw, sizeof raw, "{\"id\":\"a\",\"text\":\"%s\",\"published_at\":\"2014-06-18\"}", text);

    check_ok(text, dl_session_run(s, NULL, (dl_str){raw, (size_t)n}, &out, &err), &err);
    dl_doc_check(&s->doc);
}

static void spans_bounds_and_kinds(void **state)
{
    dl_session s;
    char got[1024];

    (void)state;
    dl_session_init(&s, engine);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_on(&s, cases[i].text);
        describe(&s.doc, got, sizeof got);
        check_str(cases[i].name, dl_str_of(got), cases[i].want);
    }
    dl_session_free(&s);
}

static const struct { const char *name, *text; uint32_t of, flags; } flagged[] = {
    {"nothing said", "A bomb killed 12 people.", 0, 0},
    {"part of a count", "Some 20 people, including three children, died.", 1, DL_QUANTITY_PART},
    {"of another year", "In 1999 an attack killed 40 people.", 0, DL_QUANTITY_HISTORICAL},
    {"this year is not history", "In May 2014 an attack killed 40 people.", 0, 0},
    {"denied", "The army did not kill 40 people.", 0, DL_QUANTITY_NEGATED},
};

static void history_and_denial_are_told_apart(void **state)
{
    dl_session s;

    (void)state;
    dl_session_init(&s, engine);
    for (size_t i = 0; i < sizeof flagged / sizeof *flagged; i++) {
        run_on(&s, flagged[i].text);
        assert_true(s.doc.quantities.n > flagged[i].of);
        check_u64(flagged[i].name, s.doc.quantities.p[flagged[i].of].flags, flagged[i].flags);
    }
    dl_session_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_bounds_and_kinds),
        cmocka_unit_test(history_and_denial_are_told_apart),
    };
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
