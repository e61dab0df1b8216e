#include "line.h"

#include "chars.h"
#include "pipeline/base/wordset.h"

typedef enum sort { BOILER, HEAD, BODY, CREDIT, CAPTION, SHOWN, AGENCY, PICTURE, SOCIAL } sort;
typedef enum place { START, ANY, ALL, NAME } place;

typedef struct cue {
    uint8_t  sort, place;
    uint8_t  weight, max_words;
    uint8_t  n;
    const char *text;
} cue;

static const cue all_cues[] = {
#define CUE(s, p, weight, words, text) {s, p, weight, words, sizeof(text) - 1, text},
#include "line_cues.def"
#undef CUE
};

enum { N_CUES = sizeof all_cues / sizeof *all_cues };
_Static_assert(N_CUES <= sizeof((dl_line_cues *)0)->order / sizeof(uint16_t), "more cues than dl_line_cues has room for");

/* By the first two letters; the second of a cue of one letter is 0. */
static uint32_t bucket_of(char first, char second)
{
    return ((unsigned char)dl_to_lower(first) * 37u + (unsigned char)dl_to_lower(second)) & 1023;
}

/* Up to four bytes as a number in which upper and lower case are alike: bit 5 set, whatever it was. */
static uint32_t head_of(const char *p, size_t n)
{
    uint32_t v = 0;

    if (n >= sizeof v)
        memcpy(&v, p, sizeof v);
    else
        memcpy(&v, p, n);
    return v | 0x20202020;
}

static uint32_t head_mask(size_t n)
{
    const unsigned char ones[4] = {0xFF, 0xFF, 0xFF, 0xFF};
    uint32_t mask = 0;

    memcpy(&mask, ones, n < 4 ? n : 4);
    return mask;
}

void dl_line_cues_init(dl_line_cues *cues)
{
    uint16_t n = 0;

    for (uint32_t c = 0; c < 1024; c++) {
        cues->first[c] = n;
        for (uint32_t i = 0; i < N_CUES; i++)
            if (bucket_of(all_cues[i].text[0], all_cues[i].text[1]) == c) {
                cues->mask[n] = head_mask(all_cues[i].n);
                cues->head[n] = head_of(all_cues[i].text, all_cues[i].n) & cues->mask[n];
                cues->order[n++] = (uint16_t)i;
            }
    }
    cues->first[1024] = n;
}

/* ---- words ---------------------------------------------------------------------------------------------------------- */

static bool is_small_of_names(dl_str w)
{
    static const dl_wordset_word words[] = {"a", "al", "and", "at", "bin", "by", "da", "de", "del", "der", "di", "du", "el", "for", "from",
                                            "ibn", "in", "la", "le", "of", "on", "the", "to", "van", "via", "von", "with", "y"};

    return w.n <= 4 && DL_WORDSET_HAS(words, w);
}

static uint32_t month_of(dl_str w)
{
    static const char *const months[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"};

    if (w.n < 3 || w.n > 9 || !memchr("JFMASOND", w.p[0], 8)) /* most words begin otherwise */
        return 0;
    for (uint32_t i = 0; i < 12; i++)
        if (dl_str_eq_nocase(dl_str_sub(w, 0, 3), dl_str_of(months[i])))
            return i + 1;
    return 0;
}

static bool is_year(dl_str w)
{
    return w.n == 4 && (memcmp(w.p, "19", 2) == 0 || memcmp(w.p, "20", 2) == 0) && dl_is_digit(w.p[2]) && dl_is_digit(w.p[3]);
}

typedef struct reader {
    uint32_t last_month, n_read; /* number of the last word that was a month, 0: none; words so far */
} reader;

static bool matches(const cue *c, dl_str s, size_t at)
{
    if (s.n - at < c->n)
        return false;
    if (c->place == NAME) {
        if (memcmp(s.p + at, c->text, c->n) != 0)
            return false;
    } else {
        for (size_t i = 0; i < c->n; i++)
            if (dl_to_lower(s.p[at + i]) != c->text[i])
                return false;
    }
    return !dl_is_alnum(c->text[c->n - 1]) || at + c->n == s.n || (!dl_is_alnum(s.p[at + c->n]) && (unsigned char)s.p[at + c->n] < 0xC3);
}

/* Nothing but punctuation behind the cue. */
static bool is_rest_empty(dl_str s, size_t at)
{
    while (at < s.n && !dl_is_alnum(s.p[at]) && (unsigned char)s.p[at] < 0x80)
        at++;
    return at == s.n;
}

static void weigh(dl_line *l, const cue *c)
{
    const int w = c->weight;

    if (l->n_words > c->max_words)
        return;
    switch ((sort)c->sort) {
    case HEAD: l->head_of_list = true; /* fall through */
    case BOILER: l->boiler = (int16_t)(l->boiler + w); break;
    case CREDIT: l->credit = (int16_t)(l->credit + w); break;
    case CAPTION: l->caption = (int16_t)(l->caption + w); break;
    case BODY: l->body = (int16_t)(l->body + w); break;
    case SHOWN: l->n_shown++; break;
    case AGENCY: l->n_agency++; break;
    case PICTURE: l->n_picture++; break;
    case SOCIAL: l->n_social++; break;
    }
}

enum { MAX_FOUND = 48, MOST_WORDS = 90 };

typedef struct hits { /* weighed once the number of words is known */
    const cue *cue[MAX_FOUND];
    uint32_t   n;
} hits;

static void look_in(hits *h, const dl_line_cues *cues, uint32_t c, dl_str s, size_t at, bool start)
{
    const uint32_t head = head_of(s.p + at, s.n - at);

    for (uint32_t i = cues->first[c]; i < cues->first[c + 1]; i++) {
        if ((head & cues->mask[i]) != cues->head[i])
            continue;
        const cue *q = &all_cues[cues->order[i]];

        if (((q->place == START || q->place == ALL) && !start) || !matches(q, s, at))
            continue;
        if (q->place == ALL && !is_rest_empty(s, at + q->n))
            continue;
        if (h->n < MAX_FOUND)
            h->cue[h->n++] = q;
    }
}

static void look_up(hits *h, const dl_line_cues *cues, dl_str s, size_t at, bool start)
{
    uint32_t one = bucket_of(s.p[at], '\0'), two = at + 1 < s.n ? bucket_of(s.p[at], s.p[at + 1]) : one;

    look_in(h, cues, one, s, at, start);
    if (two != one)
        look_in(h, cues, two, s, at, start);
}

/* ---- shape ---------------------------------------------------------------------------------------------------------- */

static bool is_closing(dl_str s, size_t *end)
{
    static const char *const marks[] = {"\"", "'", ")", "]", "\xE2\x80\x9D", "\xE2\x80\x99", "\xC2\xBB"};

    if (*end == 0 || !memchr("\"')]\x9D\x99\xBB", s.p[*end - 1], 7)) /* their last bytes */
        return false;
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
        if (dl_str_ends(dl_str_sub(s, 0, *end), dl_str_of(marks[i]))) {
            *end -= strlen(marks[i]);
            return true;
        }
    return false;
}

static void read_end(dl_line *l, dl_str s)
{
    size_t end = s.n;

    l->ellipsis = dl_str_ends(s, DL_LIT("...")) || dl_str_ends(s, DL_LIT("\xE2\x80\xA6")) || dl_str_ends(s, DL_LIT("[...]")) ||
                  dl_str_ends(s, DL_LIT("[\xE2\x80\xA6]"));
    while (end > 0 && (s.p[end - 1] == ' ' || is_closing(s, &end)))
        if (end > 0 && s.p[end - 1] == ' ')
            end--;
    if (end == 0)
        return;
    l->question = s.p[end - 1] == '?';
    l->ends = l->question || s.p[end - 1] == '.' || s.p[end - 1] == '!' || l->ellipsis || dl_str_ends(dl_str_sub(s, 0, end), DL_LIT("\xE3\x80\x82"));
}

static void read_word(dl_line *l, reader *r, dl_str w)
{
    uint32_t len, ch = dl_ch_at(w, 0, &len);

    r->n_read++;
    l->n_words++;
    if (w.n == 4 && dl_str_eq(w, DL_LIT("http")))
        l->n_addresses++;
    else if ((w.n == 5 && dl_str_eq(w, DL_LIT("https"))) || (w.n == 3 && dl_str_eq(w, DL_LIT("www"))))
        l->n_addresses++;
    if (ch & DL_CH_DIGIT) {
        l->n_numbers++;
        if (r->last_month && r->n_read - r->last_month <= 2 && is_year(w))
            l->full_date = true;
    } else if (ch & DL_CH_UPPER) {
        l->n_caps++;
        if (month_of(w))
            r->last_month = r->n_read;
    } else if (ch & DL_CH_LOWER) {
        l->n_lower++;
        l->n_small = (uint16_t)(l->n_small + !is_small_of_names(w));
    }
}

static void read_mark(dl_line *l, dl_str s, size_t at)
{
    const char c = s.p[at];

    if (c == '/')
        l->n_slashes++;
    else if (c == '|')
        l->n_bars++;
    else if (c == '"')
        l->n_quotes++;
    else if (c == '@' && at > 0 && dl_is_alnum(s.p[at - 1]) && at + 1 < s.n && dl_is_alnum(s.p[at + 1]))
        l->n_addresses++;
    else if (c == '#' && at + 1 < s.n && dl_is_alpha(s.p[at + 1]))
        l->n_tags++;
    else if ((c == '.' || c == '!' || c == '?') && at + 2 < s.n && s.p[at + 1] == ' ' && (dl_is_upper(s.p[at + 2]) || s.p[at + 2] == '"' || (unsigned char)s.p[at + 2] >= 0x80) &&
             at >= 3 && dl_is_lower(s.p[at - 1]) && dl_is_lower(s.p[at - 2]) && dl_is_lower(s.p[at - 3]))
        l->n_stops++;
    else if (c == '\xE2' && at + 2 < s.n && s.p[at + 1] == '\x80' && (s.p[at + 2] == '\x9C' || s.p[at + 2] == '\x9D'))
        l->n_quotes++;
}

static bool is_word_byte(char c)
{
    return dl_is_alnum(c) || (unsigned char)c >= 0xC3;
}

void dl_line_read(dl_line *line, const dl_line_cues *cues, dl_str text)
{
    const dl_line kept = *line;
    const dl_str s = dl_str_sub(text, line->span.start, line->span.end);
    reader r = {0};
    hits h = {.n = 0};
    size_t at = 0;

    *line = (dl_line){.span = kept.span, .after_blank = kept.after_blank, .first = kept.first, .kind = kept.kind};
    read_end(line, s);
    while (at < s.n) {
        size_t start = at;

        /* punctuation of three bytes begins with E2 80 or E3 80; what else is not ASCII is taken for letters */
        if (!is_word_byte(s.p[at]) || (s.p[at] == '\xE2' && at + 1 < s.n && s.p[at + 1] == '\x80')) {
            read_mark(line, s, at);
            if (s.p[at] != ' ' && line->n_words < MOST_WORDS && (s.p[at] == '(' || s.p[at] == '[' || s.p[at] == ',' || s.p[at] == '\xC2'))
                look_up(&h, cues, s, at, line->n_words == 0);
            at += s.p[at] == '\xE2' && at + 2 < s.n ? 3 : 1;
            continue;
        }
        if (line->n_words < MOST_WORDS)
            look_up(&h, cues, s, at, line->n_words == 0);
        while (at < s.n && (is_word_byte(s.p[at]) || ((unsigned char)s.p[at] >= 0x80 && s.p[at] != '\xE2' && s.p[at] != '\xC2') ||
                            (s.p[at] == '\'' && at + 1 < s.n && dl_is_alpha(s.p[at + 1])))) {
            if (s.p[at] == '\xE2' && at > start)
                break;
            at++;
        }
        if (at == start)
            at++;
        read_word(line, &r, dl_str_sub(s, start, at));
    }
    for (uint32_t i = 0; i < h.n; i++)
        weigh(line, h.cue[i]);
    line->bracketed = s.n > 2 && s.p[0] == '(' && s.p[s.n - 1] == ')' && !memchr(s.p + 1, '(', s.n - 1);
}

/* ---- credits -------------------------------------------------------------------------------------------------------- */

bool dl_line_is_credit(const dl_line *l)
{
    if (l->n_words == 0 || l->n_words > 16)
        return false;
    if (l->credit >= 9)
        return l->n_small <= 2 || (l->n_small * 4 <= l->n_words && !l->n_shown);
    if (l->n_small > 1 + (l->n_picture > 1 ? 2u : 0u) || l->n_caps == 0)
        return false;
    if (l->n_agency && (l->n_slashes || l->n_picture || l->n_words <= 2))
        return true;
    if (l->n_picture && (l->n_slashes || l->n_words <= 4) && !l->ends)
        return true;
    return l->n_slashes > 0 && l->n_words <= 8 && l->n_numbers == 0 && l->n_caps >= 2 && !l->ends && l->n_small == 0;
}

bool dl_line_is_credit_group(const dl_line_cues *cues, dl_str text, dl_span inner, bool closes)
{
    dl_line l = {.span = inner};

    if (inner.start >= inner.end || inner.end - inner.start > 120)
        return false;
    dl_line_read(&l, cues, text);
    if (l.n_words > 14)
        return false;
    if (l.credit >= 9 || (l.n_agency && (l.n_slashes || l.n_picture)))
        return true;
    if (l.n_picture && (l.n_slashes || closes) && l.n_small <= 3 && l.n_caps)
        return true;
    if (closes && l.n_slashes && l.n_caps >= 3 && l.n_small == 0)
        return true;
    return l.n_agency && l.n_words <= 2 && closes; /* "(AP)" behind a name is its acronym */
}
