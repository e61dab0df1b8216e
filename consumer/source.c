#include "source.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COMMIT_PAUSE_MS = 50 };

struct dl_source {
    rd_kafka_t                      *rk;
    rd_kafka_queue_t                *main_queue; /* rebalances, errors, commits, log */
    rd_kafka_queue_t                *messages;   /* all partitions are forwarded to it */
    rd_kafka_topic_partition_list_t *revoking;   /* given up, not yet let go of; NULL: none */
    dl_source_events                 events;
    dl_log                          *log;
    bool                             closing;
};

/* ---- rebalance ------------------------------------------------------------------------------------------------------ */

static bool cooperative(const dl_source *s)
{
    return strcmp(rd_kafka_rebalance_protocol(s->rk), "COOPERATIVE") == 0;
}

static void log_answer(const dl_source *s, const char *what, rd_kafka_error_t *error)
{
    if (error)
        DL_LOG(s->log, DL_LOG_WARN, "source", DL_MSG("rebalance answer refused"), DL_F_STR("answer", what),
               DL_F_STR("reason", rd_kafka_error_string(error)));
    if (error)
        rd_kafka_error_destroy(error);
}

/* In the eager protocol NULL gives up everything. */
static void assign_all(const dl_source *s, const rd_kafka_topic_partition_list_t *parts)
{
    rd_kafka_resp_err_t code = rd_kafka_assign(s->rk, parts);

    if (code)
        DL_LOG(s->log, DL_LOG_WARN, "source", DL_MSG("assign refused"), DL_F_STR("code", rd_kafka_err2name(code)));
}

static void take_over(dl_source *s, const rd_kafka_topic_partition_list_t *parts)
{
    s->events.assigned(s->events.arg, parts);
    for (int i = 0; i < parts->cnt; i++) {
        rd_kafka_queue_t *q = rd_kafka_queue_get_partition(s->rk, parts->elems[i].topic, parts->elems[i].partition);

        if (!q) { /* its messages would come where only events are looked for */
            s->events.fatal(s->events.arg, "no queue for a partition");
            return;
        }
        rd_kafka_queue_forward(q, s->messages); /* before the assign: no message may take the consumer's queue */
        rd_kafka_queue_destroy(q);
    }
    if (cooperative(s))
        log_answer(s, "assign", rd_kafka_incremental_assign(s->rk, parts));
    else
        assign_all(s, parts);
}

static void let_go(dl_source *s, const rd_kafka_topic_partition_list_t *parts)
{
    if (cooperative(s))
        log_answer(s, "unassign", rd_kafka_incremental_unassign(s->rk, parts));
    else
        assign_all(s, NULL);
}

static void on_rebalance(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *parts, void *opaque)
{
    dl_source *s = opaque;
    bool       lost = rd_kafka_assignment_lost(rk) != 0;

    if (s->revoking) { /* overtaken by a new event: what was to be given up is given up now, as far as it got */
        rd_kafka_topic_partition_list_destroy(s->revoking);
        s->revoking = NULL;
    }
    if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        take_over(s, parts);
        return;
    }
    if (code != RD_KAFKA_RESP_ERR__REVOKE_PARTITIONS) {
        DL_LOG(s->log, DL_LOG_WARN, "source", DL_MSG("rebalance failed"), DL_F_STR("code", rd_kafka_err2name(code)));
        assign_all(s, NULL);
        return;
    }
    if (s->closing || lost) {
        s->events.revoked(s->events.arg, parts, true);
        let_go(s, parts);
        return;
    }
    /* Put off the answer: librdkafka waits for it, with all fetching stopped, while the flow finishes what it has of them. */
    s->revoking = rd_kafka_topic_partition_list_copy(parts);
    s->events.revoked(s->events.arg, parts, false);
}

bool dl_source_lost(const dl_source *s)
{
    return rd_kafka_assignment_lost(s->rk) != 0;
}

void dl_source_unassign(dl_source *s)
{
    rd_kafka_topic_partition_list_t *parts = s->revoking;

    if (!parts)
        return;
    s->revoking = NULL;
    let_go(s, parts);
    rd_kafka_topic_partition_list_destroy(parts);
}

/* ---- other callbacks ------------------------------------------------------------------------------------------------ */

static void on_committed(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *offsets, void *opaque)
{
    dl_source *s = opaque;

    (void)rk;
    s->events.committed(s->events.arg, code, offsets);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
    dl_source *s = opaque;
    char       text[256];

    if (code != RD_KAFKA_RESP_ERR__FATAL) {
        dl_kafka_log_error(s->log, "source", (rd_kafka_resp_err_t)code, reason);
        return;
    }
    (void)rd_kafka_fatal_error(rk, text, sizeof text);
    s->events.fatal(s->events.arg, text);
}

static void on_event(rd_kafka_t *rk, void *opaque)
{
    dl_source *s = opaque;

    (void)rk;
    s->events.wake(s->events.arg);
}

/* ---- life ----------------------------------------------------------------------------------------------------------- */

static dl_code make_conf(rd_kafka_conf_t *conf, const dl_source_opts *opts, dl_error *err)
{
    char prefetch[24];

    (void)snprintf(prefetch, sizeof prefetch, "%zu", opts->prefetch_max_bytes < 1024 ? 1 : opts->prefetch_max_bytes / 1024);
    const dl_client_prop ours[] = {
        {"group.id", opts->group},
        {"auto.offset.reset", opts->auto_offset_reset},
        {"queued.max.messages.kbytes", prefetch},
        {"partition.assignment.strategy", "cooperative-sticky"},
#if RD_KAFKA_VERSION >= 0x020200ff
        {"fetch.queue.backoff.ms", "10"}, /* 1000 by default: a full queue would cost a second each time */
#endif
        {"log.queue", "true"},
    };
    const dl_client_prop fixed[] = {
        /* Offsets are committed by the ledger alone, whatever the passed-through properties say. */
        {"enable.auto.commit", "false"},
        {"enable.auto.offset.store", "false"},
        {"enable.partition.eof", "false"},
    };
    return dl_kafka_conf(conf, ours, sizeof ours / sizeof *ours, &opts->client, fixed, sizeof fixed / sizeof *fixed, err);
}

static dl_code subscribe(dl_source *s, const dl_source_opts *opts, dl_error *err)
{
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new((int)opts->n_topics);

    for (size_t i = 0; i < opts->n_topics; i++)
        (void)rd_kafka_topic_partition_list_add(topics, opts->topics[i], RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t code = rd_kafka_subscribe(s->rk, topics);

    rd_kafka_topic_partition_list_destroy(topics);
    return code ? dl_fail(err, DL_FATAL, "source", DL_NO_PLACE, "cannot subscribe: %s", rd_kafka_err2str(code)) : DL_OK;
}

dl_code dl_source_open(dl_source **out, const dl_source_opts *opts, const dl_source_events *events, dl_log *log, dl_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    dl_source       *s = calloc(1, sizeof *s);
    char             why[256];
    dl_code          code = s ? make_conf(conf, opts, err) : dl_fail(err, DL_FATAL, "source", DL_NO_PLACE, "out of memory");

    if (code != DL_OK)
        goto fail;
    s->events = *events;
    s->log = log;
    rd_kafka_conf_set_opaque(conf, s);
    rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    rd_kafka_conf_set_offset_commit_cb(conf, on_committed);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, dl_kafka_log_cb);
    s->rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why); /* takes conf */
    if (!s->rk) {
        code = dl_fail(err, DL_FATAL, "source", DL_NO_PLACE, "no consumer with what stands under kafka: and kafka.consumer: %s", why);
        goto fail;
    }
    conf = NULL;
    rd_kafka_poll_set_consumer(s->rk);
    s->main_queue = rd_kafka_queue_get_consumer(s->rk);
    s->messages = rd_kafka_queue_new(s->rk);
    (void)rd_kafka_set_log_queue(s->rk, s->main_queue);
    rd_kafka_queue_cb_event_enable(s->main_queue, on_event, s);
    rd_kafka_queue_cb_event_enable(s->messages, on_event, s);
    code = subscribe(s, opts, err);
    if (code == DL_OK) {
        *out = s;
        return DL_OK;
    }
    dl_source_close(s);
    return code;
fail:
    if (conf)
        rd_kafka_conf_destroy(conf);
    free(s);
    return code;
}

void dl_source_close(dl_source *s)
{
    if (!s)
        return;
    s->closing = true;
    dl_source_unassign(s);
    rd_kafka_queue_cb_event_enable(s->main_queue, NULL, NULL);
    rd_kafka_queue_cb_event_enable(s->messages, NULL, NULL);
    for (rd_kafka_message_t *m; (m = rd_kafka_consume_queue(s->messages, 0));)
        rd_kafka_message_destroy(m);
    (void)rd_kafka_consumer_close(s->rk);
    rd_kafka_queue_destroy(s->messages);
    rd_kafka_queue_destroy(s->main_queue);
    rd_kafka_destroy(s->rk);
    free(s);
}

/* ---- running -------------------------------------------------------------------------------------------------------- */

static void report(dl_source *s, const rd_kafka_message_t *m)
{
    DL_LOG_EVERY(s->log, 30000, 1, DL_LOG_WARN, "source", DL_MSG("cannot fetch, retrying"), DL_F_STR("code", rd_kafka_err2name(m->err)),
                 DL_F_STR("topic", m->rkt ? rd_kafka_topic_name(m->rkt) : ""), DL_F_INT("part", m->partition));
}

void dl_source_poll(dl_source *s)
{
    /* Articles are forwarded away from this queue before their partition is fetched (take_over), so what arrives here is an error. */
    for (rd_kafka_message_t *m; (m = rd_kafka_consumer_poll(s->rk, 0)); rd_kafka_message_destroy(m)) {
        assert(m->err);
        report(s, m);
    }
}

rd_kafka_message_t *dl_source_next(dl_source *s)
{
    for (rd_kafka_message_t *m; (m = rd_kafka_consume_queue(s->messages, 0)); rd_kafka_message_destroy(m)) {
        if (!m->err)
            return m;
        report(s, m);
    }
    return NULL;
}

void dl_source_commit(dl_source *s, const rd_kafka_topic_partition_list_t *offsets)
{
    rd_kafka_resp_err_t code = rd_kafka_commit(s->rk, offsets, 1);

    if (code)
        s->events.committed(s->events.arg, code, offsets);
}

typedef struct wait_for {
    dl_source *source;
    bool       answered, failed;
} wait_for;

static void on_waited(rd_kafka_t *rk, rd_kafka_resp_err_t code, rd_kafka_topic_partition_list_t *offsets, void *opaque)
{
    wait_for *w = opaque;

    w->answered = true;
    w->failed = code != RD_KAFKA_RESP_ERR_NO_ERROR;
    on_committed(rk, code, offsets, w->source);
}

void dl_source_commit_wait(dl_source *s, const rd_kafka_topic_partition_list_t *offsets, int wait_ms)
{
    rd_kafka_queue_t *q = rd_kafka_queue_new(s->rk);
    wait_for          w = {.source = s};

    if (!rd_kafka_commit_queue(s->rk, offsets, q, on_waited, &w))
        (void)rd_kafka_queue_poll_callback(q, wait_ms);
    if (!w.answered)
        s->events.committed(s->events.arg, RD_KAFKA_RESP_ERR__TIMED_OUT, offsets);
    else if (w.failed) /* a pause, so that the caller can try again at once: nothing else comes on this queue */
        (void)rd_kafka_queue_poll_callback(q, wait_ms < COMMIT_PAUSE_MS ? wait_ms : COMMIT_PAUSE_MS);
    rd_kafka_queue_destroy(q);
}
