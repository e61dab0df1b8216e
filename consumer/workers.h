/* workers: the threads that run the pipeline, the bounded queue that feeds them and the list of what they finished.
 *
 * A job is one article on its way through the process: made by the flow thread, lent to a worker, back with its result, then lent to
 * the producer until the delivery report. Workers make no Kafka call and take no lock but the queue's and the list's. They wait on a
 * condition variable; finished jobs are announced by `on_done` (typically uv_async_send) when the list stops being empty. */
#ifndef DL_WORKERS_H
#define DL_WORKERS_H

#include "ledger.h"
#include "pipeline/engine.h"

typedef struct dl_job {
    struct dl_job *next; /* in the queue or the list that holds it */

    /* made by the flow thread; read-only for workers */
    dl_record   record;
    dl_str      value;   /* key and value stand behind the job, in one allocation */
    void       *headers; /* rd_kafka_headers_t of the input, ours; NULL: none. Workers leave it alone */
    void       *lane;    /* the flow's: where the job came from */
    dl_ticket   ticket;
    size_t      counted_bytes; /* as the flow has it in its sum */
    bool        lent;          /* to the producer: its delivery report is to come */
    uint8_t     n_tries;       /* that ended in DL_RETRY */

    /* set by the worker */
    dl_code  code;
    dl_error err;
    dl_str   out, id; /* malloc: one block, id behind out; .p == NULL: none */

    /* set by the sink */
    uint8_t dead; /* dl_dead: which form goes out */
} dl_job;

/* Gives: dl_job_free (headers are freed by whoever put them there). NULL without memory. */
dl_job *dl_job_make(const dl_record *record, dl_str value);
void    dl_job_free(dl_job *job);

/* Bytes that a job holds now. */
size_t dl_job_bytes(const dl_job *job);

/* Keep a copy of the output and the article's id (either may be empty). DL_RETRY without memory, which the job carries as its result. */
void dl_job_set_output(dl_job *job, dl_str out, dl_str id);

/* What a worker does with a job: sets code, and out or err. Thread: a worker; the session is its own. */
typedef void dl_work_fn(void *arg, dl_session *session, dl_job *job);

/* Run the session's engine: the work of the service. arg is not used. */
void dl_work_annotate(void *arg, dl_session *session, dl_job *job);

typedef struct dl_workers_opts {
    uint32_t    n_threads;
    uint32_t    queue_max_jobs;
    size_t      queue_max_bytes; /* of input; one job always fits */
    dl_work_fn *work;            /* NULL: dl_work_annotate */
    void       *work_arg;        /* shared by all threads */
} dl_workers_opts;

typedef struct dl_workers dl_workers;

/* Starts the threads, all signals blocked in them. Gives: dl_workers_close. on_done is called on a worker's thread.
 * Errors: DL_FATAL without memory or threads. */
dl_code dl_workers_open(dl_workers **out, const dl_workers_opts *opts, const dl_engine *engine, void (*on_done)(void *arg), void *arg,
                        dl_error *err);

/* Thread (these three): the flow thread. */
bool    dl_workers_has_room(dl_workers *w);
void    dl_workers_push(dl_workers *w, dl_job *job); /* takes; needs room */
dl_job *dl_workers_take_done(dl_workers *w);         /* gives: a list by `next`, in the order finished; NULL: none */

/* Jobs that wait in the queue. Thread: any. */
uint32_t dl_workers_n_queued(dl_workers *w);

/* Each thread ends after the article in its hands. What was still queued is put, unworked, with the finished jobs. */
void dl_workers_stop(dl_workers *w);

/* Stops where that has not been done; frees what was not taken. w may be NULL. */
void dl_workers_close(dl_workers *w);

#endif
