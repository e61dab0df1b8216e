#include "times_atoms.h"

#include "../base/civil.h"
#include "../lexicon/fold.h"

typedef enum rule { FIXED, NTH_WEEKDAY, LAST_WEEKDAY, EASTER, ORTHODOX_EASTER, HIJRI } rule;

typedef struct holiday {
    const char *name; /* folded tokens parted by blanks */
    uint8_t     rule, month;
    int16_t     day;     /* of the month, or days from Easter, or the nth */
    uint8_t     weekday; /* 1 Monday */
} holiday;

/* Names with the same first word: the longer first. */
static const holiday holidays[] = {
    {"new year 's eve", FIXED, 12, 31, 0},
    {"new year 's day", FIXED, 1, 1, 0},
    {"new years eve", FIXED, 12, 31, 0},
    {"new years day", FIXED, 1, 1, 0},
    {"epiphany", FIXED, 1, 6, 0},
    {"martin luther king jr. day", NTH_WEEKDAY, 1, 3, 1},
    {"martin luther king day", NTH_WEEKDAY, 1, 3, 1},
    {"australia day", FIXED, 1, 26, 0},
    {"groundhog day", FIXED, 2, 2, 0},
    {"valentine 's day", FIXED, 2, 14, 0},
    {"valentines day", FIXED, 2, 14, 0},
    {"presidents day", NTH_WEEKDAY, 2, 3, 1},
    {"presidents ' day", NTH_WEEKDAY, 2, 3, 1},
    {"president 's day", NTH_WEEKDAY, 2, 3, 1},
    {"international women 's day", FIXED, 3, 8, 0},
    {"st. patrick 's day", FIXED, 3, 17, 0},
    {"saint patrick 's day", FIXED, 3, 17, 0},
    {"nowruz", FIXED, 3, 21, 0},
    {"april fools ' day", FIXED, 4, 1, 0},
    {"april fool 's day", FIXED, 4, 1, 0},
    {"earth day", FIXED, 4, 22, 0},
    {"anzac day", FIXED, 4, 25, 0},
    {"may day", FIXED, 5, 1, 0},
    {"cinco de mayo", FIXED, 5, 5, 0},
    {"victory day", FIXED, 5, 9, 0},
    {"mother 's day", NTH_WEEKDAY, 5, 2, 7},
    {"mothers day", NTH_WEEKDAY, 5, 2, 7},
    {"memorial day", LAST_WEEKDAY, 5, 1, 1},
    {"juneteenth", FIXED, 6, 19, 0},
    {"father 's day", NTH_WEEKDAY, 6, 3, 7},
    {"fathers day", NTH_WEEKDAY, 6, 3, 7},
    {"canada day", FIXED, 7, 1, 0},
    {"bastille day", FIXED, 7, 14, 0},
    {"labor day", NTH_WEEKDAY, 9, 1, 1},
    {"labour day", NTH_WEEKDAY, 9, 1, 1},
    {"columbus day", NTH_WEEKDAY, 10, 2, 1},
    {"halloween", FIXED, 10, 31, 0},
    {"all saints ' day", FIXED, 11, 1, 0},
    {"all saints day", FIXED, 11, 1, 0},
    {"guy fawkes night", FIXED, 11, 5, 0},
    {"armistice day", FIXED, 11, 11, 0},
    {"veterans day", FIXED, 11, 11, 0},
    {"remembrance day", FIXED, 11, 11, 0},
    {"thanksgiving day", NTH_WEEKDAY, 11, 4, 4},
    {"thanksgiving", NTH_WEEKDAY, 11, 4, 4},
    {"black friday", NTH_WEEKDAY, 11, 4, 54}, /* the day behind: weekday + 50 */
    {"christmas eve", FIXED, 12, 24, 0},
    {"christmas day", FIXED, 12, 25, 0},
    {"christmas", FIXED, 12, 25, 0},
    {"boxing day", FIXED, 12, 26, 0},
    {"kwanzaa", FIXED, 12, 26, 0},
    {"shrove tuesday", EASTER, 0, -47, 0},
    {"mardi gras", EASTER, 0, -47, 0},
    {"ash wednesday", EASTER, 0, -46, 0},
    {"palm sunday", EASTER, 0, -7, 0},
    {"maundy thursday", EASTER, 0, -3, 0},
    {"holy thursday", EASTER, 0, -3, 0},
    {"good friday", EASTER, 0, -2, 0},
    {"holy saturday", EASTER, 0, -1, 0},
    {"easter sunday", EASTER, 0, 0, 0},
    {"easter monday", EASTER, 0, 1, 0},
    {"easter", EASTER, 0, 0, 0},
    {"ascension day", EASTER, 0, 39, 0},
    {"whit monday", EASTER, 0, 50, 0},
    {"pentecost", EASTER, 0, 49, 0},
    {"corpus christi day", EASTER, 0, 60, 0},
    {"orthodox easter", ORTHODOX_EASTER, 0, 0, 0},
    {"orthodox christmas", FIXED, 1, 7, 0},
    {"ramadan", HIJRI, 9, 1, 0},
    {"laylat al - qadr", HIJRI, 9, 27, 0},
    {"eid al - fitr", HIJRI, 10, 1, 0},
    {"eid al - adha", HIJRI, 12, 10, 0},
    {"eid ul - fitr", HIJRI, 10, 1, 0},
    {"eid ul - adha", HIJRI, 12, 10, 0},
    {"ashura", HIJRI, 1, 10, 0},
    {"mawlid", HIJRI, 3, 12, 0},
};

enum { N_HOLIDAYS = sizeof holidays / sizeof *holidays };

/* ---- by name -------------------------------------------------------------------------------------------------------- */

dl_code dl_holidays_init(dl_wordclass *w, dl_error *err)
{
    dl_wordclass_row rows[N_HOLIDAYS];
    char first[N_HOLIDAYS][24];
    size_t n = 0;

    for (size_t i = 0; i < N_HOLIDAYS; i++) {
        size_t len = strcspn(holidays[i].name, " "), j = 0;
        dl_str word = {holidays[i].name, len < sizeof first[0] ? len : sizeof first[0] - 1};

        memcpy(first[n], word.p, word.n);
        first[n][word.n] = 0;
        while (j < n && strcmp(first[j], first[n]) != 0)
            j++;
        if (j == n) {
            rows[n] = (dl_wordclass_row){1, (int32_t)i, first[n]};
            n++;
        }
    }
    return dl_wordclass_init(w, rows, n, err);
}

static uint32_t name_length(const dl_doc *doc, const char *name, uint32_t at, uint32_t end)
{
    uint32_t n = 0;

    while (*name) {
        size_t len = strcspn(name, " ");
        char folded[DL_FOLD_MAX];

        if (at + n >= end)
            return 0;
        dl_str word = {folded, dl_fold_word(doc->toks.p[at + n].form, folded)};

        if (!dl_str_eq(word, (dl_str){name, len}))
            return 0;
        n++;
        name += len + (name[len] == ' ');
    }
    return n;
}

uint32_t dl_holiday_at(const dl_wordclass *w, const dl_doc *doc, uint32_t at, uint32_t end, uint32_t *n_toks)
{
    const dl_wordclass_cell *cell = dl_wordclass_find(w, doc->toks.p[at].key);
    uint32_t best = 0;

    if (!cell)
        return 0;
    for (uint32_t i = (uint32_t)cell->value; i < N_HOLIDAYS; i++) {
        uint32_t n = name_length(doc, holidays[i].name, at, end);

        if (n > (best ? *n_toks : 0)) {
            best = i + 1;
            *n_toks = n;
        }
    }
    return best;
}

/* ---- by year -------------------------------------------------------------------------------------------------------- */

/* Source  Meeus, Jones, Butcher: "Anonymous Gregorian algorithm" */
static int64_t easter(int32_t y)
{
    int32_t a = y % 19, b = y / 100, c = y % 100, d = b / 4, e = b % 4, f = (b + 8) / 25, g = (b - f + 1) / 3;
    int32_t h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4, l = (32 + 2 * e + 2 * i - h - k) % 7;
    int32_t m = (a + 11 * h + 22 * l) / 451, n = h + l - 7 * m + 114;

    return dl_days_from_civil(y, (uint32_t)(n / 31), (uint32_t)(n % 31 + 1));
}

/* Source  Meeus, Julian algorithm; 13 days to the Gregorian calendar, which holds from 1900 to 2099 */
static int64_t orthodox_easter(int32_t y)
{
    int32_t a = y % 4, b = y % 7, c = y % 19, d = (19 * c + 15) % 30, e = (2 * a + 4 * b - d + 34) % 7, n = d + e + 114;

    return dl_days_from_civil(y, (uint32_t)(n / 31), (uint32_t)(n % 31 + 1)) + 13;
}

/* First day with this Hijri month and day in a Gregorian year, by the tabular calendar (30-year cycle, civil epoch): within a day of what
 * is observed, which depends on the sighting of the moon. */
static int64_t hijri(int32_t year, uint32_t month, int32_t day)
{
    int64_t new_year = dl_days_from_civil(year, 1, 1);

    for (int32_t h = (int32_t)((year - 622) * 33LL / 32) - 1;; h++) {
        int64_t days = (int64_t)(h - 1) * 354 + (3 + 11 * (int64_t)h) / 30 + 29 * (month - 1) + month / 2 + day;
        int64_t at = days + dl_days_from_civil(622, 7, 19) - 1;

        if (at >= new_year)
            return at;
    }
}

int64_t dl_holiday_day(uint32_t id, int32_t year)
{
    const holiday *h = &holidays[id - 1];
    int64_t day;

    year = year < 1583 ? 1583 : year > 9999 ? 9999 : year;
    switch ((rule)h->rule) {
    case NTH_WEEKDAY:
        day = dl_days_from_civil(year, h->month, 1);
        return day + (h->weekday % 50 - dl_weekday(day) + 7) % 7 + 7 * (h->day - 1) + h->weekday / 50;
    case LAST_WEEKDAY:
        day = dl_days_from_civil(year, h->month, dl_days_in_month(year, h->month));
        return day - (dl_weekday(day) - h->weekday + 7) % 7;
    case EASTER:
        return easter(year) + h->day;
    case ORTHODOX_EASTER:
        return orthodox_easter(year) + h->day;
    case HIJRI:
        return hijri(year, h->month, h->day);
    default:
        return dl_days_from_civil(year, h->month, (uint32_t)h->day);
    }
}
