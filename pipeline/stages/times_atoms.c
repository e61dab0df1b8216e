#include "times_atoms.h"

#include "../lexicon/fold.h"
#include "tag.h"

/* ---- digits --------------------------------------------------------------------------------------------------------- */

static uint32_t leading_digits(dl_str s, size_t at, int32_t *value)
{
    uint32_t n = 0;

    for (*value = 0; at + n < s.n && n < 9 && dl_is_digit(s.p[at + n]); n++)
        *value = *value * 10 + (s.p[at + n] - '0');
    return n;
}

/* "10:30", "10:30:15", "14h30": minutes of the day, or -1. "10.30" is left alone: it is a number more often. */
static int32_t clock_value(dl_str s)
{
    int32_t hour, minute;
    uint32_t n = leading_digits(s, 0, &hour);

    if (n < 1 || n > 2 || n >= s.n || (s.p[n] != ':' && s.p[n] != 'h') || hour > 24)
        return -1;
    uint32_t m = leading_digits(s, n + 1, &minute);

    if (m != 2 || minute > 59 || (n + 1 + m < s.n && s.p[n + 1 + m] != ':'))
        return -1;
    return hour * 60 + minute;
}

/* 5/1/2022, 2011-06-07, 05.01.2022, 3/14: two or three groups of digits parted by the same sign. */
static bool is_date_shape(dl_str s)
{
    int32_t v[3];
    uint32_t n = leading_digits(s, 0, &v[0]);

    if (!n || n >= s.n)
        return false;
    char sign = s.p[n];
    uint32_t m = leading_digits(s, n + 1, &v[1]);

    if ((sign != '/' && sign != '-' && sign != '.') || !m)
        return false;
    if (n + 1 + m == s.n) /* two groups: a date only with a slash, and a year after a month or a day beside one */
        return sign == '/' && n <= 2 && ((m <= 2 && v[0] >= 1 && v[1] >= 1 && ((v[0] <= 12 && v[1] <= 31) || (v[0] <= 31 && v[1] <= 12))) ||
                                         (m == 4 && v[0] <= 12 && v[0] >= 1 && v[1] > 1800 && v[1] < 2100));
    if (s.p[n + 1 + m] != sign)
        return false;
    uint32_t k = leading_digits(s, n + m + 2, &v[2]);

    if (!k || n + m + 2 + k != s.n)
        return false;
    if (n == 4)
        return v[0] > 1000 && v[0] < 2200 && v[1] >= 1 && v[1] <= 12 && v[2] >= 1 && v[2] <= 31;
    return n <= 2 && m <= 2 && (k == 4 || k == 2) && v[0] >= 1 && v[1] >= 1 && v[0] <= 31 && v[1] <= 31 && (v[0] <= 12 || v[1] <= 12);
}

/* 2022-01-05T10:30... */
static bool is_stamp(dl_str s)
{
    return s.n >= 16 && (s.p[10] == 'T' || s.p[10] == ' ') && is_date_shape(dl_str_sub(s, 0, 10)) && s.p[4] == '-' &&
           clock_value(dl_str_sub(s, 11, 16)) >= 0;
}

static dl_time_class digit_class(dl_str s, double *value)
{
    int32_t v;
    uint32_t n;
    dl_number number;
    size_t apostrophe = dl_str_starts(s, DL_LIT("'")) ? 1 : dl_str_starts(s, DL_LIT("’")) || dl_str_starts(s, DL_LIT("‘")) ? 3 : 0;

    n = leading_digits(s, apostrophe, &v);
    *value = v;
    if (n == 0)
        return TC_OTHER;
    if (n > 8)
        return dl_digits_value(s, value, &number.flags) ? TC_NBIG : TC_OTHER;
    dl_str rest = dl_str_sub(s, apostrophe + n, s.n);

    if (apostrophe)
        return n != 2 ? TC_OTHER : rest.n == 0 ? TC_YEAR2 : rest.p[rest.n - 1] == 's' && rest.n <= 4 && v % 10 == 0 ? TC_DEC : TC_OTHER;
    if (rest.n == 0) {
        if (n == 4 && v >= 1000 && v < 2200)
            return TC_YEAR4;
        return n == 4 && s.p[0] == '0' ? TC_ZH : v < 1 ? TC_NBIG : v <= 12 ? TC_N12 : v <= 31 ? TC_N31 : v <= 99 ? TC_N99 : TC_NBIG;
    }
    if (rest.n == 2 && v >= 1 && v <= 100 &&
        (dl_str_eq_nocase(rest, DL_LIT("st")) || dl_str_eq_nocase(rest, DL_LIT("nd")) || dl_str_eq_nocase(rest, DL_LIT("rd")) ||
         dl_str_eq_nocase(rest, DL_LIT("th"))))
        return TC_ORDD;
    if ((dl_str_eq(rest, DL_LIT("s")) || dl_str_eq(rest, DL_LIT("'s")) || dl_str_eq(rest, DL_LIT("’s"))) && v % 10 == 0 &&
        ((n == 4 && v >= 1000 && v < 2100) || n == 2))
        return TC_DEC;
    if ((v = clock_value(s)) >= 0) {
        *value = v;
        return TC_CLOCK;
    }
    if (is_date_shape(s))
        return TC_DATENUM;
    if (is_stamp(s))
        return TC_STAMP;
    if (dl_digits_value(s, &number.value, &number.flags)) {
        *value = number.value;
        return number.flags & DL_NUMBER_DECIMAL ? TC_NDEC : TC_NBIG;
    }
    return TC_OTHER;
}

/* ---- words ---------------------------------------------------------------------------------------------------------- */

/* "May", "March", "Sun": a name of a month or day only where written and tagged like one. */
static bool looks_like_name(const dl_token *tok)
{
    bool verb = tok->xpos == DL_XPOS_MD || tok->xpos == DL_XPOS_VB || tok->xpos == DL_XPOS_VBP || tok->xpos == DL_XPOS_VBD;

    return (tok->flags & DL_TOK_CAP) && !verb;
}

static dl_time_class word_class(const dl_token *tok, const dl_wordclass_cell *cell)
{
    dl_str s = tok->form;

    switch (cell->cls) {
    case TC_MONTH:
        if (!(tok->flags & DL_TOK_CAP) && (dl_str_eq(s, DL_LIT("may")) || dl_str_eq(s, DL_LIT("mar")) || dl_str_eq(s, DL_LIT("march"))))
            return TC_OTHER;
        if ((cell->value == 3 || cell->value == 5) && !looks_like_name(tok))
            return TC_OTHER;
        return TC_MONTH;
    case TC_WDAY: /* "sat." and "sun." need a capital */
    case TC_WDAB:
        return (tok->flags & DL_TOK_CAP) || s.n > 5 ? (dl_time_class)cell->cls : TC_OTHER;
    case TC_SEASON:
        return tok->xpos == DL_XPOS_VB || tok->xpos == DL_XPOS_VBP ? TC_OTHER : TC_SEASON;
    case TC_UMI: /* "min" needs a number before it, which the patterns see to; names are no units */
    case TC_UH:
        return (tok->flags & DL_TOK_ALL_CAPS) ? TC_OTHER : (dl_time_class)cell->cls;
    case TC_TZ:
        return (tok->flags & DL_TOK_ALL_CAPS) ? TC_TZ : TC_OTHER;
    case TC_LAST: /* "will last three days" */
        return tok->xpos == DL_XPOS_VB || tok->xpos == DL_XPOS_VBP ? TC_OTHER : TC_LAST;
    default:
        return (dl_time_class)cell->cls;
    }
}

static void put(dl_time_atoms *out, dl_time_class cls, uint32_t tok, uint32_t end_tok, double value)
{
    out->cls[out->n] = (uint8_t)cls;
    out->at[out->n++] = (dl_time_atom){tok, end_tok, value};
}

/* "mid-2011", "mid-March": two atoms of one token. */
static bool put_mid(const dl_times *t, const dl_doc *doc, uint32_t at, dl_time_atoms *out)
{
    dl_str s = doc->toks.p[at].form;
    double value;

    if (s.n < 6 || s.n > 16 || !dl_str_eq_nocase(dl_str_sub(s, 0, 4), DL_LIT("mid-")))
        return false;
    dl_str rest = dl_str_sub(s, 4, s.n);
    dl_time_class cls;

    if (dl_is_digit(rest.p[0])) {
        cls = digit_class(rest, &value);
    } else {
        char folded[DL_FOLD_MAX];
        const dl_wordclass_cell *cell = dl_wordclass_find(&t->words, dl_hash(folded, dl_fold_word(rest, folded), 0));

        if (!cell)
            return false;
        cls = (dl_time_class)cell->cls;
        value = cell->value;
    }
    put(out, TC_MID, at, at + 1, 0);
    put(out, cls, at, at + 1, value);
    return true;
}

static bool can_begin(dl_time_class cls)
{
    switch (cls) {
    case TC_OTHER:
    case TC_COMMA:
    case TC_DASH:
    case TC_OF:
    case TC_IN:
    case TC_AT:
    case TC_ON:
    case TC_THE:
    case TC_A:
    case TC_AND:
    case TC_OR:
    case TC_TO:
    case TC_FROM:
    case TC_POSS:
    case TC_THIS:
    case TC_THAT:
    case TC_MORE:
    case TC_LESS:
    case TC_THAN:
    case TC_UP:
    case TC_NW:
    case TC_BEFORE:
    case TC_AFTER:
    case TC_OTHERW:
    case TC_ABOUT:
    case TC_OVER:
    case TC_OLD:
        return false;
    default:
        return true;
    }
}

bool dl_time_atoms_read(const dl_times *t, const dl_doc *doc, const dl_sentence *sent, dl_time_atoms *out)
{
    uint32_t end = sent->first_tok + sent->n_toks;
    bool any = false;

    out->n = 0;
    for (uint32_t at = sent->first_tok; at < end;) {
        const dl_token *tok = &doc->toks.p[at];
        const dl_wordclass_cell *cell;
        dl_number number;
        uint32_t n_toks = 0, holiday = 0;
        double value = 0;
        dl_time_class cls = TC_OTHER;

        if ((holiday = dl_holiday_at(&t->holidays, doc, at, end, &n_toks)) != 0) {
            put(out, TC_HOLIDAY, at, at + n_toks, holiday);
            at += n_toks;
            any = true;
            continue;
        }
        if (tok->flags & DL_TOK_HAS_DIGIT && (tok->kind == DL_TOK_NUMBER || dl_is_digit(tok->form.p[0]) || tok->form.n <= 7)) {
            cls = digit_class(tok->form, &value);
            n_toks = 1;
        }
        if ((cls == TC_N12 || cls == TC_N31 || cls == TC_N99 || cls == TC_NBIG || cls == TC_NDEC) && at + 1 < end &&
            dl_number_read(t->numbers, doc, at, end, &number) && number.flags & (DL_NUMBER_SCALED | DL_NUMBER_FRACTION)) { /* 9 million years */
            cls = TC_NW;
            value = number.value;
            n_toks = number.n_toks;
        }
        if (cls == TC_OTHER && (cell = dl_wordclass_find(&t->words, tok->key)) != NULL) {
            cls = word_class(tok, cell);
            value = cell->value;
            n_toks = 1;
        }
        if (cls == TC_OTHER || cls == TC_A) {
            if (dl_number_read(t->numbers, doc, at, end, &number) && number.flags & DL_NUMBER_WORDS) {
                cls = TC_NW;
                value = number.value;
                n_toks = number.n_toks;
            }
        }
        if (cls == TC_OTHER && put_mid(t, doc, at, out)) {
            any = true;
            at++;
            continue;
        }
        any |= can_begin(cls);
        put(out, cls, at, at + (n_toks ? n_toks : 1), value);
        at += n_toks ? n_toks : 1;
    }
    out->cls[out->n] = TC_OTHER;
    return any;
}
