/* encode_offsets: from bytes of the text to the unit that a record counts in.
 *
 * ASCII text needs no map. Else a table holds the count at every 32nd byte, and the few bytes behind it are counted eight at a time, so
 * that spans may come in any order. */
#ifndef DL_ENCODE_OFFSETS_H
#define DL_ENCODE_OFFSETS_H

#include "encode.h"

typedef struct dl_offsets {
    dl_str         text;
    const uint32_t *counts; /* [text.n / 32 + 1]; NULL: bytes are units */
    bool           utf16;
} dl_offsets;

/* False over the arena's ceiling. text is well-formed UTF-8. In arena. */
bool     dl_offsets_init(dl_offsets *o, dl_arena *a, dl_str text, dl_offset_unit unit);
uint32_t dl_offsets_at(const dl_offsets *o, uint32_t byte);

#endif
