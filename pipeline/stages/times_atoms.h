/* times_atoms: the tokens of a sentence as classes, and the pieces that one stage file hands to the next. */
#ifndef DL_TIMES_ATOMS_H
#define DL_TIMES_ATOMS_H

#include "times.h"
#include "times_value.h"

/* X(class): of words (times_words.def), then of digits and of what is made of several tokens */
#define DL_TIME_CLASSES(X)                                                                                                           \
    X(MONTH) X(WDAY) X(WDAB) X(WDAYS) X(UY) X(UQ) X(UM) X(UW) X(UFN) X(UWE) X(UD) X(UDE) X(UCE) X(UH) X(UMI) X(UNITS) X(POD) X(PODS) \
    X(NOON) X(SEASON) X(EARLY) X(LATE) X(MID) X(BEGIN) X(MIDDLE) X(END) X(EARLIER) X(LATER) X(AGO) X(BEFORE) X(AFTER) X(HENCE)       \
    X(TODAY) X(TONIGHT) X(NOW) X(PASTREF) X(FUTREF) X(RECENT) X(PRESENT) X(FUTURE) X(NEAR) X(FREQ) X(FREQ2) X(EVERY) X(PER) X(TIMES) \
    X(OTHERW) X(ONCE) X(ABOUT) X(NEARLY) X(MORE) X(OVER) X(LESS) X(THAN) X(LEAST) X(MOST) X(UP) X(AMPM) X(OCLOCK) X(TZ) X(LOCAL)     \
    X(COMMA) X(DASH) X(OF) X(IN) X(AT) X(ON) X(THE) X(A) X(AND) X(OR) X(TO) X(FROM) X(POSS) X(LAST) X(LATEST) X(PAST) X(PREVIOUS)    \
    X(NEXT) X(COMING) X(FOLLOWING) X(THIS) X(CURRENT) X(SAME) X(THAT) X(THESE) X(THOSE) X(FINAL) X(VAGUE) X(NUMBEROF) X(HALF) X(QX)  \
    X(HX) X(FISCAL) X(FY) X(CALENDAR) X(PERIOD) X(WHOLE) X(LONG) X(LONGW) X(OLD) X(VERY) X(SECOND) X(ORDW) X(DEC) X(BC) X(AD) X(WEEKDAYS)      \
    X(N12) X(N31) X(N99) X(NBIG) X(NDEC) X(ZH) X(YEAR4) X(YEAR2) X(NW) X(ORDD) X(CLOCK) X(DATENUM) X(STAMP) X(HOLIDAY)

typedef enum dl_time_class {
    TC_OTHER,
#define X(id) TC_##id,
    DL_TIME_CLASSES(X)
#undef X
        TC_N
} dl_time_class;

#define DL_TIME_ACTIONS(X)                                                                                                       \
    X(DATE) X(NTH) X(DAYOF) X(DATENUM) X(YEAR) X(DECADE) X(CENTURY) X(SEASON) X(QUARTER) X(HALF) X(FISCAL) X(HOLIDAY) X(REL) X(UNITEND)          \
    X(MONTHREL) X(BEFOREAFTER) X(AGO) X(AGOVAGUE) X(TODAY) X(TONIGHT) X(WEEKDAY) X(PARTOFDAY) X(NOW) X(PASTREF) X(FUTREF)        \
    X(DURATION) X(PASTUNIT) X(PASTUNITS) X(SET) X(SETDAY) X(CLOCK) X(HOURS) X(STAMP)

typedef enum dl_time_action {
    TA_NONE,
#define X(id) TA_##id,
    DL_TIME_ACTIONS(X)
#undef X
} dl_time_action;

enum { DL_MOD_APPROX = 1, DL_MOD_MORE, DL_MOD_LESS, DL_MOD_LEAST, DL_MOD_MOST }; /* values of words about size */

typedef struct dl_time_atom {
    uint32_t tok, end_tok; /* tokens [tok, end_tok) */
    double   value;        /* of the word, or the number */
} dl_time_atom;

typedef struct dl_time_atoms { /* of one sentence; one element TC_OTHER stands behind the last */
    uint8_t      *cls;
    dl_time_atom *at;
    uint32_t      n;
} dl_time_atoms;

typedef struct dl_time_match {
    dl_time_action action;
    uint32_t       sent, first_tok, n_toks;
    const uint8_t *cls;      /* in arena */
    dl_time_atom  *at;       /* in arena; may be changed by whoever resolves */
    uint32_t       n;        /* atoms */
    uint8_t        before, after; /* class of the atom on either side; TC_OTHER at the ends, too */
} dl_time_match;

typedef DL_VEC(dl_time_match) dl_time_matches;

/* Atoms of a sentence into `out`, which has room for twice its tokens and one. False: nothing in it can begin an expression. */
bool dl_time_atoms_read(const dl_times *t, const dl_doc *doc, const dl_sentence *sent, dl_time_atoms *out);

/* Hundreds of words: holidays by name. Rows for dl_wordclass_init, and the day of one in a year. */
dl_code dl_holidays_init(dl_wordclass *w, dl_error *err);

/* Index + 1 of the holiday whose name begins at token `at`, *n_toks its length; 0: none. */
uint32_t dl_holiday_at(const dl_wordclass *w, const dl_doc *doc, uint32_t at, uint32_t end, uint32_t *n_toks);
int64_t  dl_holiday_day(uint32_t holiday, int32_t year);

/* Does the bare date in m look forward? past, future: days from the publication date back to the one candidate and on to the other. */
bool dl_time_looks_forward(const dl_doc *doc, const dl_time_match *m, int64_t past, int64_t future);

/* Resolve matches in order and append to doc->times. */
dl_code dl_times_resolve(const dl_times *t, dl_doc *doc, dl_time_matches *matches, dl_error *err);

/* Does the context speak against m as an expression of time? */
bool dl_time_rejected(const dl_doc *doc, const dl_time_match *m);

#endif
