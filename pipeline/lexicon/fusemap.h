/* fusemap: a static map from 64-bit keys to small integers in about 1.13 cells a key.
 *
 * A key's value and a fingerprint of it are the exclusive or of three cells whose places its hash gives. A key that was not put in is
 * taken for one with a chance of 2^-fingerprint bits. Two kinds of cell: 16 bits (names: 6 of value) and 32 (words: 18 of value).
 * Source  Graf and Lemire, "Binary Fuse Filters: Fast and Smaller Than Xor Filters" (2022), with a value beside the fingerprint;
 *         built by fuse_map in scripts/training/modelfile.py. */
#ifndef DL_FUSEMAP_H
#define DL_FUSEMAP_H

#include "model_file.h"

typedef struct dl_fusemap { /* borrows the model file */
    const uint16_t *cells16; /* one of the two */
    const uint32_t *cells32;
    uint64_t        seed, span; /* span: places of the first cell */
    uint32_t        segment;    /* a power of two */
    uint32_t        value_bits;
} dl_fusemap;

/* Sections map.cells and map.shape. type: DL_ELEM_U16 or DL_ELEM_U32. */
dl_code dl_fusemap_load(dl_fusemap *out, const dl_model_file *m, dl_elem type, dl_error *err);

/* The same for a file with several maps. */
dl_code dl_fusemap_load_named(dl_fusemap *out, const dl_model_file *m, const char *cells_name, const char *shape_name, dl_elem type,
                              dl_error *err);

enum { DL_FUSEMAP_NONE = UINT32_MAX };

static inline uint64_t dl_fusemap_mix(uint64_t a, uint64_t b)
{
    __extension__ typedef unsigned __int128 u128;
    u128 p = (u128)a * b;

    return (uint64_t)(p >> 64) ^ (uint64_t)p;
}

/* The value of a key, DL_FUSEMAP_NONE where it is not in the map. */
static inline uint32_t dl_fusemap_find(const dl_fusemap *m, uint64_t key)
{
    __extension__ typedef unsigned __int128 u128;
    uint64_t h = dl_fusemap_mix(key ^ m->seed, 0xe7037ed1a0b428dbu);
    uint64_t mask = m->segment - 1;
    uint64_t a = (uint64_t)(((u128)h * m->span) >> 64);
    uint64_t b = (a + m->segment) ^ ((h >> 18) & mask);
    uint64_t c = (a + 2 * (uint64_t)m->segment) ^ (h & mask);
    uint32_t cell, bits;

    if (m->cells16) {
        cell = (uint32_t)(m->cells16[a] ^ m->cells16[b] ^ m->cells16[c]);
        bits = 16;
    } else {
        cell = m->cells32[a] ^ m->cells32[b] ^ m->cells32[c];
        bits = 32;
    }
    uint32_t finger = (uint32_t)(h ^ (h >> 32)) & ((1u << (bits - m->value_bits)) - 1);

    return cell >> m->value_bits == finger ? cell & ((1u << m->value_bits) - 1) : DL_FUSEMAP_NONE;
}

#endif
