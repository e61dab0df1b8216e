#include "arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { ALIGN = 16, FIRST_BLOCK = 1 << 18 };

typedef struct dl_arena_block {
    struct dl_arena_block *next;
    size_t                 n; /* bytes behind this header */
} dl_arena_block;

static char *block_data(dl_arena_block *b)
{
    return (char *)b + ((sizeof *b + ALIGN - 1) & ~(size_t)(ALIGN - 1));
}

void dl_arena_init(dl_arena *a, size_t max_bytes)
{
    *a = (dl_arena){.max_bytes = max_bytes};
}

/* Free all blocks, or all but the oldest (the one that an ordinary article fits into). */
static void drop_blocks(dl_arena *a, bool keep_oldest)
{
    while (a->blocks && (a->blocks->next || !keep_oldest)) {
        dl_arena_block *next = a->blocks->next;

        free(a->blocks);
        a->blocks = next;
    }
}

void dl_arena_reset(dl_arena *a)
{
#ifdef DL_ARENA_DEBUG
    drop_blocks(a, false);
#else
    drop_blocks(a, true);
#endif
    a->at = a->blocks ? block_data(a->blocks) : NULL;
    a->end = a->blocks ? a->at + a->blocks->n : NULL;
    a->last = NULL;
    a->used = 0;
}

void dl_arena_free(dl_arena *a)
{
    drop_blocks(a, false);
    *a = (dl_arena){.max_bytes = a->max_bytes};
}

static bool add_block(dl_arena *a, size_t need)
{
#ifdef DL_ARENA_DEBUG
    size_t n = need;
#else
    /* double what is held, so that a large article takes few blocks */
    size_t n = a->blocks ? a->blocks->n * 2 : FIRST_BLOCK;

    if (n < need)
        n = need;
#endif
    dl_arena_block *b = malloc(sizeof *b + ALIGN + n);

    if (!b)
        return false;
    a->n_mallocs++;
    b->next = a->blocks;
    b->n = n;
    a->blocks = b;
    a->at = block_data(b);
    a->end = a->at + n;
    return true;
}

void *dl_arena_alloc(dl_arena *a, size_t n)
{
    if (n > a->max_bytes - a->used || n > SIZE_MAX - ALIGN)
        return NULL;
    size_t take = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1);

    if (take == 0)
        take = ALIGN;
    if (take > a->max_bytes - a->used)
        return NULL;
#ifdef DL_ARENA_DEBUG
    if (!add_block(a, n ? n : 1))
        return NULL;
#else
    if ((size_t)(a->end - a->at) < take && !add_block(a, take))
        return NULL;
#endif
    a->last = a->at;
    a->at = (size_t)(a->end - a->at) < take ? a->end : a->at + take;
    a->used += take;
    return a->last;
}

void *dl_arena_zalloc(dl_arena *a, size_t n)
{
    void *p = dl_arena_alloc(a, n);

    return p ? memset(p, 0, n) : NULL;
}

void *dl_arena_grow(dl_arena *a, void *p, size_t old_n, size_t n)
{
    assert(n >= old_n);
#ifndef DL_ARENA_DEBUG
    if (p && p == a->last) {
        size_t take = (n + ALIGN - 1) & ~(size_t)(ALIGN - 1), have = (size_t)(a->at - a->last);

        if (n <= SIZE_MAX - ALIGN && take >= have && take <= (size_t)(a->end - a->last) && take - have <= a->max_bytes - a->used) {
            a->at = a->last + take;
            a->used += take - have;
            return p;
        }
    }
#endif
    void *q = dl_arena_alloc(a, n);

    if (q && old_n)
        memcpy(q, p, old_n);
    return q;
}

dl_str dl_arena_str(dl_arena *a, dl_str s)
{
    char *p = dl_arena_alloc(a, s.n + 1);

    if (!p)
        return (dl_str){0};
    if (s.n)
        memcpy(p, s.p, s.n);
    p[s.n] = '\0';
    return (dl_str){p, s.n};
}

dl_str dl_arena_printf(dl_arena *a, const char *fmt, ...)
{
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    char *p = n < 0 ? NULL : dl_arena_alloc(a, (size_t)n + 1);

    if (p)
        (void)vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    va_end(ap);
    return (dl_str){p, p ? (size_t)n : 0};
}
