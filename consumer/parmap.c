#include "parmap.h"

#include <assert.h>
#include <stdlib.h>

typedef struct start {
    dl_parmap *m;
    void      *worker;
} start;

static void *run(void *arg)
{
    start s = *(start *)arg;
    dl_parmap *m = s.m;

    free(arg);
    pthread_mutex_lock(&m->lock);
    for (;;) {
        while (m->taken == m->head && !m->closing)
            pthread_cond_wait(&m->submitted, &m->lock);
        if (m->taken == m->head)
            break;
        uint32_t at = (uint32_t)(m->taken++ % m->n_slots);

        pthread_mutex_unlock(&m->lock);
        m->work(s.worker, m->slots + at * m->slot_bytes);
        pthread_mutex_lock(&m->lock);
        m->done[at] = true;
        pthread_cond_signal(&m->finished);
    }
    pthread_mutex_unlock(&m->lock);
    return NULL;
}

bool dl_parmap_open(dl_parmap *m, dl_parmap_work *work, void *slots, size_t slot_bytes, uint32_t n_slots, void *workers,
                    size_t worker_bytes, uint32_t n_workers)
{
    *m = (dl_parmap){.work = work,
                     .slots = slots,
                     .slot_bytes = slot_bytes,
                     .n_slots = n_slots,
                     .workers = workers,
                     .worker_bytes = worker_bytes};
    m->threads = calloc(n_workers, sizeof *m->threads);
    m->done = calloc(n_slots, sizeof *m->done);
    pthread_mutex_init(&m->lock, NULL);
    pthread_cond_init(&m->submitted, NULL);
    pthread_cond_init(&m->finished, NULL);
    while (m->threads && m->done && m->n_threads < n_workers) {
        start *s = malloc(sizeof *s);

        if (!s)
            break;
        *s = (start){m, m->workers + m->n_threads * worker_bytes};
        if (pthread_create(&m->threads[m->n_threads], NULL, run, s) != 0) {
            free(s);
            break;
        }
        m->n_threads++;
    }
    if (m->n_threads == 0) {
        dl_parmap_close(m);
        return false;
    }
    return true;
}

void *dl_parmap_next(dl_parmap *m)
{
    return m->head - m->tail < m->n_slots ? m->slots + m->head % m->n_slots * m->slot_bytes : NULL;
}

void dl_parmap_submit(dl_parmap *m)
{
    pthread_mutex_lock(&m->lock);
    assert(m->head - m->tail < m->n_slots);
    m->done[m->head % m->n_slots] = false;
    m->head++;
    pthread_cond_signal(&m->submitted);
    pthread_mutex_unlock(&m->lock);
}

void *dl_parmap_take(dl_parmap *m, bool wait)
{
    uint32_t at = (uint32_t)(m->tail % m->n_slots);
    bool done;

    if (m->tail == m->head)
        return NULL;
    pthread_mutex_lock(&m->lock);
    while (!m->done[at] && wait)
        pthread_cond_wait(&m->finished, &m->lock);
    done = m->done[at];
    pthread_mutex_unlock(&m->lock);
    return done ? m->slots + at * m->slot_bytes : NULL;
}

void dl_parmap_release(dl_parmap *m)
{
    assert(m->tail < m->head);
    m->tail++;
}

void dl_parmap_close(dl_parmap *m)
{
    pthread_mutex_lock(&m->lock);
    m->closing = true;
    pthread_cond_broadcast(&m->submitted);
    pthread_mutex_unlock(&m->lock);
    for (uint32_t i = 0; i < m->n_threads; i++)
        pthread_join(m->threads[i], NULL);
    pthread_cond_destroy(&m->finished);
    pthread_cond_destroy(&m->submitted);
    pthread_mutex_destroy(&m->lock);
    free(m->threads);
    free(m->done);
    m->threads = NULL;
    m->done = NULL;
    m->n_threads = 0;
}
