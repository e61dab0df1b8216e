/* decode_date: dates as feeds write them, in metadata (dates in prose are the times stage's).
 *
 *     2022-01-06   2022-01-06T14:05:00.123+01:00   2022-01-06 14:05 UTC   20220106T140500Z   2022/01/06   2022-01   2022-006
 *     Thu, 06 Jan 2022 14:05:00 GMT   Thu Jan  6 14:05:00 2022   6 January 2022 14:05 GMT
 *     Jan 6, 2022   January 6th, 2022 at 2:05 p.m. EST   06-Jan-22   13/01/2022
 *     1641477900   1641477900123   1641477900.5        epoch in seconds, milliseconds, microseconds, told apart by size
 *
 * What two readers would read differently (03/04/2022) is refused, as is what no calendar has (30 February, 25:00).
 * Source: RFC 3339, ISO 8601, RFC 5322 with its obsolete zones, asctime; two-digit years as RFC 5322 section 4.3. */
#ifndef DL_DECODE_DATE_H
#define DL_DECODE_DATE_H

#include "pipeline/doc.h"

/* False, and *out untouched, where s is no date. Years 1000 to 9999. */
bool dl_date_parse(dl_datetime *out, dl_str s);

/* Milliseconds since 1970 as UTC; false outside the years 1000 to 9999. */
bool dl_date_from_epoch_ms(dl_datetime *out, int64_t ms);

/* 2022-01-06, 2022-01-06T14:05:00, ...Z or ...+01:00: as much as is known. .p NULL over the arena's ceiling. In arena. */
dl_str dl_date_iso(dl_arena *a, const dl_datetime *t);

#endif
