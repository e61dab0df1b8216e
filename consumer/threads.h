/* threads: start one with every signal blocked, so that signals reach the main thread alone. */
#ifndef DL_THREADS_H
#define DL_THREADS_H

#include <stdbool.h>
#include <uv.h>

/* False where the system refuses. Thread: any. */
bool dl_thread_start(uv_thread_t *out, void (*run)(void *arg), void *arg);

#endif
