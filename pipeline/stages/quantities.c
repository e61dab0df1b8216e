#include "quantities.h"

#include "tag.h"

#include <math.h>

enum { VAGUE = 1, FEW, COUPLE, OF, A, DASH, TO, AND, BETWEEN, NOUGHT, THAN, MORE, LEAST, LESS, MOST, UP, MANY, ABOUT, INCLUDING, PERCENT, NEGATION,
       NOUN, PERSON, TRIGGER, LIVES, CLAIMED, HARM, UNIT, SQUARE, POUND, SIGN, CURRENCY, CENT, NATION };

typedef enum kind {
    KIND_NONE,
#define KIND(id, name) KIND_##id,
#define UNIT(id, name)
#define CUR(id)
#include "quantities_units.def"
#undef KIND
#undef UNIT
#undef CUR
} kind;

enum {
    UNIT_NONE,
#define KIND(id, name)
#define UNIT(id, name) UNIT_##id,
#define CUR(id)
#include "quantities_units.def"
#undef KIND
#undef UNIT
#undef CUR
};

enum {
    CUR_NONE,
#define KIND(id, name)
#define UNIT(id, name)
#define CUR(id) CUR_##id,
#include "quantities_units.def"
#undef KIND
#undef UNIT
#undef CUR
};

static const char *const kind_names[] = {
    "",
#define KIND(id, name) name,
#define UNIT(id, name)
#define CUR(id)
#include "quantities_units.def"
#undef KIND
#undef UNIT
#undef CUR
};

static const char *const unit_names[] = {
    "",
#define KIND(id, name)
#define UNIT(id, name) name,
#define CUR(id)
#include "quantities_units.def"
#undef KIND
#undef UNIT
#undef CUR
};

static const char *const currency_names[] = {
    "",
#define KIND(id, name)
#define UNIT(id, name)
#define CUR(id) #id,
#include "quantities_units.def"
#undef KIND
#undef UNIT
#undef CUR
};

static const dl_wordclass_row words[] = {
#define Q(cls, value, list) {cls, (int32_t)(value), list},
#include "quantities_words.def"
#undef Q
};

dl_code dl_quantities_init(dl_quantities *q, const dl_numbers *numbers, dl_error *err)
{
    q->numbers = numbers;
    return dl_wordclass_init(&q->words, words, sizeof words / sizeof *words, err);
}

void dl_quantities_free(dl_quantities *q)
{
    dl_wordclass_free(&q->words);
}

/* ---- looking around ------------------------------------------------------------------------------------------------- */

typedef struct scan {
    const dl_quantities *q;
    dl_doc              *doc;
    uint32_t             sent, first, end; /* tokens of the sentence */
    uint32_t             first_time;       /* of doc->times, the first that can stand in this sentence */
} scan;

typedef struct found { /* one quantity in the making */
    uint32_t first, end; /* tokens of the span */
    uint32_t number_end; /* behind the number itself */
    double   min, max;
    bool     plain;      /* four digits without a separator, or fewer */
    bool     bounded, one;
    const char *unit;    /* NULL: none */
    kind     kind;
    uint32_t of_first, of_end; /* tokens of the noun; equal: none */
    uint32_t flags;
} found;

static uint32_t class_at(const scan *s, uint32_t at)
{
    const dl_wordclass_cell *c = at >= s->first && at < s->end ? dl_wordclass_find(&s->q->words, s->doc->toks.p[at].key) : NULL;

    return c ? c->cls : 0;
}

static int32_t value_at(const scan *s, uint32_t at)
{
    return dl_wordclass_find(&s->q->words, s->doc->toks.p[at].key)->value;
}

static bool is_word(const scan *s, uint32_t at, const char *word)
{
    return at >= s->first && at < s->end && dl_str_eq_nocase(s->doc->toks.p[at].form, dl_str_of(word));
}

/* The time that holds token `at`, or NULL. */
static const dl_time *time_at(scan *s, uint32_t at)
{
    while (s->first_time < s->doc->times.n && s->doc->times.p[s->first_time].sent < s->sent)
        s->first_time++;
    for (uint32_t i = s->first_time; i < s->doc->times.n && s->doc->times.p[i].sent == s->sent; i++) {
        const dl_time *t = &s->doc->times.p[i];

        if (t->first_tok <= at && at < t->first_tok + t->n_toks)
            return t;
    }
    return NULL;
}

/* ---- the number ----------------------------------------------------------------------------------------------------- */

/* "dozens of", "hundreds of thousands of", "a few", "several hundred", "tens of thousands". */
static bool read_vague(const scan *s, uint32_t at, found *f)
{
    uint32_t cls = class_at(s, at), start = at;

    if (cls == A && (class_at(s, at + 1) == FEW || class_at(s, at + 1) == COUPLE))
        cls = class_at(s, ++at);
    if (cls == VAGUE) {
        double v = value_at(s, at);

        at++;
        if (class_at(s, at) == OF && class_at(s, at + 1) == VAGUE && value_at(s, at + 1) >= 2000) {
            v *= (double)value_at(s, at + 1) / 2;
            at += 2;
        } else if (at >= s->first + 2 && s->doc->toks.p[at - 2].flags & DL_TOK_HAS_DIGIT) { /* 5 millions: read_number's */
            return false;
        } else if (v == 20) { /* tens of */
            return false;
        }
        f->min = v;
        f->max = NAN;
    } else if (cls == FEW || cls == COUPLE) {
        dl_number n = {0, 1, 1, 0};
        uint32_t next = at + 1;
        double few = value_at(s, at);

        if (class_at(s, next) == OF && cls == COUPLE)
            next++;
        if (class_at(s, next) == VAGUE || is_word(s, next, "dozen") || is_word(s, next, "hundred") || is_word(s, next, "thousand") ||
            is_word(s, next, "million") || is_word(s, next, "billion")) {
            n.value = is_word(s, next, "dozen") ? 12 : is_word(s, next, "hundred") ? 100 : is_word(s, next, "thousand") ? 1e3 :
                      is_word(s, next, "million") ? 1e6 : is_word(s, next, "billion") ? 1e9 : value_at(s, next) / 2.0;
            f->min = 2 * n.value;
            f->max = cls == COUPLE ? f->min : (double)NAN;
            at = next + 1;
        } else if (cls == COUPLE) {
            if (start == at && !is_word(s, at, "couple"))
                return false;
            if (class_at(s, at + 1) != OF)
                return false; /* the couple */
            f->min = f->max = 2;
            at++;
        } else {
            f->min = few;
            f->max = NAN;
            at++;
        }
    } else {
        return false;
    }
    f->first = start;
    f->end = f->number_end = at;
    f->bounded = true;
    return true;
}

static bool is_range_sign(const scan *s, uint32_t at)
{
    if (at >= s->end)
        return false;
    return is_word(s, at, "-") || is_word(s, at, "–") || is_word(s, at, "—") || is_word(s, at, "to") || is_word(s, at, "or");
}

/* "20 to 30", "1.2-1.5 million", "between 20 and 30", behind the first number. */
static void read_range(const scan *s, dl_number *first, found *f)
{
    uint32_t at = f->end, before = f->first ? f->first - 1 : 0;

    if (before > s->first && class_at(s, before) == SIGN) /* between $300 and 400 billion */
        before--;
    bool between = f->first > s->first && is_word(s, before, "between") && class_at(s, at) == AND;
    dl_number second;

    if (!between && !is_range_sign(s, at))
        return;
    if (class_at(s, at + 1) == SIGN)
        at++;
    if (!dl_number_read(s->q->numbers, s->doc, at + 1, s->end, &second) || (second.flags & DL_NUMBER_ORDINAL))
        return;
    if (is_word(s, f->end, "to") && f->first > s->first &&
        (is_word(s, before, "from") || is_word(s, before, "rose") || is_word(s, before, "fell")) && second.value < first->value)
        return;
    double low = first->value;

    if (first->scale == 1 && second.scale > 1 && low * second.scale < second.value)
        low *= second.scale;
    if (low >= second.value)
        return;
    f->min = low;
    f->max = second.value;
    f->end = f->number_end = at + 1 + second.n_toks;
    f->bounded = true;
    if (between)
        f->first = before;
}

/* "-5", "(-5": a sign that touches the number and nothing before it. */
static bool is_minus_sign(const scan *s, uint32_t at)
{
    const dl_token *tok = &s->doc->toks.p[at];

    return (is_word(s, at, "-") || is_word(s, at, "−")) && !(tok[1].flags & DL_TOK_SPACE) && (at == s->first || tok->flags & DL_TOK_SPACE);
}

static bool read_number(const scan *s, uint32_t at, found *f)
{
    dl_number n;

    if (!dl_number_read(s->q->numbers, s->doc, at, s->end, &n) || (n.flags & DL_NUMBER_ORDINAL))
        return false;
    f->first = at;
    f->end = f->number_end = at + n.n_toks;
    f->min = f->max = n.value;
    f->plain = (n.flags & DL_NUMBER_PLAIN) != 0;
    if (at > s->first && (is_word(s, at - 1, "minus") || is_word(s, at - 1, "negative") || is_minus_sign(s, at - 1))) {
        f->first = at - 1;
        f->min = f->max = n.value = -n.value;
        f->plain = false;
    }
    f->one = n.value == 1 && (n.flags & DL_NUMBER_WORDS) && !(n.flags & DL_NUMBER_SCALED);
    if (class_at(s, f->end) == VAGUE && value_at(s, f->end) == 24 && (n.flags & DL_NUMBER_SCALED) == 0) { /* 3 dozens */
        f->min = f->max = n.value * 12;
        f->end = ++f->number_end;
    }
    read_range(s, &n, f);
    return true;
}

/* What stands before: "more than", "at least", "no fewer than", "up to". The words join the span. */
static void read_bounds(const scan *s, found *f)
{
    uint32_t at = f->first;
    double lo = f->min, hi = f->max;

    while (at > s->first && class_at(s, at - 1) == ABOUT)
        at--;
    uint32_t c1 = at > s->first ? class_at(s, at - 1) : 0, c2 = at > s->first + 1 ? class_at(s, at - 2) : 0;
    bool no = at > s->first + 2 && (class_at(s, at - 3) == NOUGHT || is_word(s, at - 3, "not"));
    bool than = at > s->first && (is_word(s, at - 1, "than") || is_word(s, at - 1, "of"));

    if (c1 == MORE && !is_word(s, at - 1, "more") && !is_word(s, at - 1, "higher") && !is_word(s, at - 1, "upwards")) {
        hi = NAN;
        at--;
    } else if ((c1 == LESS) && (is_word(s, at - 1, "under") || is_word(s, at - 1, "below"))) {
        lo = NAN;
        at--;
    } else if (than && c2 == MORE) {
        if (no)
            lo = NAN;
        else
            hi = NAN;
        at -= no ? 3 : 2;
    } else if (than && c2 == LESS) {
        if (no)
            hi = NAN;
        else
            lo = NAN;
        at -= no ? 3 : 2;
    } else if (c1 == LEAST && is_word(s, at - 2, "at") && at > s->first + 1) {
        hi = NAN;
        at -= 2;
    } else if (c1 == MOST && is_word(s, at - 1, "most") && at > s->first + 1 && is_word(s, at - 2, "at")) {
        lo = NAN;
        at -= 2;
    } else if (at > s->first + 1 && is_word(s, at - 1, "to") && c2 == UP) {
        lo = NAN;
        at -= 2;
    } else if (at > s->first + 2 && is_word(s, at - 1, "as") && c2 == MANY && is_word(s, at - 3, "as")) {
        lo = NAN;
        at -= 3;
    }
    if (isnan(lo) && isnan(hi))
        return;
    f->bounded |= at < f->first;
    f->first = at;
    f->min = lo;
    f->max = hi;
    if (f->end < s->end && (is_word(s, f->end, "or") && (is_word(s, f->end + 1, "more") || is_word(s, f->end + 1, "fewer") || is_word(s, f->end + 1, "less")))) {
        if (is_word(s, f->end + 1, "more"))
            f->max = NAN;
        else
            f->min = NAN;
        f->end += 2;
    }
}

/* ---- what is counted ------------------------------------------------------------------------------------------------ */

static bool read_money(const scan *s, found *f, uint32_t number_first)
{
    uint32_t at = f->end, cls = class_at(s, at);
    int32_t currency = CUR_NONE, nation = CUR_NONE;

    if (number_first > s->first && class_at(s, number_first - 1) == SIGN &&
        (s->doc->toks.p[number_first - 1].flags & DL_TOK_ALL_CAPS || s->doc->toks.p[number_first - 1].kind == DL_TOK_SYMBOL ||
         !dl_is_lower(s->doc->toks.p[number_first - 1].form.p[0]))) {
        currency = value_at(s, number_first - 1);
        if (f->first == number_first)
            f->first--;
    } else if (cls == SIGN && !dl_is_lower(s->doc->toks.p[at].form.p[0])) {
        currency = value_at(s, at);
        f->end++;
    } else {
        if (cls == DASH && (class_at(s, at + 1) == CURRENCY || class_at(s, at + 1) == CENT))
            cls = class_at(s, ++at);
        if (cls == NATION) {
            nation = value_at(s, at);
            cls = class_at(s, ++at);
        }
        if (cls == CURRENCY || (cls == POUND && (nation || f->min >= 1e6 || is_word(s, at + 1, "sterling")))) {
            currency = nation ? nation : cls == POUND ? CUR_GBP : value_at(s, at);
            f->end = at + 1 + is_word(s, at + 1, "sterling");
        } else if (cls == CENT) {
            currency = nation ? nation : CUR_USD;
            f->min /= 100;
            f->max /= 100;
            f->end = at + 1;
        }
    }
    if (!currency)
        return false;
    if (class_at(s, f->end) == CURRENCY && number_first > f->first && is_word(s, f->end, "dollars"))
        f->end++;
    f->unit = currency_names[currency];
    f->kind = KIND_MONEY;
    return true;
}

/* "13 dollars and 45 cents", "5 feet 2 inches": what the smaller unit adds. */
static void read_minor(const scan *s, found *f)
{
    uint32_t at = f->end + (class_at(s, f->end) == AND);
    dl_number n;

    if (f->min != f->max || !dl_number_read(s->q->numbers, s->doc, at, s->end, &n) || n.value >= 100)
        return;
    uint32_t cls = class_at(s, at + n.n_toks);
    bool cents = f->kind == KIND_MONEY && cls == CENT;
    bool inches = f->unit == unit_names[UNIT_FT] && cls == UNIT && value_at(s, at + n.n_toks) == UNIT_IN;

    if (!cents && !inches)
        return;
    f->min = f->max += n.value / (cents ? 100 : 12);
    f->end = f->number_end = at + n.n_toks + 1;
}

static bool read_unit(dl_arena *a, const scan *s, found *f)
{
    uint32_t at = f->end, cls;

    if (class_at(s, at) == DASH)
        at++;
    cls = class_at(s, at);
    if (cls == PERCENT || (is_word(s, at, "per") && is_word(s, at + 1, "cent"))) {
        f->end = at + 1 + (cls != PERCENT);
        if (is_word(s, f->end, "point") || is_word(s, f->end, "points"))
            f->end++;
        f->unit = "%";
        f->kind = KIND_PERCENT;
        return true;
    }
    if (cls == POUND) {
        f->unit = unit_names[UNIT_LB];
        f->end = at + 1;
        return true;
    }
    int32_t power = cls == SQUARE ? value_at(s, at) : 0;

    if (power)
        cls = class_at(s, ++at);
    if (cls != UNIT)
        return false;
    int32_t unit = value_at(s, at);

    if (s->doc->toks.p[at].form.n == 1 || (unit == UNIT_DEG && is_word(s, at + 1, "of")))
        return false;
    f->unit = unit_names[unit];
    f->end = at + 1;
    if (unit == UNIT_DEG && (is_word(s, at + 1, "celsius") || is_word(s, at + 1, "c"))) {
        f->unit = "Cel";
        f->end++;
    } else if (unit == UNIT_DEG && (is_word(s, at + 1, "fahrenheit") || is_word(s, at + 1, "f"))) {
        f->unit = "[degF]";
        f->end++;
    } else if ((unit == UNIT_KM || unit == UNIT_MI) && (is_word(s, at + 1, "per") || is_word(s, at + 1, "an")) && is_word(s, at + 2, "hour")) {
        f->unit = unit == UNIT_KM ? unit_names[UNIT_KMH] : unit_names[UNIT_MPH];
        f->end += 2;
    }
    if (power)
        f->unit = dl_arena_printf(a, "%s%d", f->unit, power).p;
    return f->unit != NULL;
}

/* The noun behind the number: "12 [of the] young Iraqi soldiers". */
static void read_noun(const scan *s, found *f)
{
    uint32_t at = f->end;

    if (class_at(s, at) == OF)
        at++;
    for (uint32_t steps = 0; at < s->end && steps < 6; at++, steps++) {
        const dl_token *tok = &s->doc->toks.p[at];
        uint32_t cls = class_at(s, at);
        bool noun = tok->xpos == DL_XPOS_NN || tok->xpos == DL_XPOS_NNS || cls == PERSON || (!tok->xpos && tok->kind == DL_TOK_WORD);

        if (cls == NOUN && (noun || steps == 0)) {
            f->of_first = at;
            f->of_end = at + 1;
            return;
        }
        if (noun) {
            while (at + 1 < s->end && tok->xpos && (s->doc->toks.p[at + 1].xpos == DL_XPOS_NN || s->doc->toks.p[at + 1].xpos == DL_XPOS_NNS) &&
                   class_at(s, at + 1) != TRIGGER)
                at++;
            f->of_first = at;
            f->of_end = at + 1;
            return;
        }
        if (tok->upos != DL_UPOS_ADJ && tok->upos != DL_UPOS_PROPN && tok->upos != DL_UPOS_DET && tok->xpos != DL_XPOS_HYPH && tok->xpos != DL_XPOS_VBN &&
            tok->xpos != DL_XPOS_VBG && tok->xpos != DL_XPOS_CD)
            return;
        if ((tok->xpos == DL_XPOS_VBN || tok->xpos == DL_XPOS_VBG) && cls == TRIGGER)
            return;
    }
}

static bool breaks_clause(const scan *s, uint32_t at)
{
    return is_word(s, at, ";") || is_word(s, at, ":") || is_word(s, at, "(") || is_word(s, at, ")");
}

/* The kind that the clause says of people or of a bare number; KIND_NONE: none. */
static kind clause_kind(const scan *s, const found *f)
{
    uint32_t back = f->first > s->first + 4 ? f->first - 4 : s->first;
    uint32_t behind = f->of_end > f->end ? f->of_end : f->end;

    for (uint32_t i = f->first; i > back; i--) { /* killing 12; a toll of 45; killed at least 12 */
        uint32_t cls = class_at(s, i - 1);
        const dl_token *tok = &s->doc->toks.p[i - 1];

        if (cls == NOUN && value_at(s, i - 1) <= KIND_INJURIES && is_word(s, i, "of"))
            return (kind)value_at(s, i - 1); /* the death of at least 50 people */
        if (cls == TRIGGER) {
            if (i == f->first || i + 1 >= f->first || is_word(s, i - 1, "toll"))
                return (kind)value_at(s, i - 1);
            break;
        }
        if (tok->kind == DL_TOK_PUNCT || tok->kind == DL_TOK_NUMBER || is_word(s, i - 1, "and"))
            break;
    }
    for (uint32_t i = behind; i < s->end && i < behind + 10; i++) { /* 12 people were killed */
        uint32_t cls = class_at(s, i);

        if (breaks_clause(s, i) || (i > behind && is_word(s, i, "who")))
            break;
        if (cls == TRIGGER || (cls == NOUN && i < behind + 3 && value_at(s, i) == KIND_DEATHS))
            return (kind)value_at(s, i);
        if (i > behind + 1 && (s->doc->toks.p[i].xpos == DL_XPOS_VBD || s->doc->toks.p[i].xpos == DL_XPOS_MD) &&
            !is_word(s, i, "was") && !is_word(s, i, "were") && !is_word(s, i, "had"))
            break;
    }
    for (uint32_t i = f->first; i > s->first && f->first - i < 9; i--) {
        if (breaks_clause(s, i - 1))
            break;
        if (class_at(s, i - 1) == TRIGGER)
            return (kind)value_at(s, i - 1);
    }
    return KIND_NONE;
}

static bool harmed_nearby(const scan *s, const found *f)
{
    uint32_t from = f->first > s->first + 6 ? f->first - 6 : s->first;

    for (uint32_t i = from; i < s->end && i < f->of_end + 8; i++)
        if (class_at(s, i) == HARM)
            return true;
    return false;
}

/* A noun in the plural that looks like persons: motorcyclists, Londoners, servicemen. */
static bool looks_like_persons(const scan *s, uint32_t at)
{
    static const char *const ends[] = {"ers", "ors", "ists", "ians", "ants", "men", "ees", "eers"};
    dl_str word = s->doc->toks.p[at].form;

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (word.n > 5 && dl_str_ends(word, dl_str_of(ends[i])))
            return true;
    return false;
}

static bool claims_lives(const scan *s, const found *f)
{
    for (uint32_t i = f->first; i > s->first && f->first - i < 4; i--)
        if (class_at(s, i - 1) == CLAIMED)
            return true;
    return false;
}

static void read_kind(const scan *s, found *f)
{
    uint32_t cls = f->of_end > f->of_first ? class_at(s, f->of_first) : 0;

    if (cls == LIVES) {
        f->kind = claims_lives(s, f) ? KIND_DEATHS : KIND_NONE;
        return;
    }
    if (!cls && f->of_end > f->of_first && looks_like_persons(s, f->of_first)) {
        kind said = clause_kind(s, f);

        if (said == KIND_DEATHS || said == KIND_INJURIES || said == KIND_ARRESTS || said == KIND_MISSING || said == KIND_PROTESTERS) {
            f->kind = said;
            f->unit = "person";
        }
        return;
    }

    if (cls == NOUN) {
        f->kind = (kind)value_at(s, f->of_first);
        if (f->kind == KIND_HOMES || f->kind == KIND_VEHICLES) {
            f->kind = harmed_nearby(s, f) ? f->kind : KIND_NONE;
            return;
        }
        if (f->kind == KIND_PROTESTERS || f->kind == KIND_TROOPS || f->kind == KIND_DISPLACED || f->kind == KIND_HOSTAGES) {
            kind said = clause_kind(s, f);

            f->unit = "person";
            if (said == KIND_DEATHS || said == KIND_INJURIES || said == KIND_ARRESTS || said == KIND_MISSING)
                f->kind = said;
        } else if (f->kind != KIND_VOTES && f->kind != KIND_CASES) {
            f->unit = "person";
        }
        return;
    }
    if (cls == PERSON || f->of_end == f->of_first || class_at(s, f->end) == TRIGGER) {
        f->kind = clause_kind(s, f);
        if (cls == PERSON)
            f->unit = "person";
        else if (f->kind == KIND_DEATHS || f->kind == KIND_INJURIES || f->kind == KIND_ARRESTS || f->kind == KIND_MISSING ||
                 (f->bounded && (f->kind == KIND_PROTESTERS || f->kind == KIND_DISPLACED || f->kind == KIND_EVACUATED)))
            f->unit = "person";
        else
            f->kind = KIND_NONE;
    }
}

/* ---- flags ---------------------------------------------------------------------------------------------------------- */

static void read_flags(const scan *s, found *f)
{
    uint32_t from = f->first > s->first + 5 ? f->first - 5 : s->first;

    for (uint32_t i = from; i < f->first; i++)
        if (class_at(s, i) == NEGATION)
            f->flags |= DL_QUANTITY_NEGATED;
    if (f->first > s->first && class_at(s, f->first - 1) == INCLUDING)
        f->flags |= DL_QUANTITY_PART;
    const dl_datetime *published = &s->doc->article.published;

    for (uint32_t i = s->first_time; published->year && i < s->doc->times.n && s->doc->times.p[i].sent == s->sent; i++) {
        const dl_time *t = &s->doc->times.p[i];
        int year = 0;

        for (size_t k = 0; k < 4 && k < t->end.n && dl_is_digit(t->end.p[k]); k++)
            year = year * 10 + (t->end.p[k] - '0');
        if (t->type != DL_TIME_DURATION && year && year + 1 < published->year)
            f->flags |= DL_QUANTITY_HISTORICAL;
    }
}

/* ---- what is no quantity -------------------------------------------------------------------------------------------- */

static bool rejected(scan *s, const found *f, uint32_t number_first)
{
    const dl_token *tok = &s->doc->toks.p[number_first];
    const dl_token *before = number_first > s->first ? tok - 1 : NULL, *after = f->number_end < s->end ? &s->doc->toks.p[f->number_end] : NULL;
    bool touches = after && !(after->flags & DL_TOK_SPACE);

    if (tok->kind == DL_TOK_URL || tok->kind == DL_TOK_EMAIL || tok->kind == DL_TOK_HANDLE || tok->kind == DL_TOK_HASHTAG)
        return true;
    for (uint32_t i = number_first; i < f->number_end; i++)
        if (time_at(s, i))
            return true;
    if (f->unit && !dl_str_eq(dl_str_of(f->unit), DL_LIT("person")))
        return false;
    if (f->one && (!after || (after->upos != DL_UPOS_NOUN && after->upos != DL_UPOS_ADJ && class_at(s, f->number_end) != PERSON && class_at(s, f->number_end) != TRIGGER)))
        return true; /* one of them, no one */
    if (before && (is_word(s, number_first - 1, "aged") || is_word(s, number_first - 1, "age") || is_word(s, number_first - 1, "no.") ||
                   is_word(s, number_first - 1, "number") || is_word(s, number_first - 1, "#") || is_word(s, number_first - 1, "page") ||
                   is_word(s, number_first - 1, "chapter") || is_word(s, number_first - 1, "article") || is_word(s, number_first - 1, "section")))
        return true;
    if (after && (is_word(s, f->number_end, "year") || is_word(s, f->number_end, "years")) && is_word(s, f->number_end + 1, "old"))
        return true;
    if (is_word(s, f->number_end, "-") && (is_word(s, f->number_end + 1, "year") || is_word(s, f->number_end + 1, "years")))
        return true;
    if (touches && (is_word(s, f->number_end, "-") || is_word(s, f->number_end, "–")) && f->plain && f->number_end + 1 < s->end &&
        (s->doc->toks.p[f->number_end + 1].flags & DL_TOK_HAS_DIGIT))
        return true; /* a score, a telephone number */
    if (before && f->plain && f->min >= 0 && !(tok->flags & DL_TOK_SPACE) && (is_word(s, number_first - 1, "-") || is_word(s, number_first - 1, "–")))
        return true;
    if (before && f->plain && before->xpos == DL_XPOS_NNP && (before->flags & DL_TOK_CAP) && (f->of_end == f->of_first || s->doc->toks.p[f->of_first].xpos == DL_XPOS_NN) &&
        !f->bounded && f->kind == KIND_NONE)
        return true; /* Boeing 737 */
    /* "Lee, 45, said", "a man, 34, was": an age in an apposition */
    return before && f->plain && is_word(s, number_first - 1, ",") && is_word(s, f->number_end, ",") && f->max < 110 && number_first > s->first + 1 &&
           ((tok - 2)->xpos == DL_XPOS_NNP || class_at(s, number_first - 2) == PERSON);
}

/* ---- the stage ------------------------------------------------------------------------------------------------------ */

static bool append(const scan *s, const found *f)
{
    dl_doc *doc = s->doc;
    dl_quantity *q = DL_PUSH(doc->a, &doc->quantities);

    if (!q)
        return false;
    q->sent = s->sent;
    q->first_tok = f->first;
    q->n_toks = f->end - f->first;
    q->span = (dl_span){doc->toks.p[f->first].span.start, doc->toks.p[f->end - 1].span.end};
    q->min = f->min;
    q->max = f->max;
    q->unit = dl_str_of(f->unit);
    q->kind = f->kind ? dl_str_of(kind_names[f->kind]) : (dl_str){0};
    if (f->of_end > f->of_first)
        q->of = dl_tok_text(doc, &doc->toks.p[f->of_first]);
    q->ent = DL_NONE;
    q->flags = (uint8_t)f->flags;
    return true;
}

/* "no deaths", "no injuries": none of a kind. */
static bool read_none(const scan *s, uint32_t at, found *f)
{
    if (class_at(s, at) != NOUGHT || class_at(s, at + 1) != NOUN)
        return false;
    int32_t said = value_at(s, at + 1);

    if (said != KIND_DEATHS && said != KIND_INJURIES && said != KIND_ARRESTS && said != KIND_CASUALTIES)
        return false;
    *f = (found){.first = at, .end = at + 1, .number_end = at + 1, .of_first = at + 1, .of_end = at + 2, .kind = (kind)said,
                 .unit = "person", .flags = DL_QUANTITY_NEGATED};
    return true;
}

static bool may_begin(const scan *s, uint32_t at)
{
    const dl_token *tok = &s->doc->toks.p[at];

    return tok->flags & DL_TOK_HAS_DIGIT || class_at(s, at) == NOUGHT || tok->kind == DL_TOK_NUMBER || dl_wordclass_find(&s->q->numbers->words, tok->key) ||
           class_at(s, at) == VAGUE || class_at(s, at) == FEW || class_at(s, at) == COUPLE;
}

static dl_code scan_sentence(scan *s, dl_error *err)
{
    uint32_t last_end = s->first;

    for (uint32_t at = s->first; at < s->end; at++) {
        found f = {.min = NAN, .max = NAN};

        if (!may_begin(s, at))
            continue;
        if (read_none(s, at, &f)) {
            if (!append(s, &f))
                return dl_fail(err, DL_LIMIT, "quantities", s->doc->toks.p[at].span.start, "too many quantities for the arena");
            last_end = f.end;
            continue;
        }
        if ((!read_vague(s, at, &f) && !read_number(s, at, &f)))
            continue;
        read_bounds(s, &f);
        if (!read_money(s, &f, at) && !read_unit(s->doc->a, s, &f)) {
            read_noun(s, &f);
            read_kind(s, &f);
        } else {
            read_minor(s, &f);
            if (!f.bounded) /* "more than $3 million": the sign stood between */
                read_bounds(s, &f);
        }
        uint32_t next = f.number_end - 1;

        if (f.first >= last_end && !rejected(s, &f, at)) {
            read_flags(s, &f);
            if (!append(s, &f))
                return dl_fail(err, DL_LIMIT, "quantities", s->doc->toks.p[at].span.start, "too many quantities for the arena");
            next = f.end - 1;
            last_end = f.end;
        }
        at = next;
    }
    return DL_OK;
}

dl_code dl_quantities_run(const dl_quantities *q, dl_doc *doc, dl_error *err)
{
    scan s = {.q = q, .doc = doc};

    for (uint32_t i = 0; i < doc->sents.n; i++) {
        s.sent = i;
        s.first = doc->sents.p[i].first_tok;
        s.end = s.first + doc->sents.p[i].n_toks;
        dl_code code = scan_sentence(&s, err);

        if (code != DL_OK)
            return code;
    }
    return DL_OK;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_quantities_run(self, doc, err);
}

const dl_stage_ops dl_quantities_ops = {
    .name = "quantities",
    .reads = DL_LAYER_SENTENCES | DL_LAYER_TOKENS | DL_LAYER_WORDS,
    .writes = DL_LAYER_QUANTITIES,
    .run = run,
};
