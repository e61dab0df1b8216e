#include "tests/support/check.h"

#include "pipeline/base/civil.h"
#include "pipeline/stages/decode_date.h"

static const struct {
    const char *in, *want; /* NULL: no date */
} dates[] = {
    /* RFC 3339, ISO 8601 */
    {"2022-01-06", "2022-01-06"},
    {"2022-01-06T14:05:00Z", "2022-01-06T14:05:00Z"},
    {"2022-01-06t14:05:00z", "2022-01-06T14:05:00Z"},
    {"2022-01-06T14:05:00.123456+01:00", "2022-01-06T14:05:00+01:00"},
    {"2022-01-06T14:05:00,5-0330", "2022-01-06T14:05:00-03:30"},
    {"2022-01-06T14:05+06", "2022-01-06T14:05:00+06:00"},
    {"2022-01-06 14:05:00", "2022-01-06T14:05:00"},
    {"2022-01-06 14:05 UTC", "2022-01-06T14:05:00Z"},
    {" 2022-01-06\n", "2022-01-06"},
    {"2022-01", "2022-01"},
    {"2022-006", "2022-01-06"},
    {"2020-366", "2020-12-31"},
    {"20220106", "2022-01-06"},
    {"20220106T140500Z", "2022-01-06T14:05:00Z"},
    {"20220106140500", "2022-01-06T14:05:00Z"},
    {"2022/01/06", "2022-01-06"},
    {"2022/1/6 14:05", "2022-01-06T14:05:00"},
    {"2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"},
    /* RFC 5322 and its relatives */
    {"Thu, 06 Jan 2022 14:05:00 GMT", "2022-01-06T14:05:00Z"},
    {"Thu, 6 Jan 2022 14:05:00 +0100 (CET)", "2022-01-06T14:05:00+01:00"},
    {"6 Jan 22 14:05 EST", "2022-01-06T14:05:00-05:00"},
    {"06-Jan-22", "2022-01-06"},
    {"06 Jan 99", "1999-01-06"},
    {"Thu Jan  6 14:05:00 2022", "2022-01-06T14:05:00"},
    {"Thu Jan  6 14:05:00 UTC 2022", "2022-01-06T14:05:00Z"},
    /* as people write */
    {"Jan 6, 2022", "2022-01-06"},
    {"Sept. 6, 2022", "2022-09-06"},
    {"6 January 2022 14:05 GMT", "2022-01-06T14:05:00Z"},
    {"January 6th, 2022 at 2:05 p.m. EST", "2022-01-06T14:05:00-05:00"},
    {"January 6, 2022 12:05 AM", "2022-01-06T00:05:00"},
    {"January 6, 2022 12:05 pm", "2022-01-06T12:05:00"},
    {"Published: Thursday, 6 January 2022, 2 pm", "2022-01-06T14:00:00"},
    {"1st of May 2022", "2022-05-01"},
    {"13/01/2022", "2022-01-13"},
    {"01/13/2022", "2022-01-13"},
    {"05/05/2022", "2022-05-05"},
    {"06.01.2022", "2022-01-06"},
    {"06.01.2022 14:05", "2022-01-06T14:05:00"},
    /* epochs */
    {"1641477900", "2022-01-06T14:05:00Z"},
    {"1641477900.75", "2022-01-06T14:05:00Z"},
    {"1641477900123", "2022-01-06T14:05:00Z"},
    {"1641477900123456", "2022-01-06T14:05:00Z"},
    /* none of these */
    {"", NULL},
    {" ", NULL},
    {"yesterday", NULL},
    {"Monday", NULL},
    {"14:05", NULL},
    {"2022", NULL},
    {"January 2022", NULL},
    {"03/04/2022", NULL},
    {"2022-02-30", NULL},
    {"2021-02-29", NULL},
    {"2022-13-01", NULL},
    {"2022-00-10", NULL},
    {"2022-01-00", NULL},
    {"0022-01-06", NULL},
    {"2022-01-06T25:00:00Z", NULL},
    {"2022-01-06T14:60:00Z", NULL},
    {"2022-01-06T14:05:61Z", NULL},
    {"2022-01-06T14", NULL},
    {"2022-01-06T14:5", NULL},
    {"2022-01-06T14:05:00+25:00", NULL},
    {"2022-01-06T14:05:00+01:75", NULL},
    {"2022-01-06T14:05:00 Mars", NULL},
    {"2022-01-06X", NULL},
    {"2022-01-06-07", NULL},
    {"2021-366", NULL},
    {"2022-000", NULL},
    {"31 April 2022", NULL},
    {"6 January", NULL},
    {"6 Foo 2022", NULL},
    {"6 January January 2022", NULL},
    {"6 7 8 January 2022", NULL},
    {"January 6, 2022 13:05 pm", NULL},
    {"January 6, 2022 2:05 am pm", NULL},
    {"January 6, 2022 14:05 15:06", NULL},
    {"12345678901234567890123", NULL},
    {"12345", NULL},
    {"-1641477900", NULL},
    {"99999999999999999", "5138-11-16T09:46:39Z"},
    {"2022-01-06 and a very long tail that goes on and on and on and on and on and on and on and on and on and on", NULL},
};

static void forms_of_feeds(void **state)
{
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 1 << 20);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        dl_datetime t = {.year = -7};
        bool ok = dl_date_parse(&t, dl_str_of(dates[i].in));

        check_str(dates[i].in, ok ? dl_date_iso(&a, &t) : DL_LIT("no date"), dates[i].want ? dates[i].want : "no date");
        if (!ok)
            assert_int_equal(t.year, -7); /* untouched */
    }
    dl_arena_free(&a);
}

static void every_day_of_the_calendar_goes_round(void **state)
{
    int32_t year = 999;
    uint8_t month = 12, day = 31;

    (void)state;
    for (int64_t days = dl_days_from_civil(1000, 1, 1); days <= dl_days_from_civil(9999, 12, 31); days++) {
        int32_t y;
        uint8_t m, d;

        if (++day > dl_days_in_month(year, month)) { /* the plain way: count */
            day = 1;
            if (++month > 12)
                month = 1, year++;
        }
        dl_civil_from_days(days, &y, &m, &d);
        if (y != year || m != month || d != day || dl_days_from_civil(y, m, d) != days)
            fail_msg("day %lld: %d-%u-%u", (long long)days, y, m, d);
    }
    assert_int_equal(year, 9999);
    assert_int_equal(dl_days_from_civil(1970, 1, 1), 0);
}

static void epochs_beyond_the_calendar_are_refused(void **state)
{
    dl_datetime t;

    (void)state;
    assert_false(dl_date_from_epoch_ms(&t, INT64_MAX));
    assert_false(dl_date_from_epoch_ms(&t, INT64_MIN));
    assert_true(dl_date_from_epoch_ms(&t, -1));
    assert_int_equal(t.year, 1969);
    assert_int_equal(t.second, 59);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_of_feeds),
        cmocka_unit_test(every_day_of_the_calendar_goes_round),
        cmocka_unit_test(epochs_beyond_the_calendar_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
