#include "wordset.h"

typedef struct key { /* a word as two numbers in the order of its bytes */
    uint64_t high, low;
} key;

static key key_of(const char *list_word)
{
    key k;

    memcpy(&k, list_word, sizeof k);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    k = (key){__builtin_bswap64(k.high), __builtin_bswap64(k.low)};
#endif
    return k;
}

bool dl_wordset_has(const dl_wordset_word *list, size_t n, dl_str word)
{
    dl_wordset_word folded = {0};
    size_t low = 0, high = n;
    key want;

    if (word.n == 0 || word.n > DL_WORDSET_LONGEST)
        return false;
    for (size_t i = 0; i < word.n; i++)
        folded[i] = dl_to_lower(word.p[i]);
    want = key_of(folded);
    while (low < high) {
        size_t mid = (low + high) / 2;
        key k = key_of(list[mid]);

        if (k.high == want.high && k.low == want.low)
            return true;
        if (k.high < want.high || (k.high == want.high && k.low < want.low))
            low = mid + 1;
        else
            high = mid;
    }
    return false;
}
