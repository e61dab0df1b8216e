#include "vec.h"

void *dl_vec_push(dl_arena *a, void *array, uint32_t *n, uint32_t *cap, size_t elem_bytes)
{
    char *p;

    memcpy(&p, array, sizeof p); /* not through a void **: the array's pointer has another type */
    if (*n == *cap) {
        uint32_t want = *cap ? *cap * 2 : 16;
        char *grown = want > *cap ? dl_arena_grow(a, p, *n * elem_bytes, want * elem_bytes) : NULL;

        if (!grown)
            return NULL;
        p = grown;
        memcpy(array, &p, sizeof p);
        *cap = want;
    }
    return memset(p + elem_bytes * (*n)++, 0, elem_bytes);
}
