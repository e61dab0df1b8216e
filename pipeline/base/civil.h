/* civil: days since 1970-01-01 to and from the (proleptic Gregorian) calendar, for any year.
 * Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms". */
#ifndef DL_CIVIL_H
#define DL_CIVIL_H

#include <stdbool.h>
#include <stdint.h>

static inline int64_t dl_days_from_civil(int32_t year, uint32_t month, uint32_t day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t yoe = y - era * 400;
    int64_t doy = (153 * ((int64_t)month + (month > 2 ? -3 : 9)) + 2) / 5 + (int64_t)day - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static inline void dl_civil_from_days(int64_t days, int32_t *year, uint8_t *month, uint8_t *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t doe = z - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int64_t m = mp < 10 ? mp + 3 : mp - 9;

    *year = (int32_t)(yoe + era * 400 + (m <= 2));
    *month = (uint8_t)m;
    *day = (uint8_t)(doy - (153 * mp + 2) / 5 + 1);
}

static inline bool dl_is_leap(int32_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static inline uint8_t dl_days_in_month(int32_t year, uint32_t month) /* month 1 to 12 */
{
    static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return (uint8_t)(days[month - 1] + (month == 2 && dl_is_leap(year)));
}

#endif
