#include "glue.h"

#include "chars.h"
#include "pipeline/base/utf8.h"
#include "pipeline/view.h"

enum { /* rows of the lexicon: it is ordered by frequency */
    VERY_COMMON = 300,
    COMMON = 8000,
    KNOWN = 60000,
    WHOLE = 120000, /* a rarer "word" may be one that others glued */
    NAMES = DL_GAZ_PLACE | DL_GAZ_PERSON | DL_GAZ_ORG | DL_GAZ_COMPANY | DL_GAZ_DEMONYM | DL_GAZ_COMMON_GIVEN | DL_GAZ_COMMON_SURNAME,
    ANY_NAME = NAMES | DL_GAZ_GIVEN | DL_GAZ_SURNAME | DL_GAZ_SMALL_PLACE,
    LONG_PAIR = 9, /* letters of two words in one, the least that are looked at */
    MAX_WORD = 48
};

typedef struct finder {
    dl_edits           *e;
    dl_str              s;
    const dl_wordvec   *words;
    const dl_gazetteer *gazetteer;
    bool                english; /* the article has English function words */
} finder;

static dl_str sub(const finder *f, uint32_t start, uint32_t end)
{
    return dl_str_sub(f->s, start, end);
}

static uint32_t rank(const finder *f, dl_str w)
{
    return dl_wordvec_find(f->words, w);
}

static uint32_t name_bits(const finder *f, dl_str w)
{
    return dl_gazetteer_find_text(f->gazetteer, w) & ANY_NAME;
}

static bool is_one_of(dl_str w, const char *const *list)
{
    for (; *list; list++)
        if (dl_str_eq_nocase(w, dl_str_of(*list)))
            return true;
    return false;
}

static bool is_small_word(dl_str w)
{
    static const char *const words[] = {"of", "in", "to", "by", "at", "on", "is", "it", "he", "we", "us", "as", "an", "or", "if", "no", "so",
                                        "be", "up", "my", "do", "me", "go", "was", NULL};

    return is_one_of(w, words);
}

/* What begins a sentence and no brand. */
static bool is_opener(dl_str w)
{
    static const char *const words[] = {"The", "By", "For", "From", "And", "But", "That", "With", "When", "While", "After", "Before", "As", "At", "His", "Her",
                                        "This", "Since", "Under", "During", "Although", "However", NULL};

    return is_one_of(w, words);
}

/* What stands before a capital within a name. */
static bool is_name_prefix(dl_str w)
{
    static const char *const words[] = {"Mc", "Mac", "De", "Di", "Du", "Da", "La", "Le", "Los", "San", "Van", "Von", "Fitz", "El", "Al", "Ben", "Bin", "Del", "Della", "Des",
                                        "Kwa", "St", "Ap", "Ni", "Ua", "Te", "Ha", "Be", "Ka", "Ma", "Ne", "Ter", "i", "e", "m", "x", "mac", "micro", NULL};

    return is_one_of(w, words);
}

static bool stands_twice(const finder *f, dl_str w)
{
    const char *first = memmem(f->s.p, f->s.n, w.p, w.n);

    return first && memmem(first + w.n, f->s.n - (size_t)(first + w.n - f->s.p), w.p, w.n) != NULL;
}

static bool is_all_caps(dl_str w)
{
    for (size_t i = 0; i < w.n; i++)
        if (!dl_is_upper(w.p[i]))
            return false;
    return w.n >= 2;
}

static bool joined_is(const finder *f, dl_str left, dl_str right, bool *in_text)
{
    char both[2 * MAX_WORD + 1];

    if (left.n + right.n + 1 > sizeof both)
        return false;
    memcpy(both, left.p, left.n);
    both[left.n] = ' ';
    memcpy(both + left.n + 1, right.p, right.n);
    *in_text = memmem(f->s.p, f->s.n, both, left.n + right.n + 1) != NULL;
    return dl_gazetteer_find_text(f->gazetteer, (dl_str){both, left.n + right.n + 1}) != 0;
}

/* Do the two stand apart elsewhere in the article, or begin a name that the gazetteer knows ("World Health")? */
static bool is_phrase(const finder *f, dl_str left, dl_str right)
{
    bool in_text = false, known = left.n >= 3 && right.n >= 3 && joined_is(f, left, right, &in_text);

    return known || in_text;
}

/* ---- a capital within ----------------------------------------------------------------------------------------------- */

/* Could the left part end a stretch of text by itself? */
static bool is_left(const finder *f, dl_str w, bool possessive)
{
    if (possessive || (w.n >= 5 && dl_is_upper(w.p[0])))
        return true;
    if (w.n <= 3)
        return is_small_word(w) || (w.n == 3 && rank(f, w) < COMMON);
    return rank(f, w) < KNOWN || name_bits(f, w);
}

static bool splits_at_capital(const finder *f, dl_str left, dl_str right, bool possessive)
{
    const bool small_left = dl_is_lower(left.p[0]), caps = is_all_caps(right);
    uint32_t r;

    if (right.n < 2 || !is_left(f, left, possessive))
        return false;
    if (is_name_prefix(left) && !is_small_word(left))
        return false;
    r = rank(f, right);
    if (caps) {
        if (name_bits(f, right) == 0 && r >= KNOWN)
            return false;
        return small_left ? left.n >= 2 : ((name_bits(f, left) & NAMES) != 0 && left.n >= 4) || is_opener(left) ||
                                                   (right.n >= 3 && left.n >= 5 && rank(f, left) < COMMON);
    }
    if (small_left) /* "gameCouncil", "ofOsh": a brand begins so only with a letter or two */
        return r < KNOWN || name_bits(f, right) || (left.n >= 4 && rank(f, left) < COMMON && right.n >= 4) || ((is_small_word(left) || rank(f, left) < VERY_COMMON) && right.n >= 3);
    if (is_phrase(f, left, right))
        return true;
    if (is_opener(left) && right.n >= 3) /* "TheGuardian" */
        return r < KNOWN || name_bits(f, right);
    if (is_small_word(left) && right.n >= 4 && (name_bits(f, right) & NAMES)) /* "InRussia" */
        return true;
    if (r < VERY_COMMON && right.n >= 2) /* "CanadaThe" */
        return (left.n >= 4 || (name_bits(f, left) & NAMES)) && !(rank(f, left) >= COMMON && !name_bits(f, left));
    if (left.n < 4 || right.n < 3)
        return false;
    if (name_bits(f, left) & NAMES) /* "CampbellMary", "PatsyTassler", "GoogleChrome" */
        return (name_bits(f, right) & NAMES) || (right.n >= 4 && (r < COMMON || (dl_gazetteer_find_text(f->gazetteer, left) & DL_GAZ_COMMON_GIVEN)));
    return right.n >= 5 && r < COMMON && (rank(f, left) < COMMON || (rank(f, left) == DL_NONE && left.n >= 5));
}

/* ---- small letters only --------------------------------------------------------------------------------------------- */

/* Length of the first word of the list that w ends with, or begins with; 0: none. Three letters are left at least. */
static size_t first_of(dl_str w, const char *const *list, bool end)
{
    for (; *list; list++) {
        const size_t n = strlen(*list);

        if (w.n > n + 2 && memcmp(end ? w.p + w.n - n : w.p + 1, end ? *list : *list + 1, end ? n : n - 1) == 0)
            return n;
    }
    return 0;
}

static size_t tail_of(dl_str w)
{
    switch (w.p[w.n - 1]) {
    case 'd': return first_of(w, (const char *const[]){"would", "said", "and", "had", NULL}, true);
    case 'e': return first_of(w, (const char *const[]){"while", "were", "have", "the", "are", NULL}, true);
    case 'h': return first_of(w, (const char *const[]){"which", "with", NULL}, true);
    case 'l': return first_of(w, (const char *const[]){"will", NULL}, true);
    case 'm': return first_of(w, (const char *const[]){"from", NULL}, true);
    case 'n': return first_of(w, (const char *const[]){"when", "than", "been", NULL}, true);
    case 'o': return first_of(w, (const char *const[]){"into", "also", "who", NULL}, true);
    case 'r': return first_of(w, (const char *const[]){"after", "their", "over", "for", "her", NULL}, true);
    case 's': return first_of(w, (const char *const[]){"this", "was", "has", "his", "its", NULL}, true);
    case 't': return first_of(w, (const char *const[]){"about", "that", "but", "not", NULL}, true);
    case 'y': return first_of(w, (const char *const[]){"they", NULL}, true);
    default: return 0;
    }
}

static size_t short_tail_of(dl_str w)
{
    switch (w.p[w.n - 1]) {
    case 'e': return first_of(w, (const char *const[]){"he", "we", NULL}, true);
    case 'f': return first_of(w, (const char *const[]){"of", NULL}, true);
    case 'n': return first_of(w, (const char *const[]){"in", "on", "an", NULL}, true);
    case 'o': return first_of(w, (const char *const[]){"to", NULL}, true);
    case 'r': return first_of(w, (const char *const[]){"or", NULL}, true);
    case 's': return first_of(w, (const char *const[]){"is", "as", NULL}, true);
    case 't': return first_of(w, (const char *const[]){"at", "it", NULL}, true);
    case 'y': return first_of(w, (const char *const[]){"by", NULL}, true);
    default: return 0;
    }
}

static size_t head_of(dl_str w)
{
    switch (dl_to_lower(w.p[0])) {
    case 'a': return first_of(w, (const char *const[]){"against", "after", "about", "also", "and", "at", "as", NULL}, false);
    case 'b': return first_of(w, (const char *const[]){"between", "been", "by", NULL}, false);
    case 'f': return first_of(w, (const char *const[]){"from", "for", NULL}, false);
    case 'h': return first_of(w, (const char *const[]){"have", "his", "her", "has", "he", NULL}, false);
    case 'i': return first_of(w, (const char *const[]){"into", "its", "in", "is", NULL}, false);
    case 'o': return first_of(w, (const char *const[]){"of", "on", NULL}, false);
    case 's': return first_of(w, (const char *const[]){"said", NULL}, false);
    case 't': return first_of(w, (const char *const[]){"their", "that", "they", "this", "than", "the", "to", NULL}, false);
    case 'u': return first_of(w, (const char *const[]){"under", NULL}, false);
    case 'w': return first_of(w, (const char *const[]){"which", "while", "with", "were", "when", "was", NULL}, false);
    default: return 0;
    }
}

/* Two common words, or a name and a common word: "railwaybridge", "Asadregime". Nothing but the lexicon speaks for it, so both are long. */
static size_t split_pair(const finder *f, dl_str w)
{
    enum { SHORTEST = 4, OFTEN = 5000 };
    const bool name = dl_is_upper(w.p[0]);

    for (size_t p = SHORTEST; p + SHORTEST <= w.n; p++) {
        const dl_str left = dl_str_sub(w, 0, p), right = dl_str_sub(w, p, w.n);

        if (rank(f, right) < OFTEN && (name ? (name_bits(f, left) & NAMES) != 0 || rank(f, left) < OFTEN / 2 : rank(f, left) < OFTEN) && !stands_twice(f, w))
            return p;
    }
    return 0;
}

/* Where a word without a capital within parts into a known word and a function word; 0: nowhere. */
static size_t split_small(const finder *f, dl_str w)
{
    const size_t long_n = tail_of(w), n = long_n ? long_n : short_tail_of(w), m = head_of(w);
    const bool tail = long_n > 0, short_tail = !tail && n > 0, head = m > 0;
    const bool name = dl_is_upper(w.p[0]);
    dl_str rest;

    if (w.n < (tail || short_tail || head ? 6u : (uint32_t)LONG_PAIR) || rank(f, w) < WHOLE || dl_gazetteer_find_text(f->gazetteer, w))
        return 0;
    if (short_tail && name && w.n >= 6 && dl_str_ends(w, DL_LIT("of")) && f->english && !stands_twice(f, w)) /* "Talonof" */
        return w.n - 2;
    if (tail || short_tail) {
        rest = dl_str_sub(w, 0, w.n - n);
        if (rest.n >= (short_tail ? 4u : 3u) && (rank(f, rest) < (short_tail ? (rest.n >= 6 ? 3u * COMMON : COMMON) : KNOWN) || (name && (name_bits(f, rest) & NAMES)) ||
             (name && dl_str_ends(w, DL_LIT("said")))) && !stands_twice(f, w))
            return w.n - n;
    }
    if (head) {
        rest = dl_str_sub(w, m, w.n);
        if (rest.n >= 4 && rank(f, rest) < (m == 2 ? COMMON : KNOWN / 2) && !stands_twice(f, w))
            return m;
    }
    return w.n >= LONG_PAIR && f->english ? split_pair(f, w) : 0;
}

/* ---- the walk ------------------------------------------------------------------------------------------------------- */

/* Bytes C2 and E2 begin signs and marks; all others above 127 are taken for letters. */
static bool is_letter_byte(char c)
{
    return dl_is_alpha(c) || ((unsigned char)c >= 0x80 && c != '\xC2' && c != '\xE2');
}

static uint32_t skip_marks(dl_str s, uint32_t i)
{
    while (i < s.n && !is_letter_byte(s.p[i]))
        i += s.p[i] == '\xE2' ? 3 : s.p[i] == '\xC2' ? 2 : 1;
    return i < s.n ? i : (uint32_t)s.n;
}

static void add_space(const finder *f, uint32_t at)
{
    if (!dl_utf8_is_cont(f->s.p[at])) /* the lexicon folds a cut character away */
        dl_edits_add(f->e, (dl_span){at, at}, DL_LIT(" "), DL_REPAIR_GLUE);
}

/* Addresses, handles, tags and names of files are left alone. */
static bool is_in_address(const finder *f, uint32_t start, uint32_t end)
{
    const char before = start ? f->s.p[start - 1] : ' ', after = end < f->s.n ? f->s.p[end] : ' ';

    return memchr("@#/_=&\\", before, 7) || memchr("@/_=\\", after, 5) || (before == '.' && start > 1 && dl_is_alnum(f->s.p[start - 2]) && !dl_is_upper(f->s.p[start])) ||
           (after == '.' && end + 1 < f->s.n && dl_is_lower(f->s.p[end + 1]));
}

/* "ISILgang": an acronym with a word behind it. */
static uint32_t acronym_end(const finder *f, uint32_t start, uint32_t end)
{
    uint32_t p = start;

    while (p < end && dl_is_upper(f->s.p[p]))
        p++;
    if (p - start < 2 || end - p < (p - start > 2 ? 2u : 3u) || !dl_is_lower(f->s.p[p]))
        return 0;
    const dl_str left = sub(f, start, p), right = sub(f, p, end);
    const bool known = p - start > 2 ? rank(f, left) < KNOWN && (end - p > 2 || is_small_word(right))
                                     : dl_str_eq(left, DL_LIT("US")) || dl_str_eq(left, DL_LIT("UK")) || dl_str_eq(left, DL_LIT("UN")) || dl_str_eq(left, DL_LIT("EU"));

    return known && rank(f, right) < KNOWN && rank(f, sub(f, start, end)) >= WHOLE && !stands_twice(f, sub(f, start, end)) ? p : 0;
}

static void look_at_capitals(const finder *f, uint32_t start, uint32_t end, uint32_t first)
{
    const dl_str whole = sub(f, start, end);
    uint32_t left = start;

    if (rank(f, whole) < KNOWN || dl_gazetteer_find_text(f->gazetteer, whole) || is_in_address(f, start, end) || stands_twice(f, whole))
        return;
    for (uint32_t p = first; p < end; p++) {
        uint32_t next = p + 1;
        const bool possessive = left == start && p == start + 1 && f->s.p[start] == 's' && start > 1 && (f->s.p[start - 1] == '\'' || f->s.p[start - 1] == '\x99');

        if (!dl_is_upper(f->s.p[p]) || !dl_is_lower(f->s.p[p - 1]))
            continue;
        while (next < end && !(dl_is_upper(f->s.p[next]) && dl_is_lower(f->s.p[next - 1])))
            next++;
        if (splits_at_capital(f, sub(f, left, p), sub(f, p, next), possessive)) {
            add_space(f, p);
            left = p;
        }
    }
}

/* A stop, a closing mark or a number right before a capital: "coalition.Russia", "(CSTO)The", "2022The". */
static void look_behind_mark(const finder *f, uint32_t start, uint32_t end)
{
    const dl_str s = f->s, w = sub(f, start, end);
    uint32_t r;

    if (start < 3 || w.n < 2 || !dl_is_upper(w.p[0]) || !dl_is_lower(w.p[1]) || is_in_address(f, start, end))
        return;
    const char c = s.p[start - 1], before = s.p[start - 2];

    if (!(memchr(".!?", c, 3) && dl_is_lower(before) && dl_is_lower(s.p[start - 3])) && !(c == ')' && dl_is_alnum(before)) &&
        !(dl_is_digit(c) && dl_is_digit(before)) && !(c == '\x9D' && before == '\x80' && start > 3 && memchr(".!?,", s.p[start - 4], 4)))
        return;
    r = rank(f, w);
    if (dl_is_digit(c) ? r < VERY_COMMON : r < COMMON || (name_bits(f, w) & NAMES) != 0)
        add_space(f, start);
}

void dl_glue_find(dl_edits *e, const dl_wordvec *words, const dl_gazetteer *gazetteer)
{
    const dl_str s = dl_view(e->doc);
    const bool english = s.n > 0 && memmem(s.p, s.n, " the ", 5) != NULL && (memmem(s.p, s.n, " of ", 4) || memmem(s.p, s.n, " to ", 4));
    const finder f = {.e = e, .s = s, .words = words, .gazetteer = gazetteer, .english = english};

    for (uint32_t i = 0; i < s.n;) {
        uint32_t start, capital = 0;

        i = skip_marks(s, i);
        start = i;
        while (i < s.n && is_letter_byte(s.p[i])) {
            if (!capital && dl_is_upper(s.p[i]) && i > start && dl_is_lower(s.p[i - 1]))
                capital = i;
            i++;
        }
        if (i - start > MAX_WORD || i == start)
            continue;
        if (start > 0 && s.p[start - 1] != ' ' && s.p[start - 1] != '\n')
            look_behind_mark(&f, start, i);
        if (capital) {
            look_at_capitals(&f, start, i, capital);
        } else if (i - start >= 5 && dl_is_upper(s.p[start]) && dl_is_upper(s.p[start + 1]) && dl_is_lower(s.p[i - 1])) {
            const uint32_t at = is_in_address(&f, start, i) ? 0 : acronym_end(&f, start, i);

            if (at)
                add_space(&f, at);
        } else if (i - start >= 6 && dl_is_lower(s.p[start + 1])) {
            size_t at = is_in_address(&f, start, i) ? 0 : split_small(&f, sub(&f, start, i));

            if (at)
                add_space(&f, start + (uint32_t)at);
        }
    }
}
