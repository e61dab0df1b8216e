/* fault: make the n-th allocation of our code fail (by the linker's --wrap, so libraries that are shared objects do not see it; cJSON and
 * libxml2 are given fault_malloc through their own hooks). Thread: the one that called fault_begin. */
#ifndef DL_TEST_FAULT_H
#define DL_TEST_FAULT_H

#include <stdbool.h>
#include <stddef.h>

/* From now on the n-th allocation fails, counted from 1; 0 only counts. */
void fault_begin(size_t n);

/* Back to normal. True where an allocation was made to fail. */
bool fault_end(void);

/* Allocations since fault_begin. */
size_t fault_counted(void);

/* Route the allocations of cJSON and libxml2 through this module. Before their first use. */
void fault_hook_libraries(void);

#endif
