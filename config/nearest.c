#include "nearest.h"

enum {
    MAX_NAME = 96,
    MOVED = 2,   /* what the right key in the wrong section costs */
    MIN_TAIL = 4 /* "ms" is the last part of too many names */
};

static uint32_t min3(uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t m = a < b ? a : b;

    return m < c ? m : c;
}

/* d[i][j] = edits from the first i bytes of a to the first j bytes of b; three rows are enough for swaps of neighbours. */
static uint32_t distance(dl_str a, dl_str b)
{
    uint32_t rows[3][MAX_NAME + 1];
    uint32_t *before = rows[0], *above = rows[1], *row = rows[2];

    for (uint32_t j = 0; j <= b.n; j++)
        above[j] = j;
    for (uint32_t i = 1; i <= a.n; i++) {
        row[0] = i;
        for (uint32_t j = 1; j <= b.n; j++) {
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a.p[i - 1] != b.p[j - 1]));
            if (i > 1 && j > 1 && a.p[i - 1] == b.p[j - 2] && a.p[i - 2] == b.p[j - 1] && before[j - 2] + 1 < row[j])
                row[j] = before[j - 2] + 1;
        }
        uint32_t *const free_row = before;

        before = above;
        above = row;
        row = free_row;
    }
    return above[b.n];
}

/* The name's last part, behind the last dot. */
static dl_str tail(dl_str s)
{
    for (size_t i = s.n; i > 0; i--)
        if (s.p[i - 1] == '.')
            return dl_str_sub(s, i, s.n);
    return s;
}

void dl_nearest_offer(dl_nearest *n, const char *name)
{
    const dl_str s = dl_str_of(name);

    if (n->given.n == 0 || n->given.n > MAX_NAME || s.n > MAX_NAME)
        return;
    const dl_str name_tail = tail(s);
    const size_t allowed = n->given.n / 3 > 2 ? n->given.n / 3 : 2;
    uint32_t cost = distance(n->given, s);

    if (cost > MOVED && name_tail.n >= MIN_TAIL && dl_str_eq(tail(n->given), name_tail))
        cost = MOVED;
    if (cost <= allowed && cost < n->cost) {
        n->cost = cost;
        n->best = name;
    }
}
