#include "msgcheck.h"

#include <string.h>

void msgcheck_init(msgcheck *mc, const int64_t *ends, int n)
{
    memset(mc, 0, sizeof *mc);
    memset(mc->last, -1, sizeof mc->last);
    for (int i = 0; i < n; i++)
        mc->end[i] = ends[i];
}

void msgcheck_saw(msgcheck *mc, int32_t in_partition, int64_t in_offset, int32_t out_partition)
{
    if (in_partition < 0 || in_partition >= MSGCHECK_PARTITIONS || in_offset < 0 || in_offset >= mc->end[in_partition] ||
        out_partition < 0 || out_partition >= 2 * MSGCHECK_PARTITIONS) {
        mc->n_unknown++;
        return;
    }
    mc->n_seen++;
    if (mc->times[in_partition][in_offset]) {
        mc->n_doubled++;
        return;
    }
    mc->times[in_partition][in_offset] = 1;
    if (mc->last[in_partition][out_partition] > in_offset)
        mc->n_disordered++;
    else
        mc->last[in_partition][out_partition] = in_offset;
}

uint64_t msgcheck_lost(const msgcheck *mc)
{
    uint64_t n = 0;

    for (int p = 0; p < MSGCHECK_PARTITIONS; p++)
        for (int64_t o = 0; o < mc->end[p]; o++)
            n += mc->times[p][o] == 0;
    return n;
}

bool msgcheck_first_lost(const msgcheck *mc, int32_t *partition, int64_t *offset)
{
    for (int32_t p = 0; p < MSGCHECK_PARTITIONS; p++)
        for (int64_t o = 0; o < mc->end[p]; o++)
            if (!mc->times[p][o]) {
                *partition = p;
                *offset = o;
                return true;
            }
    return false;
}
