/* msgcheck: was every record published, once, and in order? Fed with what a reader of the output saw, it counts
 *
 *     lost        input offsets that came out nowhere
 *     doubled     times that one came out again
 *     disordered  times that, in one output partition, an article of one input partition came behind a later one of it; what is doubled
 *                 does not count
 */
#ifndef DL_TEST_MSGCHECK_H
#define DL_TEST_MSGCHECK_H

#include <stdbool.h>
#include <stdint.h>

enum { MSGCHECK_PARTITIONS = 16, MSGCHECK_OFFSETS = 1 << 17 };

typedef struct msgcheck {
    int64_t  end[MSGCHECK_PARTITIONS];                               /* offsets of the input: [0, end) */
    uint8_t  times[MSGCHECK_PARTITIONS][MSGCHECK_OFFSETS];           /* each came out */
    int64_t  last[MSGCHECK_PARTITIONS][2 * MSGCHECK_PARTITIONS];     /* [input][output]; dead letters are outputs of their own */
    uint64_t n_seen, n_doubled, n_disordered, n_unknown;
} msgcheck;

/* ends[n]: how many records each input partition holds. */
void msgcheck_init(msgcheck *mc, const int64_t *ends, int n);

/* One record of an output partition (0.. ; dead letters MSGCHECK_PARTITIONS..) that came of this input. */
void msgcheck_saw(msgcheck *mc, int32_t in_partition, int64_t in_offset, int32_t out_partition);

uint64_t msgcheck_lost(const msgcheck *mc);

/* One of them. False where none is lost. */
bool msgcheck_first_lost(const msgcheck *mc, int32_t *partition, int64_t *offset);

#endif
