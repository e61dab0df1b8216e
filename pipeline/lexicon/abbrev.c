#include "abbrev.h"

static const struct {
    const char *word; /* lower case */
    uint16_t    flags;
} table[] = {
#include "abbrev_table.inc"
};

enum { LONGEST = 12 };

uint32_t dl_abbrev_find(dl_str word)
{
    char folded[LONGEST];
    size_t low = 0, high = sizeof table / sizeof *table;

    if (word.n == 0 || word.n > LONGEST)
        return 0;
    for (size_t i = 0; i < word.n; i++)
        folded[i] = dl_to_lower(word.p[i]);
    while (low < high) {
        size_t mid = (low + high) / 2;
        int order = dl_str_cmp((dl_str){folded, word.n}, dl_str_of(table[mid].word));

        if (order == 0) {
            uint32_t flags = table[mid].flags;
            uint32_t proper = DL_ABBREV_CAPITAL | DL_ABBREV_WORD;

            return (flags & proper) == proper && !dl_is_upper(word.p[0]) ? 0 : flags;
        }
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return 0;
}
