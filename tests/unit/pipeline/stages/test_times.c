#include "tests/support/check.h"

#include "pipeline/engine.h"

#include <stdio.h>

/* Times of whole articles, with tags: "span=value", joined by '|'; "~" and a letter behind it: the type is not DATE. */

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

static const char *const date_of = "2014-06-18"; /* a Wednesday */

static const struct { const char *name, *text, *want; } cases[] = {
    {"full date", "He was born on February 24, 1955, in San Francisco.", "February 24, 1955=1955-02-24"},
    {"abbreviated month", "The bank opened on Jan. 5, 2012.", "Jan. 5, 2012=2012-01-05"},
    {"day first", "It was signed on 3 March 1999 in Rome.", "3 March 1999=1999-03-03"},
    {"weekday in the past", "Police said Monday that two men were held.", "Monday=2014-06-16"},
    {"weekday to come", "Parliament will vote on Friday.", "Friday=2014-06-20"},
    {"weekday of publication", "The court ruled on Wednesday.", "Wednesday=2014-06-18"},
    {"part of a day", "The train was hit Sunday night.", "Sunday night=2014-06-15TNI~T"},
    {"last week is a week", "Prices rose last week.", "last week=2014-W24"},
    {"next month", "Talks resume next month.", "next month=2014-07"},
    {"quarter of this year", "Profit fell in the first quarter.", "the first quarter=2014-Q1"},
    {"decade", "The plant was built in the 1990s.", "the 1990s=199"},
    {"two figures and an apostrophe", "A song of the '80s.", "the '80s=198"},
    {"century", "It dates from the 19th century.", "the 19th century=18"},
    {"season", "They met last summer.", "last summer=2013-SU"},
    {"years ago", "He left three years ago.", "three years ago=2011"},
    {"bounded years ago", "He left more than 20 years ago.", "more than 20 years ago=1994"},
    {"vague years ago", "He left several years ago.", "several years ago=PAST_REF"},
    {"days later, from what was spoken of", "He fell ill on May 3, 2011. Two days later he died.", "May 3, 2011=2011-05-03|Two days later=2011-05-05"},
    {"length", "They waited for two hours.", "two hours=PT2H~D"},
    {"length before a noun", "A five-year plan was drawn up.", "five-year=P5Y~D"},
    {"length without number", "It took years to build.", "years=PXY~D"},
    {"the past decade", "Sales doubled in the past decade.", "the past decade=P1DE~D"},
    {"set", "The council meets every Tuesday.", "every Tuesday=XXXX-WXX-2~S"},
    {"rate", "It costs $2 million a year.", "a year=P1Y~S"},
    {"clock and weekday", "The meeting began at 5 p.m. Monday.", "5 p.m. Monday=2014-06-16T17:00~T"},
    {"holiday by rule", "Shops closed on Good Friday 2010.", "Good Friday 2010=2010-04-02"},
    {"early in a year", "The mine closed in early 2009.", "early 2009=2009"},
    {"prefix", "Sales start in mid-2011.", "mid-2011=2011"},
    {"digits, year first", "Filed 2011-06-07 in court.", "2011-06-07=2011-06-07"},
    {"digits, month first", "Filed on 5/1/2012 in court.", "5/1/2012=2012-05-01"},
    {"digits, day first as another date shows", "Filed on 5/1/2012 and 25/1/2012 in court.", "5/1/2012=2012-01-05|25/1/2012=2012-01-25"},
    {"same year as told", "In 1994 he won. In March he lost.", "1994=1994|March=1994-03"},
    {"year shared by a range", "It ran from March to June 2011.", "March=2011-03|June 2011=2011-06"},
    {"nth weekday of a month", "It is the third Tuesday of September 2014.", "the third Tuesday of September 2014=2014-09-16"},
    {"last week of a month", "It fell in the last week of July 2013.", "the last week of July 2013=2013-W31"},
    {"the same quarter a year back", "Profit rose in the first quarter from a year earlier.", "the first quarter=2014-Q1|a year earlier=2013-Q1"},
    {"quarter of last year", "It beat last year's third quarter.", "last year's third quarter=2013-Q3"},
    {"weekend gone by", "He was killed over the weekend.", "the weekend=2014-W24-WE"},
    {"weekend to come", "They will vote this weekend.", "this weekend=2014-W25-WE"},
    {"scheduled for", "The election is scheduled for October.", "October=2014-10"},
    {"decade-long", "A decade-long war ended.", "decade-long=P1DE~D"},
    {"a law of a year sets no scene", "The 1994 law is old. Elections in November decide.", "1994=1994|November=2013-11"},
    {"day of another month", "It ends on the 20th of next month.", "the 20th of next month=2014-07-20"},
    {"attacks of a day", "He spoke of 9/11 again.", "9/11=2001-09-11"},
    {"thirty years", "He was in jail for nearly three decades.", "nearly three decades=P3DE~D"},
    /* what only looks like it */
    {"last, the verb", "It will last three days.", "three days=P3D~D"},
    {"start, the verb", "Sales start in April 2015.", "April 2015=2015-04"},
    {"the past as an adjective", "The past three games were lost.", ""},
    {"three quarters are a share", "Some 3/4 of it is gone.", ""},
    {"a fifth Tuesday that there is not", "On the 41st Tuesday of May 2011.", "Tuesday=2014-06-17|May 2011=2011-05"},
    {"century of centuries", "It was the 100th century.", "the 100th century=99"},
    {"time of day out of range", "Meet at 25:61 or 10:99.", ""},
    {"may, the verb", "He may march in the second row.", ""},
    {"count of people", "Some 2000 troops and 1945 people came.", ""},
    {"money", "It cost $2000 and 1,500 euros.", ""},
    {"age", "A 22-year-old man and a woman, 61 years old.", ""},
    {"newspaper", "He wrote for USA Today and the Sun.", ""},
    {"fall, the verb", "Prices fall and spring back.", ""},
    {"as soon as", "He left as soon as he could.", ""},
    {"flight and score", "Flight 1999 landed; they won 3-2.", ""},
    {"ordinal without a unit", "He came second in the third race.", ""},
    {"month that is a person", "Theresa May spoke to April Jones.", ""},
    {"impossible month", "Version 13/45/2010 came out.", ""},
    {"impossible day is the last of the month", "It happened on February 31, 2012.", "February 31, 2012=2012-02-29"},
    {"huge number of years", "It formed 99999999999 years ago.", "99999999999 years ago=PAST_REF"},
    {"before the years of our era", "It died out 9 million years ago and 44 BC was later.", "9 million years ago=PAST_REF|44 BC=BC0044"},
    {"a zero date", "Stamped 00/00/0000 by error.", ""},
    {"half of a match", "They scored in the second half.", ""},
    {"degrees in the twenties", "Highs in the 20s are likely.", ""},
    {"words in a row", "second second second minute may may", ""},
    {"nothing at all", ".", ""},
};

static void describe(const dl_doc *doc, char *out, size_t size)
{
    size_t n = 0;

    out[0] = 0;
    for (uint32_t i = 0; i < doc->times.n && n < size; i++) {
        const dl_time *t = &doc->times.p[i];
        dl_str text = dl_doc_str(doc, t->span);

        n += (size_t)snprintf(out + n, size - n, "%s%.*s=%.*s", i ? "|" : "", DL_ARG(text), DL_ARG(t->value));
        if (t->type != DL_TIME_DATE && n < size)
            n += (size_t)snprintf(out + n, size - n, "~%c", dl_time_type_name(t->type)[0]);
    }
}

static void run_on(dl_session *s, const char *text, const char *published)
{
    char raw[2048];
    dl_error err;
    dl_str out;
    int n = published ? snprintf(raw, sizeof raw, "{\"id\":\"a\",\"text\":\"%s\",\"published_at\":\"%s\"}", text, published)
                      : snprintf(raw, sizeof raw, "{\"id\":\"a\",\"text\":\"%s\"}", text);

    check_ok(text, dl_session_run(s, NULL, (dl_str){raw, (size_t)n}, &out, &err), &err);
    dl_doc_check(&s->doc);
}

static void values_and_spans(void **state)
{
    dl_session s;
    char got[1024];

    (void)state;
    dl_session_init(&s, engine);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        run_on(&s, cases[i].text, date_of);
        describe(&s.doc, got, sizeof got);
        check_str(cases[i].name, dl_str_of(got), cases[i].want);
    }
    dl_session_free(&s);
}

static const struct { const char *name, *text, *want; dl_date_from from; } undated[] = {
    {"the date line's", "June 7, 2011\\n\\nApple said on Monday that it would close.", "2011-06-07", DL_DATE_TEXT},
    {"the latest full date", "He was born on May 1, 1950. He said so. He told it again. The firm closed on May 9, 2012.", "2012-05-09", DL_DATE_TEXT},
    {"none", "He said so on Monday.", "", DL_DATE_UNKNOWN},
    {"a year is no date", "It was built in 1990 and closed in May.", "", DL_DATE_UNKNOWN},
};

static void date_of_publication_from_the_text(void **state)
{
    dl_session s;

    (void)state;
    dl_session_init(&s, engine);
    for (size_t i = 0; i < sizeof undated / sizeof *undated; i++) {
        run_on(&s, undated[i].text, NULL);
        check_str(undated[i].name, s.doc.article.published_at.p ? s.doc.article.published_at : DL_LIT(""), undated[i].want);
        check_u64(undated[i].name, s.doc.article.published_from, undated[i].from);
    }
    dl_session_free(&s);
}

static const struct { const char *text, *begin, *end; } covered[] = {
    {"It fell in 2011.", "2011-01-01", "2011-12-31"},
    {"It fell in February 2012.", "2012-02-01", "2012-02-29"},
    {"It fell last week.", "2014-06-09", "2014-06-15"},
    {"It fell in the third quarter of 2013.", "2013-07-01", "2013-09-30"},
    {"It fell in the winter of 2012.", "2012-12-01", "2013-02-28"},
    {"It fell in the 1990s.", "1990-01-01", "1999-12-31"},
    {"It fell on Sunday night.", "2014-06-15", "2014-06-15"},
};

static void first_and_last_day(void **state)
{
    dl_session s;

    (void)state;
    dl_session_init(&s, engine);
    for (size_t i = 0; i < sizeof covered / sizeof *covered; i++) {
        run_on(&s, covered[i].text, date_of);
        check_u64(covered[i].text, s.doc.times.n, 1);
        check_str(covered[i].text, s.doc.times.p[0].begin, covered[i].begin);
        check_str(covered[i].text, s.doc.times.p[0].end, covered[i].end);
    }
    dl_session_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_spans),
        cmocka_unit_test(date_of_publication_from_the_text),
        cmocka_unit_test(first_and_last_day),
    };
    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
