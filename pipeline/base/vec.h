/* vec: arrays that grow in an arena.
 *
 *     typedef DL_VEC(dl_token) dl_tokens;
 *     dl_token *tok = DL_PUSH(doc->a, &doc->toks);      NULL over the arena's ceiling; the new element is zeroed
 */
#ifndef DL_VEC_H
#define DL_VEC_H

#include "arena.h"

#define DL_VEC(type)                                                                               \
    struct {                                                                                       \
        type    *p;                                                                                \
        uint32_t n, cap;                                                                           \
    }

/* Room for one element more than *n; returns its address, zeroed, and counts it. `array` is the address of the array's pointer,
 * whatever it points to. */
void *dl_vec_push(dl_arena *a, void *array, uint32_t *n, uint32_t *cap, size_t elem_bytes);

#define DL_PUSH(a, v)                                                                              \
    ((__typeof__((v)->p))dl_vec_push((a), &(v)->p, &(v)->n, &(v)->cap, sizeof *(v)->p))

#endif
