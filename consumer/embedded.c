#include "embedded.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka_mock.h>

enum {
    UNSEEN_MAX = 256,                /* messages */
    UNSEEN_MAX_BYTES = 4 << 20,      /* below the mock's retention, if all should meet in one partition */
    FIRST_GUESS_BYTES = 256 << 10,   /* size of a record, before the first one is seen */
};

typedef struct seen_set { /* offsets of one partition */
    uint64_t *bits;
    size_t    n_words;
} seen_set;

struct dl_embedded {
    dl_embedded_opts         opts;
    rd_kafka_t              *feeder; /* the mock cluster lives in it */
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_t              *tail;
    rd_kafka_queue_t        *feeder_queue, *tail_queue;
    uv_async_t               wake;
    bool                     started, fed_all, told;
    dl_log                  *log;

    FILE    *file;
    size_t   file_i;
    char    *line;
    size_t   line_cap;
    int32_t  next_partition;
    size_t   biggest; /* record seen so far, bytes */
    seen_set *seen;   /* [n_partitions] */

    dl_embedded_count n;
};

/* ---- feeding -------------------------------------------------------------------------------------------------------- */

/* The next message of the files: line, without its end. False at the end of the last file. */
static bool next_line(dl_embedded *e, dl_str *line)
{
    for (;;) {
        if (!e->file && e->file_i == e->opts.n_files)
            return false;
        if (!e->file && !(e->file = fopen(e->opts.files[e->file_i++], "r"))) {
            DL_LOG(e->log, DL_LOG_ERROR, "embedded", DL_MSG("cannot read input"), DL_F_STR("file", e->opts.files[e->file_i - 1]),
                   DL_F_STR("reason", strerror(errno)));
            continue;
        }
        ssize_t n = getline(&e->line, &e->line_cap, e->file);

        if (n < 0) {
            (void)fclose(e->file);
            e->file = NULL;
            continue;
        }
        while (n && (e->line[n - 1] == '\n' || e->line[n - 1] == '\r'))
            n--;
        if (n) {
            *line = (dl_str){e->line, (size_t)n};
            return true;
        }
    }
}

static bool may_feed(const dl_embedded *e)
{
    const uint64_t unseen = e->n.fed - e->n.enriched - e->n.dead;
    const uint64_t each = e->biggest ? e->biggest : FIRST_GUESS_BYTES;

    return unseen == 0 || (unseen < UNSEEN_MAX && (unseen + 1) * each < UNSEEN_MAX_BYTES);
}

static void feed(dl_embedded *e)
{
    dl_str line;

    while (!e->fed_all && may_feed(e)) {
        if (!next_line(e, &line)) {
            e->fed_all = true;
            break;
        }
        rd_kafka_resp_err_t code = rd_kafka_producev(e->feeder, RD_KAFKA_V_TOPIC(e->opts.topic), RD_KAFKA_V_PARTITION(e->next_partition),
                                                     RD_KAFKA_V_VALUE((void *)line.p, line.n), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                                                     RD_KAFKA_V_END);

        if (code) {
            DL_LOG(e->log, DL_LOG_ERROR, "embedded", DL_MSG("a message of the input cannot be fed"), DL_F_STR("code", rd_kafka_err2name(code)),
                   DL_F_INT("bytes", line.n));
            continue;
        }
        e->n.fed++;
        e->next_partition = (e->next_partition + 1) % e->opts.n_partitions;
    }
}

static void on_fed(rd_kafka_t *rk, const rd_kafka_message_t *m, void *opaque)
{
    dl_embedded *e = opaque;

    (void)rk;
    if (!m->err)
        return;
    e->n.fed--; /* nothing will come out of it */
    DL_LOG(e->log, DL_LOG_ERROR, "embedded", DL_MSG("a message of the input was refused"), DL_F_STR("code", rd_kafka_err2name(m->err)),
           DL_F_INT("bytes", m->len));
}

/* ---- reading what comes out ----------------------------------------------------------------------------------------- */

static dl_str header(const rd_kafka_message_t *m, const char *name)
{
    rd_kafka_headers_t *headers;
    const void         *value;
    size_t              n;

    if (rd_kafka_message_headers(m, &headers) || rd_kafka_header_get_last(headers, name, &value, &n))
        return (dl_str){0};
    return (dl_str){value, n};
}

/* Marks an input offset. False where it was marked before (delivered twice) or cannot be. */
static bool mark(dl_embedded *e, int64_t partition, int64_t offset)
{
    if (partition < 0 || partition >= e->opts.n_partitions || offset < 0)
        return false;
    seen_set *set = &e->seen[partition];
    size_t    word = (size_t)offset / 64;
    uint64_t  bit = (uint64_t)1 << (offset % 64);

    if (word >= set->n_words) {
        size_t    n = word * 2 + 16;
        uint64_t *bits = realloc(set->bits, n * sizeof *bits);

        if (!bits)
            return false;
        memset(bits + set->n_words, 0, (n - set->n_words) * sizeof *bits);
        *set = (seen_set){bits, n};
    }
    bool news = !(set->bits[word] & bit);

    set->bits[word] |= bit;
    return news;
}

/* Where the record came from: "topic/partition/offset" of an enriched one, the error headers of a dead letter. */
static bool origin_of(const rd_kafka_message_t *m, bool dead, int64_t *partition, int64_t *offset)
{
    char   text[640] = {0};
    dl_str src = header(m, dead ? "dateline-error-partition" : "dateline-src");

    if (!src.p || src.n >= sizeof text / 2)
        return false;
    memcpy(text, src.p, src.n);
    if (dead) {
        dl_str off = header(m, "dateline-error-offset");

        if (!off.p || off.n >= 24)
            return false;
        text[src.n] = '/';
        memcpy(text + src.n + 1, off.p, off.n);
    }
    char *last = strrchr(text, '/');

    if (!last)
        return false;
    *last = 0;
    char *before = strrchr(text, '/');

    *partition = strtoll(before ? before + 1 : text, NULL, 10);
    *offset = strtoll(last + 1, NULL, 10);
    return true;
}

static void take(dl_embedded *e, const rd_kafka_message_t *m)
{
    const bool dead = strcmp(rd_kafka_topic_name(m->rkt), e->opts.dead_topic) == 0;
    int64_t    partition, offset;

    if (!origin_of(m, dead, &partition, &offset) || !mark(e, partition, offset))
        return;
    if (m->len > e->biggest)
        e->biggest = m->len;
    if (dead)
        e->n.dead++;
    else
        e->n.enriched++;
    e->opts.show(e->opts.show_arg, (dl_str){m->payload, m->len}, dead, header(m, "dateline-error-message"));
}

static void on_wake(uv_async_t *wake)
{
    dl_embedded *e = wake->data;

    (void)rd_kafka_poll(e->feeder, 0);
    for (rd_kafka_message_t *m; (m = rd_kafka_consumer_poll(e->tail, 0)); rd_kafka_message_destroy(m))
        if (!m->err)
            take(e, m);
    feed(e);
    if (e->fed_all && !e->told && e->n.enriched + e->n.dead >= e->n.fed) {
        e->told = true;
        e->opts.done(e->opts.done_arg);
    }
}

static void on_event(rd_kafka_t *rk, void *opaque)
{
    (void)rk;
    (void)uv_async_send(&((dl_embedded *)opaque)->wake);
}

/* ---- life ----------------------------------------------------------------------------------------------------------- */

static rd_kafka_t *open_client(rd_kafka_type_t type, dl_embedded *e, const dl_client_prop *props, size_t n, dl_error *err)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char             why[256];

    if (dl_kafka_set(conf, props, n, err) != DL_OK) {
        rd_kafka_conf_destroy(conf);
        return NULL;
    }
    rd_kafka_conf_set_opaque(conf, e);
    rd_kafka_conf_set_log_cb(conf, dl_kafka_log_cb);
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf, on_fed);
    rd_kafka_t *rk = rd_kafka_new(type, conf, why, sizeof why);

    if (!rk) {
        rd_kafka_conf_destroy(conf);
        (void)dl_fail(err, DL_FATAL, "embedded", DL_NO_PLACE, "%s", why);
    }
    return rk;
}

dl_code dl_embedded_open(dl_embedded **out, const dl_embedded_opts *opts, dl_error *err)
{
    const dl_client_prop feeder_props[] = {{"linger.ms", "5"}, {"message.max.bytes", "67108864"}};
    const char *const    topics[] = {opts->topic, opts->out_topic, opts->dead_topic};
    dl_embedded         *e = calloc(1, sizeof *e);

    if (!e || !(e->seen = calloc((size_t)opts->n_partitions, sizeof *e->seen))) {
        free(e);
        return dl_fail(err, DL_FATAL, "embedded", DL_NO_PLACE, "out of memory");
    }
    e->opts = *opts;
    /* The feeder speaks to the cluster inside itself by the address that it gets after it exists: so the cluster first, in a client
     * without brokers, and the address by rd_kafka_brokers_add. */
    e->feeder = open_client(RD_KAFKA_PRODUCER, e, feeder_props, sizeof feeder_props / sizeof *feeder_props, err);
    if (!e->feeder || !(e->cluster = rd_kafka_mock_cluster_new(e->feeder, 1))) {
        if (e->feeder)
            (void)dl_fail(err, DL_FATAL, "embedded", DL_NO_PLACE, "librdkafka cannot start its mock cluster");
        dl_embedded_close(e);
        return DL_FATAL;
    }
#if RD_KAFKA_VERSION >= 0x020f00ff
    rd_kafka_mock_group_initial_rebalance_delay_ms(e->cluster, 0);
#endif
    (void)rd_kafka_brokers_add(e->feeder, dl_embedded_brokers(e));
    for (size_t i = 0; i < sizeof topics / sizeof *topics; i++)
        (void)rd_kafka_mock_topic_create(e->cluster, topics[i], opts->n_partitions, 1);
    *out = e;
    return DL_OK;
}

const char *dl_embedded_brokers(const dl_embedded *e)
{
    return rd_kafka_mock_cluster_bootstraps(e->cluster);
}

static void assign_tail(dl_embedded *e)
{
    rd_kafka_topic_partition_list_t *parts = rd_kafka_topic_partition_list_new(2 * e->opts.n_partitions);

    for (int32_t p = 0; p < e->opts.n_partitions; p++) {
        rd_kafka_topic_partition_list_add(parts, e->opts.out_topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
        rd_kafka_topic_partition_list_add(parts, e->opts.dead_topic, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
    }
    (void)rd_kafka_assign(e->tail, parts);
    rd_kafka_topic_partition_list_destroy(parts);
}

dl_code dl_embedded_start(dl_embedded *e, uv_loop_t *loop, dl_log *log, dl_error *err)
{
    const dl_client_prop tail_props[] = {
        {"bootstrap.servers", dl_embedded_brokers(e)}, {"group.id", "dateline-tail"}, {"enable.auto.commit", "false"},
        {"fetch.wait.max.ms", "50"}, /* the mock delays an empty answer all of it */
    };

    e->log = log;
    e->tail = open_client(RD_KAFKA_CONSUMER, e, tail_props, sizeof tail_props / sizeof *tail_props, err);
    if (!e->tail)
        return DL_FATAL;
    (void)uv_async_init(loop, &e->wake, on_wake);
    e->wake.data = e;
    e->started = true;
    (void)rd_kafka_poll_set_consumer(e->tail);
    e->tail_queue = rd_kafka_queue_get_consumer(e->tail);
    e->feeder_queue = rd_kafka_queue_get_main(e->feeder);
    rd_kafka_queue_cb_event_enable(e->tail_queue, on_event, e);
    rd_kafka_queue_cb_event_enable(e->feeder_queue, on_event, e);
    assign_tail(e);
    (void)uv_async_send(&e->wake);
    return DL_OK;
}

dl_embedded_count dl_embedded_read(const dl_embedded *e)
{
    return e->n;
}

static void free_all(dl_embedded *e)
{
    for (int32_t p = 0; e->seen && p < e->opts.n_partitions; p++)
        free(e->seen[p].bits);
    free(e->seen);
    free(e->line);
    if (e->file)
        (void)fclose(e->file);
    free(e);
}

static void on_closed(uv_handle_t *wake)
{
    free_all(wake->data);
}

void dl_embedded_close(dl_embedded *e)
{
    if (!e)
        return;
    dl_kafka_log_to(NULL); /* a client whose own broker goes away has much to say */
    if (e->tail_queue) {
        rd_kafka_queue_cb_event_enable(e->tail_queue, NULL, NULL);
        rd_kafka_queue_destroy(e->tail_queue);
        rd_kafka_queue_cb_event_enable(e->feeder_queue, NULL, NULL);
        rd_kafka_queue_destroy(e->feeder_queue);
    }
    if (e->tail) {
        (void)rd_kafka_consumer_close(e->tail);
        rd_kafka_destroy(e->tail);
    }
    if (e->feeder)
        (void)rd_kafka_purge(e->feeder, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    if (e->cluster)
        rd_kafka_mock_cluster_destroy(e->cluster);
    if (e->feeder)
        rd_kafka_destroy(e->feeder);
    if (e->started)
        uv_close((uv_handle_t *)&e->wake, on_closed);
    else
        free_all(e);
}
