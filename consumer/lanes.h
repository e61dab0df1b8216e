/* lanes: the partition table. One lane per input partition ever assigned, each with its ledger; found by topic and partition.
 * Thread: the flow thread. */
#ifndef DL_LANES_H
#define DL_LANES_H

#include "ledger.h"
#include "pipeline/base/str.h"

typedef enum dl_lane_state {
    DL_LANE_IDLE,    /* not ours */
    DL_LANE_ACTIVE,  /* ours */
    DL_LANE_DRAINING /* to be given up: nothing new, what is in flight is finished */
} dl_lane_state;

typedef struct dl_lane {
    dl_str        topic; /* a NUL stands behind it */
    int32_t       partition;
    dl_lane_state state;
    dl_ledger     ledger;
    int64_t       next_offset; /* the lowest that is news; what is below it was seen in this assignment */
    int64_t       committed;   /* by the broker's answer; -1: nothing in this assignment */
} dl_lane;

typedef struct dl_lanes { /* zeroed: empty */
    dl_lane **all;        /* [n] in order of first assignment */
    uint32_t  n, cap;
    dl_lane **table; /* [table_cap] open addressing, a power of two, never full */
    uint32_t  table_cap;
} dl_lanes;

/* The lane, or NULL. */
dl_lane *dl_lanes_find(const dl_lanes *lanes, dl_str topic, int32_t partition);

/* The lane, made where it is new. NULL without memory. */
dl_lane *dl_lanes_get(dl_lanes *lanes, dl_str topic, int32_t partition);

/* All ledgers must be empty. */
void dl_lanes_free(dl_lanes *lanes);

#endif
