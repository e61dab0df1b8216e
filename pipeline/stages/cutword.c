#include "cutword.h"

#include "chars.h"
#include "pipeline/base/wordset.h"
#include "pipeline/lexicon/abbrev.h"

/* ---- looking around ------------------------------------------------------------------------------------------------- */

/* Class of the character at `at`, SPACE behind the end of the stretch. */
static uint32_t ch_at(const dl_cut_chunk *c, uint32_t at)
{
    uint32_t len;

    return at < c->end ? dl_ch_at(c->text, at, &len) : DL_CH_SPACE;
}

static char byte_at(const dl_cut_chunk *c, uint32_t at)
{
    return at < c->end ? c->text.p[at] : '\0';
}

static uint32_t len_at(const dl_cut_chunk *c, uint32_t at)
{
    uint32_t len;

    (void)dl_ch_at(c->text, at, &len);
    return len;
}

/* End of the run of characters that have one of `bits`. */
static uint32_t run_of(const dl_cut_chunk *c, uint32_t at, uint32_t bits)
{
    while (ch_at(c, at) & bits)
        at += len_at(c, at);
    return at;
}

static uint32_t run_of_byte(const dl_cut_chunk *c, uint32_t at, char b)
{
    while (at < c->end && c->text.p[at] == b)
        at++;
    return at;
}

static dl_str sub(const dl_cut_chunk *c, uint32_t start, uint32_t end)
{
    return dl_str_sub(c->text, start, end);
}

static bool all_of(dl_str s, bool (*is)(char))
{
    for (size_t i = 0; i < s.n; i++)
        if (!is(s.p[i]))
            return false;
    return s.n > 0;
}

/* ---- clitics and contractions --------------------------------------------------------------------------------------- */

/* Length of the apostrophe at `at`: ' ’ or the back quote that keyboards give for it; 0 for anything else. */
static uint32_t apostrophe(const dl_cut_chunk *c, uint32_t at)
{
    if (byte_at(c, at) == '`')
        return 1;
    return ch_at(c, at) & DL_CH_APOS ? len_at(c, at) : 0;
}

/* End of the clitic whose apostrophe is at `at`, or 0: "'s", "'re"... */
static uint32_t clitic(const dl_cut_chunk *c, uint32_t at)
{
    static const dl_wordset_word clitics[] = {"d", "ll", "m", "re", "s", "ve"};
    uint32_t apos = apostrophe(c, at), end;

    if (!apos)
        return 0;
    end = run_of(c, at + apos, DL_CH_WORD);
    return DL_WORDSET_HAS(clitics, sub(c, at + apos, end)) ? end : 0;
}

/* End of "n't" whose n is at `at`, or 0. */
static uint32_t not_clitic(const dl_cut_chunk *c, uint32_t at)
{
    char n = byte_at(c, at), t;
    uint32_t apos, i;

    if (n != 'n' && n != 'N')
        return 0;
    apos = apostrophe(c, at + 1);
    i = at + 1 + apos;
    t = byte_at(c, i);
    return apos && (t == 't' || t == 'T') && !(ch_at(c, i + 1) & DL_CH_WORD) ? i + 1 : 0;
}

size_t dl_cut_contraction(dl_str word)
{
    static const dl_wordset_word behind_three[] = {"cannot", "gimme", "gonna", "gotta", "lemme", "wanna"};
    static const dl_wordset_word before_two[] = {"aint",   "arent", "cant",   "couldnt", "didnt",    "doesnt", "dont",  "hadnt",
                                                 "hasnt",  "havent", "isnt", "shouldnt", "wasnt", "werent", "wont", "wouldnt"};

    if (word.n < 2 || word.n > 8)
        return 0;
    switch (dl_to_lower(word.p[word.n - 2]) << 8 | dl_to_lower(word.p[word.n - 1])) {
    case 'n' << 8 | 't': return DL_WORDSET_HAS(before_two, word) ? word.n - 2 : 0;
    case 'o' << 8 | 't':
    case 'n' << 8 | 'a':
    case 't' << 8 | 'a':
    case 'm' << 8 | 'e': return DL_WORDSET_HAS(behind_three, word) ? 3 : 0;
    case 'i' << 8 | 'm': return word.n == 2 && word.p[0] == 'i' && word.p[1] == 'm' ? 1 : 0;
    default: return 0;
    }
}

/* ---- what joins two parts of a word --------------------------------------------------------------------------------- */

static bool is_prefix(dl_str s)
{
    static const dl_wordset_word prefixes[] = {
        "anti",  "arch", "bi",    "co",   "counter", "cross", "e",   "ex",     "extra",  "hyper", "inter", "intra", "macro", "mega",
        "meta",  "micro", "mid",  "mini", "mono",    "multi", "neo", "non",    "over",   "pan",   "post",  "pre",   "pro",   "proto",
        "pseudo", "psycho", "quasi", "re", "semi",    "socio", "sub", "super",  "trans",  "ultra", "un",    "under", "vice"};

    return DL_WORDSET_HAS(prefixes, s);
}

/* Groups of digits with hyphens: a telephone number, a date or a postal code is whole, a range is not. */
static bool hyphen_in_number(const dl_cut_chunk *c, uint32_t at)
{
    uint32_t groups = 0, len[2] = {0, 0}, i = at;

    for (;;) {
        uint32_t end = run_of(c, i, DL_CH_DIGIT);

        if (end == i)
            return false;
        if (groups < 2)
            len[groups] = end - i;
        if (++groups > 8)
            return false;
        i = end;
        if (byte_at(c, i) != '-' || !dl_is_digit(byte_at(c, i + 1)))
            break;
        i++;
    }
    if (ch_at(c, i) & DL_CH_LETTER)
        return false;
    return groups > 2 || (groups == 2 && ((len[0] == 3 && len[1] == 4) || (len[0] == 5 && len[1] == 4)));
}

static bool joins_hyphen(const dl_cut_chunk *c, uint32_t at, uint32_t i, bool in_date)
{
    static const dl_wordset_word suffixes[] = {"esque", "wise"};
    dl_str word = sub(c, at, i), next = sub(c, i + 1, run_of(c, i + 1, DL_CH_WORD));

    if (next.n == 0)
        return false;
    if (in_date && dl_is_digit(next.p[0]))
        return true;
    if (all_of(word, dl_is_digit) && dl_is_digit(next.p[0]))
        return hyphen_in_number(c, at);
    if (all_of(word, dl_is_upper) && word.n >= 4 && all_of(next, dl_is_digit)) /* COVID-19 */
        return true;
    return is_prefix(word) || DL_WORDSET_HAS(suffixes, next);
}

static bool joins_slash(const dl_cut_chunk *c, uint32_t at, uint32_t i)
{
    static const dl_wordset_word slashed[] = {"b/t", "n/a", "s/he", "w/o", "w/out"};
    uint32_t end = run_of(c, i + 1, DL_CH_WORD);

    if (dl_is_digit(c->text.p[i - 1]) && dl_is_digit(byte_at(c, i + 1)))
        return true;
    return DL_WORDSET_HAS(slashed, sub(c, at, end));
}

static bool joins_ampersand(const dl_cut_chunk *c, uint32_t at, uint32_t i)
{
    uint32_t end = run_of(c, i + 1, DL_CH_LETTER);

    return i - at <= 4 && all_of(sub(c, at, i), dl_is_upper) && end - i <= 4 && all_of(sub(c, i + 1, end), dl_is_upper);
}

static bool is_decade(const dl_cut_chunk *c, uint32_t at, uint32_t i, uint32_t clitic_end)
{
    dl_str word = sub(c, at, i);

    return all_of(word, dl_is_digit) && (word.n == 2 || word.n == 4) && word.p[word.n - 1] == '0' &&
           (c->text.p[clitic_end - 1] == 's') && clitic_end <= i + 4;
}

static bool is_file_extension(dl_str s)
{
    static const dl_wordset_word extensions[] = {"avi", "csv",  "doc", "docx", "exe", "gif", "htm", "html", "jpeg", "jpg", "js",  "json",
                                                 "mp3", "mp4", "pdf", "php",  "png", "ppt", "py",  "txt",  "xls",  "xlsx", "xml", "zip"};

    return DL_WORDSET_HAS(extensions, s);
}

typedef enum join { CUT_BEFORE, CUT_BEHIND, JOIN } join;

/* A period between two word characters. `piece` is where the part before it begins. */
static join joins_period(const dl_cut_chunk *c, uint32_t at, uint32_t piece, uint32_t i)
{
    uint32_t end = run_of(c, i + 1, DL_CH_WORD);
    dl_str left = sub(c, piece, i), right = sub(c, i + 1, end);
    bool left_digit = dl_is_digit(left.p[left.n - 1]), right_digit = dl_is_digit(right.p[0]);

    if (left_digit && right_digit)
        return JOIN;
    if (left_digit)
        return is_file_extension(right) ? JOIN : CUT_BEFORE;
    if (right_digit)
        return dl_abbrev_find(sub(c, at, i)) ? CUT_BEHIND : left.n == 1 ? JOIN : CUT_BEFORE; /* No.5, v.2 */
    if (left.n == 1 && right.n <= 2)
        return JOIN;
    if (left.n == 1 && dl_is_upper(left.p[0]) && right.n > 2 && dl_is_upper(right.p[0]))
        return CUT_BEHIND; /* J.Smith */
    if (left.n <= 3 && right.n == 1 && dl_is_upper(left.p[0]))
        return JOIN; /* Ph.D */
    if (dl_is_upper(right.p[0]) && dl_abbrev_find(left))
        return CUT_BEHIND; /* St.George */
    if (is_file_extension(right))
        return JOIN;
    if (dl_is_lower(right.p[0]) && dl_is_lower(left.p[0]) && (piece > at || byte_at(c, end) == '.') &&
        ch_at(c, byte_at(c, end) == '.' ? end + 1 : end) & (piece > at ? ~0u : DL_CH_LETTER))
        return JOIN; /* comp.sources.unix */
    return CUT_BEFORE;
}

/* Only stops and closing marks follow in the sentence. */
static bool ends_sentence(const dl_cut_chunk *c, uint32_t at)
{
    uint32_t len;

    for (; at < c->sent_end; at += len)
        if (!(dl_ch_at(c->text, at, &len) & (DL_CH_CLOSE | DL_CH_QUOTE | DL_CH_STOP | DL_CH_SPACE)))
            return false;
    return true;
}

/* Does the period at i, with no word character behind it, belong to the word [at, i)? */
static bool takes_period(const dl_cut_chunk *c, uint32_t at, uint32_t i, bool dotted)
{
    dl_str word = sub(c, at, i);
    uint32_t len, next = i + 1;

    if (byte_at(c, next) == '.')
        return false;
    if (ends_sentence(c, next))
        return dotted;
    if (dotted || (word.n == 1 && dl_is_alpha(word.p[0])))
        return true;
    if (all_of(word, dl_is_digit)) /* "1. The first item" */
        return at == c->sent_start && word.n <= 2 && next == c->end;
    if (dl_abbrev_find(word))
        return true;
    if (word.n > 5 || !all_of(word, dl_is_alpha))
        return false;
    if (byte_at(c, next) == ',')
        return true;
    while (next < c->sent_end && (dl_ch_at(c->text, next, &len) & DL_CH_SPACE))
        next += len;
    return next > i + 1 && next < c->sent_end && (dl_is_lower(c->text.p[next]) || dl_is_digit(c->text.p[next]));
}

/* ---- words ---------------------------------------------------------------------------------------------------------- */

/* "5km", "10am", "$3bn": digits end before a unit. */
static bool is_unit(dl_str s)
{
    static const dl_wordset_word units[] = {
        "am",  "bln", "bn",  "by",  "c",   "cc",  "cm",      "days", "f",   "ft",  "g",  "gb",  "ghz", "gw", "hours",   "hr",
        "hrs", "hz",  "k",   "kb",  "kg",  "khz", "km",      "kmh",  "kph", "kt",  "kts", "kw", "kwh", "l",  "lb",      "lbs",
        "m",   "mb",  "mg",  "mhz", "mi",  "min", "mins",    "minutes", "ml", "mln", "mm", "mn", "mph", "mw", "mwh",    "oz",
        "p",   "persons", "pm", "sec", "secs", "sq", "tb",   "tn",   "trn", "watt", "x", "years", "yr", "yrs"};

    return DL_WORDSET_HAS(units, s);
}

/* "US$", "A$" */
static bool is_dollar_of(dl_str s)
{
    static const dl_wordset_word countries[] = {"a", "au", "c", "ca", "hk", "nz", "r", "s", "u", "us"};

    return DL_WORDSET_HAS(countries, s);
}

static uint32_t word_end(const dl_cut_chunk *c, uint32_t at)
{
    uint32_t i = at, piece = at, last = 0;
    bool dotted = false, in_date = false, numeric = true;

    if (ch_at(c, at) & DL_CH_IDEO)
        return run_of(c, at + len_at(c, at), DL_CH_MARK);
    for (;;) {
        uint32_t ch = ch_at(c, i), end, next;
        char b = byte_at(c, i);

        if (ch & DL_CH_WORD) {
            if (ch & DL_CH_IDEO)
                return i;
            if ((ch & DL_CH_LETTER) && (last & DL_CH_DIGIT) && numeric) {
                end = run_of(c, i, DL_CH_LETTER);
                if (is_unit(sub(c, i, end)) && !(ch_at(c, end) & DL_CH_DIGIT))
                    return i;
            }
            numeric = numeric && !(ch & DL_CH_LETTER);
            last = ch & DL_CH_MARK ? last : ch;
            i += len_at(c, i);
            continue;
        }
        next = i < c->end ? i + len_at(c, i) : i;
        if ((ch & DL_CH_FORMAT) && (ch_at(c, next) & DL_CH_LETTER)) {
            i = next;
            continue;
        }
        if (apostrophe(c, i)) {
            if (i > at && (end = not_clitic(c, i - 1)))
                return i - 1 > at ? i - 1 : end;
            end = clitic(c, i);
            if (end && is_decade(c, at, i, end))
                return end;
            if (end || b == '`' || !(ch_at(c, next) & DL_CH_LETTER) || numeric)
                return i;
            i = next;
            continue;
        }
        if (!(ch_at(c, next) & DL_CH_WORD)) {
            if (b == '.' && takes_period(c, at, i, dotted))
                return next;
            if (b == '$' && is_dollar_of(sub(c, at, i)))
                return next;
            return i;
        }
        switch (b) {
        case '.':
            switch (joins_period(c, at, piece, i)) {
            case CUT_BEFORE: return i;
            case CUT_BEHIND: return next;
            case JOIN: break;
            }
            dotted = !numeric;
            piece = next;
            break;
        case ',':
        case ':':
            if (!(last & DL_CH_DIGIT) || !numeric || !(ch_at(c, next) & DL_CH_DIGIT))
                return i;
            break;
        case '-':
            if (!joins_hyphen(c, at, i, in_date))
                return i;
            in_date = numeric;
            break;
        case '/':
            if (!joins_slash(c, at, i))
                return i;
            break;
        case '&':
            if (!joins_ampersand(c, at, i))
                return i;
            break;
        case '*':
            if (!(last & DL_CH_LETTER) || !(ch_at(c, next) & DL_CH_LETTER))
                return i;
            break;
        case '$':
            return is_dollar_of(sub(c, at, i)) ? next : i;
        case '_': break;
        default: return i;
        }
        i = next;
    }
}

/* ---- punctuation and symbols ---------------------------------------------------------------------------------------- */

static uint32_t emoticon(const dl_cut_chunk *c, uint32_t at)
{
    static const char *const faces[] = {":-)", ":-(", ";-)", ":-D", ":-P", ":-/", ":'(", ">:(", "^_^", "(-:", ":)", ":(", ";)", ":D",
                                        ":P",  ";P",  ":O",  "=)",  "=(",  "=D",  ":/",  ":|",  "<3",  "(:"};

    if (at + 1 >= c->end || !memchr(":;>^(=<", c->text.p[at], 7))
        return 0;
    for (size_t i = 0; i < sizeof faces / sizeof *faces; i++) {
        dl_str face = dl_str_of(faces[i]);

        if (dl_str_starts(sub(c, at, c->end), face) && !(ch_at(c, at + (uint32_t)face.n) & DL_CH_WORD) &&
            byte_at(c, at + (uint32_t)face.n) != '/')
            return at + (uint32_t)face.n;
    }
    return 0;
}

/* An apostrophe with no word before it: "'em", "'90s", "''", or a quotation mark. */
static uint32_t leading_apostrophe(const dl_cut_chunk *c, uint32_t at)
{
    static const dl_wordset_word clipped[] = {"bout", "cause", "em", "round", "til", "tis", "twas"};
    uint32_t first = at + len_at(c, at), end = run_of(c, first, DL_CH_WORD), digits = run_of(c, first, DL_CH_DIGIT);

    if (apostrophe(c, first))
        return first + apostrophe(c, first);
    if (digits == first + 2 && (end == digits || (end == digits + 1 && c->text.p[digits] == 's')) && !apostrophe(c, end))
        return end;
    if (DL_WORDSET_HAS(clipped, sub(c, first, end)) && !apostrophe(c, end))
        return end;
    if (at == c->start && (end = clitic(c, at)))
        return end;
    return first;
}

static uint32_t stops_end(const dl_cut_chunk *c, uint32_t at)
{
    uint32_t dots = run_of_byte(c, at, '.'), i = dots;

    if (dots - at > 1)
        return dots;
    while (byte_at(c, i) == '!' || byte_at(c, i) == '?')
        i++;
    if (i > dots && byte_at(c, i) == '.' && byte_at(c, i + 1) != '.' && !(ch_at(c, i + 1) & DL_CH_WORD))
        i++;
    return i;
}

static uint32_t emoji_end(const dl_cut_chunk *c, uint32_t at)
{
    static const char joiner[] = "\xE2\x80\x8D", flag[] = "\xF0\x9F\x87";
    uint32_t i = at + len_at(c, at);

    if (dl_str_starts(sub(c, at, c->end), DL_LIT(flag)) && dl_str_starts(sub(c, i, c->end), DL_LIT(flag)))
        return i + len_at(c, i);
    for (;;) {
        uint32_t marks = run_of(c, i, DL_CH_MARK);

        if (marks == i)
            return i;
        i = marks;
        if (dl_str_ends(sub(c, at, i), DL_LIT(joiner)) && (ch_at(c, i) & DL_CH_SYMBOL))
            i += len_at(c, i);
    }
}

static uint32_t punct_end(const dl_cut_chunk *c, uint32_t at)
{
    char b = byte_at(c, at);
    uint32_t end;

    switch (b) {
    case '.':
    case '!':
    case '?': return stops_end(c, at);
    case '-':
    case '=':
        end = run_of_byte(c, at, b);
        return byte_at(c, end) == '>' ? end + 1 : end;
    case '<':
        if (byte_at(c, at + 1) == '-')
            return run_of_byte(c, at + 1, '-');
        return run_of_byte(c, at, b);
    case '+':
        end = run_of(c, at + 1, DL_CH_DIGIT);
        if (at == c->start && end > at + 1)
            return word_end(c, at + 1);
        return run_of_byte(c, at, b);
    case '[':
        return dl_str_starts(sub(c, at, c->end), DL_LIT("[...]")) ? at + 5 : at + 1;
    case '*':
    case '_':
    case '~':
    case '>':
    case '`':
    case '#':
    case '|':
    case '$': return run_of_byte(c, at, b);
    default: break;
    }
    return ch_at(c, at) & DL_CH_SYMBOL ? emoji_end(c, at) : run_of(c, at + len_at(c, at), DL_CH_MARK);
}

uint32_t dl_cut_next(const dl_cut_chunk *c, uint32_t at)
{
    uint32_t ch = ch_at(c, at), end;

    if (at > c->start && ((end = clitic(c, at)) || (end = not_clitic(c, at))))
        return end;
    if (ch & DL_CH_WORD) {
        end = word_end(c, at);
        size_t cut = dl_cut_contraction(sub(c, at, end));

        return cut ? at + (uint32_t)cut : end;
    }
    if (!(ch & DL_CH_QUOTE) && (end = emoticon(c, at)))
        return end;
    return ch & DL_CH_APOS ? leading_apostrophe(c, at) : punct_end(c, at);
}
