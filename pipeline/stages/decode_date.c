#include "decode_date.h"

#include "pipeline/base/civil.h"

enum { MIN_YEAR = 1000, MAX_YEAR = 9999, MAX_DATE_BYTES = 100 };

typedef struct cursor {
    dl_str s;
    size_t at;
} cursor;

static char peek(const cursor *c)
{
    return c->at < c->s.n ? c->s.p[c->at] : '\0';
}

static bool take(cursor *c, char want)
{
    if (peek(c) != want)
        return false;
    c->at++;
    return true;
}

static void skip_space(cursor *c)
{
    while (dl_is_space(peek(c)))
        c->at++;
}

/* A run of digits, at most 18: its value; *n its length, 0 where there is none. */
static int64_t number(cursor *c, size_t *n)
{
    int64_t v = 0;
    size_t start = c->at;

    while (dl_is_digit(peek(c)) && c->at - start < 18)
        v = v * 10 + (peek(c) - '0'), c->at++;
    *n = c->at - start;
    return v;
}

static bool exactly(cursor *c, size_t n_digits, int64_t *v)
{
    size_t n;

    *v = number(c, &n);
    return n == n_digits;
}

static bool set_date(dl_datetime *t, int64_t year, int64_t month, int64_t day)
{
    if (year < MIN_YEAR || year > MAX_YEAR || month < 1 || month > 12)
        return false;
    if (day < 1 || day > dl_days_in_month((int32_t)year, (uint32_t)month))
        return false;
    t->year = (int32_t)year;
    t->month = (uint8_t)month;
    t->day = (uint8_t)day;
    return true;
}

static bool set_time(dl_datetime *t, int64_t hour, int64_t minute, int64_t second)
{
    if (hour > 23 || minute > 59 || second > 60)
        return false;
    t->hour = (uint8_t)hour;
    t->minute = (uint8_t)minute;
    t->second = (uint8_t)(second == 60 ? 59 : second); /* a leap second is the one before it to all that read us */
    t->has_time = true;
    return true;
}

static bool set_zone(dl_datetime *t, int minutes)
{
    t->has_zone = true;
    t->zone_min = (int16_t)minutes;
    return true;
}

static void skip_fraction(cursor *c)
{
    if ((peek(c) == '.' || peek(c) == ',') && c->at + 1 < c->s.n && dl_is_digit(c->s.p[c->at + 1])) {
        c->at++;
        while (dl_is_digit(peek(c)))
            c->at++;
    }
}

/* hh:mm[:ss[.fff]], the hour read already. */
static bool clock_rest(cursor *c, dl_datetime *t, int64_t hour)
{
    int64_t minute, second = 0;

    if (!take(c, ':') || !exactly(c, 2, &minute))
        return false;
    if (take(c, ':') && !exactly(c, 2, &second))
        return false;
    skip_fraction(c);
    return set_time(t, hour, minute, second);
}

/* +hh:mm, +hhmm or +hh, at the sign. */
static bool offset_zone(cursor *c, dl_datetime *t)
{
    int sign = peek(c) == '-' ? -1 : 1;
    size_t n;

    c->at++;
    int64_t v = number(c, &n), hours = n == 4 ? v / 100 : v, minutes = n == 4 ? v % 100 : 0;

    if (n != 4 && n != 2)
        return false;
    if (n == 2 && take(c, ':') && !exactly(c, 2, &minutes))
        return false;
    return hours <= 14 && minutes <= 59 && set_zone(t, sign * (int)(hours * 60 + minutes));
}

static dl_str word(cursor *c)
{
    size_t start = c->at;

    while (dl_is_alpha(peek(c)) || (peek(c) == '.' && c->at > start))
        c->at++;
    size_t end = c->at;

    while (end > start && c->s.p[end - 1] == '.')
        end--;
    return dl_str_sub(c->s, start, end);
}

static bool named_zone(dl_str w, dl_datetime *t)
{
    static const struct {
        const char *name;
        int         minutes;
    } zones[] = {{"z", 0},      {"utc", 0},    {"gmt", 0},    {"ut", 0},     {"wet", 0},    {"bst", 60},   {"cet", 60},
                 {"west", 60},  {"cest", 120}, {"eet", 120},  {"eest", 180}, {"msk", 180},  {"est", -300}, {"edt", -240},
                 {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360}, {"pst", -480}, {"pdt", -420}, {"jst", 540}};

    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        if (dl_str_eq_nocase(w, dl_str_of(zones[i].name)))
            return set_zone(t, zones[i].minutes);
    return false;
}

/* Index of w in names by its first three letters and, beyond those, as far as it goes ("Sept", "September"); 0 where none. */
static int name_index(dl_str w, const char *const *names, int n)
{
    for (int i = 0; i < n; i++) {
        dl_str name = dl_str_of(names[i]);

        if (w.n >= 3 && w.n <= name.n && dl_str_eq_nocase(w, dl_str_sub(name, 0, w.n)))
            return i + 1;
    }
    return 0;
}

static int month_of(dl_str w)
{
    static const char *const names[] = {"january", "february", "march",     "april",   "may",      "june",
                                        "july",    "august",   "september", "october", "november", "december"};
    return name_index(w, names, 12);
}

static bool is_weekday(dl_str w)
{
    static const char *const names[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

    return name_index(w, names, 7) != 0;
}

/* What follows a date in ISO 8601 order: nothing, or a time and perhaps a zone. */
static bool iso_tail(cursor *c, dl_datetime *t)
{
    size_t n;

    if (c->at == c->s.n)
        return true;
    if (!take(c, 'T') && !take(c, 't') && !dl_is_space(peek(c)))
        return false;
    skip_space(c);
    int64_t v = number(c, &n);

    if (n == 6 || n == 4) { /* 140500, 1405 */
        if (!(n == 6 ? set_time(t, v / 10000, v / 100 % 100, v % 100) : set_time(t, v / 100, v % 100, 0)))
            return false;
        skip_fraction(c);
    } else if (n != 2 || !clock_rest(c, t, v)) {
        return false;
    }
    skip_space(c);
    if (c->at < c->s.n && !(peek(c) == '+' || peek(c) == '-' ? offset_zone(c, t) : named_zone(word(c), t)))
        return false;
    return c->at == c->s.n;
}

static bool day_of_year(dl_datetime *t, int64_t year, int64_t day)
{
    if (year < MIN_YEAR || year > MAX_YEAR || day < 1 || day > 365 + dl_is_leap((int32_t)year))
        return false;
    dl_civil_from_days(dl_days_from_civil((int32_t)year, 1, 1) + day - 1, &t->year, &t->month, &t->day);
    return true;
}

static bool parse_iso(dl_datetime *t, dl_str s)
{
    cursor c = {s, 0};
    int64_t month, day;
    size_t n;
    int64_t v = number(&c, &n);

    if (n == 8) /* 20220106 */
        return set_date(t, v / 10000, v / 100 % 100, v % 100) && iso_tail(&c, t);
    if (n == 14 && set_date(t, v / 10000000000, v / 100000000 % 100, v / 1000000 % 100)) /* 20220106140500 */
        return set_time(t, v / 10000 % 100, v / 100 % 100, v % 100) && c.at == s.n && set_zone(t, 0);
    char sep = peek(&c);

    if (n != 4 || (sep != '-' && sep != '/' && sep != '.'))
        return false;
    c.at++;
    month = number(&c, &n);
    if (n == 3 && sep == '-')
        return day_of_year(t, v, month) && iso_tail(&c, t);
    if (n != 2 && !(n == 1 && sep == '/'))
        return false;
    if (c.at == s.n && sep == '-') { /* a month */
        if (!set_date(t, v, month, 1))
            return false;
        t->day = 0;
        return true;
    }
    if (!take(&c, sep))
        return false;
    day = number(&c, &n);
    return (n == 2 || (n == 1 && sep == '/')) && set_date(t, v, month, day) && iso_tail(&c, t);
}

bool dl_date_from_epoch_ms(dl_datetime *out, int64_t ms)
{
    int64_t seconds = ms / 1000 - (ms % 1000 < 0), days = seconds / 86400 - (seconds % 86400 < 0), rest = seconds - days * 86400;
    dl_datetime t = {.has_time = true, .has_zone = true};

    if (days < dl_days_from_civil(MIN_YEAR, 1, 1) || days > dl_days_from_civil(MAX_YEAR, 12, 31))
        return false;
    dl_civil_from_days(days, &t.year, &t.month, &t.day);
    t.hour = (uint8_t)(rest / 3600);
    t.minute = (uint8_t)(rest / 60 % 60);
    t.second = (uint8_t)(rest % 60);
    *out = t;
    return true;
}

/* 9 to 17 digits, perhaps with a fraction. Seconds have at most 11 digits until the year 5138, milliseconds at least 12 from 1973 on,
 * microseconds at least 15. Eight digits are a date. */
static bool parse_epoch(dl_datetime *t, dl_str s)
{
    cursor c = {s, 0};
    size_t n;
    int64_t v = number(&c, &n);

    skip_fraction(&c);
    if (c.at != s.n || n < 9 || n > 17)
        return false;
    return dl_date_from_epoch_ms(t, n <= 11 ? v * 1000 : n <= 14 ? v : v / 1000);
}

/* dd/mm/yyyy or mm/dd/yyyy, where only one of them can be. dd.mm.yyyy is read as it stands: no country writes months first with stops. */
static bool parse_slashed(dl_datetime *t, dl_str s)
{
    cursor c = {s, 0};
    size_t n, m;
    int64_t a = number(&c, &n), b, year;
    char sep = peek(&c);

    if (n == 0 || n > 2 || (sep != '/' && sep != '.' && sep != '-'))
        return false;
    c.at++;
    b = number(&c, &m);
    if (m == 0 || m > 2 || !take(&c, sep) || !exactly(&c, 4, &year))
        return false;
    if (sep != '.' && a <= 12 && b <= 12 && a != b)
        return false;
    return (sep != '.' && b > 12 ? set_date(t, year, a, b) : set_date(t, year, b, a)) && iso_tail(&c, t);
}

typedef struct parts { /* of a date in words, as they are found */
    int64_t year, month, day, hour;
    bool    pm, am;
} parts;

static bool word_part(cursor *c, parts *p, dl_datetime *t)
{
    static const char *const fillers[] = {"at", "on", "of", "the", "published", "updated", "posted", "date"};
    dl_str w = word(c);
    int month = month_of(w);

    if (month) {
        if (p->month)
            return false;
        p->month = month;
        return true;
    }
    if (is_weekday(w))
        return true;
    if (dl_str_eq_nocase(w, DL_LIT("am")) || dl_str_eq_nocase(w, DL_LIT("a.m")))
        return t->has_time && !p->pm && (p->am = true);
    if (dl_str_eq_nocase(w, DL_LIT("pm")) || dl_str_eq_nocase(w, DL_LIT("p.m")))
        return t->has_time && !p->am && (p->pm = true);
    if (t->has_time && !t->has_zone && named_zone(w, t))
        return true;
    for (size_t i = 0; i < sizeof fillers / sizeof *fillers; i++)
        if (dl_str_eq_nocase(w, dl_str_of(fillers[i])))
            return true;
    return false;
}

static bool number_part(cursor *c, parts *p, dl_datetime *t)
{
    size_t n;
    int64_t v = number(c, &n);

    if (n <= 2 && peek(c) == ':')
        return !t->has_time && clock_rest(c, t, v);
    if (n == 4 && !p->year) {
        p->year = v;
        return true;
    }
    if (n > 2)
        return false;
    if (!p->day) {
        cursor ahead = *c;
        dl_str w = word(&ahead);

        if (w.n == 2 && strchr("sndrtSNDRT", w.p[0])) /* 1st 2nd 3rd 4th */
            *c = ahead;
        p->day = v;
        return v > 0;
    }
    if (!p->year && n == 2) { /* RFC 5322, 4.3: 00 to 49 is 20xx */
        p->year = v < 50 ? 2000 + v : 1900 + v;
        return true;
    }
    if (p->year && !t->has_time) { /* "2 pm", told by what follows */
        cursor ahead = *c;

        skip_space(&ahead);
        dl_str w = word(&ahead);
        bool half = dl_str_eq_nocase(w, DL_LIT("am")) || dl_str_eq_nocase(w, DL_LIT("pm")) || dl_str_eq_nocase(w, DL_LIT("a.m")) ||
                    dl_str_eq_nocase(w, DL_LIT("p.m"));
        return half && set_time(t, v, 0, 0);
    }
    return false;
}

static bool parse_words(dl_datetime *t, dl_str s)
{
    cursor c = {s, 0};
    parts p = {0};

    while (skip_space(&c), c.at < s.n) {
        char ch = peek(&c);
        bool ok = true;

        if (dl_is_alpha(ch))
            ok = word_part(&c, &p, t);
        else if (dl_is_digit(ch))
            ok = number_part(&c, &p, t);
        else if ((ch == '+' || ch == '-') && t->has_time && !t->has_zone)
            ok = offset_zone(&c, t);
        else if (ch == '(' && t->has_zone) /* a comment: "+0100 (CET)" */
            c.at = s.n;
        else if (strchr(",-:|", ch))
            c.at++;
        else
            ok = false;
        if (!ok)
            return false;
    }
    if (p.am || p.pm) {
        if (t->hour < 1 || t->hour > 12)
            return false;
        t->hour = (uint8_t)(t->hour % 12 + (p.pm ? 12 : 0));
    }
    return p.month && p.day && set_date(t, p.year, p.month, p.day);
}

bool dl_date_parse(dl_datetime *out, dl_str s)
{
    static bool (*const forms[])(dl_datetime *, dl_str) = {parse_iso, parse_epoch, parse_slashed, parse_words};

    s = dl_str_trim(s);
    if (s.n == 0 || s.n > MAX_DATE_BYTES)
        return false;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        dl_datetime t = {0};

        if (forms[i](&t, s)) {
            *out = t;
            return true;
        }
    }
    return false;
}

dl_str dl_date_iso(dl_arena *a, const dl_datetime *t)
{
    if (!t->month)
        return dl_arena_printf(a, "%04d", t->year);
    if (!t->day)
        return dl_arena_printf(a, "%04d-%02u", t->year, t->month);
    if (!t->has_time)
        return dl_arena_printf(a, "%04d-%02u-%02u", t->year, t->month, t->day);
    dl_str at = dl_arena_printf(a, "%04d-%02u-%02uT%02u:%02u:%02u", t->year, t->month, t->day, t->hour, t->minute, t->second);

    if (!at.p || !t->has_zone)
        return at;
    if (t->zone_min == 0)
        return dl_arena_printf(a, "%.*sZ", DL_ARG(at));
    int east = t->zone_min < 0 ? -t->zone_min : t->zone_min;

    return dl_arena_printf(a, "%.*s%c%02d:%02d", DL_ARG(at), t->zone_min < 0 ? '-' : '+', east / 60, east % 60);
}
