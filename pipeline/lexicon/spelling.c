#include "spelling.h"

#include "../base/utf8.h"
#include "fold.h"

int32_t dl_spell_lower(int32_t c)
{
    if ((c >= 'A' && c <= 'Z') || (c >= 0xC0 && c <= 0xDE && c != 0xD7) || (c >= 0x391 && c <= 0x3A9 && c != 0x3A2) ||
        (c >= 0x410 && c <= 0x42F))
        return c + 32;
    if ((c >= 0x100 && c <= 0x12F) || (c >= 0x132 && c <= 0x137) || (c >= 0x14A && c <= 0x177))
        return c | 1;
    if ((c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E))
        return (c & 1) ? c + 1 : c;
    return c >= 0x400 && c <= 0x40F ? c + 80 : c;
}

/* ---- class ---------------------------------------------------------------------------------------------------------- */

typedef struct counts {
    uint32_t upper, lower, digit, other;
    bool     first_upper, at; /* at: an @ behind the first character */
} counts;

static bool is_letter_like(int32_t cp)
{
    return cp >= 0xC0 && !(cp >= 0x2000 && cp < 0x2E80) && cp != 0xD7 && cp != 0xF7;
}

static counts count(dl_str s)
{
    counts n = {0};
    uint32_t len;

    for (size_t at = 0; at < s.n; at += len) {
        char c = s.p[at];

        len = 1;
        if (dl_is_lower(c)) {
            n.lower++;
        } else if (dl_is_upper(c)) {
            n.upper++;
            n.first_upper |= at == 0;
        } else if (dl_is_digit(c)) {
            n.digit++;
        } else if ((unsigned char)c < 0x80) {
            n.other++;
            n.at |= c == '@' && at > 0;
        } else {
            int32_t cp = dl_utf8_at(s, at, &len);

            if (dl_spell_lower(cp) != cp) {
                n.upper++;
                n.first_upper |= at == 0;
            } else if (is_letter_like(cp)) {
                n.lower++;
            } else {
                n.other++;
            }
        }
    }
    return n;
}

static bool has_scheme(dl_str s)
{
    for (size_t i = 0; i + 3 <= s.n; i++)
        if (memcmp(s.p + i, "://", 3) == 0)
            return true;
    return dl_str_starts(s, DL_LIT("www.")) || dl_str_starts(s, DL_LIT("WWW.")) || dl_str_starts(s, DL_LIT("Www."));
}

static dl_spelling class_of_digits(const counts *n)
{
    if (n->upper || n->lower)
        return DL_SPELL_DIGIT_WORD;
    if (n->other)
        return DL_SPELL_NUMBER;
    return n->digit == 1 ? DL_SPELL_DIGIT1 : n->digit == 2 ? DL_SPELL_DIGIT2 : n->digit == 4 ? DL_SPELL_DIGIT4 : DL_SPELL_NUMBER;
}

dl_spelling dl_spell_class(dl_str form)
{
    counts n = count(form);

    if (n.other && (n.at || has_scheme(form)))
        return DL_SPELL_ADDRESS;
    if (n.digit)
        return class_of_digits(&n);
    if (!n.upper && !n.lower)
        return n.other ? DL_SPELL_PUNCT : DL_SPELL_OTHER;
    if (n.other && (form.p[0] == '\'' || dl_str_starts(form, DL_LIT("\xE2\x80\x99"))))
        return DL_SPELL_CLITIC;
    if (n.other && form.p[form.n - 1] == '.')
        return n.upper && !n.lower ? DL_SPELL_CAPS_STOP : n.first_upper ? DL_SPELL_CAP_STOP : DL_SPELL_LOWER_STOP;
    if (!n.upper)
        return DL_SPELL_LOWER;
    if (!n.lower)
        return n.upper == 1 ? DL_SPELL_CAP1 : DL_SPELL_CAPS;
    return n.first_upper && n.upper == 1 ? DL_SPELL_CAP : DL_SPELL_MIXED;
}

/* ---- shapes --------------------------------------------------------------------------------------------------------- */

enum { MODE_NORMAL, MODE_CAPS, MODE_TITLE, MODE_LOWER };

/* How the sentence as a whole is spelled: what a capital letter is worth in it. */
static uint8_t mode_of(const uint8_t *classes, uint32_t n)
{
    uint32_t seen[DL_N_SPELLINGS] = {0};

    for (uint32_t i = 0; i < n; i++)
        seen[classes[i]]++;
    uint32_t low = seen[DL_SPELL_LOWER] + seen[DL_SPELL_LOWER_STOP];
    uint32_t cap = seen[DL_SPELL_CAP] + seen[DL_SPELL_CAP_STOP] + seen[DL_SPELL_CAP1] + seen[DL_SPELL_MIXED];
    uint32_t caps = seen[DL_SPELL_CAPS] + seen[DL_SPELL_CAPS_STOP];

    if ((caps >= 2 && low + cap == 0) || (caps >= 4 && caps > 3 * (low + cap)))
        return MODE_CAPS;
    if (cap + caps == 0)
        return MODE_LOWER;
    return cap + caps >= 4 && cap + caps > 2 * low ? MODE_TITLE : MODE_NORMAL;
}

void dl_spell_shapes(uint8_t *classes, uint32_t n)
{
    uint8_t mode = mode_of(classes, n);
    uint8_t first = 1;

    for (uint32_t i = 0; i < n; i++) {
        uint8_t c = classes[i];

        classes[i] = (uint8_t)(c * 8 + mode * 2 + first);
        if (c != DL_SPELL_PUNCT && c != DL_SPELL_OTHER)
            first = 0;
    }
}

/* ---- affixes -------------------------------------------------------------------------------------------------------- */

/* FNV-1a with a final mix. */
static uint16_t bucket(const char *p, size_t n, uint32_t seed)
{
    uint32_t h = 2166136261u ^ seed;

    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)p[i]) * 16777619u;
    h ^= h >> 15;
    return (uint16_t)((h * 0x2C1B3C6Du) >> 7 & (DL_AFFIX_BUCKETS - 1));
}

void dl_spell_affixes(dl_str folded, uint16_t out[static DL_N_AFFIXES])
{
    enum { SUFFIXES = 4, PREFIXES = 3, WHOLE = 16, PREFIX = 32 };
    char key[DL_FOLD_MAX]; /* every digit a 0 */
    size_t n = folded.n;

    for (size_t i = 0; i < n; i++)
        key[i] = dl_is_digit(folded.p[i]) ? '0' : folded.p[i];
    for (uint32_t m = 1; m <= SUFFIXES; m++) {
        size_t k = m < n ? m : n;

        out[m - 1] = bucket(key + n - k, k, n > m ? m : WHOLE + m);
    }
    for (uint32_t m = 1; m <= PREFIXES; m++)
        out[SUFFIXES + m - 1] = bucket(key, m < n ? m : n, PREFIX + (n > m ? m : WHOLE + m));
}
