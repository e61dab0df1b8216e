#include "fold.h"

#include "../base/utf8.h"

#include <utf8proc.h>

/* What canonical decomposition leaves and news mixes freely with its ASCII form. In order of code point. */
static const struct {
    int32_t cp;
    char    to[4];
} special[] = {
    {0x00AB, "\""}, {0x00B4, "'"},   {0x00BB, "\""}, {0x00DF, "ss"}, {0x00E6, "ae"}, {0x00F0, "d"},  {0x00F8, "o"},  {0x00FE, "th"},
    {0x0111, "d"},  {0x0131, "i"},   {0x0142, "l"},  {0x0153, "oe"}, {0x0259, "e"},  {0x02BB, "'"},  {0x02BC, "'"},  {0x2010, "-"},
    {0x2011, "-"},  {0x2012, "--"},  {0x2013, "--"}, {0x2014, "--"}, {0x2015, "--"}, {0x2018, "'"},  {0x2019, "'"},  {0x201A, "'"},
    {0x201C, "\""}, {0x201D, "\""},  {0x201E, "\""}, {0x2026, "..."},
};

static const char *special_of(int32_t cp)
{
    size_t lo = 0, hi = sizeof special / sizeof *special;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (special[mid].cp == cp)
            return special[mid].to;
        if (special[mid].cp < cp)
            lo = mid + 1;
        else
            hi = mid;
    }
    return NULL;
}

static bool is_mark(int32_t cp)
{
    utf8proc_category_t c = utf8proc_category(cp);

    return c == UTF8PROC_CATEGORY_MN || c == UTF8PROC_CATEGORY_MC || c == UTF8PROC_CATEGORY_ME;
}

typedef struct sink {
    char  *p;
    size_t n;
} sink;

static void put(sink *s, const char *bytes, size_t n)
{
    if (s->n + n <= DL_FOLD_MAX) {
        memcpy(s->p + s->n, bytes, n);
        s->n += n;
    }
}

static void put_lower(sink *s, int32_t cp)
{
    int32_t low = utf8proc_tolower(cp);
    const char *plain = special_of(low);
    char b[4];

    if (is_mark(cp))
        return;
    if (plain)
        put(s, plain, strlen(plain));
    else
        put(s, b, dl_utf8_put(low, b));
}

static void put_code_point(sink *s, int32_t cp)
{
    enum { MOST = 18 }; /* the longest compatibility decomposition, U+FDFA */
    const char *plain = special_of(cp);
    int32_t parts[MOST];
    int last = 0;

    if (plain) {
        put(s, plain, strlen(plain));
        return;
    }
    utf8proc_ssize_t n = utf8proc_decompose_char(cp, parts, MOST, UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT, &last);

    for (utf8proc_ssize_t i = 0; i < n && i < MOST; i++)
        put_lower(s, parts[i]);
}

size_t dl_fold_word(dl_str word, char out[static DL_FOLD_MAX])
{
    sink s = {out, 0};
    uint32_t len;

    for (size_t at = 0; at < word.n;) {
        char c = word.p[at];

        if ((unsigned char)c < 0x80) {
            if (s.n == DL_FOLD_MAX)
                break;
            out[s.n++] = c == '`' ? '\'' : dl_to_lower(c);
            at++;
            continue;
        }
        int32_t cp = dl_utf8_at(word, at, &len);

        if (cp != DL_CP_BAD)
            put_code_point(&s, cp);
        at += len;
    }
    return s.n;
}
