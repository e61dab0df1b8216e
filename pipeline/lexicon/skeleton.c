#include "skeleton.h"

#define START 0x5BE1E70A11E0BD5Fu

/* The longest that fits is taken. In order of length. */
static const struct {
    char from[5], to[3];
} rules[] = {
    {"tsch", "C"}, {"shch", "s"}, {"dsch", "j"}, {"sch", "s"}, {"tch", "C"}, {"dzh", "j"}, {"sh", "s"}, {"ch", "C"}, {"cz", "C"}, {"zh", "j"},
    {"dj", "j"},   {"kh", "k"},   {"gh", "k"},  {"th", "t"},  {"dh", "d"},  {"bh", "b"}, {"ph", "f"}, {"ts", "z"}, {"tz", "z"},
    {"ff", "f"},   {"x", "ks"},   {"q", "k"},   {"c", "k"},   {"g", "k"},   {"w", "v"},  {"a", ""},   {"e", ""},   {"i", ""},
    {"o", ""},     {"u", ""},     {"y", ""},
};
static const char *const dropped[] = {"al", "el", "ul", "bin", "ibn", "ben"};

static bool is_vowel(char c)
{
    return memchr("aeiouy", c, 6) != NULL;
}

/* What the bytes at `at` become; *len: how many they are. */
static dl_str step(dl_str word, size_t at, size_t *len)
{
    dl_str rest = dl_str_sub(word, at, word.n);

    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        if (dl_str_starts(rest, dl_str_of(rules[i].from))) {
            *len = strlen(rules[i].from);
            return dl_str_of(rules[i].to);
        }
    bool mute_h = word.p[at] == 'h' && at > 0 && !(at + 1 < word.n && is_vowel(word.p[at + 1]));

    *len = 1;
    return mute_h || !dl_is_lower(word.p[at]) ? (dl_str){"", 0} : dl_str_sub(word, at, at + 1);
}

size_t dl_skeleton_word(dl_str word, char out[static DL_SKELETON_MAX])
{
    size_t n = 0, len;

    for (size_t at = 0; at < word.n; at += len) {
        dl_str new = step(word, at, &len);

        for (size_t i = 0; i < new.n; i++)
            if (n < DL_SKELETON_MAX && (n == 0 || out[n - 1] != new.p[i]))
                out[n++] = new.p[i];
    }
    if (n && (dl_str_ends(word, DL_LIT("off")) || dl_str_ends(word, DL_LIT("eff"))))
        out[n - 1] = 'v';
    if (n == 0 && word.n)
        out[n++] = word.p[0];
    return n;
}

static bool is_dropped(dl_str word)
{
    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (dl_str_eq(word, dl_str_of(dropped[i])))
            return true;
    return false;
}

uint64_t dl_skeleton_key(const dl_str *words, uint32_t n)
{
    enum { LEAST = 5, MOST = 60 };
    char bones[MOST + DL_SKELETON_MAX];
    size_t used = 0;
    uint32_t kept = 0;

    for (uint32_t i = 0; i < n; i++) {
        if (is_dropped(words[i]))
            continue;
        used += dl_skeleton_word(words[i], bones + used);
        kept++;
        if (used > MOST)
            return 0;
    }
    for (size_t i = 0; i < used; i++)
        if ((unsigned char)bones[i] >= 0x80)
            return 0;
    return kept < 2 || used < LEAST ? 0 : dl_hash(bones, used, START);
}
