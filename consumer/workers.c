#include "workers.h"

#include "threads.h"

#include <assert.h>
#include <pthread.h>
#include <stdlib.h>
#include <uv.h>

typedef struct job_list {
    dl_job *head, **tail;
    uint32_t n;
} job_list;

struct dl_workers {
    dl_workers_opts  opts;
    const dl_engine *engine;
    void (*on_done)(void *arg);
    void        *on_done_arg;
    uv_thread_t *threads;
    uint32_t     n_started;

    pthread_mutex_t queue_lock; /* guards queue, queue_bytes, n_idle, stopping */
    pthread_cond_t  queue_filled;
    job_list        queue;
    size_t          queue_bytes;
    uint32_t        n_idle;
    bool            stopping;

    pthread_mutex_t done_lock; /* guards done */
    job_list        done;
};

/* ---- jobs ----------------------------------------------------------------------------------------------------------- */

dl_job *dl_job_make(const dl_record *record, dl_str value)
{
    dl_job *job = malloc(sizeof *job + record->key.n + value.n);

    if (!job)
        return NULL;
    *job = (dl_job){.record = *record};
    char *data = (char *)(job + 1);

    if (record->key.n)
        memcpy(data, record->key.p, record->key.n);
    if (value.n)
        memcpy(data + record->key.n, value.p, value.n);
    if (record->key.p)
        job->record.key.p = data;
    if (value.p)
        job->value = (dl_str){data + record->key.n, value.n};
    return job;
}

void dl_job_free(dl_job *job)
{
    if (job)
        free((void *)job->out.p);
    free(job);
}

size_t dl_job_bytes(const dl_job *job)
{
    return sizeof *job + job->record.key.n + job->value.n + job->out.n + job->id.n;
}

void dl_job_set_output(dl_job *job, dl_str out, dl_str id)
{
    char *p = malloc(out.n + id.n + 1);

    assert(!job->out.p);
    if (!p) {
        job->code = dl_fail(&job->err, DL_RETRY, "workers", DL_NO_PLACE, "out of memory");
        return;
    }
    if (out.n)
        memcpy(p, out.p, out.n);
    if (id.n)
        memcpy(p + out.n, id.p, id.n);
    job->code = DL_OK;
    job->out = (dl_str){p, out.n};
    job->id = (dl_str){p + out.n, id.n};
}

void dl_work_annotate(void *arg, dl_session *session, dl_job *job)
{
    dl_str out = {0};

    (void)arg;
    job->code = dl_session_run(session, &job->record, job->value, &out, &job->err);
    if (job->code == DL_OK)
        dl_job_set_output(job, out, session->doc.article.id);
}

/* ---- lists ---------------------------------------------------------------------------------------------------------- */

static void list_init(job_list *l)
{
    *l = (job_list){.tail = &l->head};
}

static void list_push(job_list *l, dl_job *job)
{
    job->next = NULL;
    *l->tail = job;
    l->tail = &job->next;
    l->n++;
}

static dl_job *list_pop(job_list *l)
{
    dl_job *job = l->head;

    if (job && !(l->head = job->next))
        l->tail = &l->head;
    l->n -= job != NULL;
    return job;
}

static dl_job *list_take(job_list *l)
{
    dl_job *head = l->head;

    list_init(l);
    return head;
}

/* ---- threads -------------------------------------------------------------------------------------------------------- */

/* The next job, or NULL when the thread is to end. */
static dl_job *wait_for_job(dl_workers *w)
{
    pthread_mutex_lock(&w->queue_lock);
    while (!w->queue.head && !w->stopping) {
        w->n_idle++;
        pthread_cond_wait(&w->queue_filled, &w->queue_lock);
        w->n_idle--;
    }
    dl_job *job = w->stopping ? NULL : list_pop(&w->queue);

    if (job)
        w->queue_bytes -= job->value.n;
    pthread_mutex_unlock(&w->queue_lock);
    return job;
}

static void put_done(dl_workers *w, dl_job *job)
{
    pthread_mutex_lock(&w->done_lock);
    bool was_empty = !w->done.head;

    list_push(&w->done, job);
    pthread_mutex_unlock(&w->done_lock);
    if (was_empty)
        w->on_done(w->on_done_arg);
}

static void worker_main(void *arg)
{
    dl_workers *w = arg;
    dl_session  session;
    dl_job     *job;

    dl_session_init(&session, w->engine);
    while ((job = wait_for_job(w))) {
        w->opts.work(w->opts.work_arg, &session, job);
        put_done(w, job);
    }
    dl_session_free(&session);
}

dl_code dl_workers_open(dl_workers **out, const dl_workers_opts *opts, const dl_engine *engine, void (*on_done)(void *arg), void *arg,
                        dl_error *err)
{
    dl_workers *w = calloc(1, sizeof *w);

    assert(opts->n_threads && opts->queue_max_jobs);
    if (!w || !(w->threads = calloc(opts->n_threads, sizeof *w->threads))) {
        free(w);
        return dl_fail(err, DL_FATAL, "workers", DL_NO_PLACE, "out of memory");
    }
    w->opts = *opts;
    w->opts.work = opts->work ? opts->work : dl_work_annotate;
    w->engine = engine;
    w->on_done = on_done;
    w->on_done_arg = arg;
    pthread_mutex_init(&w->queue_lock, NULL);
    pthread_mutex_init(&w->done_lock, NULL);
    pthread_cond_init(&w->queue_filled, NULL);
    list_init(&w->queue);
    list_init(&w->done);
    while (w->n_started < opts->n_threads && dl_thread_start(&w->threads[w->n_started], worker_main, w))
        w->n_started++;
    if (w->n_started < opts->n_threads) {
        dl_workers_close(w);
        return dl_fail(err, DL_FATAL, "workers", DL_NO_PLACE, "cannot start thread %u of %u", w->n_started + 1, opts->n_threads);
    }
    *out = w;
    return DL_OK;
}

/* ---- flow thread ---------------------------------------------------------------------------------------------------- */

bool dl_workers_has_room(dl_workers *w)
{
    pthread_mutex_lock(&w->queue_lock);
    bool room = w->queue.n < w->opts.queue_max_jobs && (w->queue_bytes < w->opts.queue_max_bytes || !w->queue.head);

    pthread_mutex_unlock(&w->queue_lock);
    return room;
}

void dl_workers_push(dl_workers *w, dl_job *job)
{
    pthread_mutex_lock(&w->queue_lock);
    list_push(&w->queue, job);
    w->queue_bytes += job->value.n;
    bool wake = w->n_idle > 0;

    pthread_mutex_unlock(&w->queue_lock);
    if (wake)
        pthread_cond_signal(&w->queue_filled);
}

dl_job *dl_workers_take_done(dl_workers *w)
{
    pthread_mutex_lock(&w->done_lock);
    dl_job *head = list_take(&w->done);

    pthread_mutex_unlock(&w->done_lock);
    return head;
}

uint32_t dl_workers_n_queued(dl_workers *w)
{
    pthread_mutex_lock(&w->queue_lock);
    uint32_t n = w->queue.n;

    pthread_mutex_unlock(&w->queue_lock);
    return n;
}

void dl_workers_stop(dl_workers *w)
{
    pthread_mutex_lock(&w->queue_lock);
    w->stopping = true;
    pthread_mutex_unlock(&w->queue_lock);
    pthread_cond_broadcast(&w->queue_filled);
    while (w->n_started)
        uv_thread_join(&w->threads[--w->n_started]);
    for (dl_job *job; (job = list_pop(&w->queue));)
        list_push(&w->done, job);
    w->queue_bytes = 0;
}

void dl_workers_close(dl_workers *w)
{
    if (!w)
        return;
    dl_workers_stop(w);
    for (dl_job *job; (job = list_pop(&w->done));)
        dl_job_free(job);
    pthread_cond_destroy(&w->queue_filled);
    pthread_mutex_destroy(&w->queue_lock);
    pthread_mutex_destroy(&w->done_lock);
    free(w->threads);
    free(w);
}
