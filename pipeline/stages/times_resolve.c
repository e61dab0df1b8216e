#include "times_resolve.h"

#include "../base/civil.h"

#include <math.h>

/* ---- what the words say --------------------------------------------------------------------------------------------- */

static void number_slot(dl_time_slots *s, const dl_time_match *m, uint32_t i)
{
    uint8_t next = i + 1 < m->n ? m->cls[i + 1] : TC_OTHER;
    double v = m->at[i].value;

    if (next == TC_AMPM || next == TC_OCLOCK || next == TC_TZ) {
        s->hour = (int32_t)v;
        s->minute = 0;
    } else if ((m->action == TA_DATE || m->action == TA_CLOCK || m->action == TA_PARTOFDAY) && s->day == 0 && v <= 31) {
        s->day = (int32_t)v;
    } else if (isnan(s->num)) {
        s->num = v;
    } else {
        s->num2 = v;
    }
}

static void unit_slot(dl_time_slots *s, int unit, bool plural)
{
    if (s->unit) {
        s->unit2 = unit;
    } else {
        s->unit = unit;
        s->plural = plural;
    }
}

static void read_slots(dl_time_slots *s, const dl_time_match *m)
{
    *s = (dl_time_slots){.year = DL_NO_YEAR, .hour = -1, .num = NAN, .num2 = NAN};
    for (uint32_t i = 0; i < m->n; i++) {
        int32_t v = (int32_t)m->at[i].value;

        switch ((dl_time_class)m->cls[i]) {
        case TC_MONTH: s->month = v; break;
        case TC_WDAY: case TC_WDAB: case TC_WDAYS: s->wday = v; break;
        case TC_UNITS: unit_slot(s, v, true); break;
        case TC_UY: case TC_UQ: case TC_UM: case TC_UW: case TC_UFN: case TC_UWE: case TC_UD: case TC_UDE: case TC_UCE: case TC_UH: case TC_UMI:
            unit_slot(s, v, false);
            break;
        case TC_LONGW: s->unit = v; s->num = 1; break;
        case TC_FREQ: s->unit = v; s->num = 1; break;
        case TC_FREQ2: s->unit = v; s->num = 2; break;
        case TC_POD: case TC_PODS: s->pod = v; break;
        case TC_NOON: s->hour = v / 60; s->minute = 0; break;
        case TC_CLOCK: s->hour = v / 60; s->minute = v % 60; break;
        case TC_AMPM: s->ampm = true; s->pm = v == 1; break;
        case TC_SEASON: s->season = v; break;
        case TC_EARLY: case TC_LATE: case TC_MID: case TC_BEGIN: case TC_MIDDLE: case TC_END:
            s->place = m->cls[i];
            break;
        case TC_EARLIER: case TC_LATER:
            if (m->action == TA_AGO || m->action == TA_AGOVAGUE) {
                s->dir = m->cls[i];
                s->rel_by = v;
            } else {
                s->place = m->cls[i];
            }
            break;
        case TC_AGO: case TC_HENCE: case TC_BEFORE: case TC_AFTER: s->dir = m->cls[i]; s->rel_by = v; break;
        case TC_TODAY: s->today = v; s->has_today = true; break;
        case TC_TONIGHT: s->today = v; s->has_today = true; s->pod = DL_POD_NIGHT; break;
        case TC_LAST: case TC_LATEST: case TC_PAST: case TC_PREVIOUS: case TC_NEXT: case TC_COMING: case TC_FOLLOWING: case TC_THIS:
        case TC_CURRENT: case TC_SAME: case TC_THAT: case TC_THESE: case TC_THOSE:
            s->rel = m->cls[i];
            s->rel_by = v;
            break;
        case TC_FINAL: s->final = true; break;
        case TC_VAGUE: case TC_NUMBEROF: s->vague = true; break;
        case TC_HALF:
            if (i && m->cls[i - 1] == TC_A && i > 1 && m->cls[i - 2] == TC_AND)
                s->and_half = true;
            else
                s->half_unit = true;
            break;
        case TC_QX: s->quarter = v; break;
        case TC_HX: s->half = v; break;
        case TC_FISCAL: case TC_FY: s->fiscal = true; break;
        case TC_ABOUT: case TC_NEARLY: case TC_OVER: case TC_MORE: case TC_LESS: case TC_LEAST: case TC_MOST:
            s->size = v;
            break;
        case TC_SECOND: case TC_ORDW: case TC_ORDD:
            s->ord = v;
            break;
        case TC_DEC: s->dec = v; break;
        case TC_BC: s->bc = true; break;
        case TC_A: s->article = true; break;
        case TC_YEAR2: s->year = v < 50 ? 2000 + v : 1900 + v; break;
        case TC_YEAR4:
            if (m->action == TA_DURATION || m->action == TA_AGO)
                number_slot(s, m, i);
            else
                s->year = v;
            break;
        case TC_N12: case TC_N31: case TC_N99: case TC_NBIG: case TC_NDEC: case TC_NW: number_slot(s, m, i); break;
        case TC_HOLIDAY: s->holiday = (uint32_t)v; break;
        default: break;
        }
    }
    if (!s->day && s->ord && (s->month || m->action == TA_WEEKDAY || m->action == TA_DATE))
        s->day = s->ord;
    if (isnan(s->num) && s->article)
        s->num = 1;
}

static const char *place_mod(uint8_t place)
{
    switch (place) {
    case TC_EARLY: case TC_BEGIN: return "START";
    case TC_LATE: case TC_END: return "END";
    case TC_MID: case TC_MIDDLE: return "MID";
    case TC_EARLIER: return "BEFORE";
    case TC_LATER: return "AFTER";
    default: return NULL;
    }
}

/* ---- forward or back ------------------------------------------------------------------------------------------------ */

/* The one of two candidates around the publication date that is meant; the one that contains it wins. */
static dl_when choose(const dl_time_ctx *c, const dl_time_match *m, dl_when before, dl_when after)
{
    int64_t past = c->ref - dl_when_last_day(before), future = after.day - c->ref;

    if (past <= 0)
        return before;
    return dl_time_looks_forward(c->doc, m, past, future > 0 ? future : 0) ? after : before;
}

/* A day or a stretch that comes once a year: make(year) of this year, the last or the next. */
static dl_when yearly(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s, dl_when (*make)(int32_t year, const dl_time_slots *s))
{
    int32_t year = dl_when_year(dl_when_of(DL_GRAIN_DAY, c->ref));
    int32_t told = c->has_prev ? dl_when_year(c->prev) : year;
    bool near = c->has_prev && c->prev_sent + 1 >= m->sent && s->rel == TC_OTHER;
    dl_when here = make(year, s);

    int32_t away = told > year ? told - year : year - told;

    if (near && c->prev_led && away > 10) /* a story of another time */
        return make(told, s);
    if (near && c->prev_sent == m->sent && c->prev.day > c->ref) { /* a list that goes on from a day to come */
        dl_when next = make(told, s);

        return next.day >= c->prev.day ? next : make(told + 1, s);
    }
    if (s->rel == TC_THIS)
        return here;
    if (s->rel == TC_LAST || s->rel == TC_PAST)
        return dl_when_last_day(here) < c->ref ? here : make(year - 1, s);
    if (s->rel == TC_NEXT || s->rel == TC_COMING)
        return here.day > c->ref ? here : make(year + 1, s);
    return here.day <= c->ref ? choose(c, m, here, make(year + 1, s)) : choose(c, m, make(year - 1, s), here);
}

static dl_when make_month(int32_t year, const dl_time_slots *s)
{
    return dl_when_of(DL_GRAIN_MONTH, dl_days_from_civil(year, (uint32_t)s->month, 1));
}

static dl_when make_day(int32_t year, const dl_time_slots *s)
{
    uint8_t most = dl_days_in_month(year, (uint32_t)s->month);

    return dl_when_of(DL_GRAIN_DAY, dl_days_from_civil(year, (uint32_t)s->month, (uint32_t)(s->day > most ? most : s->day)));
}

static dl_when make_season(int32_t year, const dl_time_slots *s)
{
    return dl_when_season(year, (dl_season)s->season);
}

static dl_when make_quarter(int32_t year, const dl_time_slots *s)
{
    return dl_when_of(DL_GRAIN_QUARTER, dl_days_from_civil(year, (uint32_t)(s->quarter * 3 - 2), 1));
}

static dl_when make_half(int32_t year, const dl_time_slots *s)
{
    return dl_when_of(DL_GRAIN_HALF, dl_days_from_civil(year, s->half == 1 ? 1 : 7, 1));
}

static dl_when make_holiday(int32_t year, const dl_time_slots *s)
{
    return dl_when_of(DL_GRAIN_DAY, dl_holiday_day(s->holiday, year));
}

/* The year that the words name, by number or as "last year"; DL_NO_YEAR: none. */
static int32_t said_year(const dl_time_ctx *c, const dl_time_slots *s)
{
    if (s->year != DL_NO_YEAR)
        return s->year;
    if (!c->has_ref || (s->unit != DL_GRAIN_YEAR && s->unit2 != DL_GRAIN_YEAR))
        return DL_NO_YEAR;
    bool narrative = c->has_prev && (s->rel == TC_SAME || s->rel == TC_THAT || s->rel == TC_FOLLOWING || s->rel == TC_PREVIOUS);
    int32_t base = dl_when_year(narrative ? c->prev : dl_when_of(DL_GRAIN_DAY, c->ref));

    return base + s->rel_by;
}

static dl_time_answer dated(dl_when w, const dl_time_slots *s)
{
    return (dl_time_answer){.type = w.minute >= 0 || w.pod ? DL_TIME_TIME : DL_TIME_DATE, .when = w, .resolved = true, .mod = place_mod(s->place)};
}

static dl_time_answer worded(const dl_time_ctx *c, dl_time_type type, const char *value, const char *mod)
{
    return (dl_time_answer){.type = type, .value = dl_arena_str(c->doc->a, dl_str_of(value)), .mod = mod};
}

static dl_time_answer yearly_answer(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s, dl_when (*make)(int32_t, const dl_time_slots *), const char *open)
{
    int32_t year = said_year(c, s);

    if (year != DL_NO_YEAR)
        return dated(make(year, s), s);
    return c->has_ref ? dated(yearly(c, m, s, make), s) : worded(c, DL_TIME_DATE, open, place_mod(s->place));
}

/* ---- kinds of expression -------------------------------------------------------------------------------------------- */

static dl_when weekday_when(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s)
{
    int64_t back = (dl_weekday(c->ref) - s->wday + 7) % 7;
    dl_when last = dl_when_of(DL_GRAIN_DAY, c->ref - back), next = dl_when_of(DL_GRAIN_DAY, c->ref - back + 7);

    if (s->unit == DL_GRAIN_WEEK && (s->rel == TC_LAST || s->rel == TC_NEXT || s->rel == TC_THIS || s->rel == TC_FOLLOWING))
        return dl_when_of(DL_GRAIN_DAY, dl_when_shift(dl_when_of(DL_GRAIN_DAY, c->ref), DL_GRAIN_WEEK, s->rel_by).day + s->wday - 1);
    switch (s->rel) {
    case TC_LAST: case TC_PAST: case TC_PREVIOUS:
        return back ? last : dl_when_of(DL_GRAIN_DAY, c->ref - 7);
    case TC_NEXT: case TC_COMING: case TC_FOLLOWING:
        return next;
    case TC_THIS: /* of this week, where that is not long past */
        return back && back >= dl_weekday(c->ref) ? next : choose(c, m, last, next);
    default:
        return choose(c, m, last, next);
    }
}

static dl_time_answer weekday(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s)
{
    if (!c->has_ref)
        return (dl_time_answer){.type = DL_TIME_DATE, .value = dl_arena_printf(c->doc->a, "XXXX-WXX-%d", (int)s->wday), .mod = place_mod(s->place)};
    dl_when w = weekday_when(c, m, s);

    w.pod = (uint8_t)s->pod;
    w.minute = (int16_t)(s->hour >= 0 ? s->hour * 60 + s->minute : -1);
    return dated(w, s);
}

static dl_time_answer date(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s)
{
    char open[16];
    dl_str value = s->day ? dl_arena_printf(c->doc->a, "XXXX-%02d-%02d", (int)s->month, (int)s->day)
                          : dl_arena_printf(c->doc->a, "XXXX-%02d", (int)s->month);

    if (!s->month)
        return weekday(c, m, s);
    if (!value.p)
        return worded(c, DL_TIME_DATE, "", NULL);
    memcpy(open, value.p, value.n + 1);
    dl_time_answer a = yearly_answer(c, m, s, s->day ? make_day : make_month, open);

    if (a.resolved)
        a.when.pod = (uint8_t)(s->day ? s->pod : 0);
    if (a.when.pod)
        a.type = DL_TIME_TIME;
    return a;
}

/* the last week of July, the third Tuesday of September 2014 */
static dl_time_answer nth_of_month(const dl_time_ctx *c, const dl_time_match *m, dl_time_slots *s)
{
    bool last = s->rel == TC_LAST;

    s->day = 0;
    s->rel = TC_OTHER;
    dl_time_answer a = yearly_answer(c, m, s, make_month, "XXXX");

    if (!a.resolved)
        return a;
    int64_t first = a.when.day, end = dl_when_last_day(a.when);

    if (s->wday)
        a.when = dl_when_of(DL_GRAIN_DAY, last ? end - (dl_weekday(end) - s->wday + 7) % 7
                                               : first + (s->wday - dl_weekday(first) + 7) % 7 + 7 * (s->ord - 1));
    else if (s->unit == DL_GRAIN_DAY)
        a.when = dl_when_of(DL_GRAIN_DAY, last ? end : first + s->ord - 1);
    else
        a.when = dl_when_of((dl_grain)s->unit, last ? end : first + 7 * (s->ord - 1));
    return a;
}

static dl_time_answer day_of_relative_month(const dl_time_ctx *c, const dl_time_slots *s)
{
    bool narrative = c->has_prev && (s->rel == TC_SAME || s->rel == TC_FOLLOWING || s->rel == TC_PREVIOUS);

    if (!c->has_ref)
        return worded(c, DL_TIME_DATE, "XXXX-XX", NULL);
    dl_when month = dl_when_shift(narrative ? c->prev : dl_when_of(DL_GRAIN_DAY, c->ref), DL_GRAIN_MONTH, s->rel_by);
    int64_t day = month.day + s->ord - 1, end = dl_when_last_day(month);

    return dated(dl_when_of(DL_GRAIN_DAY, day > end ? end : day), s);
}

/* Groups of digits: which is the day? */
static dl_time_answer date_digits(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s)
{
    uint32_t i = 0;

    while (m->cls[i] != TC_DATENUM && m->cls[i] != TC_STAMP)
        i++;
    dl_str text = c->doc->toks.p[m->at[i].tok].form;
    int32_t v[3] = {0, 0, 0}, n = 0;

    for (size_t k = 0; k < text.n && n < 3 && text.p[k] != 'T'; k++) {
        if (dl_is_digit(text.p[k]))
            v[n] = v[n] * 10 + (text.p[k] - '0');
        else
            n++;
    }
    dl_time_slots d = *s;

    if (dl_str_eq(text, DL_LIT("9/11")) && d.year == DL_NO_YEAR)
        d.year = 2001;
    if (v[0] > 31) {
        d.year = v[0];
        d.month = v[1];
        d.day = v[2];
    } else if (n == 1 && v[1] > 31) {
        d.month = v[0];
        d.year = v[1];
    } else {
        bool day_first = v[0] > 12 || (v[1] <= 12 && (c->day_first || memchr(text.p, '.', text.n)));

        d.day = v[day_first ? 0 : 1];
        d.month = v[day_first ? 1 : 0];
        if (v[2])
            d.year = v[2] < 50 ? 2000 + v[2] : v[2] < 100 ? 1900 + v[2] : v[2];
    }
    if (m->cls[i] == TC_STAMP) {
        dl_str clock = dl_str_sub(text, 11, 16);

        d.hour = (clock.p[0] - '0') * 10 + clock.p[1] - '0';
        d.minute = (clock.p[3] - '0') * 10 + clock.p[4] - '0';
    }
    dl_time_answer a = date(c, m, &d);

    if (a.resolved && d.hour >= 0 && d.day) {
        a.when.minute = (int16_t)(d.hour * 60 + d.minute);
        a.type = DL_TIME_TIME;
    }
    return a;
}

static dl_time_answer clock_time(const dl_time_ctx *c, const dl_time_match *m, dl_time_slots *s)
{
    int32_t hour = s->hour;
    dl_time_answer a;

    if (s->ampm && hour <= 12)
        hour = hour % 12 + (s->pm ? 12 : 0);
    else if (!s->ampm && hour < 12 && s->pod > DL_POD_MORNING)
        hour += 12;
    s->hour = -1;
    s->pod = 0;
    bool digits = false;

    for (uint32_t i = 0; i < m->n; i++)
        digits |= m->cls[i] == TC_DATENUM;
    if (digits)
        a = date_digits(c, m, s);
    else if (s->month)
        a = date(c, m, s);
    else if (s->wday)
        a = weekday(c, m, s);
    else if (s->has_today && c->has_ref)
        a = dated(dl_when_of(DL_GRAIN_DAY, c->ref + s->today), s);
    else if (c->has_prev && c->prev.grain == DL_GRAIN_DAY && c->prev_sent + 1 >= m->sent)
        a = dated(dl_when_of(DL_GRAIN_DAY, c->prev.day), s);
    else if (c->has_ref)
        a = dated(dl_when_of(DL_GRAIN_DAY, c->ref - (s->rel == TC_LAST)), s);
    else
        return (dl_time_answer){.type = DL_TIME_TIME, .value = dl_arena_printf(c->doc->a, "XXXX-XX-XXT%02d:%02d", (int)hour, (int)s->minute)};
    if (!a.resolved)
        return (dl_time_answer){.type = DL_TIME_TIME, .value = dl_arena_printf(c->doc->a, "%.*sT%02d:%02d", DL_ARG(a.value), (int)hour, (int)s->minute)};
    a.when.pod = 0;
    a.when.minute = (int16_t)(hour * 60 + s->minute);
    a.type = DL_TIME_TIME;
    return a;
}

static dl_when base_of(const dl_time_ctx *c, bool narrative)
{
    return narrative && c->has_prev ? c->prev : dl_when_of(DL_GRAIN_DAY, c->ref);
}

/* last week, the same day, that year, the quarter */
static dl_time_answer relative(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s)
{
    bool narrative = s->rel == TC_THAT || s->rel == TC_SAME || s->rel == TC_FOLLOWING || s->rel == TC_PREVIOUS;
    dl_grain grain = (dl_grain)s->unit;

    if (s->rel == TC_PAST)
        return (dl_time_answer){.type = DL_TIME_DURATION, .value = dl_time_period(c->doc->a, 1, s->unit)};
    if (!c->has_ref && !(narrative && c->has_prev))
        return worded(c, DL_TIME_DATE, s->rel_by < 0 ? "PAST_REF" : s->rel_by > 0 ? "FUTURE_REF" : "PRESENT_REF", place_mod(s->place));
    if (s->rel == TC_NEXT && grain == DL_GRAIN_DAY)
        narrative = true;
    if (s->rel == TC_LATEST && grain <= DL_GRAIN_WEEK)
        return dated(dl_when_shift(base_of(c, false), grain, 0), s);
    if ((s->rel == TC_OTHER || s->rel == TC_THIS) && grain == DL_GRAIN_WEEKEND) { /* the one before, or the one to come */
        dl_when to_come = dl_when_of(grain, c->ref);

        return dated(to_come.day <= c->ref ? to_come : choose(c, m, dl_when_shift(to_come, grain, -1), to_come), s);
    }
    if (s->rel == TC_OTHER && grain == DL_GRAIN_QUARTER) /* the quarter: the one reported on */
        return dated(c->has_prev && c->prev.grain == DL_GRAIN_QUARTER ? c->prev : dl_when_shift(base_of(c, false), grain, -1), s);
    return dated(dl_when_shift(base_of(c, narrative), grain, s->rel_by), s);
}

static dl_time_answer ago(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s)
{
    bool past = s->rel_by < 0, narrative = s->dir == TC_EARLIER || s->dir == TC_LATER;
    int unit = s->unit;
    double n = s->num;

    if (m->cls[0] == TC_UY || m->cls[0] == TC_THE) { /* year-ago, year-earlier */
        n = 1;
        unit = DL_GRAIN_YEAR;
        narrative = false;
    }
    if ((s->vague && isnan(n)) || (s->vague && s->article) || isnan(n))
        return worded(c, DL_TIME_DATE, past ? "PAST_REF" : "FUTURE_REF", NULL);
    if (s->half_unit)
        n = 0.5;
    if (unit < DL_GRAIN_DAY || n != floor(n) || (!c->has_ref && !c->has_prev)) {
        if (c->has_ref && unit < DL_GRAIN_DAY)
            return (dl_time_answer){.type = DL_TIME_TIME, .value = dl_arena_printf(c->doc->a, "%.*sTXX", DL_ARG(dl_day_iso(c->doc->a, c->ref)))};
        if (!c->has_ref || n > 1e4)
            return worded(c, DL_TIME_DATE, past ? "PAST_REF" : "FUTURE_REF", dl_time_size_mod(s->size, true));
        if (unit == DL_GRAIN_YEAR) {
            n = floor(n * 12 + 0.5);
            unit = DL_GRAIN_MONTH;
        }
    }
    if (n > 1e7)
        return worded(c, DL_TIME_DATE, past ? "PAST_REF" : "FUTURE_REF", NULL);
    dl_when base = base_of(c, narrative);
    dl_grain keep = (dl_grain)unit;
    bool by_year = unit == DL_GRAIN_YEAR && n == 1;

    if (by_year && c->has_quarter && (c->quarter_sent + 1 >= m->sent || m->cls[0] != TC_A)) { /* of the same quarter, a year back */
        keep = DL_GRAIN_QUARTER;
        base = c->quarter;
    } else if (by_year && narrative && c->has_prev && c->prev_sent == m->sent && c->prev.grain == DL_GRAIN_MONTH) {
        keep = DL_GRAIN_MONTH;
        base = c->prev;
    }
    dl_when w = dl_when_shift(base, (dl_grain)unit, 0);

    if (keep != (dl_grain)unit)
        w = dl_when_of(keep, base.day - (base.day - dl_when_of(keep, base.day).day));
    int64_t by = (int64_t)n * (past ? -1 : 1);

    if (keep == DL_GRAIN_QUARTER && unit == DL_GRAIN_YEAR)
        w = dl_when_shift(w, DL_GRAIN_QUARTER, 4 * by);
    else if (keep == DL_GRAIN_MONTH && unit == DL_GRAIN_YEAR)
        w = dl_when_shift(w, DL_GRAIN_MONTH, 12 * by);
    else
        w = dl_when_shift(w, (dl_grain)unit, by);
    if (dl_when_year(w) < 1 || dl_when_year(w) > 9999)
        return worded(c, DL_TIME_DATE, past ? "PAST_REF" : "FUTURE_REF", dl_time_size_mod(s->size, true));
    dl_time_answer a = dated(w, s);

    a.mod = dl_time_size_mod(s->size, true);
    return a;
}

static dl_time_answer before_after(const dl_time_ctx *c, const dl_time_slots *s)
{
    if (!c->has_ref)
        return worded(c, DL_TIME_DATE, s->rel_by < 0 ? "PAST_REF" : "FUTURE_REF", NULL);
    if (s->has_today)
        return dated(dl_when_of(DL_GRAIN_DAY, c->ref + s->today + s->rel_by), s);
    return dated(dl_when_shift(base_of(c, true), (dl_grain)s->unit, s->rel_by), s);
}

static dl_time_answer part_of_day(const dl_time_ctx *c, const dl_time_match *m, dl_time_slots *s)
{
    static const char *const open[] = {"", "XXXX-XX-XXTMO", "XXXX-XX-XXTAF", "XXXX-XX-XXTEV", "XXXX-XX-XXTNI"};
    bool narrative = s->rel == TC_THAT || s->rel == TC_SAME || s->rel == TC_FOLLOWING || s->rel == TC_NEXT || s->rel == TC_PREVIOUS;
    dl_time_answer a;

    if (s->month) {
        a = date(c, m, s);
    } else if (s->wday) {
        a = weekday(c, m, s);
    } else if (!c->has_ref) {
        return worded(c, DL_TIME_TIME, open[s->pod], NULL);
    } else {
        dl_when base = base_of(c, narrative);

        a = dated(dl_when_of(DL_GRAIN_DAY, base.day + (s->has_today ? s->today : s->rel_by)), s);
    }
    a.when.pod = (uint8_t)s->pod;
    a.type = DL_TIME_TIME;
    return a;
}

static dl_time_answer fiscal_or_year(const dl_time_ctx *c, const dl_time_slots *s)
{
    int32_t year = said_year(c, s);

    if (s->bc && year == DL_NO_YEAR && !isnan(s->num))
        year = (int32_t)s->num;
    if (year == DL_NO_YEAR)
        return worded(c, DL_TIME_DATE, "XXXX", place_mod(s->place));
    return dated(dl_when_of(DL_GRAIN_YEAR, dl_days_from_civil(s->bc ? 1 - year : year, 1, 1)), s);
}

static dl_time_answer decade(const dl_time_ctx *c, const dl_time_match *m, const dl_time_slots *s)
{
    dl_str last = c->doc->toks.p[m->at[m->n - 1].tok].form;
    int32_t now = c->has_ref ? dl_when_year(dl_when_of(DL_GRAIN_DAY, c->ref)) : 2000;
    int32_t year = s->dec >= 100 ? s->dec : s->dec + (now >= 2000 + s->dec + 8 ? 2000 : 1900);

    if (s->dec >= 1000 && m->n == 1 && dl_str_ends(last, DL_LIT("s")) && !dl_is_digit(last.p[last.n - 2])) /* 2030's goals */
        return dated(dl_when_of(DL_GRAIN_YEAR, dl_days_from_civil(year, 1, 1)), s);
    if (s->dec >= 100 && s->dec % 100 == 0 && s->dec < 2000)
        return dated(dl_when_of(DL_GRAIN_CENTURY, dl_days_from_civil(year, 1, 1)), s);
    return dated(dl_when_of(DL_GRAIN_DECADE, dl_days_from_civil(year, 1, 1)), s);
}

static dl_time_answer clock_hours(const dl_time_ctx *c, const dl_time_match *m, dl_time_slots *s)
{
    int32_t v = (int32_t)m->at[0].value;

    s->year = DL_NO_YEAR;
    s->hour = v / 100;
    s->minute = v % 100;
    return clock_time(c, m, s);
}

/* A length that recurs: "$5 million a year", "40 percent a day". */
static bool is_rate(const dl_time_ctx *c, const dl_time_match *m)
{
    const dl_token *before = m->first_tok > c->doc->sents.p[m->sent].first_tok ? &c->doc->toks.p[m->first_tok - 1] : NULL;

    return m->n == 2 && m->cls[0] == TC_A && before &&
           (before->upos == DL_UPOS_NUM || before->upos == DL_UPOS_SYM || before->kind == DL_TOK_NUMBER || before->upos == DL_UPOS_NOUN ||
            m->before == TC_ONCE || m->before == TC_TIMES);
}

/* "from March to June 2015", "May 3 - June 4, 2015": the year said behind the second holds for the first. */
static void share_year(const dl_time_ctx *c, const dl_time_match *m, dl_time_slots *s)
{
    const dl_time_match *next = m + 1;
    dl_time_slots t;

    if (m->action != TA_DATE || s->year != DL_NO_YEAR || !s->month || m >= c->last_match || next->sent != m->sent || next->action != TA_DATE ||
        next->first_tok != m->first_tok + m->n_toks + 1 || (m->after != TC_TO && m->after != TC_AND && m->after != TC_DASH && m->after != TC_OR))
        return;
    read_slots(&t, next);
    if (t.year != DL_NO_YEAR && t.month)
        s->year = t.year - (s->month > t.month && m->after != TC_AND && m->after != TC_OR);
}

static dl_time_answer resolve_one(const dl_time_ctx *c, dl_time_match *m)
{
    dl_time_slots s;

    read_slots(&s, m);
    share_year(c, m, &s);
    switch (m->action) {
    case TA_DATE: return date(c, m, &s);
    case TA_NTH: return nth_of_month(c, m, &s);
    case TA_DAYOF: return day_of_relative_month(c, &s);
    case TA_DATENUM: case TA_STAMP: return date_digits(c, m, &s);
    case TA_YEAR: case TA_FISCAL: return fiscal_or_year(c, &s);
    case TA_DECADE: return decade(c, m, &s);
    case TA_CENTURY: return dated(dl_when_of(DL_GRAIN_CENTURY, dl_days_from_civil(s.bc ? 1 - s.ord * 100 : (s.ord - 1) * 100, 1, 1)), &s);
    case TA_SEASON: return yearly_answer(c, m, &s, make_season, "XXXX");
    case TA_QUARTER:
        if (!s.quarter)
            s.quarter = s.ord;
        return yearly_answer(c, m, &s, make_quarter, s.quarter == 1 ? "XXXX-Q1" : s.quarter == 2 ? "XXXX-Q2" : s.quarter == 3 ? "XXXX-Q3" : "XXXX-Q4");
    case TA_HALF:
        if (!s.half)
            s.half = s.ord == 1 ? 1 : 2;
        return yearly_answer(c, m, &s, make_half, s.half == 1 ? "XXXX-H1" : "XXXX-H2");
    case TA_HOLIDAY: return yearly_answer(c, m, &s, make_holiday, "XXXX-XX-XX");
    case TA_REL: return relative(c, m, &s);
    case TA_UNITEND:
        s.place = TC_END;
        s.unit = DL_GRAIN_YEAR;
        return relative(c, m, &s);
    case TA_MONTHREL: return yearly_answer(c, m, &s, make_month, "XXXX-XX");
    case TA_BEFOREAFTER: return before_after(c, &s);
    case TA_AGO: return ago(c, m, &s);
    case TA_AGOVAGUE: return worded(c, DL_TIME_DATE, s.rel_by < 0 ? "PAST_REF" : "FUTURE_REF", NULL);
    case TA_TODAY: case TA_TONIGHT:
        if (!c->has_ref)
            return worded(c, DL_TIME_DATE, s.today < 0 ? "PAST_REF" : s.today > 0 ? "FUTURE_REF" : "PRESENT_REF", NULL);
        {
            dl_when w = dl_when_of(DL_GRAIN_DAY, c->ref + s.today);

            w.pod = (uint8_t)s.pod;
            return dated(w, &s);
        }
    case TA_WEEKDAY: return weekday(c, m, &s);
    case TA_PARTOFDAY: return part_of_day(c, m, &s);
    case TA_NOW: return worded(c, DL_TIME_DATE, "PRESENT_REF", NULL);
    case TA_PASTREF: return worded(c, DL_TIME_DATE, "PAST_REF", NULL);
    case TA_FUTREF: return worded(c, DL_TIME_DATE, "FUTURE_REF", NULL);
    case TA_DURATION: case TA_PASTUNIT: case TA_PASTUNITS: {
        if (m->action == TA_PASTUNIT)
            s.num = 1;
        dl_time_answer a = dl_time_length(c, &s);

        dl_time_cover_days(c, &s, &a);
        if (is_rate(c, m))
            a.type = DL_TIME_SET;
        return a;
    }
    case TA_SET: return dl_time_set(c, &s);
    case TA_SETDAY: return dl_time_set_of_days(c, &s);
    case TA_CLOCK: return clock_time(c, m, &s);
    case TA_HOURS: return clock_hours(c, m, &s);
    case TA_NONE: break;
    }
    return worded(c, DL_TIME_DATE, "XXXX", NULL);
}

/* ---- the document --------------------------------------------------------------------------------------------------- */

/* A date of the article in digits alone that only one order allows. */
static bool shows_day_first(const dl_doc *doc, const dl_time_matches *matches, bool *day_first)
{
    for (uint32_t i = 0; i < matches->n; i++) {
        const dl_time_match *m = &matches->p[i];

        for (uint32_t k = 0; k < m->n; k++) {
            dl_str text = doc->toks.p[m->at[k].tok].form;
            int a = 0, b = 0;
            size_t j = 0;

            if (m->cls[k] != TC_DATENUM)
                continue;
            for (; j < text.n && dl_is_digit(text.p[j]); j++)
                a = a * 10 + (text.p[j] - '0');
            for (j++; j < text.n && dl_is_digit(text.p[j]); j++)
                b = b * 10 + (text.p[j] - '0');
            if (a <= 31 && b <= 31 && (a > 12 || b > 12)) {
                *day_first = a > 12;
                return true;
            }
        }
    }
    return false;
}

/* An article without a date: the full date of its dateline, else one that is a line of its own near the top, else the latest one. */
static void infer_publication(dl_time_ctx *c, const dl_time_matches *matches)
{
    dl_doc *doc = c->doc;
    int best_rank = 0;
    int64_t best = 0;

    for (uint32_t i = 0; i < matches->n; i++) {
        dl_time_match *m = &matches->p[i];

        if (m->action != TA_DATE && m->action != TA_DATENUM && m->action != TA_STAMP && m->action != TA_CLOCK)
            continue;
        dl_time_answer a = resolve_one(c, m);

        if (!a.resolved || a.when.grain != DL_GRAIN_DAY)
            continue;
        const dl_sentence *sent = &doc->sents.p[m->sent];
        dl_section_kind kind = doc->sections.n ? doc->sections.p[sent->section].kind : DL_SECTION_BODY;
        int rank = kind == DL_SECTION_DATELINE ? 4 : m->sent < 3 && m->n_toks + 1 >= sent->n_toks ? 3 : 1;

        if (rank > best_rank || (rank == best_rank && rank == 1 && a.when.day > best)) {
            best_rank = rank;
            best = a.when.day;
        }
    }
    if (!best_rank)
        return;
    dl_civil_from_days(best, &doc->article.published.year, &doc->article.published.month, &doc->article.published.day);
    doc->article.published_at = dl_day_iso(doc->a, best);
    doc->article.published_from = DL_DATE_TEXT;
    c->has_ref = true;
    c->ref = best;
}

static bool append(dl_time_ctx *c, dl_time_match *m)
{
    dl_doc *doc = c->doc;
    dl_time_answer a = resolve_one(c, m);
    dl_time *out = DL_PUSH(doc->a, &doc->times);

    if (!out)
        return false;
    out->sent = m->sent;
    out->first_tok = m->first_tok;
    out->n_toks = m->n_toks;
    out->span = (dl_span){doc->toks.p[m->first_tok].span.start, doc->toks.p[m->first_tok + m->n_toks - 1].span.end};
    out->type = a.type;
    out->value = a.resolved ? dl_when_value(doc->a, a.when) : a.value;
    out->mod = dl_str_of(a.mod);
    if (a.covers) {
        out->begin = dl_day_iso(doc->a, a.first);
        out->end = dl_day_iso(doc->a, a.last);
    }
    int64_t last = a.resolved ? dl_when_last_day(a.when) : 0;

    if (a.resolved && dl_when_year(a.when) >= 0 && last <= dl_days_from_civil(9999, 12, 31)) { /* what ISO 8601 writes with four digits */
        out->begin = dl_day_iso(doc->a, a.when.day);
        out->end = dl_day_iso(doc->a, last);
    }
    if (a.resolved) {
        if (a.when.grain <= DL_GRAIN_QUARTER || a.when.grain == DL_GRAIN_YEAR) {
            c->prev = a.when;
            c->has_prev = true;
            c->prev_sent = m->sent;
            c->prev_led = m->before == TC_IN || m->before == TC_ON || m->before == TC_FROM || m->before == TC_AT;
        }
        if (a.when.grain == DL_GRAIN_QUARTER) {
            c->quarter = a.when;
            c->has_quarter = true;
            c->quarter_sent = m->sent;
        }
    }
    return out->value.p != NULL;
}

dl_code dl_times_resolve(const dl_times *t, dl_doc *doc, dl_time_matches *matches, dl_error *err)
{
    const dl_datetime *published = &doc->article.published;
    dl_time_ctx c = {.t = t, .doc = doc, .day_first = t->opts.order == DL_ORDER_DMY, .last_match = matches->n ? matches->p + matches->n - 1 : NULL};

    if (t->opts.order == DL_ORDER_AUTO)
        (void)shows_day_first(doc, matches, &c.day_first);
    if (published->year && published->month && published->day) {
        c.has_ref = true;
        c.ref = dl_days_from_civil(published->year, published->month, published->day);
    } else {
        infer_publication(&c, matches);
    }
    for (uint32_t i = 0; i < matches->n; i++)
        if (!append(&c, &matches->p[i]))
            return dl_fail(err, DL_LIMIT, "times", DL_NO_PLACE, "too many times for the arena");
    return DL_OK;
}
