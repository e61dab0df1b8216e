#include "lanes.h"

#include <stdlib.h>

enum { FIRST_CAP = 64 };

/* The slot that holds the lane, or the free one where it would stand. */
static dl_lane **slot_of(dl_lane **table, uint32_t cap, dl_str topic, int32_t partition)
{
    uint64_t h = dl_hash(topic.p, topic.n, (uint64_t)(uint32_t)partition);

    for (;; h++) {
        dl_lane **slot = &table[h & (cap - 1)];

        if (!*slot || ((*slot)->partition == partition && dl_str_eq((*slot)->topic, topic)))
            return slot;
    }
}

dl_lane *dl_lanes_find(const dl_lanes *lanes, dl_str topic, int32_t partition)
{
    return lanes->table_cap ? *slot_of(lanes->table, lanes->table_cap, topic, partition) : NULL;
}

/* Keeps the table at most half full. */
static bool make_room(dl_lanes *lanes)
{
    if (lanes->n == lanes->cap) {
        uint32_t  cap = lanes->cap ? lanes->cap * 2 : FIRST_CAP;
        dl_lane **all = realloc(lanes->all, cap * sizeof *all);

        if (!all)
            return false;
        lanes->all = all;
        lanes->cap = cap;
    }
    if (lanes->table_cap >= 2 * (lanes->n + 1))
        return true;
    uint32_t  cap = lanes->table_cap ? lanes->table_cap * 2 : 2 * FIRST_CAP;
    dl_lane **table = calloc(cap, sizeof *table);

    if (!table)
        return false;
    for (uint32_t i = 0; i < lanes->n; i++)
        *slot_of(table, cap, lanes->all[i]->topic, lanes->all[i]->partition) = lanes->all[i];
    free(lanes->table);
    lanes->table = table;
    lanes->table_cap = cap;
    return true;
}

dl_lane *dl_lanes_get(dl_lanes *lanes, dl_str topic, int32_t partition)
{
    dl_lane *lane = dl_lanes_find(lanes, topic, partition);

    if (lane || !make_room(lanes) || !(lane = calloc(1, sizeof *lane + topic.n + 1)))
        return lane;
    char *name = (char *)(lane + 1);

    memcpy(name, topic.p, topic.n);
    lane->topic = (dl_str){name, topic.n};
    lane->partition = partition;
    lane->committed = -1;
    lanes->all[lanes->n++] = lane;
    *slot_of(lanes->table, lanes->table_cap, topic, partition) = lane;
    return lane;
}

void dl_lanes_free(dl_lanes *lanes)
{
    for (uint32_t i = 0; i < lanes->n; i++) {
        dl_ledger_free(&lanes->all[i]->ledger);
        free(lanes->all[i]);
    }
    free(lanes->all);
    free(lanes->table);
    *lanes = (dl_lanes){0};
}
