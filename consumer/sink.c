#include "sink.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct dl_sink {
    rd_kafka_t       *rk;
    rd_kafka_queue_t *main_queue; /* delivery reports, errors, log */
    rd_kafka_topic_t *topic, *dead_topic;
    dl_sink_events    events;
    dl_log           *log;
    bool              finished;
};

/* ---- callbacks ------------------------------------------------------------------------------------------------------ */

static bool refused(rd_kafka_resp_err_t code)
{
    return code == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE || code == RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE ||
           code == RD_KAFKA_RESP_ERR_INVALID_RECORD;
}

static void on_delivered(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    dl_sink    *sink = opaque;
    dl_delivery delivery = !m->err ? DL_DELIVERY_OK : refused(m->err) ? DL_DELIVERY_REFUSED : DL_DELIVERY_FAILED;

    (void)rk;
    if (delivery == DL_DELIVERY_FAILED && !sink->finished) {
        sink->finished = true;
        DL_LOG_EVERY(sink->log, 30000, 1, DL_LOG_ERROR, "sink", DL_MSG("delivery failed, starting over with a new producer"),
                     DL_F_STR("code", rd_kafka_err2name(m->err)), DL_F_STR("topic", rd_kafka_topic_name(m->rkt)),
                     DL_F_INT("part", m->partition));
    }
    dl_job *job = m->_private;

    job->lent = false;
    sink->events.delivered(sink->events.arg, job, delivery);
}

static void on_error(rd_kafka_t *rk, int code, const char *reason, void *opaque)
{
    dl_sink *sink = opaque;
    char     text[256];

    if (code != RD_KAFKA_RESP_ERR__FATAL) {
        dl_kafka_log_error(sink->log, "sink", (rd_kafka_resp_err_t)code, reason);
        return;
    }
    (void)rd_kafka_fatal_error(rk, text, sizeof text);
    sink->finished = true;
    sink->events.failed(sink->events.arg, text);
}

static void on_event(rd_kafka_t *rk, void *opaque)
{
    dl_sink *sink = opaque;

    (void)rk;
    sink->events.wake(sink->events.arg);
}

/* ---- life ----------------------------------------------------------------------------------------------------------- */

static dl_code make_conf(rd_kafka_conf_t *conf, const dl_sink_opts *opts, dl_error *err)
{
    const dl_client_prop ours[] = {
        {"linger.ms", "10"},
        {"batch.size", "262144"},
        {"compression.codec", "lz4"},
        {"message.timeout.ms", "300000"},
        {"partitioner", "murmur2_random"}, /* the Java client's: librdkafka's own default puts keys elsewhere */
        {"log.queue", "true"},
    };
    const dl_client_prop fixed[] = {{"enable.idempotence", "true"}, {"delivery.report.only.error", "false"}};
    return dl_kafka_conf(conf, ours, sizeof ours / sizeof *ours, &opts->client, fixed, sizeof fixed / sizeof *fixed, err);
}

dl_code dl_sink_open(dl_sink **out, const dl_sink_opts *opts, const dl_sink_events *events, dl_log *log, dl_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    dl_sink         *sink = calloc(1, sizeof *sink);
    char             why[256];
    dl_code          code = sink ? make_conf(conf, opts, err) : dl_fail(err, DL_FATAL, "sink", DL_NO_PLACE, "out of memory");

    if (code != DL_OK)
        goto fail;
    sink->events = *events;
    sink->log = log;
    rd_kafka_conf_set_opaque(conf, sink);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivered);
    rd_kafka_conf_set_error_cb(conf, on_error);
    rd_kafka_conf_set_log_cb(conf, dl_kafka_log_cb);
    sink->rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why); /* takes conf */
    if (!sink->rk) {
        code = dl_fail(err, DL_FATAL, "sink", DL_NO_PLACE, "no producer with what stands under kafka: and kafka.producer: %s", why);
        goto fail;
    }
    conf = NULL;
    sink->main_queue = rd_kafka_queue_get_main(sink->rk);
    (void)rd_kafka_set_log_queue(sink->rk, sink->main_queue);
    rd_kafka_queue_cb_event_enable(sink->main_queue, on_event, sink);
    sink->topic = rd_kafka_topic_new(sink->rk, opts->topic, NULL);
    sink->dead_topic = opts->dead_topic ? rd_kafka_topic_new(sink->rk, opts->dead_topic, NULL) : NULL;
    if (!sink->topic || (opts->dead_topic && !sink->dead_topic)) {
        dl_sink_close(sink);
        return dl_fail(err, DL_FATAL, "sink", DL_NO_PLACE, "\"%s\" or \"%s\" is no name for a topic", opts->topic,
                       opts->dead_topic ? opts->dead_topic : "");
    }
    *out = sink;
    return DL_OK;
fail:
    if (conf)
        rd_kafka_conf_destroy(conf);
    free(sink);
    return code;
}

void dl_sink_close(dl_sink *sink)
{
    if (!sink)
        return;
    sink->finished = true; /* what comes back now is no news */
    rd_kafka_queue_cb_event_enable(sink->main_queue, NULL, NULL);
    rd_kafka_purge(sink->rk, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    while (rd_kafka_outq_len(sink->rk) > 0)
        (void)rd_kafka_poll(sink->rk, 100); /* purged: every report is on its way already */
    if (sink->topic)
        rd_kafka_topic_destroy(sink->topic);
    if (sink->dead_topic)
        rd_kafka_topic_destroy(sink->dead_topic);
    rd_kafka_queue_destroy(sink->main_queue);
    rd_kafka_destroy(sink->rk);
    free(sink);
}

/* ---- headers -------------------------------------------------------------------------------------------------------- */

static void set_header(rd_kafka_headers_t *headers, bool may_be_there, const char *name, const char *value, size_t n)
{
    if (may_be_there)
        (void)rd_kafka_header_remove(headers, name);
    (void)rd_kafka_header_add(headers, name, (ssize_t)strlen(name), value, (ssize_t)n);
}

#define SET_HEADER(headers, again, name, ...)                                                      \
    do {                                                                                           \
        char value_[320]; /* a topic's 249 bytes, partition and offset */                          \
        int  n_ = snprintf(value_, sizeof value_, __VA_ARGS__);                                    \
                                                                                                   \
        set_header((headers), (again), (name), value_, (size_t)n_ < sizeof value_ ? (size_t)n_ : sizeof value_ - 1); \
    } while (0)

/* The id of this enrichment: the same input under the same version of the program gives the same one, so that a reader can drop what
 * was delivered twice. */
static uint64_t enrichment_id(const dl_record *rec)
{
    uint64_t h = dl_hash(rec->topic.p, rec->topic.n, 0);

    h = dl_hash(&rec->partition, sizeof rec->partition, h);
    h = dl_hash(&rec->offset, sizeof rec->offset, h);
    return dl_hash(DL_VERSION, sizeof DL_VERSION - 1, h);
}

static void add_record_headers(rd_kafka_headers_t *h, bool again, const dl_job *job)
{
    const dl_record *rec = &job->record;

    SET_HEADER(h, again, "content-type", "application/json");
    SET_HEADER(h, again, "dateline-schema", "enriched-article/1");
    SET_HEADER(h, again, "dateline-src", "%.*s/%" PRId32 "/%" PRId64, DL_ARG(rec->topic), rec->partition, rec->offset);
    SET_HEADER(h, again, "dateline-enrichment-id", "%016" PRIx64, enrichment_id(rec));
    SET_HEADER(h, again, "dateline-pipeline-version", "%s", DL_VERSION);
}

static void add_error_headers(rd_kafka_headers_t *h, bool again, const dl_job *job)
{
    const dl_record *rec = &job->record;

    SET_HEADER(h, again, "dateline-error-stage", "%s", job->err.where);
    SET_HEADER(h, again, "dateline-error-code", "%s", dl_code_name(job->code));
    SET_HEADER(h, again, "dateline-error-message", "%s", job->err.msg);
    SET_HEADER(h, again, "dateline-error-topic", "%.*s", DL_ARG(rec->topic));
    SET_HEADER(h, again, "dateline-error-partition", "%" PRId32, rec->partition);
    SET_HEADER(h, again, "dateline-error-offset", "%" PRId64, rec->offset);
    if (job->dead == DL_DEAD_BARE)
        SET_HEADER(h, again, "dateline-error-value-bytes", "%zu", job->value.n);
}

/* ---- produce -------------------------------------------------------------------------------------------------------- */

static dl_produce verdict(dl_sink *sink, rd_kafka_resp_err_t code)
{
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL)
        return DL_PRODUCE_LATER;
    if (refused(code))
        return DL_PRODUCE_REFUSED;
    DL_LOG_EVERY(sink->log, 30000, 1, DL_LOG_ERROR, "sink", DL_MSG("cannot produce, retrying"), DL_F_STR("code", rd_kafka_err2name(code)));
    return DL_PRODUCE_FAILED;
}

dl_produce dl_sink_produce(dl_sink *sink, dl_job *job)
{
    bool                dead = job->dead != DL_ALIVE;
    dl_str              key = !dead && job->id.n ? job->id : job->record.key;
    dl_str              value = !dead ? job->out : job->dead == DL_DEAD ? job->value : (dl_str){0};
    const bool          inherits = job->headers && job->dead != DL_DEAD_BARE;
    rd_kafka_headers_t *headers = inherits ? rd_kafka_headers_copy(job->headers) : rd_kafka_headers_new(8);

    (dead ? add_error_headers : add_record_headers)(headers, inherits, job);
    /* clang-format off */
    rd_kafka_resp_err_t code = rd_kafka_producev(sink->rk,
        RD_KAFKA_V_RKT(dead ? sink->dead_topic : sink->topic),
        RD_KAFKA_V_MSGFLAGS(0), /* key is copied, the value stays ours until the delivery report */
        RD_KAFKA_V_KEY(key.p, key.n),
        RD_KAFKA_V_VALUE((void *)value.p, value.n),
        RD_KAFKA_V_TIMESTAMP(job->record.timestamp_ms > 0 ? job->record.timestamp_ms : 0),
        RD_KAFKA_V_HEADERS(headers), /* taken where it succeeds */
        RD_KAFKA_V_OPAQUE(job),
        RD_KAFKA_V_END);
    /* clang-format on */

    if (!code) {
        job->lent = true;
        return DL_PRODUCED;
    }
    rd_kafka_headers_destroy(headers);
    return verdict(sink, code);
}

void dl_sink_poll(dl_sink *sink)
{
    (void)rd_kafka_poll(sink->rk, 0);
}

int dl_sink_n_waiting(const dl_sink *sink)
{
    return rd_kafka_outq_len(sink->rk);
}
