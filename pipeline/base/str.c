#include "str.h"

bool dl_str_eq_nocase(dl_str a, dl_str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (dl_to_lower(a.p[i]) != dl_to_lower(b.p[i]))
            return false;
    return true;
}

dl_str dl_str_trim(dl_str s)
{
    while (s.n && dl_is_space(s.p[0]))
        s.p++, s.n--;
    while (s.n && dl_is_space(s.p[s.n - 1]))
        s.n--;
    return s;
}

int dl_str_cmp(dl_str a, dl_str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.p, b.p, n) : 0;

    return order ? order : (a.n > b.n) - (a.n < b.n);
}

/* 64x64 -> 128 multiply folded by xor is the mixing step of wyhash (Wang Yi, public domain). */
static uint64_t mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 r = (u128)a * b;

    return (uint64_t)r ^ (uint64_t)(r >> 64);
}

static uint64_t load(const unsigned char *p, size_t n)
{
    uint64_t v = 0;

    memcpy(&v, p, n);
    return v;
}

uint64_t dl_hash(const void *data, size_t n, uint64_t seed)
{
    static const uint64_t k0 = 0xa0761d6478bd642fu, k1 = 0xe7037ed1a0b428dbu, k2 = 0x8ebc6af09c88c6e3u;
    const unsigned char *p = data;
    uint64_t h = seed ^ mix(seed ^ k0, k1);
    size_t left = n;

    for (; left > 16; left -= 16, p += 16)
        h = mix(load(p, 8) ^ k1, load(p + 8, 8) ^ h);
    uint64_t a = left > 8 ? load(p, 8) : left ? load(p, left) : 0;
    uint64_t b = left > 8 ? load(p + 8, left - 8) : 0;

    return mix(k2 ^ n, mix(a ^ k1, b ^ h));
}
