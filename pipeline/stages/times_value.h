/* times_value: stretches of the calendar by their grain, shifted, written as TIMEX3 values and as first and last day. */
#ifndef DL_TIMES_VALUE_H
#define DL_TIMES_VALUE_H

#include "../base/arena.h"

typedef enum dl_grain {
    DL_GRAIN_NONE,
    DL_GRAIN_SECOND,
    DL_GRAIN_MINUTE,
    DL_GRAIN_HOUR,
    DL_GRAIN_DAY,
    DL_GRAIN_WEEKEND,
    DL_GRAIN_WEEK,
    DL_GRAIN_FORTNIGHT,
    DL_GRAIN_MONTH,
    DL_GRAIN_QUARTER,
    DL_GRAIN_SEASON,
    DL_GRAIN_HALF,
    DL_GRAIN_YEAR,
    DL_GRAIN_DECADE,
    DL_GRAIN_CENTURY
} dl_grain;

typedef enum dl_season { DL_SEASON_SPRING = 1, DL_SEASON_SUMMER, DL_SEASON_FALL, DL_SEASON_WINTER } dl_season;
typedef enum dl_pod { DL_POD_NONE, DL_POD_MORNING, DL_POD_AFTERNOON, DL_POD_EVENING, DL_POD_NIGHT } dl_pod;

typedef struct dl_when {
    dl_grain grain; /* DL_GRAIN_DAY or more */
    int64_t  day;   /* its first day, since 1970 */
    uint8_t  season, pod;
    int16_t  minute; /* of the day, up to 1440; -1: none */
} dl_when;

/* The stretch of that grain around a day; DL_GRAIN_SEASON by the months of the northern half (winter: of the year it begins in). */
dl_when dl_when_of(dl_grain grain, int64_t day);
dl_when dl_when_season(int32_t year, dl_season season);

/* n stretches of `grain` on from the one around w's first day. */
dl_when dl_when_shift(dl_when w, dl_grain grain, int64_t n);

int64_t dl_when_last_day(dl_when w);
int32_t dl_when_year(dl_when w);

static inline int dl_weekday(int64_t day) /* 1 Monday to 7 Sunday */
{
    return (int)(((day + 3) % 7 + 7) % 7) + 1;
}

/* "2013-W12", "2012-SU", "199", "2013-03-22TMO", "2013-03-22T16:30". In arena; .p NULL over its ceiling. */
dl_str dl_when_value(dl_arena *a, dl_when w);

/* "2013-03-22". In arena. */
dl_str dl_day_iso(dl_arena *a, int64_t day);

#endif
