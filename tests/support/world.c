#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

enum { FEED_MAX_BYTES = 1 << 20 };

enum { WORLD_PROPS = 4 };

static const dl_client_prop *client_props(const world *w, bool consumer)
{
    static dl_client_prop props[WORLD_PROPS];

    props[0] = (dl_client_prop){"bootstrap.servers", w->brokers};
    props[1] = (dl_client_prop){"socket.timeout.ms", "10000"};
    props[2] = (dl_client_prop){"reconnect.backoff.ms", "20"};
    props[3] = (dl_client_prop){"reconnect.backoff.max.ms", "200"};
    if (!consumer)
        return props;
    /* The mock ends a rebalance a second before the session timeout of its slowest member, whatever the members do. */
    static dl_client_prop group[WORLD_PROPS + 2];

    memcpy(group, props, sizeof props);
    group[WORLD_PROPS] = (dl_client_prop){"session.timeout.ms", "3000"};
    group[WORLD_PROPS + 1] = (dl_client_prop){"heartbeat.interval.ms", "200"};
    return group;
}

static rd_kafka_t *client(rd_kafka_type_t type, const dl_client_prop *props, size_t n)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    dl_error         err;
    char             why[256];

    check_ok("client", dl_kafka_set(conf, props, n, &err), &err);
    rd_kafka_conf_set_log_cb(conf, NULL);
    rd_kafka_t *rk = rd_kafka_new(type, conf, why, sizeof why);

    if (!rk)
        fail_msg("client: %s", why);
    return rk;
}

void world_open(world *w, int n_brokers, int n_partitions)
{
    const char *const    topics[] = {WORLD_IN, WORLD_OUT, WORLD_DEAD};
    const dl_client_prop feeder_props[] = {{"linger.ms", "5"}, {"message.max.bytes", "20000000"}};
    const dl_log_opts    log = {.level = getenv("DL_TEST_LOG") ? DL_LOG_INFO : DL_LOG_ERROR, .fd = 2};
    const dl_engine_opts engine = dl_engine_defaults();
    dl_error             err;

    *w = (world){.n_partitions = n_partitions};
    check_ok("log", dl_log_open(&w->log, &log, &err), &err);
    check_ok("engine", dl_engine_open(&w->engine, &engine, &err), &err);
    w->mc = calloc(1, sizeof *w->mc);
    w->feeder = client(RD_KAFKA_PRODUCER, feeder_props, 2);
    w->cluster = rd_kafka_mock_cluster_new(w->feeder, n_brokers);
    assert_non_null(w->cluster);
#if RD_KAFKA_VERSION >= 0x020f00ff
    rd_kafka_mock_group_initial_rebalance_delay_ms(w->cluster, 0);
#endif
    w->brokers = rd_kafka_mock_cluster_bootstraps(w->cluster);
    (void)rd_kafka_brokers_add(w->feeder, w->brokers);
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(rd_kafka_mock_topic_create(w->cluster, topics[i], n_partitions, n_brokers), 0);

    const dl_client_prop reader_props[] = {{"bootstrap.servers", w->brokers}, {"group.id", "reader"}, {"enable.auto.commit", "false"},
                                           {"fetch.wait.max.ms", "20"},       {"reconnect.backoff.max.ms", "200"}};
    rd_kafka_topic_partition_list_t *parts = rd_kafka_topic_partition_list_new(2 * n_partitions);

    w->reader = client(RD_KAFKA_CONSUMER, reader_props, 5);
    (void)rd_kafka_poll_set_consumer(w->reader);
    for (int32_t p = 0; p < n_partitions; p++) {
        rd_kafka_topic_partition_list_add(parts, WORLD_OUT, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
        rd_kafka_topic_partition_list_add(parts, WORLD_DEAD, p)->offset = RD_KAFKA_OFFSET_BEGINNING;
    }
    (void)rd_kafka_assign(w->reader, parts);
    rd_kafka_topic_partition_list_destroy(parts);
    msgcheck_init(w->mc, w->ends, n_partitions);
}

void world_close(world *w)
{
    (void)rd_kafka_consumer_close(w->reader);
    rd_kafka_destroy(w->reader);
    rd_kafka_mock_cluster_destroy(w->cluster);
    rd_kafka_destroy(w->feeder);
    dl_engine_close(w->engine);
    dl_log_close(w->log);
    free(w->mc);
}

dl_flow_opts world_flow_opts(const world *w, dl_work_fn *work, void *arg)
{
    static const char *const topics[] = {WORLD_IN};
    dl_flow_opts             opts = dl_flow_defaults();

    opts.source.topics = topics;
    opts.source.n_topics = 1;
    opts.source.group = "flow";
    opts.source.client = (dl_client_opts){.props = client_props(w, true), .n_props = WORLD_PROPS + 2};
    opts.sink.client = (dl_client_opts){.props = client_props(w, false), .n_props = WORLD_PROPS};
    opts.sink.topic = WORLD_OUT;
    opts.sink.dead_topic = WORLD_DEAD;
    opts.workers.work = work;
    opts.workers.work_arg = arg;
    opts.commit_interval_ms = 100;
    opts.shutdown_timeout_ms = 20000;
    return opts;
}

dl_flow *world_start(const world *w, const dl_flow_opts *opts)
{
    dl_flow *flow = NULL;
    dl_error err;

    check_ok("flow", dl_flow_start(&flow, opts, w->engine, w->log, NULL, NULL, &err), &err);
    return flow;
}

void world_feed(world *w, uint32_t n, size_t bytes, uint32_t poison_every)
{
    char *value = malloc(bytes + 32);

    for (uint32_t i = 0; i < n; i++) {
        const uint64_t id = w->n_fed++;
        const int32_t  p = (int32_t)(id % (uint64_t)w->n_partitions);
        char           key[24];
        int            k = snprintf(key, sizeof key, "k%llu", (unsigned long long)id);
        size_t         len = (size_t)snprintf(value, 32, "%s%llu ", poison_every && id % poison_every == 0 ? "!" : "", (unsigned long long)id);

        if (len < bytes) {
            memset(value + len, 'x', bytes - len);
            len = bytes;
        }
        rd_kafka_resp_err_t code;

        while ((code = rd_kafka_producev(w->feeder, RD_KAFKA_V_TOPIC(WORLD_IN), RD_KAFKA_V_PARTITION(p), RD_KAFKA_V_KEY(key, (size_t)k),
                                         RD_KAFKA_V_VALUE(value, len), RD_KAFKA_V_HEADER("origin", "feed", 4),
                                         RD_KAFKA_V_TIMESTAMP((int64_t)(1700000000000 + (int64_t)id)),
                                         RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END)) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
            (void)rd_kafka_poll(w->feeder, 10);
        assert_int_equal(code, 0);
        w->mc->end[p] = ++w->ends[p];
    }
    free(value);
    assert_int_equal(rd_kafka_flush(w->feeder, 30000), 0);
}

/* ---- reading -------------------------------------------------------------------------------------------------------- */

static bool header_of(const rd_kafka_message_t *m, const char *name, char *out, size_t cap)
{
    rd_kafka_headers_t *headers;
    const void         *value;
    size_t              n;

    if (rd_kafka_message_headers(m, &headers) || rd_kafka_header_get_last(headers, name, &value, &n) || n >= cap)
        return false;
    memcpy(out, value, n);
    out[n] = 0;
    return true;
}

static void note(world *w, const rd_kafka_message_t *m)
{
    const bool dead = strcmp(rd_kafka_topic_name(m->rkt), WORLD_DEAD) == 0;
    char       a[64] = "", b[64] = "";

    if (dead) {
        assert_true(header_of(m, "dateline-error-partition", a, sizeof a) && header_of(m, "dateline-error-offset", b, sizeof b));
        w->n_dead++;
    } else {
        assert_true(header_of(m, "dateline-src", a, sizeof a)); /* in/partition/offset */
        char *slash = strrchr(a, '/');

        (void)snprintf(b, sizeof b, "%s", slash + 1);
        *slash = 0;
        memmove(a, strchr(a, '/') + 1, strlen(strchr(a, '/')));
        w->n_out++;
    }
    msgcheck_saw(w->mc, (int32_t)strtol(a, NULL, 10), strtoll(b, NULL, 10), m->partition + (dead ? MSGCHECK_PARTITIONS : 0));
    if (w->on_record)
        w->on_record(m, dead, w->on_record_arg);
}

bool world_read_until(world *w, bool (*enough)(const world *w, void *arg), void *arg, int timeout_ms)
{
    const uint64_t end = uv_hrtime() + (uint64_t)timeout_ms * 1000000;

    while (!enough(w, arg)) {
        if (uv_hrtime() > end)
            return false;
        dl_log_drain(w->log);
        rd_kafka_message_t *m = rd_kafka_consumer_poll(w->reader, 20);

        if (m && !m->err)
            note(w, m);
        if (m)
            rd_kafka_message_destroy(m);
    }
    return true;
}

bool world_all_came(const world *w, void *arg)
{
    (void)arg;
    return w->mc->n_seen - w->mc->n_doubled >= w->n_fed;
}

static bool never(const world *w, void *arg)
{
    (void)w, (void)arg;
    return false;
}

void world_read_all(world *w, int timeout_ms)
{
    if (!world_read_until(w, world_all_came, NULL, timeout_ms)) {
        int32_t partition = -1;
        int64_t offset = -1;

        (void)msgcheck_first_lost(w->mc, &partition, &offset);
        fail_msg("after %d ms: %llu of %llu came out, %llu unknown; the first that did not is %d/%lld of the input", timeout_ms,
                 (unsigned long long)(w->mc->n_seen - w->mc->n_doubled), (unsigned long long)w->n_fed, (unsigned long long)w->mc->n_unknown,
                 partition, (long long)offset);
    }
    (void)world_read_until(w, never, NULL, 300);
}

void world_committed(const world *w, int64_t *out)
{
    const dl_client_prop props[] = {{"bootstrap.servers", w->brokers}, {"group.id", "flow"}};
    rd_kafka_t          *rk = client(RD_KAFKA_CONSUMER, props, 2);
    rd_kafka_topic_partition_list_t *parts = rd_kafka_topic_partition_list_new(w->n_partitions);

    for (int32_t p = 0; p < w->n_partitions; p++)
        rd_kafka_topic_partition_list_add(parts, WORLD_IN, p);
    assert_int_equal(rd_kafka_committed(rk, parts, 10000), 0);
    for (int p = 0; p < w->n_partitions; p++)
        out[p] = parts->elems[p].offset == RD_KAFKA_OFFSET_INVALID ? -1 : parts->elems[p].offset;
    rd_kafka_topic_partition_list_destroy(parts);
    rd_kafka_destroy(rk);
}

void world_expect(const world *w, const char *name, uint64_t doubled_max, uint64_t disordered_max)
{
    const msgcheck *mc = w->mc;
    const uint64_t  lost = msgcheck_lost(mc);

    if (lost || mc->n_doubled > doubled_max || mc->n_disordered > disordered_max || mc->n_unknown)
        fail_msg("%s: of %llu lost %llu, doubled %llu (at most %llu), disordered %llu (at most %llu), unknown %llu", name,
                 (unsigned long long)w->n_fed, (unsigned long long)lost, (unsigned long long)mc->n_doubled, (unsigned long long)doubled_max,
                 (unsigned long long)mc->n_disordered, (unsigned long long)disordered_max, (unsigned long long)mc->n_unknown);
}
