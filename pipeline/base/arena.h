/* arena: memory of one document. Everything a stage allocates dies together at dl_arena_reset.
 *
 * Each worker owns one. The arena has a ceiling; beyond it dl_arena_alloc returns NULL and the stage returns DL_LIMIT, so one hostile
 * article cannot take the process down again and again. reset keeps the first block, so an ordinary article costs no malloc.
 * Built with DL_ARENA_DEBUG each allocation is a malloc of its own, so that ASan and valgrind see inside.
 * Thread: one at a time. */
#ifndef DL_ARENA_H
#define DL_ARENA_H

#include "str.h"

#include <stddef.h>
#include <stdint.h>

typedef struct dl_arena {
    struct dl_arena_block *blocks; /* newest first */
    char                  *at, *end;
    char                  *last; /* newest allocation, which can grow in place */
    size_t                 used, max_bytes;
    size_t                 n_mallocs; /* since init; for the bench */
} dl_arena;

/* max_bytes: the ceiling. Errors: none; memory is taken at first use. */
void dl_arena_init(dl_arena *a, size_t max_bytes);
void dl_arena_reset(dl_arena *a);
void dl_arena_free(dl_arena *a);

/* n bytes aligned to 16, not cleared; NULL over the ceiling or without memory. In arena. */
void *dl_arena_alloc(dl_arena *a, size_t n);
void *dl_arena_zalloc(dl_arena *a, size_t n);

/* Grow an allocation of old_n bytes to n, in place where it is the newest; the content moves with it. p may be NULL. */
void *dl_arena_grow(dl_arena *a, void *p, size_t old_n, size_t n);

/* Copy a string; .p is NULL on failure (an empty string copies to a non-NULL pointer). A final NUL stands behind it. */
dl_str dl_arena_str(dl_arena *a, dl_str s);

/* printf into the arena; .p is NULL on failure. */
dl_str dl_arena_printf(dl_arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define DL_NEW(a, type) ((type *)dl_arena_zalloc((a), sizeof(type)))
#define DL_NEW_N(a, type, n) ((type *)dl_arena_zalloc((a), sizeof(type) * (size_t)(n)))

#endif
