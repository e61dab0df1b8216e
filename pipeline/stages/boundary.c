#include "boundary.h"

#include "chars.h"
#include "letters16.h"
#include "pipeline/base/wordset.h"
#include "pipeline/lexicon/abbrev.h"

#include "pipeline/lexicon/boundary_table.inc" /* weights, GIVE_UP */

/* ---- words on both sides -------------------------------------------------------------------------------------------- */

enum { NOTHING, LOWER, CAPITAL, CAPS, ONE_UPPER, ONE_LOWER, NUMBER, DOTTED, MIXED, MARKS, ADDRESS }; /* shapes of words */

typedef struct word {
    dl_str   s;
    uint32_t shape, hash; /* of the bytes, ASCII letters in lower case */
} word;

static uint32_t shape_of(uint32_t all, uint32_t first, uint32_t letters, bool dots, bool others)
{
    if (others && (letters > 4 || dots))
        return ADDRESS;
    if (letters == 0)
        return all & DL_CH_DIGIT ? NUMBER : MARKS;
    if (dots)
        return DOTTED;
    if (all & DL_CH_DIGIT)
        return MIXED;
    if (letters == 1)
        return all & DL_CH_UPPER ? ONE_UPPER : ONE_LOWER;
    if ((all & (DL_CH_UPPER | DL_CH_LOWER)) == DL_CH_UPPER)
        return CAPS;
    if (first & DL_CH_UPPER)
        return CAPITAL;
    return all & DL_CH_UPPER ? MIXED : LOWER;
}

static word look_at(dl_str s)
{
    uint32_t all = 0, first = 0, letters = 0, hash = 2166136261u, len;
    bool dots = false, others = false;

    for (uint32_t i = 0; i < s.n; i += len) {
        uint32_t ch = dl_ch_at(s, i, &len);

        first = i ? first : ch;
        all |= ch;
        letters += (ch & DL_CH_LETTER) != 0;
        dots |= s.p[i] == '.';
        others |= s.p[i] == '@' || s.p[i] == '/';
        hash = (hash ^ (unsigned char)dl_to_lower(s.p[i])) * 16777619u;
        for (uint32_t k = 1; k < len; k++)
            hash = (hash ^ (unsigned char)s.p[i + k]) * 16777619u;
    }
    return (word){s, s.n ? shape_of(all, first, letters, dots, others) : NOTHING, hash};
}

/* The word that ends at `end`: back to white space, a bracket or a quotation mark. */
static word word_before(const dl_boundary *b, uint32_t end)
{
    enum { LONGEST = 40 };
    uint32_t at = end, len;

    while (at > b->start && end - at < LONGEST) {
        uint32_t ch = dl_ch_before(b->text, at, &len);

        if ((ch & (DL_CH_SPACE | DL_CH_OPEN | DL_CH_CLOSE | DL_CH_QUOTE)) && !(ch & DL_CH_APOS))
            break;
        at -= len;
    }
    return look_at(dl_str_sub(b->text, at, end));
}

/* The run of word characters from `at`, with inner apostrophes. */
static word word_after(const dl_boundary *b, uint32_t at)
{
    enum { LONGEST = 40 };
    uint32_t end = at, len;

    while (end < b->end && end - at < LONGEST && (dl_ch_at(b->text, end, &len) & (DL_CH_WORD | DL_CH_APOS)))
        end += len;
    return look_at(dl_str_sub(b->text, at, end));
}

static uint32_t skip_space(const dl_boundary *b, uint32_t at)
{
    uint32_t len;

    while (at < b->end && (dl_ch_at(b->text, at, &len) & DL_CH_SPACE))
        at += len;
    return at;
}

static uint32_t back_over_space(const dl_boundary *b, uint32_t at)
{
    uint32_t len;

    while (at > b->start && (dl_ch_before(b->text, at, &len) & DL_CH_SPACE))
        at -= len;
    return at;
}

/* Words that begin sentences and are seldom part of a name. */
static bool is_function_word(word w)
{
    static const dl_wordset_word words[] = {
        "a",      "about",  "according", "after",  "against", "all",    "also",    "although", "among",  "an",     "and",     "another",
        "are",    "as",     "at",        "because", "before", "between", "both",   "but",      "by",     "can",    "could",   "despite",
        "did",    "do",     "does",      "during", "each",    "even",   "every",   "few",      "for",    "from",   "had",     "has",
        "have",   "he",     "her",       "here",   "his",     "how",    "however", "i",        "if",     "in",     "is",      "it",
        "its",    "just",   "let",       "like",   "many",    "may",    "meanwhile", "might",  "moreover", "most", "my",      "no",
        "not",    "now",    "of",        "on",     "once",    "one",    "only",    "or",       "other",  "our",    "over",    "she",
        "should", "since",  "so",        "some",   "such",    "that",   "the",     "their",    "then",   "there",  "these",   "they",
        "this",   "those",  "though",    "through", "to",     "two",    "under",   "unlike",   "until",  "was",    "we",      "were",
        "what",   "when",   "where",     "which",  "while",   "who",    "why",     "will",     "with",   "within", "without", "would",
        "yes",    "yet",    "you",       "your"};

    return DL_WORDSET_HAS(words, w.s);
}

/* ---- features ------------------------------------------------------------------------------------------------------- */

static void add(dl_boundary_point *pt, uint32_t id, uint32_t a, uint32_t b)
{
    uint32_t h = id * 0x9E3779B1u ^ a * 0x85EBCA77u ^ b * 0xC2B2AE3Du;

    h ^= h >> 15;
    h *= 0x2C1B3C6Du;
    h ^= h >> 13;
    pt->features[pt->n_features++] = (uint16_t)(h & (DL_BOUNDARY_BUCKETS - 1));
}

static uint32_t bucket(uint32_t n)
{
    return n < 4 ? n : n < 6 ? 4 : n < 9 ? 5 : n < 15 ? 6 : n < 30 ? 7 : 8;
}

enum { NO_STOP, ONE_DOT, TWO_DOTS, DOTS, MANY_DOTS, ONE_BANG, ONE_QUESTION, MANY_BANGS, MIXED_STOPS, ELLIPSIS };

static uint32_t stop_class(dl_str s)
{
    uint32_t dots = 0, bangs = 0, questions = 0, spaces = 0;

    if (s.n == 0)
        return NO_STOP;
    for (size_t i = 0; i < s.n; i++) {
        dots += s.p[i] == '.';
        spaces += s.p[i] == ' ';
        bangs += s.p[i] == '!';
        questions += s.p[i] == '?';
    }
    if (dots + spaces == s.n)
        return dots == 1 ? ONE_DOT : dots == 2 ? TWO_DOTS : dots == 3 ? DOTS : MANY_DOTS;
    if (bangs + questions == s.n)
        return s.n == 1 ? (bangs ? ONE_BANG : ONE_QUESTION) : MANY_BANGS;
    return dots + bangs + questions ? MIXED_STOPS : ELLIPSIS;
}

static uint32_t closer_class(dl_str s)
{
    uint32_t bits = 0, len;

    for (uint32_t i = 0; i < s.n; i += len) {
        uint32_t ch = dl_ch_at(s, i, &len);

        bits |= ch & DL_CH_APOS ? 1 : ch & DL_CH_QUOTE ? 2 : s.p[i] == ']' ? 4 : 8;
    }
    return bits;
}

/* What stands on both sides of a point. */
typedef struct view {
    uint32_t stop_at, stop_end;
    uint32_t abbrev;     /* flags of the word before a single period */
    word     left, next; /* before the stop; where the point's next character is */
} view;

static word word_before_word(const dl_boundary *b, word w)
{
    return word_before(b, back_over_space(b, (uint32_t)(w.s.p - b->text.p)));
}

/* The features that tell at once, for nine points in ten, that no sentence ends where there is no stop. */
static void near_features(const dl_boundary *b, dl_boundary_point *pt, const view *v)
{
    uint32_t s = v->left.shape, right = v->next.shape, gap = pt->next - pt->end, kind = v->stop_end > v->stop_at;

    add(pt, 26, kind, 0);
    add(pt, 1, v->left.hash, kind);
    add(pt, 2, v->left.hash, right + 100 * kind);
    add(pt, 4, s * 16 + bucket((uint32_t)v->left.s.n), right + 100 * kind);
    add(pt, 16, v->next.hash + right, kind);
    add(pt, 20, gap == 0 ? 0 : gap == 1 ? 1 : 2, right + 100 * kind);
    add(pt, 27, s * 16 + right, kind * 16 + bucket(b->words));
    add(pt, 28, b->style, right + 100 * kind);
    add(pt, 30, b->starts_lower, right + 100 * kind);
}

/* Opening marks before the next word; *at comes to be where it begins. */
static uint32_t opening_marks(const dl_boundary *b, uint32_t *at)
{
    uint32_t hash = 0, start = *at, len;

    while (*at < b->end && !(dl_ch_at(b->text, *at, &len) & (DL_CH_WORD | DL_CH_SPACE)) && *at - start < 8) {
        hash = hash * 31 + (unsigned char)b->text.p[*at];
        *at += len;
    }
    if (*at < b->end && *at > start && (dl_ch_at(b->text, *at, &len) & DL_CH_SPACE)) {
        hash += 7;
        *at = skip_space(b, *at);
    }
    return hash;
}

static void far_features(const dl_boundary *b, dl_boundary_point *pt, const view *v)
{
    dl_str text = b->text;
    word left = v->left, first = v->next, prev, second;
    uint32_t stop = stop_class(dl_str_sub(text, v->stop_at, v->stop_end)), closers = closer_class(dl_str_sub(text, v->stop_end, pt->end));
    uint32_t at = pt->next, opener = opening_marks(b, &at), lex, opens, kind = stop != NO_STOP, s = left.shape, right;
    uint32_t flags = v->abbrev, marks = stop * 16 + closers, quotes = (uint32_t)b->ascii_quote * 2 + (b->quotes > 0);

    if (at > pt->next)
        first = word_after(b, at);
    second = word_after(b, skip_space(b, at + (uint32_t)first.s.n));
    prev = word_before_word(b, left);
    right = first.shape;
    lex = first.hash + right;
    opens = right == CAPITAL || right == ONE_UPPER ? 1 + is_function_word(first) : 0;
    if (s == ONE_UPPER || s == DOTTED || s == NUMBER || s == CAPS)
        add(pt, 8, s, lex);
    add(pt, 9, prev.shape * 16 + s, right + 100 * kind);
    add(pt, 10, prev.hash, kind);
    if (left.s.n)
        add(pt, 11, (unsigned char)left.s.p[left.s.n - 1], stop * 100 + right);
    add(pt, 15, opener, right + 100 * kind);
    add(pt, 18, second.shape * 16 + right, stop);
    add(pt, 19, second.hash, right + 100 * kind);
    add(pt, 21, bucket(b->words), stop);
    add(pt, 22, bucket((b->end - pt->next) / 6), kind);
    add(pt, 23, (uint32_t)(b->brackets > 0) * 2 + (b->brackets < 0), marks);
    add(pt, 25, quotes, right + 100 * (closers + 16 * kind));
    add(pt, 31, opens, right + 100 * (s + 16 * stop));
    if (!kind)
        return;
    add(pt, 3, s, stop);
    add(pt, 5, flags, stop);
    add(pt, 6, flags, right);
    if (flags) {
        add(pt, 7, flags, lex);
        add(pt, 32, flags, opens);
    }
    add(pt, 12, stop, right);
    add(pt, 13, marks, right);
    add(pt, 14, marks, opener);
    add(pt, 17, lex, marks);
    add(pt, 24, quotes, marks);
    add(pt, 29, b->style, stop);
    add(pt, 33, b->style, right + 100 * closers);
    add(pt, 34, s * 16 + right, stop * 16 + bucket(b->words));
}

enum { STYLE_UPPER = 2, STYLE_LOWER = 6 }; /* b->style = lower * STYLE_LOWER + upper * STYLE_UPPER + stop at the end */

/* ---- what is decided by rule ---------------------------------------------------------------------------------------- */

/* Number of the list marker at `at` ("3.", "3)", "3.)", "c."), 0 where none is; a letter counts from a = 1. */
static uint32_t list_marker(const dl_boundary *b, uint32_t at)
{
    uint32_t n = 0, i = at;

    while (i < b->end && i < at + 2 && dl_is_digit(b->text.p[i]))
        n = n * 10 + (uint32_t)(b->text.p[i++] - '0');
    if (i == at && i + 1 < b->end && dl_is_lower(b->text.p[i]) && b->text.p[i + 1] == '.')
        n = (uint32_t)(b->text.p[i++] - 'a' + 1);
    if (i == at || i >= b->end || (b->text.p[i] != '.' && b->text.p[i] != ')'))
        return 0;
    i++;
    if (i < b->end && b->text.p[i] == ')')
        i++;
    return i < b->end && dl_is_space(b->text.p[i]) ? n : 0;
}

static bool is_bullet(dl_str text, uint32_t at)
{
    static const char *const bullets[] = {"\xE2\x80\xA2", "\xE2\x81\x83", "\xE2\x96\xAA", "\xE2\x97\x8F", "\xE2\x97\xA6", "\xE2\x80\xA3"};

    if ((unsigned char)text.p[at] != 0xE2)
        return false;
    for (size_t i = 0; i < sizeof bullets / sizeof *bullets; i++)
        if (dl_str_starts(dl_str_sub(text, at, text.n), dl_str_of(bullets[i])))
            return true;
    return false;
}

/* A line ends between pt->end and pt->next. In a paragraph of lines that were broken at a margin it is a space; in a list of lines each
 * is a sentence, unless the next goes on in lower case or this one ends in a comma. */
static dl_boundary_verdict at_line_end(const dl_boundary *b, const dl_boundary_point *pt)
{
    enum { MARGIN_MIN = 40, MARGIN_MAX = 120 };
    uint32_t len, line = pt->end, first = dl_ch_at(b->text, pt->next, &len), margin = b->longest_line;
    char last = b->text.p[pt->end - 1];

    while (line > b->start && b->text.p[line - 1] != '\n')
        line--;
    if (is_bullet(b->text, pt->next) || list_marker(b, pt->next) || dl_str_starts(dl_str_sub(b->text, pt->next, b->end), DL_LIT("- ")))
        return DL_BOUNDARY_YES;
    if (margin >= MARGIN_MIN && margin <= MARGIN_MAX && pt->end - line + 16 >= margin)
        return DL_BOUNDARY_ASK;
    return (first & DL_CH_LOWER) || last == ',' ? DL_BOUNDARY_NO : DL_BOUNDARY_YES;
}

static bool has_newline(dl_str text, uint32_t start, uint32_t end)
{
    return end > start && memchr(text.p + start, '\n', end - start);
}

/* The stop of a script without capitals, or a plain one between its letters: the model knows nothing of them. */
static bool is_other_script(const dl_boundary *b, const dl_boundary_point *pt, uint32_t stop_at)
{
    const uint32_t cased = DL_CH_UPPER | DL_CH_LOWER | DL_CH_DIGIT;
    uint32_t len, next = dl_ch_at(b->text, pt->next, &len), before;

    if ((unsigned char)b->text.p[stop_at] >= 0x80 && !dl_str_starts(dl_str_sub(b->text, stop_at, b->end), DL_LIT("\xE2\x80\xA6")))
        return true;
    if (!(next & DL_CH_LETTER) || (next & cased) || stop_at == b->start)
        return false;
    before = dl_ch_before(b->text, stop_at, &len);
    return (before & (DL_CH_LETTER | DL_CH_MARK)) && !(before & cased);
}

/* "U.S. How ...", "Inc. It ...": words that no name has there. */
static bool begins_after_acronym(const view *v)
{
    static const dl_wordset_word subjects[] = {"are", "did", "does", "he",   "how",  "i",     "is",  "it", "she",
                                               "they", "we", "what", "when", "where", "who", "why", "you"};
    dl_str left = v->left.s, next = v->next.s;

    return next.n && dl_is_upper(next.p[0]) &&
           ((v->left.shape == DOTTED && dl_is_upper(left.p[left.n - 1])) || (v->abbrev & DL_ABBREV_ORG)) &&
           DL_WORDSET_HAS(subjects, next);
}

/* "5 p.m. Monday", "9 a.m. EST" */
static bool is_time_of_day(const view *v)
{
    static const dl_wordset_word clocks[] = {"a.m", "p.m"};
    static const dl_wordset_word days[] = {"bst", "cet", "cst",    "ct",       "edt",    "est", "et",       "friday",  "gmt",      "monday", "pdt",
                                           "pst", "pt",  "saturday", "sunday", "thursday", "tuesday", "utc", "wednesday"};

    return DL_WORDSET_HAS(clocks, v->left.s) && DL_WORDSET_HAS(days, v->next.s);
}

/* "John F. Kennedy" */
static bool is_initial(const dl_boundary *b, const view *v)
{
    word prev;

    if (v->left.shape != ONE_UPPER || v->next.shape != CAPITAL || is_function_word(v->next))
        return false;
    prev = word_before_word(b, v->left);
    return prev.s.n && dl_is_upper(prev.s.p[0]) && !is_function_word(prev);
}

/* Behind a stop, a lower-case word begins a sentence only where the writer does so elsewhere, too. */
static bool goes_on_in_lower_case(const dl_boundary *b, const dl_boundary_point *pt, const view *v)
{
    uint32_t len;

    if (!(dl_ch_at(b->text, pt->next, &len) & DL_CH_LOWER) || b->starts_lower || pt->next == pt->end)
        return false;
    if (pt->end > v->stop_end)
        return b->text.p[pt->end - 1] != ']';
    return b->style < 2 * STYLE_LOWER && (v->stop_end - v->stop_at > 1 || b->text.p[v->stop_at] != '.' || v->abbrev);
}

/* Behind a stop [v->stop_at, v->stop_end), which is not a line's end. */
static dl_boundary_verdict judge_stop(const dl_boundary *b, const dl_boundary_point *pt, const view *v)
{
    bool spaced = pt->next > pt->end, single = v->stop_end == v->stop_at + 1;

    if (b->marker_end && pt->end <= b->marker_end)
        return DL_BOUNDARY_NO;
    if (spaced && is_other_script(b, pt, v->stop_at))
        return DL_BOUNDARY_YES;
    if (spaced && single && begins_after_acronym(v))
        return DL_BOUNDARY_YES;
    if (goes_on_in_lower_case(b, pt, v) || is_time_of_day(v) || (spaced && single && pt->end == v->stop_end && is_initial(b, v)))
        return DL_BOUNDARY_NO;
    return DL_BOUNDARY_ASK;
}

/* The verdict on pt, and the near features where it is ASK. */
static void judge(const dl_boundary *b, dl_boundary_point *pt, view *v, uint32_t stop_at, uint32_t stop_end)
{
    *v = (view){.stop_at = stop_at, .stop_end = stop_end, .left = word_before(b, stop_at), .next = word_after(b, pt->next)};
    if (stop_end == stop_at + 1 && b->text.p[stop_at] == '.')
        v->abbrev = dl_abbrev_find(v->left.s);
    pt->has_stop = stop_end > stop_at;
    if (pt->next > pt->end && (is_bullet(b->text, pt->next) || (b->list_next && list_marker(b, pt->next) == b->list_next)))
        pt->verdict = DL_BOUNDARY_YES;
    else if (has_newline(b->text, pt->end, pt->next))
        pt->verdict = at_line_end(b, pt);
    else
        pt->verdict = pt->has_stop ? judge_stop(b, pt, v) : DL_BOUNDARY_ASK;
    if (pt->verdict == DL_BOUNDARY_ASK)
        near_features(b, pt, v);
}

/* ---- the walk ------------------------------------------------------------------------------------------------------- */

static void begin_sentence(dl_boundary *b, uint32_t start)
{
    uint32_t marker, at, len;

    b->start = start;
    b->at = start;
    b->words = 0;
    b->brackets = 0;
    b->quotes = 0;
    b->ascii_quote = false;
    at = skip_space(b, start);
    if (at < b->end && is_bullet(b->text, at))
        at = skip_space(b, at + 3);
    marker = at < b->end ? list_marker(b, at) : 0;
    b->marker_end = 0;
    b->starts_lower = at < b->end && (dl_ch_at(b->text, at, &len) & DL_CH_LOWER) ? 1 : 0;
    if (marker) {
        b->list_next = marker + 1;
        for (b->marker_end = at; b->marker_end < b->end && !dl_is_space(b->text.p[b->marker_end]); b->marker_end++)
            ;
    }
}

/* How often, up to twice, does a lower-case letter stand behind `stop` and a space, how often a capital? */
static void count_followers(dl_str s, char stop, uint32_t *lower, uint32_t *upper)
{
    const char *p = s.p, *end = s.p + s.n;

    while ((*lower < 2 || *upper < 2) && (p = memchr(p, stop, (size_t)(end - p))) && end - p > 2) {
        if (p[1] == ' ') {
            *lower += *lower < 2 && dl_is_lower(p[2]);
            *upper += *upper < 2 && dl_is_upper(p[2]);
        }
        p++;
    }
}

static uint32_t longest_line(dl_str s)
{
    const char *p = s.p, *end = s.p + s.n, *newline;
    size_t longest = 0;

    for (; (newline = memchr(p, '\n', (size_t)(end - p))); p = newline + 1)
        longest = (size_t)(newline - p) > longest ? (size_t)(newline - p) : longest;
    return (uint32_t)((size_t)(end - p) > longest ? (size_t)(end - p) : longest);
}

/* Longest line and style of the paragraph: 0 to 2 stops before lower case, 0 to 2 before a capital, a stop at the end or none. */
static void look_over(dl_boundary *b, uint32_t start)
{
    dl_str s = dl_str_sub(b->text, start, b->end);
    uint32_t lower = 0, upper = 0, len, end = b->end;

    if (s.n == 0)
        return;
    b->longest_line = longest_line(s);
    count_followers(s, '.', &lower, &upper);
    count_followers(s, '!', &lower, &upper);
    count_followers(s, '?', &lower, &upper);
    while (end > start && (dl_ch_before(b->text, end, &len) & (DL_CH_SPACE | DL_CH_CLOSE | DL_CH_QUOTE)))
        end -= len;
    b->style = lower * STYLE_LOWER + upper * STYLE_UPPER + (end > start && (dl_ch_before(b->text, end, &len) & DL_CH_STOP));
}

dl_boundary dl_boundary_begin(dl_str text, uint32_t start, uint32_t end)
{
    dl_boundary b = {.text = text, .end = end};

    look_over(&b, start);
    begin_sentence(&b, start);
    return b;
}

void dl_boundary_cut(dl_boundary *b, const dl_boundary_point *pt)
{
    begin_sentence(b, pt->next);
}

static void note_mark(dl_boundary *b, uint32_t ch, char c)
{
    if (c == '"')
        b->ascii_quote = !b->ascii_quote;
    else if ((ch & DL_CH_QUOTE) && !(ch & DL_CH_APOS))
        b->quotes += ch & DL_CH_OPEN ? 1 : -1;
    else if (ch & DL_CH_OPEN)
        b->brackets++;
    else if (ch & DL_CH_CLOSE)
        b->brackets--;
}

/* Behind references like "[5]", "[17] [15]" and "[1 - 3]". */
static uint32_t behind_references(const dl_boundary *b, uint32_t at)
{
    enum { LONGEST = 16 };

    for (;;) {
        uint32_t i = at < b->end && b->text.p[at] == ' ' ? at + 1 : at, start = i;

        if (i + 2 >= b->end || b->text.p[i] != '[' || !dl_is_digit(b->text.p[i + 1]))
            return at;
        while (++i < b->end && i - start < LONGEST && (dl_is_digit(b->text.p[i]) || memchr(" ,-", b->text.p[i], 3)))
            ;
        if (i >= b->end || b->text.p[i] != ']')
            return at;
        at = i + 1;
    }
}

/* Behind the closing marks and references that follow a stop. */
static uint32_t behind_closers(dl_boundary *b, uint32_t at)
{
    uint32_t len, ch, i;

    for (; at < b->end && ((ch = dl_ch_at(b->text, at, &len)) & (DL_CH_CLOSE | DL_CH_QUOTE | DL_CH_MARK)); at += len) {
        if ((ch & DL_CH_OPEN) || (ch & (DL_CH_QUOTE | DL_CH_CLOSE)) == DL_CH_QUOTE)
            if (at + len < b->end && (dl_ch_at(b->text, at + len, &i) & DL_CH_WORD))
                break; /* opens what comes next */
        note_mark(b, ch, b->text.p[at]);
    }
    return behind_references(b, at);
}

/* "home.The": a stop without white space behind it, where the next sentence was glued on. */
static bool may_be_glued(const dl_boundary *b, uint32_t stop_at, uint32_t stop_end, uint32_t at)
{
    uint32_t len, ch = dl_ch_at(b->text, at, &len);

    if (stop_end - stop_at > 1 || b->text.p[stop_at] != '.')
        return ch & (DL_CH_LETTER | DL_CH_OPEN | DL_CH_QUOTE);
    return stop_at >= b->start + 3 && dl_is_lower(b->text.p[stop_at - 1]) && dl_is_lower(b->text.p[stop_at - 2]) && (ch & DL_CH_UPPER) &&
           at + 1 < b->end && !memchr("./@", b->text.p[at + 1], 3);
}

/* " ." within ". . ." */
static bool is_spaced_dot(const dl_boundary *b, uint32_t at)
{
    const char *p = b->text.p;

    return at + 1 < b->end && p[at - 1] == '.' && p[at] == ' ' && p[at + 1] == '.' &&
           (at + 2 == b->end || !dl_is_alnum(p[at + 2]));
}

static bool point_at_stop(dl_boundary *b, dl_boundary_point *pt, view *v, uint32_t stop_at)
{
    uint32_t len, ch, stop_end;
    bool cjk = false;

    while (b->at < b->end && ((ch = dl_ch_at(b->text, b->at, &len)) & DL_CH_STOP)) {
        cjk |= ch & DL_CH_CJK_STOP;
        b->at += len;
        if (is_spaced_dot(b, b->at))
            b->at++;
    }
    stop_end = b->at;
    b->at = behind_closers(b, b->at);
    *pt = (dl_boundary_point){.end = b->at, .next = skip_space(b, b->at)};
    if (pt->next > pt->end) {
        b->at = pt->next;
        b->words++;
    }
    if (pt->next >= b->end)
        return false;
    if (cjk) {
        pt->verdict = DL_BOUNDARY_YES;
        return true;
    }
    if (pt->next == pt->end && !may_be_glued(b, stop_at, stop_end, pt->next))
        return false;
    judge(b, pt, v, stop_at, stop_end);
    return true;
}

static bool point_at_space(dl_boundary *b, dl_boundary_point *pt, view *v)
{
    uint32_t len, end = b->at, next = skip_space(b, b->at), ch;

    b->at = next;
    b->words++;
    if (next >= b->end || end == b->start)
        return false;
    ch = dl_ch_at(b->text, next, &len);
    if ((ch & DL_CH_LOWER) && !dl_is_space(b->text.p[end]))
        return false;
    if ((ch & DL_CH_LOWER) && !has_newline(b->text, end, next) && !(b->list_next && list_marker(b, next)))
        return false;
    *pt = (dl_boundary_point){.end = end, .next = next};
    judge(b, pt, v, end, end);
    return pt->verdict != DL_BOUNDARY_NO;
}

/* Over words in lower case, which most are: to the next byte that may be more. */
static void skip_plain(dl_boundary *b)
{
    const unsigned char *p = (const unsigned char *)b->text.p;
    uint32_t at = b->at, words = 0;

    for (; at < b->end && p[at] < 128; at++) {
        while (at + 17 <= b->end && !b->list_next) { /* letters, and spaces before lower case */
            const char *q = b->text.p + at;
            uint32_t spaces = dl_16_between(q, ' ', ' ') & dl_16_lower(q + 1);
            uint32_t n = dl_16_run(dl_16_lower(q) | dl_16_upper(q) | spaces);

            for (spaces &= (1u << n) - 1; spaces; spaces &= spaces - 1)
                words++;
            at += n;
            if (n < 16)
                break;
        }
        if (at == b->end || p[at] >= 128)
            break;
        if (!(dl_ch_ascii[p[at]] & (DL_CH_SPACE | DL_CH_STOP | DL_CH_OPEN | DL_CH_CLOSE | DL_CH_QUOTE)))
            continue;
        if (p[at] != ' ' || at + 1 == b->end || !dl_is_lower((char)p[at + 1]) || b->list_next)
            break;
        words++;
    }
    b->at = at;
    b->words += words;
}

/* The next point, with its near features only. */
static bool find_point(dl_boundary *b, dl_boundary_point *pt, view *v)
{
    for (skip_plain(b); b->at < b->end; skip_plain(b)) {
        uint32_t len, ch = dl_ch_at(b->text, b->at, &len);

        if (ch & DL_CH_SPACE) {
            if (point_at_space(b, pt, v))
                return true;
        } else if (ch & DL_CH_STOP) {
            if (point_at_stop(b, pt, v, b->at))
                return true;
        } else {
            if (ch & (DL_CH_OPEN | DL_CH_CLOSE | DL_CH_QUOTE))
                note_mark(b, ch, b->text.p[b->at]);
            b->at += len;
        }
    }
    return false;
}

bool dl_boundary_point_next(dl_boundary *b, dl_boundary_point *pt)
{
    view v;

    if (!find_point(b, pt, &v))
        return false;
    pt->n_near = pt->n_features;
    if (pt->verdict == DL_BOUNDARY_ASK)
        far_features(b, pt, &v);
    return true;
}

/* ---- the model ------------------------------------------------------------------------------------------------------ */

enum { MARGIN = 128 }; /* of the log odds (by 256) that a boundary without a stop needs: news has few, and a name cut in two costs more */

static int32_t score(const dl_boundary_point *pt, uint32_t from)
{
    int32_t sum = 0;

    for (uint32_t i = from; i < pt->n_features; i++)
        sum += weights[pt->features[i]];
    return sum;
}

static bool is_boundary(const dl_boundary *b, dl_boundary_point *pt, const view *v)
{
    int32_t near;
    uint32_t n_near = pt->n_features;

    if (pt->verdict != DL_BOUNDARY_ASK)
        return pt->verdict == DL_BOUNDARY_YES;
    near = score(pt, 0);
    if (!pt->has_stop && near < GIVE_UP)
        return false;
    far_features(b, pt, v);
    return near + score(pt, n_near) > (pt->has_stop ? 0 : MARGIN);
}

uint32_t dl_boundary_next(dl_boundary *b)
{
    dl_boundary_point pt;
    view v;

    while (find_point(b, &pt, &v))
        if (is_boundary(b, &pt, &v)) {
            dl_boundary_cut(b, &pt);
            return pt.next;
        }
    return b->start = b->end;
}
