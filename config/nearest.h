/* nearest: which of the names offered did the user mean? By edit distance with swaps (optimal string alignment); nothing beyond a third
 * of the name's length (two edits in short ones). The right name behind another prefix counts as two edits. */
#ifndef DL_NEAREST_H
#define DL_NEAREST_H

#include "pipeline/base/str.h"

typedef struct dl_nearest {
    dl_str      given;
    const char *best; /* borrows the name offered; NULL: none is near */
    uint32_t    cost;
} dl_nearest;

static inline dl_nearest dl_nearest_to(dl_str given)
{
    return (dl_nearest){.given = given, .cost = UINT32_MAX};
}

/* Offer a name (static or outliving *n). The first of equally near ones stays. */
void dl_nearest_offer(dl_nearest *n, const char *name);

#endif
