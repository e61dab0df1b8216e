#include "flow.h"

#include "lanes.h"
#include "threads.h"

#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum {
    DISPATCH_BUDGET = 1000,    /* articles taken before deliveries and rebalances are looked at again */
    COMMIT_WAIT_MS = 2000,     /* for the last commit of a partition, when there is no time left to come back to it */
    COMMIT_RETRY_MS = 100,     /* pause before the last commit is tried again */
    MAX_TRIES = 3,             /* of an article that the workers return as DL_RETRY (no memory just then) */
    SINK_RETRY_MIN_MS = 500,   /* pause before a new producer, doubled up to the max while none delivers */
    SINK_RETRY_MAX_MS = 30000,
};

#define DL_FLOW_COUNTERS(X)                                                                                                            \
    X(received) X(received_bytes) X(enriched) X(dead) X(unkept) X(stale) X(commits) X(commit_errors) X(assigned) X(revoked) X(lost)      \
    X(producers) X(inflight_now) X(inflight_bytes_now) X(assigned_now) X(inflight_bytes_max)

struct dl_flow {
    dl_flow_opts     opts;
    dl_log          *log;
    void (*on_end)(void *arg);
    void            *on_end_arg;
    uv_thread_t      thread;

    pthread_mutex_t  wake_lock; /* guards awake: the wake handle is closed when the thread ends, and others may still call */
    bool             awake;
    uv_async_t       wake;
    _Atomic bool     stop_asked;

    /* the flow thread's */
    uv_loop_t        loop;
    uv_timer_t       commit_timer, revoke_timer, stop_timer, sink_timer;
    dl_source       *source;
    dl_sink         *sink; /* NULL: between two producers */
    dl_workers      *workers;
    dl_lanes         lanes;
    dl_job          *resend;       /* refused by the broker; in the ledger EMITTED, to go out in another form */
    bool             blocked;      /* the producer's queue is full */
    bool             sink_broken;
    bool             commit_pending, commit_failed; /* failed: not before the next tick */
    bool             revoking, revoke_overdue;
    bool             stopping, stop_overdue;
    uint32_t         n_working; /* handed to the workers and not yet taken back */
    uint32_t         sink_retry_ms;
    uint64_t         n_delivered; /* reports, of whatever kind */
    dl_flow_end      end;

    /* written by the flow thread, read by all */
    struct {
#define X(name) _Atomic uint64_t name;
        DL_FLOW_COUNTERS(X)
#undef X
    } stats;
};

/* One writer: a plain add on a relaxed atomic. */
#define COUNT(flow, name, by)                                                                                                          \
    atomic_store_explicit(&(flow)->stats.name, atomic_load_explicit(&(flow)->stats.name, memory_order_relaxed) + (uint64_t)(by),       \
                          memory_order_relaxed)
#define READ(flow, name) atomic_load_explicit(&(flow)->stats.name, memory_order_relaxed)

dl_flow_opts dl_flow_defaults(void)
{
    return (dl_flow_opts){
        .source = {.group = "dateline", .auto_offset_reset = "earliest", .prefetch_max_bytes = (size_t)16 << 20},
        .workers = {.n_threads = 2, .queue_max_jobs = 512, .queue_max_bytes = (size_t)16 << 20},
        .inflight_max_jobs = 4096,
        .inflight_max_bytes = (size_t)128 << 20,
        .commit_interval_ms = 1000,
        .rebalance_drain_ms = 1000,
        .shutdown_timeout_ms = 25000,
    };
}

/* ---- jobs ----------------------------------------------------------------------------------------------------------- */

static void count_bytes(dl_flow *flow, dl_job *job, size_t bytes)
{
    COUNT(flow, inflight_bytes_now, bytes - job->counted_bytes); /* wraps to a subtraction where it shrinks */
    job->counted_bytes = bytes;
    if (READ(flow, inflight_bytes_now) > READ(flow, inflight_bytes_max))
        COUNT(flow, inflight_bytes_max, READ(flow, inflight_bytes_now) - READ(flow, inflight_bytes_max));
}

static void free_job(dl_flow *flow, dl_job *job)
{
    assert(!job->lent);
    count_bytes(flow, job, 0);
    COUNT(flow, inflight_now, -1);
    if (job->headers)
        rd_kafka_headers_destroy(job->headers);
    dl_job_free(job);
}

static void on_finished(void *arg, void *item, dl_slot_state state)
{
    dl_flow *flow = arg;
    dl_job  *job = item;

    (void)state;
    if (job->dead == DL_ALIVE)
        COUNT(flow, enriched, 1);
    else if (flow->opts.sink.dead_topic && job->dead != DL_DEAD_UNKEPT)
        COUNT(flow, dead, 1);
    else
        COUNT(flow, unkept, 1);
    free_job(flow, job);
}

static void unlink_resend(dl_flow *flow, const dl_job *job)
{
    for (dl_job **at = &flow->resend; *at; at = &(*at)->next)
        if (*at == job) {
            *at = job->next;
            return;
        }
}

/* A slot of a partition that is no longer ours: free what nobody else holds; the rest comes back and is found stale. */
static void on_dropped(void *arg, void *item, dl_slot_state state)
{
    dl_flow *flow = arg;
    dl_job  *job = item;

    if (state == DL_SLOT_WORKING || job->lent)
        return;
    if (state == DL_SLOT_EMITTED)
        unlink_resend(flow, job);
    free_job(flow, job);
}

static void fail_job(dl_flow *flow, dl_job *job)
{
    dl_lane *lane = job->lane;

    job->dead = DL_DEAD;
    DL_LOG(flow->log, DL_LOG_WARN, "flow", DL_MSG("dead letter"), DL_F_STR("stage", job->err.where),
           DL_F_STR("code", dl_code_name(job->code)), DL_F_DSTR("topic", lane->topic), DL_F_INT("part", lane->partition),
           DL_F_INT("off", job->record.offset), DL_F_STR("reason", job->err.msg));
}

/* ---- out: emission and deliveries ----------------------------------------------------------------------------------- */

typedef enum emitted { EMITTED, EMITTED_NOWHERE, NOT_EMITTED } emitted;

/* The broker will not take the job in this form: make it a smaller one. The smallest is none at all, since a partition that stands still
 * behind one article for ever would be worse. */
static void slim(dl_flow *flow, dl_job *job)
{
    if (job->dead == DL_DEAD) {
        job->dead = DL_DEAD_BARE;
        return;
    }
    if (job->dead == DL_DEAD_BARE) {
        const dl_lane *lane = job->lane;

        job->dead = DL_DEAD_UNKEPT;
        DL_LOG(flow->log, DL_LOG_ERROR, "flow", DL_MSG("dead letter refused by the broker, not kept"), DL_F_DSTR("topic", lane->topic),
               DL_F_INT("part", lane->partition), DL_F_INT("off", job->record.offset));
        return;
    }
    job->code = dl_fail(&job->err, DL_LIMIT, "sink", DL_NO_PLACE, "output_too_large: the broker refuses the enriched record of %zu bytes",
                        job->out.n);
    fail_job(flow, job);
}

static emitted emit(dl_flow *flow, dl_job *job)
{
    if (!flow->sink || flow->sink_broken || flow->blocked)
        return NOT_EMITTED;
    for (;;) {
        if (job->dead == DL_DEAD_UNKEPT || (job->dead != DL_ALIVE && !flow->opts.sink.dead_topic))
            return EMITTED_NOWHERE;
        dl_produce made = dl_sink_produce(flow->sink, job);

        if (made == DL_PRODUCED)
            return EMITTED;
        if (made == DL_PRODUCE_LATER && dl_sink_n_waiting(flow->sink) > 0) {
            flow->blocked = true; /* until the next delivery */
            return NOT_EMITTED;
        }
        if (made != DL_PRODUCE_REFUSED) {
            flow->sink_broken = true;
            return NOT_EMITTED;
        }
        slim(flow, job);
    }
}

static void emit_lane(dl_flow *flow, dl_lane *lane)
{
    for (dl_job *job; (job = dl_ledger_turn(&lane->ledger));) {
        emitted how = emit(flow, job);

        if (how == NOT_EMITTED)
            return;
        dl_ledger_emitted(&lane->ledger);
        if (how == EMITTED_NOWHERE)
            (void)dl_ledger_ack(&lane->ledger, job->ticket, on_finished, flow);
    }
}

static void resend_refused(dl_flow *flow)
{
    while (flow->resend) {
        dl_job  *job = flow->resend;
        dl_lane *lane = job->lane;
        emitted  how = emit(flow, job);

        if (how == NOT_EMITTED)
            return;
        flow->resend = job->next;
        if (how == EMITTED_NOWHERE)
            (void)dl_ledger_ack(&lane->ledger, job->ticket, on_finished, flow);
    }
}

static void emit_all(dl_flow *flow)
{
    resend_refused(flow);
    for (uint32_t i = 0; i < flow->lanes.n && !flow->blocked && !flow->sink_broken; i++)
        if (flow->lanes.all[i]->state != DL_LANE_IDLE)
            emit_lane(flow, flow->lanes.all[i]);
}

static void on_delivered(void *arg, dl_job *job, dl_delivery delivery)
{
    dl_flow   *flow = arg;
    dl_ledger *ledger = &((dl_lane *)job->lane)->ledger;

    flow->n_delivered++;
    if (job->ticket.generation != ledger->generation) {
        COUNT(flow, stale, 1);
        free_job(flow, job);
    } else if (delivery == DL_DELIVERY_OK) {
        flow->sink_retry_ms = SINK_RETRY_MIN_MS;
        (void)dl_ledger_ack(ledger, job->ticket, on_finished, flow);
    } else if (delivery == DL_DELIVERY_REFUSED) {
        slim(flow, job);
        job->next = flow->resend;
        flow->resend = job;
    } else {
        flow->sink_broken = true;
    }
}

static void on_sink_failed(void *arg, const char *reason)
{
    dl_flow *flow = arg;

    flow->sink_broken = true;
    DL_LOG_EVERY(flow->log, 30000, 1, DL_LOG_ERROR, "sink", DL_MSG("producer is finished, starting over with a new one"),
                 DL_F_STR("reason", reason));
}

static void wake_from_anywhere(void *arg)
{
    (void)uv_async_send(&((dl_flow *)arg)->wake);
}

static dl_code open_sink(dl_flow *flow, dl_error *err)
{
    const dl_sink_events events = {.arg = flow, .wake = wake_from_anywhere, .delivered = on_delivered, .failed = on_sink_failed};
    dl_code              code = dl_sink_open(&flow->sink, &flow->opts.sink, &events, flow->log, err);

    if (code == DL_OK)
        COUNT(flow, producers, 1);
    return code;
}

static void pump(dl_flow *flow);

static void on_sink_timer(uv_timer_t *timer)
{
    dl_flow *flow = timer->data;
    dl_error err;

    if (open_sink(flow, &err) != DL_OK) {
        DL_LOG_EVERY(flow->log, 30000, 1, DL_LOG_ERROR, "sink", DL_MSG("cannot open a producer, retrying"), DL_F_STR("reason", err.msg));
        uv_timer_start(timer, on_sink_timer, flow->sink_retry_ms, 0);
        return;
    }
    emit_all(flow);
    pump(flow);
}

/* The producer is finished. Its reports are collected, then everything from each lane's first unacknowledged article is due again. */
static void replace_sink(dl_flow *flow)
{
    dl_sink *old = flow->sink;

    flow->sink = NULL;
    dl_sink_close(old);
    flow->sink_broken = flow->blocked = false;
    flow->resend = NULL; /* all of them are in ledgers */
    for (uint32_t i = 0; i < flow->lanes.n; i++)
        dl_ledger_rewind(&flow->lanes.all[i]->ledger);
    uv_timer_start(&flow->sink_timer, on_sink_timer, flow->sink_retry_ms, 0);
    flow->sink_retry_ms = flow->sink_retry_ms * 2 > SINK_RETRY_MAX_MS ? SINK_RETRY_MAX_MS : flow->sink_retry_ms * 2;
}

/* ---- in: articles to workers and back ------------------------------------------------------------------------------- */

/* What comes back from the workers is counted only when it is taken back, so what is with them is bounded, too. */
static bool has_room(dl_flow *flow)
{
    return flow->n_working < flow->opts.workers.queue_max_jobs + flow->opts.workers.n_threads &&
           READ(flow, inflight_now) < flow->opts.inflight_max_jobs && READ(flow, inflight_bytes_now) < flow->opts.inflight_max_bytes &&
           dl_workers_has_room(flow->workers);
}

static dl_job *make_job(dl_lane *lane, rd_kafka_message_t *m)
{
    rd_kafka_timestamp_type_t kind;
    int64_t                   timestamp_ms = rd_kafka_message_timestamp(m, &kind);
    const dl_record           record = {
                  .topic = lane->topic,
                  .partition = m->partition,
                  .offset = m->offset,
                  .key = {m->key, m->key_len},
                  .timestamp_ms = kind == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE ? -1 : timestamp_ms,
    };
    dl_job             *job = dl_job_make(&record, (dl_str){m->payload, m->len});
    rd_kafka_headers_t *headers;

    if (job) {
        job->lane = lane;
        if (rd_kafka_message_detach_headers(m, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR)
            job->headers = headers;
    }
    return job;
}

static int32_t leader_epoch(const rd_kafka_message_t *m)
{
#if RD_KAFKA_VERSION >= 0x020100ff
    return rd_kafka_message_leader_epoch(m);
#else
    (void)m;
    return -1;
#endif
}

static void stop(dl_flow *flow, dl_code code, const char *where, const char *reason);

/* False where there is no memory: the flow is stopping then, and the article is read again by its successor. */
static bool accept_message(dl_flow *flow, rd_kafka_message_t *m)
{
    dl_lane *lane = dl_lanes_find(&flow->lanes, dl_str_of(rd_kafka_topic_name(m->rkt)), m->partition);
    dl_error err = {0};

    if (!lane || lane->state != DL_LANE_ACTIVE || m->offset < lane->next_offset) {
        COUNT(flow, stale, 1);
        return true;
    }
    dl_job *job = make_job(lane, m);

    if (!job || dl_ledger_add(&lane->ledger, &job->ticket, m->offset, leader_epoch(m), job, &err) != DL_OK) {
        if (job && job->headers)
            rd_kafka_headers_destroy(job->headers);
        dl_job_free(job);
        stop(flow, DL_FATAL, "flow", "out of memory");
        return false;
    }
    lane->next_offset = m->offset + 1;
    COUNT(flow, received, 1);
    COUNT(flow, received_bytes, m->len);
    COUNT(flow, inflight_now, 1);
    count_bytes(flow, job, dl_job_bytes(job));
    flow->n_working++;
    dl_workers_push(flow->workers, job);
    return true;
}

static void dispatch(dl_flow *flow)
{
    bool ok = true;

    for (int i = 0; ok && i < DISPATCH_BUDGET; i++) {
        rd_kafka_message_t *m = !flow->stopping && has_room(flow) ? dl_source_next(flow->source) : NULL;

        if (!m)
            return;
        ok = accept_message(flow, m);
        rd_kafka_message_destroy(m); /* at once: it pins the whole fetch it came with */
    }
    wake_from_anywhere(flow); /* the queue may hold more, and says so only when it was empty */
}

static void take_finished(dl_flow *flow)
{
    for (dl_job *job = dl_workers_take_done(flow->workers), *next; job; job = next) {
        dl_lane *lane = job->lane;

        next = job->next;
        if (job->code == DL_RETRY && job->ticket.generation == lane->ledger.generation && ++job->n_tries < MAX_TRIES) {
            dl_workers_push(flow->workers, job); /* to the end of the queue; its slot is WORKING still */
            continue;
        }
        flow->n_working--;
        if (!dl_ledger_done(&lane->ledger, job->ticket)) {
            COUNT(flow, stale, 1);
            free_job(flow, job);
            continue;
        }
        count_bytes(flow, job, dl_job_bytes(job));
        if (job->code != DL_OK)
            fail_job(flow, job);
        emit_lane(flow, lane);
    }
}

/* ---- commits -------------------------------------------------------------------------------------------------------- */

/* What may be committed and is not: of all lanes, or of those that are given up. Gives; NULL: nothing. */
static rd_kafka_topic_partition_list_t *commit_list(const dl_flow *flow, bool draining_only)
{
    rd_kafka_topic_partition_list_t *list = NULL;

    for (uint32_t i = 0; i < flow->lanes.n; i++) {
        const dl_lane *lane = flow->lanes.all[i];

        if (lane->state == DL_LANE_IDLE || (draining_only && lane->state != DL_LANE_DRAINING) || lane->ledger.commit <= lane->committed)
            continue;
        if (!list)
            list = rd_kafka_topic_partition_list_new(16);
        rd_kafka_topic_partition_t *part = rd_kafka_topic_partition_list_add(list, lane->topic.p, lane->partition);

        part->offset = lane->ledger.commit;
#if RD_KAFKA_VERSION >= 0x020100ff
        if (lane->ledger.commit_epoch >= 0)
            rd_kafka_topic_partition_set_leader_epoch(part, lane->ledger.commit_epoch);
#endif
    }
    return list;
}

static void on_committed(void *arg, rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t *parts)
{
    dl_flow *flow = arg;
    bool     failed = code != RD_KAFKA_RESP_ERR_NO_ERROR;

    flow->commit_pending = false;
    for (int i = 0; parts && i < parts->cnt; i++) {
        const rd_kafka_topic_partition_t *part = &parts->elems[i];
        dl_lane                          *lane = dl_lanes_find(&flow->lanes, dl_str_of(part->topic), part->partition);

        if (code || part->err) {
            failed = true;
            code = code ? code : part->err;
        } else if (lane && part->offset > lane->committed) {
            lane->committed = part->offset;
        }
    }
    COUNT(flow, commits, 1);
    flow->commit_failed = failed;
    if (failed) { /* the next tick commits what is due then */
        COUNT(flow, commit_errors, 1);
        DL_LOG_EVERY(flow->log, 30000, 1, DL_LOG_WARN, "flow", DL_MSG("commit failed, retrying"), DL_F_STR("code", rd_kafka_err2name(code)));
    }
}

/* The last commit of some partitions: tried again while it fails and time is left, for there is no next tick. */
static void commit_and_wait(dl_flow *flow, bool draining_only)
{
    const uint64_t                   deadline = uv_hrtime() + (uint64_t)COMMIT_WAIT_MS * 1000000;
    rd_kafka_topic_partition_list_t *list;

    while ((list = commit_list(flow, draining_only))) {
        const uint64_t now = uv_hrtime();

        if (now < deadline)
            dl_source_commit_wait(flow->source, list, (int)((deadline - now) / 1000000) + 1);
        rd_kafka_topic_partition_list_destroy(list);
        if (now >= deadline)
            return;
    }
}

/* False where nothing is due and nothing is on its way. One commit at a time: two could overtake each other. */
static bool commit_due(dl_flow *flow)
{
    rd_kafka_topic_partition_list_t *list = flow->commit_pending || flow->commit_failed ? NULL : commit_list(flow, false);

    if (list) {
        flow->commit_pending = true;
        dl_source_commit(flow->source, list);
        rd_kafka_topic_partition_list_destroy(list);
    }
    return flow->commit_pending || flow->commit_failed;
}

static void on_commit_timer(uv_timer_t *timer)
{
    dl_flow *flow = timer->data;

    flow->commit_failed = false;
    if (flow->source)
        (void)commit_due(flow);
    pump(flow); /* keeps the consumer polled where nothing else happens */
}

/* ---- rebalance ------------------------------------------------------------------------------------------------------ */

static void give_up(dl_flow *flow, dl_lane *lane)
{
    if (lane->state == DL_LANE_IDLE)
        return;
    dl_ledger_drop(&lane->ledger, on_dropped, flow);
    lane->state = DL_LANE_IDLE;
    COUNT(flow, assigned_now, -1);
}

static void on_assigned(void *arg, const rd_kafka_topic_partition_list_t *parts)
{
    dl_flow *flow = arg;

    for (int i = 0; i < parts->cnt; i++) {
        dl_lane *lane = dl_lanes_get(&flow->lanes, dl_str_of(parts->elems[i].topic), parts->elems[i].partition);

        if (!lane) {
            stop(flow, DL_FATAL, "flow", "out of memory");
            return;
        }
        give_up(flow, lane); /* where the revoke before it was never told */
        dl_ledger_open(&lane->ledger);
        lane->state = DL_LANE_ACTIVE;
        lane->next_offset = 0;
        lane->committed = -1;
        COUNT(flow, assigned, 1);
        COUNT(flow, assigned_now, 1);
    }
    if (parts->cnt)
        DL_LOG(flow->log, DL_LOG_INFO, "flow", DL_MSG("partitions assigned"), DL_F_INT("n", parts->cnt),
               DL_F_INT("now", READ(flow, assigned_now)));
}

static void on_revoke_timer(uv_timer_t *timer)
{
    dl_flow *flow = timer->data;

    flow->revoke_overdue = true;
    pump(flow);
}

static void on_revoked(void *arg, const rd_kafka_topic_partition_list_t *parts, bool lost)
{
    dl_flow *flow = arg;
    int      n = 0;

    for (int i = 0; i < parts->cnt; i++) {
        dl_lane *lane = dl_lanes_find(&flow->lanes, dl_str_of(parts->elems[i].topic), parts->elems[i].partition);

        if (!lane || lane->state == DL_LANE_IDLE)
            continue;
        n++;
        if (lost)
            give_up(flow, lane);
        else
            lane->state = DL_LANE_DRAINING;
        COUNT(flow, revoked, !lost);
        COUNT(flow, lost, lost);
    }
    if (!lost) {
        flow->revoking = true;
        flow->revoke_overdue = false;
        uv_timer_start(&flow->revoke_timer, on_revoke_timer, flow->opts.rebalance_drain_ms, 0);
    }
    if (n)
        DL_LOG(flow->log, DL_LOG_INFO, "flow", DL_MSG("partitions revoked"), DL_F_INT("n", n), DL_F_INT("lost", lost));
}

/* Articles in flight, of all lanes or of those that are given up. */
static uint64_t n_unfinished(const dl_flow *flow, bool draining_only)
{
    uint64_t n = 0;

    for (uint32_t i = 0; i < flow->lanes.n; i++)
        if (!draining_only || flow->lanes.all[i]->state == DL_LANE_DRAINING)
            n += dl_ledger_n(&flow->lanes.all[i]->ledger);
    return n;
}

static void finish_revoke(dl_flow *flow)
{
    uint64_t n = n_unfinished(flow, true);

    if (n && !flow->revoke_overdue)
        return;
    if (n)
        DL_LOG(flow->log, DL_LOG_INFO, "flow", DL_MSG("articles left to the next owner"), DL_F_INT("n", n));
    uv_timer_stop(&flow->revoke_timer);
    flow->revoking = false;
    if (!dl_source_lost(flow->source)) /* since: another member may own them by now */
        commit_and_wait(flow, true);
    for (uint32_t i = 0; i < flow->lanes.n; i++)
        if (flow->lanes.all[i]->state == DL_LANE_DRAINING)
            give_up(flow, flow->lanes.all[i]);
    dl_source_unassign(flow->source);
}

static void on_source_fatal(void *arg, const char *reason)
{
    stop(arg, DL_FATAL, "source", reason);
}

/* ---- the loop ------------------------------------------------------------------------------------------------------- */

static void on_stop_timer(uv_timer_t *timer)
{
    dl_flow *flow = timer->data;

    flow->stop_overdue = true;
    pump(flow);
}

static void stop(dl_flow *flow, dl_code code, const char *where, const char *reason)
{
    if (code != DL_OK && flow->end.code == DL_OK) {
        flow->end.code = dl_fail(&flow->end.err, code, where, DL_NO_PLACE, "%s", reason);
        DL_LOG(flow->log, DL_LOG_ERROR, "flow", DL_MSG("cannot go on"), DL_F_STR("where", where), DL_F_STR("reason", reason));
    }
    if (flow->stopping)
        return;
    flow->stopping = true;
    uv_timer_start(&flow->stop_timer, on_stop_timer, flow->opts.shutdown_timeout_ms, 0);
    DL_LOG(flow->log, DL_LOG_INFO, "flow", DL_MSG("draining"), DL_F_INT("inflight", READ(flow, inflight_now)));
}

static void close_clients(dl_flow *flow)
{
    dl_workers_stop(flow->workers);
    for (uint32_t i = 0; i < flow->lanes.n; i++)
        give_up(flow, flow->lanes.all[i]);
    take_finished(flow); /* all stale now */
    dl_sink_close(flow->sink);
    flow->sink = NULL;
    dl_source_close(flow->source);
    flow->source = NULL;
    assert(READ(flow, inflight_now) == 0);
}

static void close_handle(uv_handle_t *handle, void *arg)
{
    (void)arg;
    if (!uv_is_closing(handle))
        uv_close(handle, NULL);
}

/* True where the last commit is still to come and may be waited for. */
static bool wait_for_last_commit(dl_flow *flow)
{
    if (flow->stop_overdue || flow->end.code == DL_FATAL || !commit_due(flow))
        return false;
    if (flow->commit_failed && uv_timer_get_due_in(&flow->commit_timer) > COMMIT_RETRY_MS)
        uv_timer_start(&flow->commit_timer, on_commit_timer, COMMIT_RETRY_MS, COMMIT_RETRY_MS);
    return true;
}

/* What is left undone is said in flow->end. */
static void judge_end(dl_flow *flow)
{
    rd_kafka_topic_partition_list_t *due = commit_list(flow, false);

    flow->end.n_abandoned = n_unfinished(flow, false);
    if (flow->end.code == DL_OK && flow->end.n_abandoned)
        flow->end.code = dl_fail(&flow->end.err, DL_RETRY, "flow", DL_NO_PLACE, "%llu articles were still in flight",
                                 (unsigned long long)flow->end.n_abandoned);
    else if (flow->end.code == DL_OK && due)
        flow->end.code = dl_fail(&flow->end.err, DL_RETRY, "flow", DL_NO_PLACE, "finished articles of %d partitions could not be committed",
                                 due->cnt);
    if (due)
        rd_kafka_topic_partition_list_destroy(due);
}

/* Drained, or out of time: the last commit, out of the group, and the loop runs dry. */
static void finish_stop(dl_flow *flow)
{
    if (n_unfinished(flow, false) && !flow->stop_overdue)
        return;
    if (wait_for_last_commit(flow))
        return;
    commit_and_wait(flow, false);
    judge_end(flow);
    close_clients(flow);
    DL_LOG(flow->log, flow->end.code == DL_OK ? DL_LOG_INFO : DL_LOG_WARN, "flow", DL_MSG("stopped"), DL_F_INT("enriched", READ(flow, enriched)),
           DL_F_INT("dead", READ(flow, dead)), DL_F_INT("abandoned", flow->end.n_abandoned));
    pthread_mutex_lock(&flow->wake_lock);
    flow->awake = false;
    pthread_mutex_unlock(&flow->wake_lock);
    uv_walk(&flow->loop, close_handle, NULL);
}

/* One turn: look at everything that may have news. Whoever wakes the loop, the order is the same: first what frees memory. */
static void pump(dl_flow *flow)
{
    uint64_t n_delivered = flow->n_delivered;

    if (!flow->source)
        return;
    if (atomic_load(&flow->stop_asked))
        stop(flow, DL_OK, NULL, NULL);
    dl_source_poll(flow->source);
    if (flow->sink)
        dl_sink_poll(flow->sink);
    if (flow->n_delivered != n_delivered && (flow->blocked || flow->resend)) {
        flow->blocked = false;
        emit_all(flow);
    }
    take_finished(flow);
    if (flow->sink_broken && flow->sink)
        replace_sink(flow);
    dispatch(flow);
    if (flow->revoking)
        finish_revoke(flow);
    if (flow->stopping)
        finish_stop(flow);
}

static void on_wake(uv_async_t *wake)
{
    pump(wake->data);
}

static void flow_main(void *arg)
{
    dl_flow *flow = arg;

    uv_timer_start(&flow->commit_timer, on_commit_timer, flow->opts.commit_interval_ms, flow->opts.commit_interval_ms);
    wake_from_anywhere(flow);
    (void)uv_run(&flow->loop, UV_RUN_DEFAULT);
    if (flow->on_end)
        flow->on_end(flow->on_end_arg);
}

/* ---- life ----------------------------------------------------------------------------------------------------------- */

static void init_timer(dl_flow *flow, uv_timer_t *timer)
{
    (void)uv_timer_init(&flow->loop, timer);
    timer->data = flow;
}

static void free_flow(dl_flow *flow)
{
    dl_sink_close(flow->sink);
    dl_source_close(flow->source);
    dl_workers_close(flow->workers);
    dl_lanes_free(&flow->lanes);
    uv_walk(&flow->loop, close_handle, NULL);
    (void)uv_run(&flow->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&flow->loop);
    pthread_mutex_destroy(&flow->wake_lock);
    free(flow);
}

static dl_code open_all(dl_flow *flow, const dl_engine *engine, dl_error *err)
{
    const dl_source_events events = {
        .arg = flow,
        .wake = wake_from_anywhere,
        .assigned = on_assigned,
        .revoked = on_revoked,
        .committed = on_committed,
        .fatal = on_source_fatal,
    };
    dl_code code = dl_workers_open(&flow->workers, &flow->opts.workers, engine, wake_from_anywhere, flow, err);

    if (code == DL_OK)
        code = open_sink(flow, err);
    if (code == DL_OK)
        code = dl_source_open(&flow->source, &flow->opts.source, &events, flow->log, err);
    return code;
}

dl_code dl_flow_start(dl_flow **out, const dl_flow_opts *opts, const dl_engine *engine, dl_log *log, void (*on_end)(void *arg), void *arg,
                      dl_error *err)
{
    dl_flow *flow = calloc(1, sizeof *flow);

    if (!flow || uv_loop_init(&flow->loop) != 0) {
        free(flow);
        return dl_fail(err, DL_FATAL, "flow", DL_NO_PLACE, "out of memory");
    }
    flow->opts = *opts;
    flow->log = log;
    flow->on_end = on_end;
    flow->on_end_arg = arg;
    flow->sink_retry_ms = SINK_RETRY_MIN_MS;
    pthread_mutex_init(&flow->wake_lock, NULL);
    (void)uv_async_init(&flow->loop, &flow->wake, on_wake);
    flow->wake.data = flow;
    flow->awake = true;
    init_timer(flow, &flow->commit_timer);
    init_timer(flow, &flow->revoke_timer);
    init_timer(flow, &flow->stop_timer);
    init_timer(flow, &flow->sink_timer);
    dl_kafka_log_to(log);
    dl_code code = open_all(flow, engine, err);

    if (code == DL_OK && !dl_thread_start(&flow->thread, flow_main, flow))
        code = dl_fail(err, DL_FATAL, "flow", DL_NO_PLACE, "cannot start a thread");
    if (code != DL_OK) {
        free_flow(flow);
        return code;
    }
    *out = flow;
    return DL_OK;
}

void dl_flow_stop(dl_flow *flow)
{
    atomic_store(&flow->stop_asked, true);
    pthread_mutex_lock(&flow->wake_lock);
    if (flow->awake)
        (void)uv_async_send(&flow->wake);
    pthread_mutex_unlock(&flow->wake_lock);
}

dl_flow_end dl_flow_join(dl_flow *flow)
{
    uv_thread_join(&flow->thread);
    dl_flow_end end = flow->end;

    free_flow(flow);
    return end;
}

dl_flow_stats dl_flow_read(const dl_flow *flow)
{
    return (dl_flow_stats){
#define X(name) .name = READ(flow, name),
        DL_FLOW_COUNTERS(X)
#undef X
    };
}
