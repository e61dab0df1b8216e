#include "abbrev.h"

#include "pipeline/base/wordset.h"

static const struct {
    dl_wordset_word word;
    uint16_t        flags;
} table[] = {
#include "abbrev_table.inc"
};

uint32_t dl_abbrev_find(dl_str word)
{
    enum { N = sizeof table / sizeof *table, LONGEST = 12 };
    const uint32_t proper = DL_ABBREV_CAPITAL | DL_ABBREV_WORD;
    size_t at = word.n <= LONGEST ? dl_wordset_find(table, sizeof *table, N, word) : N;

    if (at == N || ((table[at].flags & proper) == proper && !dl_is_upper(word.p[0])))
        return 0;
    return table[at].flags;
}
