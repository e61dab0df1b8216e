#include "json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void dl_json_init(dl_json *w, dl_arena *a, size_t hint_bytes)
{
    *w = (dl_json){.a = a, .cap = hint_bytes};
    if (hint_bytes) {
        w->p = a ? dl_arena_alloc(a, hint_bytes) : malloc(hint_bytes);
        w->failed = !w->p;
    }
    if (w->failed)
        w->cap = 0;
}

void dl_json_free(dl_json *w)
{
    if (!w->a)
        free(w->p);
    *w = (dl_json){0};
}

static bool grow(dl_json *w, size_t more)
{
    size_t cap = w->cap ? w->cap : 256;

    if (w->failed || more > SIZE_MAX / 2 - w->n)
        return w->failed = true, false;
    while (cap < w->n + more)
        cap *= 2;
    char *p = w->a ? dl_arena_grow(w->a, w->p, w->cap, cap) : realloc(w->p, cap);

    if (!p)
        return w->failed = true, false;
    w->p = p;
    w->cap = cap;
    return true;
}

static inline bool room(dl_json *w, size_t more)
{
    return !w->failed && (w->cap - w->n >= more || grow(w, more));
}

static inline void put(dl_json *w, const char *p, size_t n)
{
    if (room(w, n)) {
        memcpy(w->p + w->n, p, n);
        w->n += n;
    }
}

/* A value begins: the comma that parts it from the one before. */
static inline void begin(dl_json *w)
{
    if (w->comma)
        put(w, ",", 1);
    w->comma = true;
}

void dl_json_open(dl_json *w, char bracket)
{
    begin(w);
    put(w, &bracket, 1);
    w->comma = false;
}

void dl_json_close(dl_json *w, char bracket)
{
    put(w, &bracket, 1);
    w->comma = true;
}

void dl_json_key(dl_json *w, dl_str key)
{
    if (!room(w, key.n + 4))
        return;
    char *q = w->p + w->n;

    if (w->comma)
        *q++ = ',';
    *q++ = '"';
    memcpy(q, key.p, key.n);
    q += key.n;
    *q++ = '"';
    *q++ = ':';
    w->n = (size_t)(q - w->p);
    w->comma = false;
}

void dl_json_key_any(dl_json *w, dl_str key)
{
    dl_json_text(w, key);
    put(w, ":", 1);
    w->comma = false;
}

/* Bytes at p that need no escape: all but controls, '"', '\' and DEL. Eight at a step: a byte below 0x20 borrows into its high bit when
 * 0x20 is taken from it; a byte that equals c gives 0 when xored with it, and 0 borrows when 1 is taken from it. A borrow may run on
 * into the next byte, so the word is only a hint that one of the eight needs a look. */
static size_t plain_run(const char *p, size_t n)
{
    static const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;
    size_t at = 0;

    for (; n - at >= 8; at += 8) {
        uint64_t x;

        memcpy(&x, p + at, 8);
        uint64_t quote = x ^ ones * '"', slash = x ^ ones * '\\', del = x ^ ones * 0x7F;
        uint64_t hit = ((x - ones * 0x20) | (quote - ones) | (slash - ones) | (del - ones)) & highs & ~x;

        if (hit)
            break;
    }
    for (; at < n; at++) {
        unsigned char c = (unsigned char)p[at];

        if (c < 0x20 || c == '"' || c == '\\' || c == 0x7F)
            break;
    }
    return at;
}

static void put_escape(dl_json *w, unsigned char c)
{
    static const char hex[] = "0123456789abcdef";
    char esc[6] = {'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]};
    static const char named[] = "\"\"\\\\\bb\ff\nn\rr\tt";

    for (size_t i = 0; i < sizeof named - 1; i += 2)
        if ((unsigned char)named[i] == c) {
            esc[1] = named[i + 1];
            put(w, esc, 2);
            return;
        }
    put(w, esc, 6);
}

void dl_json_text(dl_json *w, dl_str s)
{
    if (!s.p) {
        dl_json_null(w);
        return;
    }
    begin(w);
    if (!room(w, s.n + 2))
        return;
    w->p[w->n++] = '"';
    for (size_t at = 0; at < s.n;) {
        size_t run = plain_run(s.p + at, s.n - at);

        put(w, s.p + at, run);
        at += run;
        if (at < s.n)
            put_escape(w, (unsigned char)s.p[at++]);
    }
    put(w, "\"", 1);
}

static char *digits(char *end, uint64_t v)
{
    do
        *--end = (char)('0' + v % 10);
    while (v /= 10);
    return end;
}

void dl_json_int(dl_json *w, int64_t v)
{
    char b[24], *end = b + sizeof b, *p = digits(end, v < 0 ? 0 - (uint64_t)v : (uint64_t)v);

    if (v < 0)
        *--p = '-';
    begin(w);
    put(w, p, (size_t)(end - p));
}

/* Fewest decimals k for which m / 10^k, m = round(v 10^k), reads back as v. With m < 2^53 and k <= 22 both are exact doubles, so the
 * division rounds just as a reader of the decimal would: the check is the definition of a round trip. */
static bool put_fixed(dl_json *w, double v, bool is_float)
{
    static const double pow10[] = {1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17};
    double mag = fabs(v);

    if (mag >= 1e15 || (mag > 0 && mag < 1e-7))
        return false;
    for (uint32_t k = 0; k < sizeof pow10 / sizeof *pow10; k++) {
        double m = floor(mag * pow10[k] + 0.5);

        if (m >= 9007199254740992.0)
            return false;
        if (is_float ? (float)(m / pow10[k]) != (float)mag : m / pow10[k] != mag)
            continue;
        char b[48], *end = b + sizeof b, *p = digits(end, (uint64_t)m);

        while ((size_t)(end - p) <= k)
            *--p = '0';
        begin(w);
        if (v < 0)
            put(w, "-", 1);
        put(w, p, (size_t)(end - p) - k);
        if (k) {
            put(w, ".", 1);
            put(w, end - k, k);
        }
        return true;
    }
    return false;
}

static void put_general(dl_json *w, double v, int digits_first, int digits_last)
{
    char b[40];

    for (int d = digits_first; d <= digits_last; d++) {
        (void)snprintf(b, sizeof b, "%.*g", d, v);
        if (d == digits_last || strtod(b, NULL) == v)
            break;
    }
    for (char *p = b; *p; p++) /* the program that links us may have set a locale */
        if (*p == ',')
            *p = '.';
    begin(w);
    put(w, b, strlen(b));
}

void dl_json_double(dl_json *w, double v)
{
    if (!isfinite(v))
        dl_json_null(w);
    else if (!put_fixed(w, v, false))
        put_general(w, v, 15, 17);
}

void dl_json_float(dl_json *w, float v)
{
    if (!isfinite(v))
        dl_json_null(w);
    else if (!put_fixed(w, (double)v, true))
        put_general(w, (double)v, 9, 9);
}

void dl_json_bool(dl_json *w, bool v)
{
    begin(w);
    put(w, v ? "true" : "false", v ? 4 : 5);
}

void dl_json_null(dl_json *w)
{
    begin(w);
    put(w, "null", 4);
}

static void new_line(dl_json *w, size_t depth)
{
    put(w, "\n", 1);
    for (size_t i = 0; i < depth; i++)
        put(w, "  ", 2);
}

/* The end of the string literal that begins at s.p[at]. */
static size_t string_end(dl_str s, size_t at)
{
    for (at++; at < s.n && s.p[at] != '"'; at++)
        at += s.p[at] == '\\';
    return at < s.n ? at + 1 : s.n;
}

void dl_json_pretty(dl_json *w, dl_str json)
{
    size_t depth = 0;

    begin(w);
    for (size_t at = 0; at < json.n;) {
        char c = json.p[at];

        if (c == '"') {
            size_t end = string_end(json, at);

            put(w, json.p + at, end - at);
            at = end;
            continue;
        }
        bool opens = c == '{' || c == '[', closes = c == '}' || c == ']';

        if (opens && at + 1 < json.n && (json.p[at + 1] == '}' || json.p[at + 1] == ']')) {
            put(w, json.p + at, 2);
            at += 2;
            continue;
        }
        if (closes && depth)
            new_line(w, --depth);
        if (!dl_is_space(c))
            put(w, &c, 1);
        if (opens)
            new_line(w, ++depth);
        else if (c == ',')
            new_line(w, depth);
        else if (c == ':')
            put(w, " ", 1);
        at++;
    }
}

void dl_json_line(dl_json *w, dl_str json, bool pretty)
{
    w->comma = false;
    if (pretty)
        dl_json_pretty(w, json);
    else
        put(w, json.p, json.n);
    put(w, "\n", 1);
    w->comma = false;
}
