#include "decode_json.h"

#include "pipeline/base/utf8.h"

#include <assert.h>

enum { PLAIN_DIGITS = 15 };

typedef struct scan {
    dl_str         in;
    size_t         at;
    dl_arena      *a;
    char          *out; /* NULL: nothing changed so far */
    size_t         out_n, out_cap;
    size_t         copied; /* bytes of `in` that the copy accounts for */
    dl_json_damage damage;
    dl_error      *err;
} scan;

static dl_code bad(scan *s, size_t at, const char *what)
{
    return dl_fail(s->err, DL_BAD_INPUT, "decode", at, "bad_json: %s at byte %zu", what, at);
}

static bool append(scan *s, const char *p, size_t n)
{
    if (s->out_cap - s->out_n < n) {
        size_t cap = s->out_cap ? s->out_cap * 2 : s->in.n + s->in.n / 8 + 64;

        while (cap - s->out_n < n)
            cap *= 2;
        char *grown = dl_arena_grow(s->a, s->out, s->out_cap, cap);

        if (!grown)
            return false;
        s->out = grown;
        s->out_cap = cap;
    }
    if (n)
        memcpy(s->out + s->out_n, p, n);
    s->out_n += n;
    return true;
}

/* Put `with` in the place of in[start, end). */
static dl_code replace(scan *s, size_t start, size_t end, dl_str with)
{
    if (!append(s, s->in.p + s->copied, start - s->copied) || !append(s, with.p, with.n))
        return dl_fail(s->err, DL_LIMIT, "decode", start, "too_large: no room to repair the message");
    s->copied = end;
    return DL_OK;
}

static int hex4(scan *s, size_t at)
{
    int v = 0;

    if (s->in.n - at < 4)
        return -1;
    for (size_t i = at; i < at + 4; i++) {
        char c = dl_to_lower(s->in.p[i]);

        if (!dl_is_digit(c) && (c < 'a' || c > 'f'))
            return -1;
        v = v * 16 + (dl_is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return v;
}

/* The escape at s->at, a backslash. */
static dl_code scan_escape(scan *s)
{
    size_t start = s->at;
    char c = start + 1 < s->in.n ? s->in.p[start + 1] : '\0';

    if (c && strchr("\"\\/bfnrt", c)) {
        s->at += 2;
        return DL_OK;
    }
    int unit = c == 'u' ? hex4(s, start + 2) : -1;

    if (unit < 0)
        return bad(s, start, "an escape that JSON does not have");
    s->at += 6;
    if (unit >= 0xD800 && unit < 0xDC00 && s->in.n - s->at >= 6 && s->in.p[s->at] == '\\' && s->in.p[s->at + 1] == 'u') {
        int low = hex4(s, s->at + 2);

        if (low >= 0xDC00 && low < 0xE000) {
            s->at += 6;
            return DL_OK;
        }
    }
    if (unit >= 0xD800 && unit < 0xE000)
        s->damage.lone_surrogates++;
    else if (unit == 0)
        s->damage.nuls++;
    else
        return DL_OK;
    return replace(s, start, s->at, DL_LIT("\\uFFFD"));
}

/* Bytes that a string holds as they are: ASCII but controls, '"' and '\' (see plain_run in base/json.c for the arithmetic). */
static void skip_plain(scan *s)
{
    static const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

    while (s->in.n - s->at >= 8) {
        uint64_t x;

        memcpy(&x, s->in.p + s->at, 8);
        uint64_t quote = x ^ ones * '"', slash = x ^ ones * '\\';

        if (((x - ones * 0x20) | (quote - ones) | (slash - ones) | x) & highs)
            break;
        s->at += 8;
    }
}

/* The string at s->at, a quotation mark. */
static dl_code scan_string(scan *s)
{
    size_t start = s->at++;

    for (;;) {
        skip_plain(s);
        if (s->at >= s->in.n)
            return bad(s, start, "a string without an end");
        unsigned char c = (unsigned char)s->in.p[s->at];
        dl_code code = DL_OK;

        if (c == '"') {
            s->at++;
            return DL_OK;
        }
        if (c < 0x20)
            return bad(s, s->at, "a control character in a string");
        if (c == '\\') {
            code = scan_escape(s);
        } else {
            uint32_t len;

            if (dl_utf8_at(s->in, s->at, &len) == DL_CP_BAD) {
                len = dl_utf8_bad_len(s->in, s->at);
                s->damage.bad_utf8++;
                code = replace(s, s->at, s->at + len, DL_LIT("\xEF\xBF\xBD"));
            }
            s->at += len;
        }
        if (code != DL_OK)
            return code;
    }
}

static size_t skip_digits(scan *s)
{
    size_t start = s->at;

    while (s->at < s->in.n && dl_is_digit(s->in.p[s->at]))
        s->at++;
    return s->at - start;
}

static dl_code scan_number(scan *s)
{
    size_t start = s->at;
    bool plain = true;

    if (s->in.p[s->at] == '-')
        s->at++;
    bool zero = s->at < s->in.n && s->in.p[s->at] == '0';
    size_t n = skip_digits(s);

    if (n == 0 || (zero && n > 1))
        return bad(s, start, "not a number");
    plain = n <= PLAIN_DIGITS && !(zero && s->in.p[start] == '-');
    if (s->at < s->in.n && s->in.p[s->at] == '.') {
        s->at++;
        plain = false;
        if (skip_digits(s) == 0)
            return bad(s, start, "a number without digits behind its point");
    }
    if (s->at < s->in.n && (s->in.p[s->at] == 'e' || s->in.p[s->at] == 'E')) {
        s->at++;
        plain = false;
        if (s->at < s->in.n && (s->in.p[s->at] == '+' || s->in.p[s->at] == '-'))
            s->at++;
        if (skip_digits(s) == 0)
            return bad(s, start, "a number without digits in its exponent");
    }
    if (plain)
        return DL_OK;
    dl_code code = replace(s, start, start, DL_LIT("{\"#number\":\""));

    return code == DL_OK ? replace(s, s->at, s->at, DL_LIT("\"}")) : code;
}

static dl_code scan_literal(scan *s)
{
    static const dl_str words[] = {{"true", 4}, {"false", 5}, {"null", 4}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dl_str_starts(dl_str_sub(s->in, s->at, s->in.n), words[i])) {
            s->at += words[i].n;
            return DL_OK;
        }
    return bad(s, s->at, "no JSON value");
}

static void skip_space(scan *s)
{
    while (s->at < s->in.n && (s->in.p[s->at] == ' ' || s->in.p[s->at] == '\n' || s->in.p[s->at] == '\r' || s->in.p[s->at] == '\t'))
        s->at++;
}

/* "name" : */
static dl_code scan_key(scan *s)
{
    if (s->at >= s->in.n || s->in.p[s->at] != '"')
        return bad(s, s->at, "no member name");
    dl_code code = scan_string(s);

    if (code != DL_OK)
        return code;
    skip_space(s);
    if (s->at >= s->in.n || s->in.p[s->at] != ':')
        return bad(s, s->at, "no colon behind a member name");
    s->at++;
    skip_space(s);
    return DL_OK;
}

/* The stack of open brackets is an array: depth costs a byte, not a frame. */
static dl_code scan_value(scan *s, dl_json_limits limits)
{
    char open[DL_JSON_MAX_DEPTH];
    uint32_t depth = 0, n_values = 0;
    dl_code code;

    for (;;) { /* at a value */
        char c = s->at < s->in.n ? s->in.p[s->at] : '\0';

        if (++n_values > limits.max_values)
            return dl_fail(s->err, DL_LIMIT, "decode", s->at, "too_many_values: more than %u in one message", limits.max_values);
        if (c == '{' || c == '[') {
            if (depth == limits.max_depth)
                return dl_fail(s->err, DL_LIMIT, "decode", s->at, "too_deep: more than %u levels of JSON", limits.max_depth);
            open[depth++] = c;
            s->at++;
            skip_space(s);
            bool empty = s->at < s->in.n && s->in.p[s->at] == (c == '{' ? '}' : ']');

            if (!empty) {
                if (c == '{' && (code = scan_key(s)) != DL_OK)
                    return code;
                continue;
            }
        } else {
            code = c == '"' ? scan_string(s) : c == '-' || dl_is_digit(c) ? scan_number(s) : scan_literal(s);
            if (code != DL_OK)
                return code;
        }
        for (;;) { /* behind a value */
            skip_space(s);
            if (depth == 0)
                return DL_OK;
            c = s->at < s->in.n ? s->in.p[s->at] : '\0';
            if (c != (open[depth - 1] == '{' ? '}' : ']'))
                break;
            depth--;
            s->at++;
        }
        if (c != ',')
            return bad(s, s->at, s->at < s->in.n ? "neither a comma nor the end of what is open" : "the end of the message too early");
        s->at++;
        skip_space(s);
        if (open[depth - 1] == '{' && (code = scan_key(s)) != DL_OK)
            return code;
    }
}

dl_code dl_decode_json(dl_str *out, dl_json_damage *damage, dl_arena *a, dl_str raw, dl_json_limits limits, dl_error *err)
{
    scan s = {.in = raw, .a = a, .err = err};

    assert(limits.max_depth >= 1 && limits.max_depth <= DL_JSON_MAX_DEPTH);
    skip_space(&s);
    dl_code code = scan_value(&s, limits);

    if (code == DL_OK && s.at < raw.n)
        code = bad(&s, s.at, "more bytes behind the value");
    if (code == DL_OK && s.out)
        code = replace(&s, raw.n, raw.n, (dl_str){"", 0});
    if (code != DL_OK)
        return code;
    *out = s.out ? (dl_str){s.out, s.out_n} : raw;
    *damage = s.damage;
    return DL_OK;
}
