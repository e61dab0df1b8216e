/* str: borrowed UTF-8 strings and byte ranges, and the few questions asked of them everywhere. */
#ifndef DL_STR_H
#define DL_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef struct dl_str { /* borrowed; UTF-8; no final NUL */
    const char *p;
    size_t      n;
} dl_str;

typedef struct dl_span { /* [start, end), bytes of doc->text */
    uint32_t start, end;
} dl_span;

#define DL_LIT(s) ((dl_str){(s), sizeof(s) - 1})
#define DL_ARG(s) (int)(s).n, (s).p /* printf("%.*s", DL_ARG(name)) */

static inline dl_str dl_str_of(const char *z)
{
    return (dl_str){z, z ? strlen(z) : 0};
}

static inline bool dl_str_eq(dl_str a, dl_str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static inline bool dl_str_starts(dl_str s, dl_str prefix)
{
    return s.n >= prefix.n && (prefix.n == 0 || memcmp(s.p, prefix.p, prefix.n) == 0);
}

static inline bool dl_str_ends(dl_str s, dl_str suffix)
{
    return s.n >= suffix.n && (suffix.n == 0 || memcmp(s.p + s.n - suffix.n, suffix.p, suffix.n) == 0);
}

static inline dl_str dl_str_sub(dl_str s, size_t start, size_t end)
{
    return (dl_str){s.p + start, end - start};
}

/* ASCII classes and case, whatever the locale says. */
static inline bool dl_is_lower(char c) { return c >= 'a' && c <= 'z'; }
static inline bool dl_is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static inline bool dl_is_alpha(char c) { return dl_is_lower(c) || dl_is_upper(c); }
static inline bool dl_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool dl_is_alnum(char c) { return dl_is_alpha(c) || dl_is_digit(c); }
static inline bool dl_is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline char dl_to_lower(char c) { return dl_is_upper(c) ? (char)(c + 32) : c; }

/* Equal but for ASCII case. */
bool dl_str_eq_nocase(dl_str a, dl_str b);

/* Without ASCII white space at both ends. */
dl_str dl_str_trim(dl_str s);

/* Byte order, shorter first where one is a prefix: <0, 0, >0. */
int dl_str_cmp(dl_str a, dl_str b);

/* 64-bit hash of n bytes (wyhash-like mixing of 8 bytes a step; not for hostile tables without a seed). */
uint64_t dl_hash(const void *p, size_t n, uint64_t seed);

#endif
