#include "times_value.h"

#include "../base/civil.h"

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

static int64_t monday(int64_t day)
{
    return day - (dl_weekday(day) - 1);
}

static int64_t month_start(int32_t year, int64_t month0) /* months from 0, any number of them */
{
    int64_t y = year + floor_div(month0, 12);

    return dl_days_from_civil((int32_t)y, (uint32_t)(month0 - floor_div(month0, 12) * 12) + 1, 1);
}

dl_when dl_when_season(int32_t year, dl_season season)
{
    static const uint8_t first_month[] = {0, 2, 5, 8, 11};

    return (dl_when){DL_GRAIN_SEASON, month_start(year, first_month[season]), (uint8_t)season, 0, -1};
}

dl_when dl_when_of(dl_grain grain, int64_t day)
{
    int32_t year;
    uint8_t month, mday;
    dl_when w = {grain, day, 0, 0, -1};

    dl_civil_from_days(day, &year, &month, &mday);
    switch (grain) {
    case DL_GRAIN_WEEK:
    case DL_GRAIN_FORTNIGHT:
        w.day = monday(day);
        break;
    case DL_GRAIN_WEEKEND:
        w.day = monday(day) + 5;
        break;
    case DL_GRAIN_MONTH:
        w.day = month_start(year, month - 1);
        break;
    case DL_GRAIN_QUARTER:
        w.day = month_start(year, (month - 1) / 3 * 3);
        break;
    case DL_GRAIN_HALF:
        w.day = month_start(year, (month - 1) / 6 * 6);
        break;
    case DL_GRAIN_SEASON:
        return month == 12 ? dl_when_season(year, DL_SEASON_WINTER)
                           : month < 3 ? dl_when_season(year - 1, DL_SEASON_WINTER) : dl_when_season(year, (dl_season)(month / 3));
    case DL_GRAIN_YEAR:
        w.day = month_start(year, 0);
        break;
    case DL_GRAIN_DECADE:
        w.day = month_start((int32_t)(floor_div(year, 10) * 10), 0);
        break;
    case DL_GRAIN_CENTURY:
        w.day = month_start((int32_t)(floor_div(year, 100) * 100), 0);
        break;
    default:
        w.grain = DL_GRAIN_DAY;
    }
    return w;
}

dl_when dl_when_shift(dl_when w, dl_grain grain, int64_t n)
{
    static const uint16_t months[] = {[DL_GRAIN_MONTH] = 1, [DL_GRAIN_QUARTER] = 3, [DL_GRAIN_HALF] = 6, [DL_GRAIN_SEASON] = 12,
                                      [DL_GRAIN_YEAR] = 12, [DL_GRAIN_DECADE] = 120, [DL_GRAIN_CENTURY] = 1200};
    dl_when at = dl_when_of(grain, w.day);
    int32_t year;
    uint8_t month, mday;

    switch (grain) {
    case DL_GRAIN_WEEK:
    case DL_GRAIN_WEEKEND:
        at.day += 7 * n;
        return at;
    case DL_GRAIN_FORTNIGHT:
        at.day += 14 * n;
        return at;
    case DL_GRAIN_MONTH:
    case DL_GRAIN_QUARTER:
    case DL_GRAIN_HALF:
    case DL_GRAIN_SEASON:
    case DL_GRAIN_YEAR:
    case DL_GRAIN_DECADE:
    case DL_GRAIN_CENTURY:
        dl_civil_from_days(at.day, &year, &month, &mday);
        at.day = month_start(year, month - 1 + n * months[grain]);
        return at;
    default:
        at.day += n;
        return at;
    }
}

int64_t dl_when_last_day(dl_when w)
{
    int32_t year;
    uint8_t month, mday;

    switch (w.grain) {
    case DL_GRAIN_DAY:
        return w.day;
    case DL_GRAIN_WEEKEND:
        return w.day + 1;
    case DL_GRAIN_SEASON:
        dl_civil_from_days(w.day, &year, &month, &mday);
        return month_start(year, month - 1 + 3) - 1;
    default:
        return dl_when_shift(w, w.grain, 1).day - 1;
    }
}

int32_t dl_when_year(dl_when w)
{
    int32_t year;
    uint8_t month, mday;

    dl_civil_from_days(w.day, &year, &month, &mday);
    return year;
}

static dl_str week_value(dl_arena *a, int64_t day, const char *suffix)
{
    int64_t thursday = monday(day) + 3;
    int32_t year;
    uint8_t month, mday;

    dl_civil_from_days(thursday, &year, &month, &mday);
    return dl_arena_printf(a, "%04d-W%02d%s", (int)year, (int)((thursday - dl_days_from_civil(year, 1, 1)) / 7) + 1, suffix);
}

static dl_str year_value(dl_arena *a, int32_t year)
{
    return year > 0 ? dl_arena_printf(a, "%04d", (int)year) : dl_arena_printf(a, "BC%04d", (int)(1 - year));
}

dl_str dl_when_value(dl_arena *a, dl_when w)
{
    static const char *const seasons[] = {"", "SP", "SU", "FA", "WI"};
    static const char *const pods[] = {"", "MO", "AF", "EV", "NI"};
    int32_t year;
    uint8_t month, mday;

    dl_civil_from_days(w.day, &year, &month, &mday);
    switch (w.grain) {
    case DL_GRAIN_WEEK:
    case DL_GRAIN_FORTNIGHT:
        return week_value(a, w.day, "");
    case DL_GRAIN_WEEKEND:
        return week_value(a, w.day, "-WE");
    case DL_GRAIN_MONTH:
        return dl_arena_printf(a, "%04d-%02d", (int)year, month);
    case DL_GRAIN_QUARTER:
        return dl_arena_printf(a, "%04d-Q%d", (int)year, (month - 1) / 3 + 1);
    case DL_GRAIN_SEASON:
        return dl_arena_printf(a, "%04d-%s", (int)year, seasons[w.season]);
    case DL_GRAIN_HALF:
        return dl_arena_printf(a, "%04d-H%d", (int)year, (month - 1) / 6 + 1);
    case DL_GRAIN_YEAR:
        return year_value(a, year);
    case DL_GRAIN_DECADE:
        return dl_arena_printf(a, "%03d", (int)(year / 10));
    case DL_GRAIN_CENTURY:
        return dl_arena_printf(a, "%02d", (int)(year / 100));
    default:
        if (w.minute >= 0)
            return dl_arena_printf(a, "%04d-%02d-%02dT%02d:%02d", (int)year, month, mday, w.minute / 60, w.minute % 60);
        if (w.pod)
            return dl_arena_printf(a, "%04d-%02d-%02dT%s", (int)year, month, mday, pods[w.pod]);
        return dl_day_iso(a, w.day);
    }
}

dl_str dl_day_iso(dl_arena *a, int64_t day)
{
    int32_t year;
    uint8_t month, mday;

    dl_civil_from_days(day, &year, &month, &mday);
    return dl_arena_printf(a, "%04d-%02d-%02d", (int)year, month, mday);
}
