#include "utf8.h"

/* Length of the well-formed sequence at p with n bytes left, 0 where malformed (Unicode 15, table 3-7). */
static uint32_t sequence(const unsigned char *p, size_t n)
{
    if (p[0] < 0x80)
        return 1;
    if (p[0] < 0xC2 || n < 2 || (p[1] & 0xC0) != 0x80)
        return 0;
    if (p[0] < 0xE0)
        return 2;
    if (p[0] < 0xF0) {
        if (n < 3 || (p[2] & 0xC0) != 0x80 || (p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))
            return 0;
        return 3;
    }
    if (p[0] > 0xF4 || n < 4 || (p[2] & 0xC0) != 0x80 || (p[3] & 0xC0) != 0x80 || (p[0] == 0xF0 && p[1] < 0x90) ||
        (p[0] == 0xF4 && p[1] > 0x8F))
        return 0;
    return 4;
}

int32_t dl_utf8_at(dl_str s, size_t at, uint32_t *len)
{
    const unsigned char *p = (const unsigned char *)s.p + at;

    *len = sequence(p, s.n - at);
    switch (*len) {
    case 1: return p[0];
    case 2: return (p[0] & 0x1F) << 6 | (p[1] & 0x3F);
    case 3: return (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    case 4: return (p[0] & 0x07) << 18 | (p[1] & 0x3F) << 12 | (p[2] & 0x3F) << 6 | (p[3] & 0x3F);
    default: *len = 1; return DL_CP_BAD;
    }
}

int32_t dl_utf8_before(dl_str s, size_t at, uint32_t *len)
{
    size_t start = at - 1;

    while (start > 0 && at - start < 4 && dl_utf8_is_cont(s.p[start]))
        start--;
    int32_t cp = dl_utf8_at((dl_str){s.p, at}, start, len);

    if (start + *len != at)
        return *len = 1, DL_CP_BAD;
    return cp;
}

size_t dl_utf8_check(dl_str s)
{
    size_t at = 0;

    while (at < s.n) {
        uint64_t eight;

        if (s.n - at >= 8 && (memcpy(&eight, s.p + at, 8), (eight & 0x8080808080808080u) == 0)) {
            at += 8;
            continue;
        }
        uint32_t len = sequence((const unsigned char *)s.p + at, s.n - at);

        if (!len)
            break;
        at += len;
    }
    return at;
}

uint32_t dl_utf8_bad_len(dl_str s, size_t at)
{
    const unsigned char *p = (const unsigned char *)s.p + at;
    size_t left = s.n - at;
    unsigned lo = p[0] == 0xE0 ? 0xA0 : p[0] == 0xF0 ? 0x90 : 0x80;
    unsigned hi = p[0] == 0xED ? 0x9F : p[0] == 0xF4 ? 0x8F : 0xBF;
    uint32_t want = p[0] < 0xC2 || p[0] > 0xF4 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    uint32_t n = 1;

    while (n < want && n < left && p[n] >= (n == 1 ? lo : 0x80) && p[n] <= (n == 1 ? hi : 0xBF))
        n++;
    return n;
}

dl_str dl_utf8_repair(dl_arena *a, dl_str s, uint32_t *n_bad)
{
    size_t good = dl_utf8_check(s), n = good;
    uint32_t bad = 0;

    if (n_bad)
        *n_bad = 0;
    if (good == s.n)
        return s;
    char *out = s.n <= SIZE_MAX / 3 ? dl_arena_alloc(a, good + (s.n - good) * 3) : NULL; /* a bad byte becomes three at most */

    if (!out)
        return (dl_str){0};
    memcpy(out, s.p, good);
    for (size_t at = good; at < s.n;) {
        size_t run = dl_utf8_check(dl_str_sub(s, at, s.n));

        if (run)
            memcpy(out + n, s.p + at, run);
        n += run;
        at += run;
        if (at < s.n) {
            memcpy(out + n, "\xEF\xBF\xBD", 3);
            n += 3;
            at += dl_utf8_bad_len(s, at);
            bad++;
        }
    }
    if (n_bad)
        *n_bad = bad;
    return (dl_str){out, n};
}

size_t dl_utf8_count(dl_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += !dl_utf8_is_cont(s.p[i]);
    return n;
}

size_t dl_utf8_count_utf16(dl_str s)
{
    size_t n = 0;

    for (size_t i = 0; i < s.n; i++)
        n += (size_t)!dl_utf8_is_cont(s.p[i]) + ((unsigned char)s.p[i] >= 0xF0);
    return n;
}

uint32_t dl_utf8_put(int32_t cp, char out[4])
{
    if (cp < 0x80)
        return out[0] = (char)cp, 1;
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}
