#include "numbers.h"

#include <math.h>

enum { ONES = 1, TENS, HUNDRED, SCALE, DOZEN, AND, ARTICLE, HALF, POINT, ORDINAL, PART, PARTS, OF, DASH, MINUS, COUPLE };

static const dl_wordclass_row rows[] = {
    {ONES, 0, "zero nought naught nil"}, {ONES, 1, "one"}, {ONES, 2, "two"}, {ONES, 3, "three"}, {ONES, 4, "four"}, {ONES, 5, "five"},
    {ONES, 6, "six"}, {ONES, 7, "seven"}, {ONES, 8, "eight"}, {ONES, 9, "nine"}, {ONES, 10, "ten"}, {ONES, 11, "eleven"},
    {ONES, 12, "twelve"}, {ONES, 13, "thirteen"}, {ONES, 14, "fourteen"}, {ONES, 15, "fifteen"}, {ONES, 16, "sixteen"},
    {ONES, 17, "seventeen"}, {ONES, 18, "eighteen"}, {ONES, 19, "nineteen"}, {TENS, 20, "twenty"}, {TENS, 30, "thirty"},
    {TENS, 40, "forty fourty"}, {TENS, 50, "fifty"}, {TENS, 60, "sixty"}, {TENS, 70, "seventy"}, {TENS, 80, "eighty"}, {TENS, 90, "ninety"},
    {HUNDRED, 2, "hundred"}, {SCALE, 3, "thousand k"}, {SCALE, 5, "lakh lakhs lac lacs"}, {SCALE, 6, "million m mn mln mil mio"},
    {SCALE, 7, "crore crores cr"}, {SCALE, 9, "billion bn bln b"}, {SCALE, 12, "trillion tn trn"}, {SCALE, 15, "quadrillion"},
    {DOZEN, 12, "dozen"}, {DOZEN, 20, "score"}, {AND, 0, "and"}, {ARTICLE, 1, "a an"}, {HALF, 2, "half"}, {POINT, 0, "point"},
    {ORDINAL, 1, "first"}, {ORDINAL, 2, "second"}, {PART, 3, "third"}, {PART, 4, "fourth quarter"}, {PART, 5, "fifth"}, {PART, 6, "sixth"},
    {PART, 7, "seventh"}, {PART, 8, "eighth"}, {PART, 9, "ninth"}, {PART, 10, "tenth"}, {ORDINAL, 11, "eleventh"}, {PART, 12, "twelfth"},
    {ORDINAL, 13, "thirteenth"}, {ORDINAL, 14, "fourteenth"}, {ORDINAL, 15, "fifteenth"}, {ORDINAL, 16, "sixteenth"},
    {ORDINAL, 17, "seventeenth"}, {ORDINAL, 18, "eighteenth"}, {ORDINAL, 19, "nineteenth"}, {ORDINAL, 20, "twentieth"},
    {ORDINAL, 30, "thirtieth"}, {ORDINAL, 40, "fortieth"}, {ORDINAL, 50, "fiftieth"}, {ORDINAL, 60, "sixtieth"},
    {ORDINAL, 70, "seventieth"}, {ORDINAL, 80, "eightieth"}, {ORDINAL, 90, "ninetieth"}, {ORDINAL, 100, "hundredth"},
    {PARTS, 3, "thirds"}, {PARTS, 4, "fourths quarters"}, {PARTS, 5, "fifths"}, {PARTS, 6, "sixths"}, {PARTS, 7, "sevenths"},
    {PARTS, 8, "eighths"}, {PARTS, 9, "ninths"}, {PARTS, 10, "tenths"}, {OF, 0, "of"}, {DASH, 0, "-"},
};

dl_code dl_numbers_init(dl_numbers *n, dl_error *err)
{
    return dl_wordclass_init(&n->words, rows, sizeof rows / sizeof *rows, err);
}

void dl_numbers_free(dl_numbers *n)
{
    dl_wordclass_free(&n->words);
}

/* ---- digits --------------------------------------------------------------------------------------------------------- */

/* Fraction signs: value, or -1. */
static double sign_value(dl_str s)
{
    static const struct { const char *sign; double value; } signs[] = {
        {"½", 0.5}, {"¼", 0.25}, {"¾", 0.75}, {"⅓", 1.0 / 3}, {"⅔", 2.0 / 3}, {"⅛", 0.125}, {"⅜", 0.375}, {"⅝", 0.625}, {"⅞", 0.875},
        {"⅕", 0.2}, {"⅖", 0.4}, {"⅗", 0.6}, {"⅘", 0.8},
    };

    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
        if (dl_str_eq(s, dl_str_of(signs[i].sign)))
            return signs[i].value;
    return -1;
}

bool dl_digits_value(dl_str s, double *value, uint32_t *flags)
{
    double v = 0, unit = 0;
    size_t i = 0, since_comma = 0;
    bool comma = false;

    *flags = 0;
    for (; i < s.n; i++) {
        if (dl_is_digit(s.p[i])) {
            since_comma++;
            if (unit > 0) {
                v += (s.p[i] - '0') * unit;
                unit /= 10;
            } else {
                v = v * 10 + (s.p[i] - '0');
            }
        } else if (s.p[i] == ',' && i && unit == 0 && i + 1 < s.n && dl_is_digit(s.p[i + 1])) {
            if (comma && since_comma != 3 && since_comma != 2)
                return false;
            comma = true;
            since_comma = 0;
        } else if (s.p[i] == '.' && unit == 0 && i + 1 < s.n && dl_is_digit(s.p[i + 1]) && (!comma || since_comma == 3)) {
            unit = 0.1;
            *flags |= DL_NUMBER_DECIMAL;
        } else {
            break;
        }
    }
    if (i == 0 || s.n > 40 || (comma && unit == 0 && since_comma != 3))
        return false;
    if (i < s.n) {
        double f = sign_value(dl_str_sub(s, i, s.n));

        if (f < 0)
            return false;
        v += f;
        *flags |= DL_NUMBER_FRACTION;
    } else if (!comma && unit == 0) {
        *flags |= DL_NUMBER_PLAIN;
    }
    if (unit > 0) /* sums of tenths are not exact: round to the decimals written */
        v = round(v / unit / 10) / round(1 / unit / 10);
    *value = v;
    return true;
}

static bool read_digits(const dl_doc *doc, uint32_t at, uint32_t end, dl_number *out)
{
    const dl_token *tok = &doc->toks.p[at];
    size_t slash = 0;

    while (slash < tok->form.n && tok->form.p[slash] != '/')
        slash++;
    if (slash && slash < tok->form.n) { /* 3/4 */
        double over, under;
        uint32_t flags;

        if (!dl_digits_value(dl_str_sub(tok->form, 0, slash), &over, &flags) ||
            !dl_digits_value(dl_str_sub(tok->form, slash + 1, tok->form.n), &under, &flags) || under == 0)
            return false;
        *out = (dl_number){over / under, 1, 1, DL_NUMBER_FRACTION};
        return true;
    }
    if (tok->form.n > 2 && tok->kind == DL_TOK_NUMBER) { /* 21st */
        dl_str suffix = dl_str_sub(tok->form, tok->form.n - 2, tok->form.n);

        if (dl_str_eq_nocase(suffix, DL_LIT("st")) || dl_str_eq_nocase(suffix, DL_LIT("nd")) || dl_str_eq_nocase(suffix, DL_LIT("rd")) ||
            dl_str_eq_nocase(suffix, DL_LIT("th"))) {
            if (!dl_digits_value(dl_str_sub(tok->form, 0, tok->form.n - 2), &out->value, &out->flags))
                return false;
            *out = (dl_number){out->value, 1, 1, DL_NUMBER_ORDINAL};
            return true;
        }
    }
    *out = (dl_number){0, 1, 1, 0};
    if (sign_value(tok->form) >= 0) {
        out->value = sign_value(tok->form);
        out->flags = DL_NUMBER_FRACTION;
        return true;
    }
    if (!dl_digits_value(tok->form, &out->value, &out->flags))
        return false;
    /* 1 234 567: groups of three behind single blanks, two of them or more */
    uint32_t groups = 0;

    while (tok->form.n <= 3 && (out->flags & DL_NUMBER_PLAIN) && at + groups + 1 < end) {
        const dl_token *next = tok + groups + 1;
        double value;
        uint32_t flags;

        if (next->form.n != 3 || next->span.start != next[-1].span.end + 1 || !dl_digits_value(next->form, &value, &flags) ||
            !(flags & DL_NUMBER_PLAIN))
            break;
        groups++;
    }
    if (groups >= 2) {
        for (uint32_t i = 1; i <= groups; i++)
            for (size_t j = 0; j < 3; j++)
                out->value = out->value * 10 + (tok[i].form.p[j] - '0');
        out->n_toks += groups;
        out->flags = 0;
    }
    return true;
}

/* ---- words ---------------------------------------------------------------------------------------------------------- */

typedef struct cursor {
    const dl_numbers *n;
    const dl_doc     *doc;
    uint32_t          at, end;
} cursor;

static const dl_wordclass_cell *peek(const cursor *c, uint32_t ahead)
{
    return c->at + ahead < c->end ? dl_wordclass_find(&c->n->words, c->doc->toks.p[c->at + ahead].key) : NULL;
}

static uint32_t class_at(const cursor *c, uint32_t ahead)
{
    const dl_wordclass_cell *cell = peek(c, ahead);

    return cell ? cell->cls : 0;
}

/* A size behind a number: letters ("m", "bn", "k") only where they touch digits or stand for money; the caller tells. */
static bool is_size_letter(const cursor *c, uint32_t ahead)
{
    const dl_token *tok = &c->doc->toks.p[c->at + ahead];

    return tok->form.n <= 2 && class_at(c, ahead) == SCALE;
}

static double power10(int32_t n)
{
    double v = 1;

    while (n-- > 0)
        v *= 10;
    return v;
}

/* 0 to 999 in words at the cursor: "two hundred and five", "twenty-one". False: none. */
static bool read_below_thousand(cursor *c, double *value, uint32_t *flags)
{
    double v = -1;
    const dl_wordclass_cell *w = peek(c, 0);

    if (w && w->cls == ARTICLE && class_at(c, 1) == HUNDRED) {
        v = 1;
        c->at++;
        *flags |= DL_NUMBER_ARTICLE;
    } else if (w && w->cls == ONES) {
        v = w->value;
        c->at++;
    } else if (w && w->cls == TENS) {
        v = w->value;
        c->at++;
        uint32_t dash = class_at(c, 0) == DASH;

        w = peek(c, dash);
        if (w && w->cls == ONES && w->value > 0 && w->value < 10) {
            v += w->value;
            c->at += dash + 1;
        }
    } else {
        return false;
    }
    if (class_at(c, 0) == HUNDRED && v > 0) {
        v *= 100;
        c->at++;
        cursor rest = *c;
        double more;
        uint32_t ignored = 0;

        if (class_at(&rest, 0) == AND)
            rest.at++;
        w = peek(&rest, 0);
        if (w && (w->cls == ONES || w->cls == TENS) && read_below_thousand(&rest, &more, &ignored) && more < 100) {
            v += more;
            *c = rest;
        }
    }
    *value = v;
    return true;
}

/* "million", "hundred thousand", "dozen" behind a number. */
static void read_sizes(cursor *c, dl_number *out, bool letters)
{
    for (;;) {
        uint32_t dash = class_at(c, 0) == DASH && (class_at(c, 1) == SCALE || class_at(c, 1) == DOZEN) && !is_size_letter(c, 1);
        const dl_wordclass_cell *w = peek(c, dash);
        double size;

        if (!w || (w->cls != SCALE && w->cls != HUNDRED && w->cls != DOZEN) || (!letters && is_size_letter(c, dash)) ||
            (w->cls == DOZEN && w->value == 20 && (out->flags & DL_NUMBER_WORDS) == 0))
            return;
        size = w->cls == DOZEN ? w->value : power10(w->value);
        out->value *= size;
        out->scale *= size;
        out->flags |= DL_NUMBER_SCALED;
        out->flags &= ~(uint32_t)DL_NUMBER_PLAIN;
        c->at += dash + 1;
    }
}

/* "and a half" [million]: what is added to the number before it. */
static bool read_and_part(cursor *c, double *more)
{
    const dl_wordclass_cell *w;
    cursor r = *c;

    if (class_at(&r, 0) == DASH)
        r.at++;
    if (class_at(&r, 0) != AND)
        return false;
    r.at++;
    if (class_at(&r, 0) == DASH)
        r.at++;
    w = peek(&r, 0);
    if (!w || (w->cls != ARTICLE && w->cls != ONES))
        return false;
    double n = w->value;

    r.at++;
    if (class_at(&r, 0) == DASH)
        r.at++;
    w = peek(&r, 0);
    if (!w || (w->cls != HALF && w->cls != PART && w->cls != PARTS) || (w->cls == PART && w->value != 4 && w->value != 3))
        return false;
    r.at++;
    *more = n / w->value;
    *c = r;
    return true;
}

/* "half a million", "half-million", "a quarter of a million". */
static bool read_part_of_size(cursor *c, dl_number *out)
{
    cursor r = *c;
    const dl_wordclass_cell *w;

    if (class_at(&r, 0) == ARTICLE)
        r.at++;
    w = peek(&r, 0);
    if (!w || (w->cls != HALF && !(w->cls == PART && w->value == 4)))
        return false;
    r.at++;
    if (class_at(&r, 0) == OF || class_at(&r, 0) == DASH)
        r.at++;
    if (class_at(&r, 0) == ARTICLE)
        r.at++;
    double part = 1.0 / w->value;

    w = peek(&r, 0);
    if (!w || (w->cls != SCALE && w->cls != DOZEN) || is_size_letter(&r, 0))
        return false;
    *out = (dl_number){part, 1, 1, DL_NUMBER_WORDS};
    read_sizes(&r, out, false);
    *c = r;
    return true;
}

static bool read_words(cursor *c, dl_number *out)
{
    double total = 0, part;
    bool any = false;
    cursor r = *c;

    *out = (dl_number){0, 1, 1, DL_NUMBER_WORDS};
    if (read_part_of_size(c, out))
        return true;
    if (class_at(&r, 0) == ARTICLE && (class_at(&r, 1) == SCALE || class_at(&r, 1) == DOZEN) && !is_size_letter(&r, 1)) {
        r.at++;
        out->value = 1;
        out->flags |= DL_NUMBER_ARTICLE;
        read_sizes(&r, out, false);
        *c = r;
        return true;
    }
    while (read_below_thousand(&r, &part, &out->flags)) {
        dl_number group = {part, 1, 1, DL_NUMBER_WORDS};
        double more;

        if (read_and_part(&r, &more)) {
            group.value += more;
            out->flags |= DL_NUMBER_FRACTION;
        }
        read_sizes(&r, &group, false);
        if (any && group.value >= out->scale) /* not smaller: the next number */
            break;
        total += group.value;
        any = true;
        *c = r;
        out->scale = group.scale;
        out->flags |= group.flags;
        if (group.scale < 1000)
            break;
        if (class_at(&r, 0) == AND)
            r.at++;
    }
    if (!any)
        return false;
    out->value = total;
    /* two-thirds, three quarters */
    uint32_t dash = class_at(c, 0) == DASH;
    const dl_wordclass_cell *w = peek(c, dash);

    if (w && (w->cls == PARTS || (w->cls == PART && total == 1 && w->value != 3)) && total < 100 && out->scale == 1) {
        out->value = total / w->value;
        out->flags |= DL_NUMBER_FRACTION;
        c->at += dash + 1;
    } else if (w && w->cls == PART && total == 1 && w->value == 3 && dash) {
        out->value = 1.0 / 3;
        out->flags |= DL_NUMBER_FRACTION;
        c->at += 2;
    } else if (class_at(c, 0) == POINT) {
        double unit = 0.1, value = 0;
        cursor d = *c;

        d.at++;
        for (w = peek(&d, 0); w && w->cls == ONES && w->value < 10; w = peek(&d, 0)) {
            value += w->value * unit;
            unit /= 10;
            d.at++;
        }
        if (unit < 0.1) {
            out->value += value;
            out->flags |= DL_NUMBER_DECIMAL;
            *c = d;
            read_sizes(c, out, false);
        }
    }
    return true;
}

/* "m" is a million behind a sign of money or before what is counted, else metres. */
static bool letter_is_size(const cursor *c, uint32_t number)
{
    const dl_token *toks = c->doc->toks.p;

    if (!dl_str_eq_nocase(toks[c->at].form, DL_LIT("m")))
        return true;
    if (number && toks[number - 1].span.end == toks[number].span.start && toks[number - 1].kind == DL_TOK_SYMBOL)
        return true;
    return c->at + 1 < c->end && toks[c->at + 1].upos == DL_UPOS_NOUN && toks[c->at + 1].form.n && (dl_str_ends(toks[c->at + 1].form, DL_LIT("s")) || dl_str_eq(toks[c->at + 1].form, DL_LIT("people")));
}

bool dl_number_read(const dl_numbers *n, const dl_doc *doc, uint32_t at, uint32_t end, dl_number *out)
{
    if (at >= end)
        return false;
    cursor c = {n, doc, at, end};
    const dl_token *tok = &doc->toks.p[at];
    double more;

    if (tok->flags & DL_TOK_HAS_DIGIT || tok->kind == DL_TOK_NUMBER) {
        if (!read_digits(doc, at, end, out))
            return false;
        c.at += out->n_toks;
        if (!(out->flags & DL_NUMBER_ORDINAL)) {
            dl_number part;

            if (c.at < end && (out->flags & DL_NUMBER_PLAIN) && doc->toks.p[c.at].flags & DL_TOK_HAS_DIGIT && read_digits(doc, c.at, end, &part) &&
                part.flags == DL_NUMBER_FRACTION && part.value < 1 && doc->toks.p[c.at].form.n > 2) { /* 10 1/2 */
                out->value += part.value;
                out->flags = DL_NUMBER_FRACTION;
                c.at++;
            } else if (c.at < end && sign_value(doc->toks.p[c.at].form) >= 0) {
                out->value += sign_value(doc->toks.p[c.at].form);
                out->flags = DL_NUMBER_FRACTION;
                c.at++;
            } else if (read_and_part(&c, &more)) {
                out->value += more;
                out->flags = DL_NUMBER_FRACTION;
            }
            read_sizes(&c, out, c.at < end && !(doc->toks.p[c.at].flags & DL_TOK_SPACE) && letter_is_size(&c, at));
            if (out->scale > 1 && read_and_part(&c, &more)) /* 3 million and a half */
                out->value += more * out->scale;
        }
        out->n_toks = c.at - at;
        return true;
    }
    uint32_t cls = class_at(&c, 0);

    if (cls != ONES && cls != TENS && cls != ARTICLE && cls != HALF && cls != PART)
        return false;
    if (!read_words(&c, out))
        return false;
    out->n_toks = c.at - at;
    return true;
}
