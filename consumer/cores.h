/* cores: how many cores may this process use? The smaller of the CPU affinity and the quota of its control groups, rounded up. */
#ifndef DL_CORES_H
#define DL_CORES_H

#include <stdint.h>

uint32_t dl_cores(void); /* at least 1 */

/* The quota alone, in whole cores, of cgroup version 2 or 1, the smallest on the way up from the process's own group; UINT32_MAX where
 * there is none. `root` is put before /proc and /sys; "" outside of tests. */
uint32_t dl_cores_quota(const char *root);

#endif
