#include "times_resolve.h"

#include <math.h>

const char *dl_time_size_mod(int size, bool ago)
{
    static const char *const lengths[] = {NULL, "APPROX", "MORE_THAN", "LESS_THAN", "EQUAL_OR_MORE", "EQUAL_OR_LESS"};
    static const char *const points[] = {NULL, "APPROX", "BEFORE", "AFTER", "ON_OR_BEFORE", "ON_OR_AFTER"};

    return ago ? points[size] : lengths[size];
}

static const char *grain_letter(int grain)
{
    static const char *const letters[] = {[DL_GRAIN_SECOND] = "S", [DL_GRAIN_MINUTE] = "M", [DL_GRAIN_HOUR] = "H", [DL_GRAIN_DAY] = "D",
                                          [DL_GRAIN_WEEKEND] = "WE", [DL_GRAIN_WEEK] = "W", [DL_GRAIN_FORTNIGHT] = "W", [DL_GRAIN_MONTH] = "M",
                                          [DL_GRAIN_QUARTER] = "Q", [DL_GRAIN_YEAR] = "Y", [DL_GRAIN_DECADE] = "DE", [DL_GRAIN_CENTURY] = "CE"};

    return grain < (int)(sizeof letters / sizeof *letters) && letters[grain] ? letters[grain] : "D";
}

/* P3D, PT2H, PXY, P2Y6M. */
dl_str dl_time_period(dl_arena *a, double n, int unit)
{
    const char *t = unit <= DL_GRAIN_HOUR ? "T" : "";

    if (unit == DL_GRAIN_FORTNIGHT)
        n *= 2;
    if (isnan(n))
        return dl_arena_printf(a, "P%sX%s", t, grain_letter(unit));
    return dl_arena_printf(a, "P%s%.10g%s", t, n, grain_letter(unit));
}

dl_time_answer dl_time_length(const dl_time_ctx *c, const dl_time_slots *s)
{
    double n = s->num;
    dl_time_answer a = {.type = DL_TIME_DURATION, .mod = dl_time_size_mod(s->size, false)};

    if (isnan(n) && !s->plural && !s->vague && !s->half_unit) /* decade-long, the whole year */
        n = 1;
    if (s->half_unit && (isnan(n) || s->article))
        n = 0.5;
    if (s->and_half)
        n += 0.5;
    if (s->vague && (s->article || isnan(n)))
        n = NAN;
    if (n == 0.5 && s->unit == DL_GRAIN_YEAR)
        a.value = dl_arena_str(c->doc->a, DL_LIT("P6M"));
    else if (n == 0.5 && s->unit == DL_GRAIN_HOUR)
        a.value = dl_arena_str(c->doc->a, DL_LIT("PT30M"));
    else if (s->unit2 && !isnan(s->num2) && s->unit2 < s->unit && s->unit2 >= DL_GRAIN_DAY)
        a.value = dl_arena_printf(c->doc->a, "P%.10g%s%.10g%s", n, grain_letter(s->unit), s->num2, grain_letter(s->unit2));
    else if (s->unit2 && !isnan(s->num2) && s->unit2 < s->unit && s->unit <= DL_GRAIN_HOUR)
        a.value = dl_arena_printf(c->doc->a, "PT%.10g%s%.10g%s", n, grain_letter(s->unit), s->num2, grain_letter(s->unit2));
    else if (!isnan(s->num2) && !s->unit2 && s->num2 > n)
        a.value = dl_time_period(c->doc->a, s->num2, s->unit);
    else
        a.value = dl_time_period(c->doc->a, n, s->unit);
    return a;
}

/* the last two weeks, the next three days: whole ones, without the one that is now */
void dl_time_cover_days(const dl_time_ctx *c, const dl_time_slots *s, dl_time_answer *a)
{
    bool back = s->rel == TC_LAST || s->rel == TC_PAST || s->rel == TC_PREVIOUS, on = s->rel == TC_NEXT || s->rel == TC_COMING;

    if (!c->has_ref || (!back && !on) || s->vague || s->unit2 || s->unit < DL_GRAIN_DAY || !(s->num >= 1 && s->num < 1000) || s->num != floor(s->num) ||
        !isnan(s->num2))
        return;
    dl_when now = dl_when_of(DL_GRAIN_DAY, c->ref);
    int64_t n = (int64_t)s->num;

    a->covers = true;
    a->first = dl_when_shift(now, (dl_grain)s->unit, back ? -n : 1).day;
    a->last = dl_when_shift(now, (dl_grain)s->unit, back ? 0 : n + 1).day - 1;
}

dl_time_answer dl_time_set(const dl_time_ctx *c, const dl_time_slots *s)
{
    dl_time_answer a = {.type = DL_TIME_SET};

    if (s->ord > 1 && isnan(s->num))
        a.value = dl_time_period(c->doc->a, s->ord, s->unit);
    else
        a.value = dl_time_period(c->doc->a, s->vague ? (double)NAN : isnan(s->num) ? 1 : s->num, s->unit);
    return a;
}

dl_time_answer dl_time_set_of_days(const dl_time_ctx *c, const dl_time_slots *s)
{
    static const char *const pods[] = {"", "TMO", "TAF", "TEV", "TNI"};
    static const char *const seasons[] = {"", "SP", "SU", "FA", "WI"};
    dl_time_answer a = {.type = DL_TIME_SET};

    if (s->wday)
        a.value = dl_arena_printf(c->doc->a, "XXXX-WXX-%d%s", (int)s->wday, pods[s->pod]);
    else if (s->month)
        a.value = dl_arena_printf(c->doc->a, "XXXX-%02d", (int)s->month);
    else if (s->season)
        a.value = dl_arena_printf(c->doc->a, "XXXX-%s", seasons[s->season]);
    else if (s->pod)
        a.value = dl_arena_printf(c->doc->a, "XXXX-XX-XX%s", pods[s->pod]);
    else
        a.value = dl_arena_str(c->doc->a, DL_LIT("XXXX-WXX-WD"));
    return a;
}

