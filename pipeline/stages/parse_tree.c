#include "parse_tree.h"

#include <assert.h>

enum { MAX_TOKENS = 1024 };

bool dl_parse_is_tree(const uint16_t *heads, uint32_t n)
{
    uint32_t roots = 0;
    uint16_t seen[MAX_TOKENS + 1] = {0}; /* the walk that passed here */

    for (uint32_t i = 0; i < n; i++) {
        roots += heads[i] == 0;
        for (uint32_t j = i + 1; j != 0 && seen[j] != i + 1; j = heads[j - 1]) {
            if (seen[j])
                break; /* joins a walk that ended at the root */
            seen[j] = (uint16_t)(i + 1);
            if (heads[j - 1] != 0 && seen[heads[j - 1]] == i + 1)
                return false;
        }
    }
    return roots == 1;
}

static void greedy(uint16_t *heads, const int32_t *score, uint32_t stride, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        const int32_t *s = score + (size_t)i * stride;
        uint32_t best = 0;

        for (uint32_t h = 1; h <= n; h++)
            if (h != i + 1 && s[h] > s[best])
                best = h;
        heads[i] = (uint16_t)best;
    }
}

/* Spans of tokens 1 to n, [i][j]:
 *     whole[i][j][RIGHT]  i heads all of i..j         whole[i][j][LEFT]  j heads all of i..j
 *     arc[i][j][RIGHT]    as whole, and i -> j is an arc      ...
 * A whole span is an arc span and a whole one behind it; an arc span is two whole ones that meet. */
enum { LEFT, RIGHT };

typedef struct chart {
    int32_t  (*whole)[2], (*arc)[2];
    uint16_t (*cut)[2], *meet;
    uint32_t width;
} chart;

static size_t cell(const chart *c, uint32_t i, uint32_t j)
{
    return (size_t)i * c->width + j;
}

static bool chart_init(chart *c, uint32_t n, dl_arena *a)
{
    size_t cells = (size_t)(n + 1) * (n + 1);

    *c = (chart){.width = n + 1,
                 .whole = dl_arena_zalloc(a, cells * sizeof *c->whole),
                 .arc = dl_arena_zalloc(a, cells * sizeof *c->arc),
                 .cut = dl_arena_zalloc(a, cells * sizeof *c->cut),
                 .meet = dl_arena_zalloc(a, cells * sizeof *c->meet)};
    return c->whole && c->arc && c->cut && c->meet;
}

static void fill_span(chart *c, const int32_t *score, uint32_t stride, uint32_t i, uint32_t j)
{
    size_t at = cell(c, i, j);
    int32_t best = INT32_MIN;

    for (uint32_t k = i; k < j; k++) {
        int32_t v = c->whole[cell(c, i, k)][RIGHT] + c->whole[cell(c, k + 1, j)][LEFT];

        if (v > best) {
            best = v;
            c->meet[at] = (uint16_t)k;
        }
    }
    c->arc[at][LEFT] = best + score[(size_t)(i - 1) * stride + j];
    c->arc[at][RIGHT] = best + score[(size_t)(j - 1) * stride + i];
    c->whole[at][LEFT] = c->whole[at][RIGHT] = INT32_MIN;
    for (uint32_t k = i; k < j; k++) {
        int32_t v = c->whole[cell(c, i, k)][LEFT] + c->arc[cell(c, k, j)][LEFT];

        if (v > c->whole[at][LEFT]) {
            c->whole[at][LEFT] = v;
            c->cut[at][LEFT] = (uint16_t)k;
        }
    }
    for (uint32_t k = i + 1; k <= j; k++) {
        int32_t v = c->arc[cell(c, i, k)][RIGHT] + c->whole[cell(c, k, j)][RIGHT];

        if (v > c->whole[at][RIGHT]) {
            c->whole[at][RIGHT] = v;
            c->cut[at][RIGHT] = (uint16_t)k;
        }
    }
}

static uint32_t best_root(const chart *c, const int32_t *score, uint32_t stride, uint32_t n)
{
    uint32_t root = 1;
    int32_t best = INT32_MIN;

    for (uint32_t r = 1; r <= n; r++) {
        int32_t v = c->whole[cell(c, 1, r)][LEFT] + c->whole[cell(c, r, n)][RIGHT] + score[(size_t)(r - 1) * stride];

        if (v > best) {
            best = v;
            root = r;
        }
    }
    return root;
}

typedef struct item {
    uint16_t i, j;
    uint8_t  side, whole;
} item;

/* Reads the heads out of the chart. todo: room for 2 n + 2 items. */
static void trace(uint16_t *heads, const chart *c, uint32_t root, uint32_t n, item *todo)
{
    uint32_t top = 0;

    heads[root - 1] = 0;
    todo[top++] = (item){1, (uint16_t)root, LEFT, 1};
    todo[top++] = (item){(uint16_t)root, (uint16_t)n, RIGHT, 1};
    while (top) {
        item t = todo[--top];
        size_t at = cell(c, t.i, t.j);

        if (t.i == t.j)
            continue;
        if (!t.whole) {
            uint16_t k = c->meet[at];

            heads[(t.side == LEFT ? t.i : t.j) - 1] = t.side == LEFT ? t.j : t.i;
            todo[top++] = (item){t.i, k, RIGHT, 1};
            todo[top++] = (item){(uint16_t)(k + 1), t.j, LEFT, 1};
        } else {
            uint16_t k = c->cut[at][t.side];

            todo[top++] = (item){t.i, k, t.side, t.side == LEFT};
            todo[top++] = (item){k, t.j, t.side, t.side == RIGHT};
        }
    }
}

bool dl_parse_tree(uint16_t *heads, const int32_t *score, uint32_t stride, uint32_t n, dl_arena *a)
{
    chart c;

    assert(n <= MAX_TOKENS && stride > n);
    greedy(heads, score, stride, n);
    if (n == 0 || dl_parse_is_tree(heads, n))
        return true;
    item *todo = dl_arena_alloc(a, (2 * (size_t)n + 2) * sizeof *todo);

    if (!todo || !chart_init(&c, n, a))
        return false;
    for (uint32_t width = 1; width < n; width++)
        for (uint32_t i = 1; i + width <= n; i++)
            fill_span(&c, score, stride, i, i + width);
    trace(heads, &c, best_root(&c, score, stride, n), n, todo);
    return true;
}
