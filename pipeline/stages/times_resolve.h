/* times_resolve: what the files that give expressions their values share. */
#ifndef DL_TIMES_RESOLVE_H
#define DL_TIMES_RESOLVE_H

#include "times_atoms.h"

enum { DL_NO_YEAR = INT32_MIN };

typedef struct dl_time_slots { /* what the words of one expression say */
    int32_t year, month, day, wday, ord, quarter, half, season, pod, hour, minute, dec;
    bool    ampm, pm, plural, vague, fiscal, half_unit, and_half, bc, named_year, unit_year, article, final;
    double  num, num2; /* NAN: none */
    int     unit, unit2;   /* dl_grain */
    uint8_t rel;    /* class of last, next...; TC_OTHER: none */
    int     rel_by; /* -1 0 1 */
    uint8_t place;  /* class of early, late, beginning...; TC_OTHER: none */
    uint8_t dir;    /* class of ago, earlier...; TC_OTHER: none */
    int     size;   /* DL_MOD_*; 0: none */
    int     today;  /* days from today */
    bool    has_today;
    uint32_t holiday;
} dl_time_slots;

typedef struct dl_time_ctx {
    const dl_times *t;
    dl_doc         *doc;
    bool            has_ref, has_prev;
    int64_t         ref;      /* the day of publication */
    dl_when         prev;     /* last date spoken of */
    uint32_t        prev_sent;
    bool            prev_led; /* a preposition stood before it: it sets the scene, as "the 1994 law" does not */
    bool            has_quarter;
    dl_when         quarter; /* last quarter of a year spoken of */
    uint32_t        quarter_sent;
    bool            day_first;
    const dl_time_match *last_match;
} dl_time_ctx;

typedef struct dl_time_answer {
    dl_time_type type;
    dl_when      when;
    bool         resolved; /* when holds */
    bool         covers;   /* first and last hold: the days that a length reckoned from now covers */
    int64_t      first, last;
    dl_str       value;    /* .p: said in words of its own, when not by `when` */
    const char  *mod;      /* NULL: none */
} dl_time_answer;

/* Lengths and repetitions: P3D, PT2H, PXY, P2Y6M, XXXX-WXX-1. In arena. */
dl_str         dl_time_period(dl_arena *a, double n, int unit); /* n NAN: X */
dl_time_answer dl_time_length(const dl_time_ctx *c, const dl_time_slots *s);
dl_time_answer dl_time_set(const dl_time_ctx *c, const dl_time_slots *s);
dl_time_answer dl_time_set_of_days(const dl_time_ctx *c, const dl_time_slots *s);

/* The days that "the last two weeks", "the next three days" cover: whole ones, without the one that is now. */
void dl_time_cover_days(const dl_time_ctx *c, const dl_time_slots *s, dl_time_answer *a);

/* TIMEX3 mod of "more than", "about"... (DL_MOD_*), of a length or of a point ("more than two years ago"); NULL: none. */
const char *dl_time_size_mod(int size, bool ago);

#endif
