/* parmap: an ordered parallel map for work that is read from and written to files.
 *
 * A ring of slots. The thread that opened the map fills the next slot, submits it, and takes finished slots back in the order of their
 * submission; worker threads run `work` on them in between. The ring is the bound on memory: when it is full, dl_parmap_next waits for
 * the oldest slot. */
#ifndef DL_PARMAP_H
#define DL_PARMAP_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Runs on a worker thread; `worker` is that thread's own state. */
typedef void dl_parmap_work(void *worker, void *slot);

typedef struct dl_parmap {
    pthread_mutex_t lock;
    pthread_cond_t  submitted, finished;
    pthread_t      *threads;
    uint32_t        n_threads;
    char           *slots;
    bool           *done; /* by slot */
    uint32_t        n_slots;
    size_t          slot_bytes;
    dl_parmap_work *work;
    char           *workers;
    size_t          worker_bytes;
    uint64_t        head, taken, tail; /* submitted, taken by a worker, given back; slot = number % n_slots */
    bool            closing;
} dl_parmap;

/* slots and workers: arrays of the caller's, which outlive the map. False (and nothing to close) where threads cannot be had. */
bool dl_parmap_open(dl_parmap *m, dl_parmap_work *work, void *slots, size_t slot_bytes, uint32_t n_slots, void *workers,
                    size_t worker_bytes, uint32_t n_workers);

/* The slot to fill next; NULL where the ring is full: take one back first. */
void *dl_parmap_next(dl_parmap *m);
void  dl_parmap_submit(dl_parmap *m);

/* The oldest slot, finished: it is the caller's until dl_parmap_release. wait: block until it is finished; else NULL where it is not.
 * NULL where none is out. */
void *dl_parmap_take(dl_parmap *m, bool wait);
void  dl_parmap_release(dl_parmap *m);

/* Joins the workers; slots that were not taken back are finished first. */
void dl_parmap_close(dl_parmap *m);

#endif
