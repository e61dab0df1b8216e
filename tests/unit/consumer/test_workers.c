#include "consumer/workers.h"
#include "support/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

/* A gate that jobs wait at, and a bell for what is finished: no test here sleeps. */
typedef struct gate {
    pthread_mutex_t lock;
    pthread_cond_t  moved;
    bool            open;
    uint32_t        n_waiting, n_bells;
    _Atomic uint32_t n_worked;
} gate;

static gate      g = {.lock = PTHREAD_MUTEX_INITIALIZER, .moved = PTHREAD_COND_INITIALIZER};
static dl_engine *engine;

static void reset(bool open)
{
    g.open = open;
    g.n_waiting = g.n_bells = 0;
    g.n_worked = 0;
}

static void open_gate(void)
{
    pthread_mutex_lock(&g.lock);
    g.open = true;
    pthread_cond_broadcast(&g.moved);
    pthread_mutex_unlock(&g.lock);
}

static void *open_gate_main(void *arg)
{
    (void)arg;
    open_gate();
    return NULL;
}

static void wait_for_waiting(uint32_t n)
{
    pthread_mutex_lock(&g.lock);
    while (g.n_waiting < n)
        pthread_cond_wait(&g.moved, &g.lock);
    pthread_mutex_unlock(&g.lock);
}

static void work_at_gate(void *arg, dl_session *session, dl_job *job)
{
    (void)arg, (void)session;
    pthread_mutex_lock(&g.lock);
    g.n_waiting++;
    pthread_cond_broadcast(&g.moved);
    while (!g.open)
        pthread_cond_wait(&g.moved, &g.lock);
    g.n_waiting--;
    pthread_mutex_unlock(&g.lock);
    g.n_worked++;
    if (job->value.n && job->value.p[0] == '!')
        job->code = dl_fail(&job->err, DL_BAD_INPUT, "test", 0, "poison");
    else
        dl_job_set_output(job, job->value, job->record.key);
}

static void ring(void *arg)
{
    (void)arg;
    pthread_mutex_lock(&g.lock);
    g.n_bells++;
    pthread_cond_broadcast(&g.moved);
    pthread_mutex_unlock(&g.lock);
}

static dl_job *make(int64_t offset, const char *key, const char *value)
{
    const dl_record rec = {.offset = offset, .key = dl_str_of(key)};

    return dl_job_make(&rec, dl_str_of(value));
}

static dl_workers *open_workers(uint32_t n_threads, uint32_t max_jobs, size_t max_bytes)
{
    const dl_workers_opts opts = {.n_threads = n_threads, .queue_max_jobs = max_jobs, .queue_max_bytes = max_bytes, .work = work_at_gate};
    dl_workers           *w;
    dl_error              err;

    check_ok("open", dl_workers_open(&w, &opts, engine, ring, NULL, &err), &err);
    return w;
}

/* All of n jobs, waiting for the bell between. */
static dl_job *take_all(dl_workers *w, uint32_t n)
{
    dl_job *all = NULL;

    for (uint32_t n_taken = 0;;) {
        pthread_mutex_lock(&g.lock);
        const uint32_t heard = g.n_bells;

        pthread_mutex_unlock(&g.lock);
        for (dl_job *job = dl_workers_take_done(w), *next; job; job = next, n_taken++) {
            next = job->next;
            job->next = all;
            all = job;
        }
        if (n_taken >= n)
            return all;
        pthread_mutex_lock(&g.lock);
        while (g.n_bells == heard)
            pthread_cond_wait(&g.moved, &g.lock);
        pthread_mutex_unlock(&g.lock);
    }
}

static void free_all(dl_job *job)
{
    for (dl_job *next; job; job = next) {
        next = job->next;
        dl_job_free(job);
    }
}

static void each_job_returns_once(void **state)
{
    enum { N = 5000 };
    static uint8_t seen[N];
    (void)state;

    for (uint32_t threads = 1; threads <= 8; threads *= 2) {
        dl_workers *w;

        reset(true);
        w = open_workers(threads, N, 1 << 20);
        memset(seen, 0, sizeof seen);
        for (int64_t i = 0; i < N; i++) {
            assert_true(dl_workers_has_room(w));
            dl_workers_push(w, make(i, "k", i % 10 ? "article" : "!"));
        }
        dl_job *all = take_all(w, N);

        for (dl_job *job = all; job; job = job->next) {
            assert_int_equal(seen[job->record.offset]++, 0);
            assert_int_equal(job->code, job->record.offset % 10 ? DL_OK : DL_BAD_INPUT);
            check_str("output", job->out, job->record.offset % 10 ? "article" : "");
            check_str("id", job->id, job->record.offset % 10 ? "k" : "");
        }
        free_all(all);
        dl_workers_close(w);
    }
}

static void queue_is_bounded(void **state)
{
    static const struct {
        const char *name;
        uint32_t    max_jobs;
        size_t      max_bytes;
        uint32_t    fit; /* of 10 bytes each, while both threads are held at the gate */
    } cases[] = {
        {"by count", 5, 1000, 5},
        {"by bytes", 100, 50, 5},
        {"a job larger than the bound still fits", 100, 1, 1},
        {"one", 1, 1000, 1},
    };

    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        dl_workers *w;
        uint32_t    n = 0;

        reset(false);
        w = open_workers(2, cases[c].max_jobs, cases[c].max_bytes);
        dl_workers_push(w, make(0, "", "0123456789"));
        wait_for_waiting(1);
        dl_workers_push(w, make(0, "", "0123456789"));
        wait_for_waiting(2);
        for (; dl_workers_has_room(w); n++)
            dl_workers_push(w, make(0, "", "0123456789"));
        check_u64(cases[c].name, n, cases[c].fit);
        check_u64(cases[c].name, dl_workers_n_queued(w), cases[c].fit);
        open_gate();
        free_all(take_all(w, n + 2));
        assert_true(dl_workers_has_room(w));
        dl_workers_close(w);
    }
}

static void stop_leaves_the_queue_unworked(void **state)
{
    dl_workers *w;
    pthread_t   opener;
    uint32_t    n = 0;
    (void)state;

    reset(false);
    w = open_workers(2, 100, 1000);
    for (int i = 0; i < 2; i++) {
        dl_workers_push(w, make(i, "", "x"));
        wait_for_waiting((uint32_t)i + 1);
    }
    for (int i = 2; i < 10; i++)
        dl_workers_push(w, make(i, "", "x"));
    /* The two at the gate finish only after the stop has begun, or before: either way none of the eight may be lost. */
    assert_int_equal(pthread_create(&opener, NULL, open_gate_main, NULL), 0);
    dl_workers_stop(w);
    pthread_join(opener, NULL);
    dl_job *all = dl_workers_take_done(w);

    for (dl_job *job = all; job; job = job->next)
        n++;
    assert_int_equal(n, 10);
    assert_true(g.n_worked >= 2 && g.n_worked <= 10);
    free_all(all);
    dl_workers_close(w);
}

static void close_frees_what_was_not_taken(void **state)
{
    dl_workers *w;
    (void)state;

    reset(true);
    w = open_workers(2, 100, 1000);
    for (int i = 0; i < 50; i++)
        dl_workers_push(w, make(i, "key", "x"));
    dl_workers_close(w); /* ASan counts */
    dl_workers_close(NULL);
}

static void jobs_own_their_bytes(void **state)
{
    char            key[] = "key", value[] = "value";
    const dl_record rec = {.key = {key, 3}, .offset = 7}, bare = {0};
    dl_job         *job = dl_job_make(&rec, (dl_str){value, 5});
    dl_job         *empty = dl_job_make(&bare, (dl_str){0});
    (void)state;

    memset(key, '-', 3), memset(value, '-', 5);
    check_str("key", job->record.key, "key");
    check_str("value", job->value, "value");
    assert_null(empty->record.key.p); /* no key stays no key: it is not the empty one */
    assert_null(empty->value.p);
    assert_true(dl_job_bytes(job) >= sizeof *job + 8);
    dl_job_free(job);
    dl_job_free(empty);
    dl_job_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_job_returns_once),          cmocka_unit_test(queue_is_bounded),
        cmocka_unit_test(stop_leaves_the_queue_unworked), cmocka_unit_test(close_frees_what_was_not_taken),
        cmocka_unit_test(jobs_own_their_bytes),
    };
    dl_engine_opts opts = dl_engine_defaults();
    dl_error       err;
    int            rc;

    if (dl_engine_open(&engine, &opts, &err) != DL_OK) {
        (void)fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return 1;
    }
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    dl_engine_close(engine);
    return rc;
}
