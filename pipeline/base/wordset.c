#include "wordset.h"

typedef struct key { /* a word as two numbers in the order of its bytes */
    uint64_t high, low;
} key;

static key key_of(const char *word)
{
    key k;

    memcpy(&k, word, sizeof k);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    k = (key){__builtin_bswap64(k.high), __builtin_bswap64(k.low)};
#endif
    return k;
}

size_t dl_wordset_find(const void *table, size_t entry_bytes, size_t n, dl_str word)
{
    const char *entries = table;
    dl_wordset_word folded = {0};
    size_t at = 0, left = n;
    key want, k;

    if (word.n == 0 || word.n > DL_WORDSET_LONGEST || n == 0)
        return n;
    for (size_t i = 0; i < word.n; i++)
        folded[i] = dl_to_lower(word.p[i]);
    want = key_of(folded);
    while (left > 1) { /* the word is in [at, at + left), or nowhere; without a branch that would be guessed wrong half the time */
        size_t half = left / 2;

        k = key_of(entries + (at + half) * entry_bytes);
        at += ((k.high < want.high) | ((k.high == want.high) & (k.low <= want.low))) * half;
        left -= half;
    }
    k = key_of(entries + at * entry_bytes);
    return k.high == want.high && k.low == want.low ? at : n;
}
