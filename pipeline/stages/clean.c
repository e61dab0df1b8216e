#include "clean.h"

#include "chars.h"
#include "pipeline/base/utf8.h"
#include "pipeline/view.h"

/* ---- characters ----------------------------------------------------------------------------------------------------- */

static bool is_invisible(int32_t cp)
{
    return cp == 0xAD || cp == 0x200B || cp == 0x200E || cp == 0x200F || (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x2069) ||
           cp == 0xFEFF || cp == 0x180E || cp == 0x61C;
}

static dl_str ligature(int32_t cp)
{
    static const char *const latin[] = {"ff", "fi", "fl", "ffi", "ffl", "st", "st"};

    switch (cp) {
    case 0x149: return DL_LIT("'n");
    case 0x1C6: return DL_LIT("d\xC5\xBE");
    case 0x1C9: return DL_LIT("lj");
    case 0x1CC: return DL_LIT("nj");
    default: break;
    }
    return cp >= 0xFB00 && cp <= 0xFB06 ? dl_str_of(latin[cp - 0xFB00]) : (dl_str){NULL, 0};
}

/* The Latin letter that a Cyrillic or Greek one looks like; 0: none. */
static char look_alike(int32_t cp)
{
    static const struct {
        uint16_t cp;
        char     latin;
    } pairs[] = {{0x391, 'A'}, {0x392, 'B'}, {0x395, 'E'}, {0x396, 'Z'}, {0x397, 'H'}, {0x399, 'I'}, {0x39A, 'K'}, {0x39C, 'M'}, {0x39D, 'N'},
                 {0x39F, 'O'}, {0x3A1, 'P'}, {0x3A4, 'T'}, {0x3A5, 'Y'}, {0x3A7, 'X'}, {0x3BF, 'o'}, {0x3BD, 'v'}, {0x405, 'S'}, {0x406, 'I'},
                 {0x408, 'J'}, {0x410, 'A'}, {0x412, 'B'}, {0x415, 'E'}, {0x41A, 'K'}, {0x41C, 'M'}, {0x41D, 'H'}, {0x41E, 'O'}, {0x420, 'P'},
                 {0x421, 'C'}, {0x422, 'T'}, {0x423, 'Y'}, {0x425, 'X'}, {0x430, 'a'}, {0x435, 'e'}, {0x43E, 'o'}, {0x440, 'p'}, {0x441, 'c'},
                 {0x443, 'y'}, {0x445, 'x'}, {0x455, 's'}, {0x456, 'i'}, {0x458, 'j'}, {0x4CF, 'l'}, {0x501, 'd'}, {0x51B, 'q'}, {0x51D, 'w'}};

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (pairs[i].cp == cp)
            return pairs[i].latin;
    return 0;
}

static const char *one_char(char c)
{
    static const char ascii[] = "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    return ascii + (c - '!');
}

static bool is_greek_or_cyrillic(int32_t cp)
{
    return cp >= 0x370 && cp <= 0x52F;
}

/* A word of Latin letters but for some that only look so: at least two Latin ones, no foreign one without a look. */
static bool is_disguised(dl_str s, uint32_t start, uint32_t end)
{
    uint32_t latin = 0, foreign = 0, len;

    for (uint32_t i = start; i < end; i += len) {
        int32_t cp = dl_utf8_at(s, i, &len);

        if (cp < 0x250)
            latin++;
        else if (is_greek_or_cyrillic(cp) && look_alike(cp))
            foreign++;
        else
            return false;
    }
    return latin >= 2 && latin > foreign;
}

static void reveal(dl_edits *e, dl_str s, uint32_t start, uint32_t end)
{
    uint32_t len;

    for (uint32_t i = start; i < end; i += len) {
        int32_t cp = dl_utf8_at(s, i, &len);

        if (is_greek_or_cyrillic(cp))
            dl_edits_add(e, (dl_span){i, i + len}, (dl_str){one_char(look_alike(cp)), 1}, DL_REPAIR_HOMOGLYPH);
    }
}

/* Full-width forms near ideographs are at home there. */
static bool is_among_ideographs(dl_str s, uint32_t at)
{
    enum { NEAR = 30 };
    uint32_t from = at > NEAR ? at - NEAR : 0, to = s.n - at > NEAR ? at + NEAR : (uint32_t)s.n, len;

    while (from > 0 && dl_utf8_is_cont(s.p[from]))
        from--;
    for (uint32_t i = from; i < to; i += len)
        if (dl_ch_at(s, i, &len) & DL_CH_IDEO)
            return true;
    return false;
}

static void clean_one(dl_edits *e, dl_str s, uint32_t at, int32_t cp, uint32_t len)
{
    const dl_span span = {at, at + len};
    dl_str to = ligature(cp);

    if (is_invisible(cp))
        dl_edits_add(e, span, (dl_str){"", 0}, DL_REPAIR_INVISIBLE);
    else if (to.p)
        dl_edits_add(e, span, to, DL_REPAIR_LIGATURE);
    else if (cp > 0xFF00 && cp < 0xFF5F && !is_among_ideographs(s, at))
        dl_edits_add(e, span, (dl_str){one_char((char)(cp - 0xFF00 + 0x20)), 1}, DL_REPAIR_WIDTH);
}

void dl_clean_characters(dl_edits *e)
{
    const dl_str s = dl_view(e->doc);
    uint32_t word = 0, foreign = 0, len; /* foreign: Greek and Cyrillic letters in the word that began at `word` */
    bool inside = false;

    for (uint32_t i = 0; i <= s.n; i += len) {
        if (i < s.n && (unsigned char)s.p[i] < 0x80 && !foreign) { /* most of the text */
            if (!inside && dl_is_alpha(s.p[i]))
                word = i;
            inside = dl_is_alpha(s.p[i]);
            len = 1;
            continue;
        }
        int32_t cp = i < s.n ? dl_utf8_at(s, i, &len) : ' ';
        bool letter = i < s.n && (dl_ch_at(s, i, &len) & DL_CH_LETTER);

        if (i == s.n)
            len = 1;
        if (letter && !inside) {
            word = i;
            foreign = 0;
        }
        if (!letter && inside && foreign && is_disguised(s, word, i))
            reveal(e, s, word, i);
        inside = letter;
        if (!letter)
            foreign = 0;
        foreign += letter && is_greek_or_cyrillic(cp);
        if (cp >= 0x80)
            clean_one(e, s, i, cp, len);
    }
}

/* ---- lines ---------------------------------------------------------------------------------------------------------- */

static uint32_t word_start(dl_str s, uint32_t at)
{
    while (at > 0 && dl_is_alpha(s.p[at - 1]))
        at--;
    return at;
}

static uint32_t word_end(dl_str s, uint32_t at)
{
    while (at < s.n && dl_is_alpha(s.p[at]))
        at++;
    return at;
}

/* "govern-\nment" with the hyphen at `at`. The two parts are one word where the lexicon knows it, and better than both parts. */
static void join_line(dl_edits *e, dl_str s, uint32_t at, const dl_wordvec *words)
{
    char whole[64];
    uint32_t next = at + 1, start = word_start(s, at), end;

    while (next < s.n && (s.p[next] == '\r' || s.p[next] == ' '))
        next++;
    if (next >= s.n || s.p[next] != '\n')
        return;
    next++;
    while (next < s.n && s.p[next] == ' ')
        next++;
    end = word_end(s, next);
    if (at - start < 2 || end - next < 2 || !dl_is_lower(s.p[next]) || (at - start) + (end - next) > sizeof whole)
        return;
    memcpy(whole, s.p + start, at - start);
    memcpy(whole + (at - start), s.p + next, end - next);
    if (dl_wordvec_find(words, (dl_str){whole, (at - start) + (end - next)}) != DL_NONE)
        dl_edits_add(e, (dl_span){at, next}, (dl_str){"", 0}, DL_REPAIR_HYPHEN);
    else
        dl_edits_add(e, (dl_span){at + 1, next}, (dl_str){"", 0}, DL_REPAIR_HYPHEN);
}

/* "B R E A K I N G": five single letters or more, one space between them. Returns where the run ends. */
static uint32_t join_letters(dl_edits *e, dl_str s, uint32_t at)
{
    enum { FEWEST = 5 };
    uint32_t n = 1, end = at + 1;
    const bool upper = dl_is_upper(s.p[at]);

    while (end + 1 < s.n && s.p[end] == ' ' && dl_is_alpha(s.p[end + 1]) && dl_is_upper(s.p[end + 1]) == upper &&
           (end + 2 == s.n || !dl_is_alnum(s.p[end + 2]))) {
        n++;
        end += 2;
    }
    if (n >= FEWEST)
        for (uint32_t i = at + 1; i < end; i += 2)
            dl_edits_add(e, (dl_span){i, i + 1}, (dl_str){"", 0}, DL_REPAIR_SPACED);
    return end;
}

void dl_clean_lines(dl_edits *e, const dl_wordvec *words)
{
    const dl_str s = dl_view(e->doc);

    for (uint32_t i = 0; i < s.n; i++) {
        if (s.p[i] == '-' && i > 0 && dl_is_alpha(s.p[i - 1]) && i + 1 < s.n && (s.p[i + 1] == '\n' || s.p[i + 1] == '\r' || s.p[i + 1] == ' '))
            join_line(e, s, i, words);
        else if (dl_is_alpha(s.p[i]) && (i == 0 || !dl_is_alnum(s.p[i - 1])) && i + 1 < s.n && s.p[i + 1] == ' ')
            i = join_letters(e, s, i) - 1;
    }
}
