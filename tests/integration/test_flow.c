/* The flow on librdkafka's mock cluster: nothing lost, doubled or disordered, whatever happens to brokers and members. */
#include "support/world.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* ---- work in place of the pipeline ---------------------------------------------------------------------------------- */

typedef struct work {
    uint32_t         slow_us, jitter_us; /* each article takes that long: the load of these tests, nothing is waited for by it */
    size_t           out_bytes;          /* size of the output; 0: as the input */
    _Atomic uint32_t n;
} work;

static void do_work(void *arg, dl_session *session, dl_job *job)
{
    static _Thread_local char big[1 << 20];
    work                     *w = arg;
    const uint32_t            n = w->n++;
    const uint32_t            us = w->slow_us + (w->jitter_us ? (n * 2654435761u) % w->jitter_us : 0);

    (void)session;
    if (us)
        (void)nanosleep(&(struct timespec){.tv_sec = us / 1000000, .tv_nsec = (long)(us % 1000000) * 1000}, NULL);
    if (job->value.n && job->value.p[0] == '!')
        job->code = dl_fail(&job->err, DL_BAD_INPUT, "test", 0, "poison");
    else
        dl_job_set_output(job, w->out_bytes ? (dl_str){big, w->out_bytes} : job->value, job->record.key);
}

/* world_read_all, with the flow's figures on standard error where it fails. */
static void read_all_of(world *w, const dl_flow *flow, const char *name)
{
    if (!world_read_until(w, world_all_came, NULL, 60000)) {
        const dl_flow_stats s = dl_flow_read(flow);

        print_error("%s: received %llu, enriched %llu, dead %llu, stale %llu, in flight %llu, producers %llu, assigned %llu, revoked %llu, "
                    "lost %llu\n",
                    name, (unsigned long long)s.received, (unsigned long long)s.enriched, (unsigned long long)s.dead,
                    (unsigned long long)s.stale, (unsigned long long)s.inflight_now, (unsigned long long)s.producers,
                    (unsigned long long)s.assigned, (unsigned long long)s.revoked, (unsigned long long)s.lost);
    }
    world_read_all(w, 1);
}

/* One more property of a client. props[8] is the caller's, for as long as the flow lives. */
static void add_prop(dl_client_opts *client, dl_client_prop *props, const char *key, const char *value)
{
    memcpy(props, client->props, client->n_props * sizeof *props);
    props[client->n_props] = (dl_client_prop){key, value};
    *client = (dl_client_opts){.props = props, .n_props = client->n_props + 1};
}

static dl_flow_end stop_and_join(dl_flow *flow)
{
    dl_flow_stop(flow);
    return dl_flow_join(flow);
}

static void expect_all_committed(const world *w, const char *name)
{
    int64_t committed[MSGCHECK_PARTITIONS];

    world_committed(w, committed);
    for (int p = 0; p < w->n_partitions; p++)
        if (committed[p] != w->ends[p] && (w->ends[p] || committed[p] != -1))
            fail_msg("%s: partition %d: want commit %lld, got %lld", name, p, (long long)w->ends[p], (long long)committed[p]);
}

/* ---- plain runs ----------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    int         n_partitions;
    uint32_t    n_workers, n, bytes, poison_every;
    work        work;
} plain[] = {
    {"8 partitions, 4 workers", 8, 4, 10000, 200, 0, {.jitter_us = 300}},
    {"one partition, 8 workers: order is by re-sequencing alone", 1, 8, 3000, 100, 0, {.jitter_us = 2000}},
    {"more partitions than articles", 16, 2, 10, 100, 0, {0}},
    {"poison every tenth", 8, 4, 5000, 100, 10, {.jitter_us = 200}},
    {"all poison", 4, 2, 1000, 100, 1, {0}},
    {"empty values", 4, 2, 1000, 0, 0, {0}},
    {"outputs larger than inputs", 8, 4, 300, 100, 0, {.out_bytes = 60000}},
};

static void plain_runs(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        work         wk = {.jitter_us = plain[i].work.jitter_us, .out_bytes = plain[i].work.out_bytes};
        world        w;
        dl_flow_opts opts;

        world_open(&w, 1, plain[i].n_partitions);
        opts = world_flow_opts(&w, do_work, &wk);
        opts.workers.n_threads = plain[i].n_workers;
        world_feed(&w, plain[i].n, plain[i].bytes, plain[i].poison_every);
        dl_flow *flow = world_start(&w, &opts);

        world_read_all(&w, 60000);
        const dl_flow_end end = stop_and_join(flow);

        check_ok(plain[i].name, end.code, &end.err);
        world_expect(&w, plain[i].name, 0, 0);
        check_u64(plain[i].name, w.n_dead, plain[i].poison_every ? plain[i].n / plain[i].poison_every : 0);
        expect_all_committed(&w, plain[i].name);
        world_close(&w);
    }
}

/* ---- what a record carries ------------------------------------------------------------------------------------------ */

static void expect_header(const rd_kafka_message_t *m, const char *name, const char *want)
{
    rd_kafka_headers_t *headers;
    const void         *value;
    size_t              n;

    assert_int_equal(rd_kafka_message_headers(m, &headers), 0);
    if (rd_kafka_header_get_last(headers, name, &value, &n))
        fail_msg("no header %s", name);
    check_str(name, (dl_str){value, n}, want);
}

static void check_record(const rd_kafka_message_t *m, bool dead, void *arg)
{
    (void)arg;
    rd_kafka_timestamp_type_t kind;
    char                      value[64] = "", id[32];

    assert_true(m->len < sizeof value);
    memcpy(value, m->payload, m->len);
    const long n = strtol(value + dead, NULL, 10);

    (void)snprintf(id, sizeof id, "k%ld", n);
    check_str("key", (dl_str){m->key, m->key_len}, id);
    assert_int_equal(rd_kafka_message_timestamp(m, &kind), 1700000000000 + n);
    expect_header(m, "origin", "feed");
    if (dead) {
        char off[24];

        assert_int_equal(value[0], '!'); /* the original bytes */
        (void)snprintf(off, sizeof off, "%ld", n / 2);
        expect_header(m, "dateline-error-stage", "test");
        expect_header(m, "dateline-error-code", "bad_input");
        expect_header(m, "dateline-error-message", "poison");
        expect_header(m, "dateline-error-topic", WORLD_IN);
        expect_header(m, "dateline-error-partition", n % 2 ? "1" : "0");
        expect_header(m, "dateline-error-offset", off);
    } else {
        expect_header(m, "content-type", "application/json");
        expect_header(m, "dateline-schema", "enriched-article/1");
        expect_header(m, "dateline-pipeline-version", DL_VERSION);
    }
}

static void records_carry_key_headers_and_time(void **state)
{
    work         wk = {0};
    world        w;
    dl_flow_opts opts;
    (void)state;

    world_open(&w, 1, 2);
    w.on_record = check_record;
    opts = world_flow_opts(&w, do_work, &wk);
    world_feed(&w, 100, 20, 4);
    dl_flow *flow = world_start(&w, &opts);

    world_read_all(&w, 30000);
    (void)stop_and_join(flow);
    check_u64("dead", w.n_dead, 25);
    world_close(&w);
}

/* ---- too large, nowhere to go --------------------------------------------------------------------------------------- */

static void too_large_outputs_are_dead_letters(void **state)
{
    work           wk = {.out_bytes = 300000};
    dl_client_prop props[8];
    world          w;
    dl_flow_opts   opts;
    (void)state;

    world_open(&w, 1, 2);
    opts = world_flow_opts(&w, do_work, &wk);
    add_prop(&opts.sink.client, props, "message.max.bytes", "100000");
    world_feed(&w, 20, 1000, 0);   /* the output is too large */
    world_feed(&w, 4, 200000, 0);  /* ... and so is the input for the dead-letter topic: it goes without its value */
    dl_flow *flow = world_start(&w, &opts);

    world_read_all(&w, 30000);
    const dl_flow_end end = stop_and_join(flow);

    check_ok("end", end.code, &end.err);
    check_u64("dead", w.n_dead, 24);
    world_expect(&w, "too large", 0, 0);
    expect_all_committed(&w, "too large");
    world_close(&w);
}

static bool received_all(const world *w, void *arg)
{
    const dl_flow_stats s = dl_flow_read(arg);

    return s.enriched + s.unkept >= w->n_fed;
}

static void without_a_dead_letter_topic_poison_is_counted(void **state)
{
    work         wk = {0};
    world        w;
    dl_flow_opts opts;
    (void)state;

    world_open(&w, 1, 4);
    opts = world_flow_opts(&w, do_work, &wk);
    opts.sink.dead_topic = NULL;
    world_feed(&w, 1000, 50, 10);
    dl_flow *flow = world_start(&w, &opts);

    assert_true(world_read_until(&w, received_all, flow, 30000));
    check_u64("unkept", dl_flow_read(flow).unkept, 100);
    (void)stop_and_join(flow);
    expect_all_committed(&w, "no dead-letter topic");
    world_close(&w);
}

/* The key is what is too large, and every dead letter has it. */
static void a_dead_letter_that_nobody_takes_holds_nothing_up(void **state)
{
    enum { KEY = 200000 };
    work           wk = {0};
    dl_client_prop props[8];
    world          w;
    dl_flow_opts   opts;
    char          *key = calloc(1, KEY);
    (void)state;

    world_open(&w, 1, 2);
    opts = world_flow_opts(&w, do_work, &wk);
    add_prop(&opts.sink.client, props, "message.max.bytes", "100000");
    world_feed(&w, 10, 50, 0);
    assert_int_equal(rd_kafka_producev(w.feeder, RD_KAFKA_V_TOPIC(WORLD_IN), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_KEY(key, KEY),
                                       RD_KAFKA_V_VALUE(key, 10), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
                     0);
    w.ends[0]++;
    world_feed(&w, 10, 50, 0);
    dl_flow *flow = world_start(&w, &opts);

    world_read_all(&w, 30000);
    const dl_flow_end end = stop_and_join(flow);

    check_ok("end", end.code, &end.err);
    check_u64("dead", w.n_dead, 0);
    check_u64("out", w.n_out, 20);
    expect_all_committed(&w, "a key too large");
    world_close(&w);
    free(key);
}

/* ---- not now -------------------------------------------------------------------------------------------------------- */

static void do_work_not_now(void *arg, dl_session *session, dl_job *job)
{
    const bool never = job->value.p[0] == '!';

    if (never || (job->record.offset % 7 == 0 && job->n_tries < 2))
        job->code = dl_fail(&job->err, DL_RETRY, "test", DL_NO_PLACE, "not now");
    else
        do_work(arg, session, job);
}

static void check_retried(const rd_kafka_message_t *m, bool dead, void *arg)
{
    (void)arg;
    if (dead)
        expect_header(m, "dateline-error-code", "retry");
}

static void work_is_tried_again_and_not_for_ever(void **state)
{
    work         wk = {0};
    world        w;
    dl_flow_opts opts;
    (void)state;

    world_open(&w, 1, 4);
    w.on_record = check_retried;
    opts = world_flow_opts(&w, do_work_not_now, &wk);
    opts.workers.queue_max_jobs = 4;
    world_feed(&w, 2000, 50, 100);
    dl_flow *flow = world_start(&w, &opts);

    world_read_all(&w, 30000);
    const dl_flow_end end = stop_and_join(flow);

    check_ok("end", end.code, &end.err);
    check_u64("dead", w.n_dead, 20);
    world_expect(&w, "not now", 0, 0);
    expect_all_committed(&w, "not now");
    world_close(&w);
}

/* ---- trouble with brokers ------------------------------------------------------------------------------------------- */

enum { PRODUCE = 0, OFFSET_COMMIT = 8 };

static bool half_came(const world *w, void *arg)
{
    (void)arg;
    return w->mc->n_seen > w->n_fed / 3;
}

static void fail_produce_retriably(world *w)
{
    rd_kafka_mock_push_request_errors(w->cluster, PRODUCE, 6, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION,
                                      RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT, RD_KAFKA_RESP_ERR__TRANSPORT,
                                      RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR__TRANSPORT,
                                      RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS);
}

static void fail_produce_for_good(world *w)
{
    rd_kafka_mock_push_request_errors(w->cluster, PRODUCE, 3, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED,
                                      RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED);
}

static void fail_idempotence(world *w)
{
    rd_kafka_mock_push_request_errors(w->cluster, PRODUCE, 2, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER,
                                      RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH);
}

static void fail_commits(world *w)
{
    rd_kafka_mock_push_request_errors(w->cluster, OFFSET_COMMIT, 4, RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE,
                                      RD_KAFKA_RESP_ERR_NOT_COORDINATOR, RD_KAFKA_RESP_ERR__TRANSPORT,
                                      RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT);
}

static void bounce_all(world *w)
{
    for (int id = 1; id <= 3; id++)
        (void)rd_kafka_mock_broker_set_down(w->cluster, id);
    (void)world_read_until(w, half_came, NULL, 0);
    /* Down for a second of real time: clients see refused connections and back off. */
    (void)nanosleep(&(struct timespec){.tv_sec = 1}, NULL);
    for (int id = 1; id <= 3; id++)
        (void)rd_kafka_mock_broker_set_up(w->cluster, id);
}

/* Of the output alone: when the input's move, the mock refuses commits that carry the epoch of the record (FENCED_LEADER_EPOCH), where
 * Kafka keeps them with the offset. */
static void move_leaders(world *w)
{
    for (int32_t p = 0; p < w->n_partitions; p++)
        (void)rd_kafka_mock_partition_set_leader(w->cluster, WORLD_OUT, p, 1 + p % 3);
}

/* The mock looks at no sequence number of a producer without transactions. Where a request is refused and one behind it on its way is taken,
 * a broker would refuse both; the client knows that, and holds the first for delivered. So requests go one by one where some are refused.
 * And it takes for new what is sent again after its answer was cut off. */
static const struct {
    const char *name;
    void (*hurt)(world *w);
    bool one_by_one;
    bool cut_off;  /* doubles */
    bool replaced; /* the producer may be another one afterwards, and what it had not acknowledged is emitted again */
    bool patient;  /* the coordinator is away for seconds, in which a short session ends: then the partitions are lost, uncommitted */
} troubles[] = {
    {"produce fails, retriable", fail_produce_retriably, true, false, false, false},
    {"produce fails for good", fail_produce_for_good, false, false, true, false},
    {"idempotence is lost", fail_idempotence, false, false, true, false},
    {"commits fail", fail_commits, false, false, false, true},
    {"all brokers down for a second", bounce_all, false, true, false, false},
    {"leaders move", move_leaders, false, false, false, false},
};

static void trouble_with_brokers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        work           wk = {.slow_us = 100, .jitter_us = 200};
        const uint64_t most = troubles[i].replaced || troubles[i].cut_off ? 8000 : 0;
        dl_client_prop props[8], source_props[8];
        world          w;
        dl_flow_opts   opts;

        world_open(&w, 3, 8);
        opts = world_flow_opts(&w, do_work, &wk);
        opts.workers.n_threads = 4;
        if (troubles[i].one_by_one)
            add_prop(&opts.sink.client, props, "max.in.flight.requests.per.connection", "1");
        if (troubles[i].patient)
            add_prop(&opts.source.client, source_props, "session.timeout.ms", "10000");
        world_feed(&w, 8000, 100, 50);
        dl_flow *flow = world_start(&w, &opts);

        assert_true(world_read_until(&w, half_came, NULL, 30000));
        troubles[i].hurt(&w);
        read_all_of(&w, flow, troubles[i].name);
        const dl_flow_stats stats = dl_flow_read(flow);
        const dl_flow_end   end = stop_and_join(flow);

        check_ok(troubles[i].name, end.code, &end.err);
        world_expect(&w, troubles[i].name, most, troubles[i].replaced ? most : 0);
        assert_true(stats.producers == 1 || troubles[i].replaced);
        expect_all_committed(&w, troubles[i].name);
        world_close(&w);
    }
}

/* ---- stopping ------------------------------------------------------------------------------------------------------- */

static void stop_under_load_and_go_on(void **state)
{
    work         wk = {.slow_us = 500};
    world        w;
    dl_flow_opts opts;
    (void)state;

    world_open(&w, 1, 8);
    opts = world_flow_opts(&w, do_work, &wk);
    world_feed(&w, 4000, 100, 100);
    for (int round = 0; round < 3; round++) {
        dl_flow *flow = world_start(&w, &opts);
        uint64_t before = w.mc->n_seen;

        assert_true(world_read_until(&w, half_came, NULL, 30000));
        const dl_flow_end end = stop_and_join(flow);

        check_ok("drained", end.code, &end.err);
        assert_int_equal(end.n_abandoned, 0);
        assert_true(w.mc->n_seen >= before);
    }
    dl_flow *flow = world_start(&w, &opts);

    world_read_all(&w, 60000);
    (void)stop_and_join(flow);
    world_expect(&w, "three restarts", 0, 0);
    expect_all_committed(&w, "three restarts");
    world_close(&w);
}

static bool some_inflight(const world *w, void *arg)
{
    (void)w;
    return dl_flow_read(arg).inflight_now >= 100;
}

static void a_drain_out_of_time_commits_no_further(void **state)
{
    work         slow = {.slow_us = 300000}, fast = {0};
    world        w;
    dl_flow_opts opts;
    int64_t      committed[MSGCHECK_PARTITIONS], sum = 0;
    (void)state;

    world_open(&w, 1, 4);
    opts = world_flow_opts(&w, do_work, &slow);
    opts.shutdown_timeout_ms = 100;
    world_feed(&w, 400, 100, 0);
    dl_flow *flow = world_start(&w, &opts);

    assert_true(world_read_until(&w, some_inflight, flow, 30000));
    const dl_flow_end end = stop_and_join(flow);

    assert_int_equal(end.code, DL_RETRY);
    assert_true(end.n_abandoned >= 90);
    world_committed(&w, committed);
    for (int p = 0; p < 4; p++)
        sum += committed[p] < 0 ? 0 : committed[p];
    assert_true((uint64_t)sum + end.n_abandoned <= w.n_fed);

    opts = world_flow_opts(&w, do_work, &fast);
    flow = world_start(&w, &opts);
    world_read_all(&w, 30000);
    (void)stop_and_join(flow);
    world_expect(&w, "after a drain out of time", end.n_abandoned, 0);
    world_close(&w);
}

static void refuse_commits(const world *w, int n)
{
    while (n--)
        rd_kafka_mock_push_request_errors(w->cluster, OFFSET_COMMIT, 1, RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED);
}

static const struct {
    const char *name;
    int         n_refused;
    uint32_t    shutdown_timeout_ms;
    dl_code     code;
} last_commits[] = {
    {"the last commit is refused for a while", 50, 60000, DL_OK},
    {"... for longer than the drain may take", 10000, 300, DL_RETRY},
};

static void the_last_commit_is_tried_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof last_commits / sizeof *last_commits; i++) {
        work         wk = {0};
        world        w;
        dl_flow_opts opts;
        int64_t      committed[MSGCHECK_PARTITIONS];

        world_open(&w, 1, 4);
        opts = world_flow_opts(&w, do_work, &wk);
        opts.commit_interval_ms = 600000; /* the last one is the only one */
        opts.shutdown_timeout_ms = last_commits[i].shutdown_timeout_ms;
        refuse_commits(&w, last_commits[i].n_refused);
        world_feed(&w, 400, 100, 0);
        dl_flow *flow = world_start(&w, &opts);

        world_read_all(&w, 30000);
        const dl_flow_end end = stop_and_join(flow);

        assert_int_equal(end.code, last_commits[i].code);
        assert_int_equal(end.n_abandoned, 0);
        if (end.code == DL_OK)
            expect_all_committed(&w, last_commits[i].name);
        world_committed(&w, committed);
        assert_true(end.code == DL_OK || committed[0] == -1);
        world_close(&w);
    }
}

/* ---- bounds --------------------------------------------------------------------------------------------------------- */

static bool bounded(const world *w, void *arg)
{
    const dl_flow_stats s = dl_flow_read(arg);

    (void)w;
    assert_true(s.inflight_now <= 64);
    return s.enriched >= 1000;
}

static void memory_is_bounded_with_slow_workers(void **state)
{
    enum { OUT = 20000, MAX_BYTES = 200000, QUEUE = 8, THREADS = 4 };
    work         wk = {.slow_us = 500, .jitter_us = 500, .out_bytes = OUT};
    world        w;
    dl_flow_opts opts;
    (void)state;

    world_open(&w, 1, 8);
    opts = world_flow_opts(&w, do_work, &wk);
    opts.workers.n_threads = THREADS;
    opts.workers.queue_max_jobs = QUEUE;
    opts.inflight_max_jobs = 64;
    opts.inflight_max_bytes = MAX_BYTES;
    world_feed(&w, 1000, 2000, 0);
    dl_flow *flow = world_start(&w, &opts);

    assert_true(world_read_until(&w, bounded, flow, 60000));
    world_read_all(&w, 10000);
    const dl_flow_stats s = dl_flow_read(flow);

    (void)stop_and_join(flow);
    /* One input over, and the outputs of what the workers hold. */
    assert_true(s.inflight_bytes_max <= MAX_BYTES + (QUEUE + THREADS) * (OUT + 4000));
    assert_true(s.inflight_bytes_max > OUT);
    world_expect(&w, "bounded", 0, 0);
    world_close(&w);
}

static void a_small_producer_queue_holds_slots(void **state)
{
    work           wk = {0};
    dl_client_prop props[8];
    world          w;
    dl_flow_opts   opts;
    (void)state;

    world_open(&w, 1, 8);
    (void)rd_kafka_mock_broker_set_rtt(w.cluster, 1, 20);
    opts = world_flow_opts(&w, do_work, &wk);
    add_prop(&opts.sink.client, props, "queue.buffering.max.messages", "10");
    world_feed(&w, 1000, 100, 7);
    dl_flow *flow = world_start(&w, &opts);

    world_read_all(&w, 60000);
    (void)stop_and_join(flow);
    world_expect(&w, "queue full", 0, 0);
    expect_all_committed(&w, "queue full");
    world_close(&w);
}

/* ---- two members ---------------------------------------------------------------------------------------------------- */

static bool shared(const world *w, void *arg)
{
    dl_flow *const *flows = arg;

    (void)w;
    return dl_flow_read(flows[0]).assigned_now == 4 && dl_flow_read(flows[1]).assigned_now == 4;
}

static bool alone(const world *w, void *arg)
{
    (void)w;
    return dl_flow_read(arg).assigned_now == 8;
}

static void two_members_share_and_one_leaves(void **state)
{
    work         wk = {.slow_us = 300, .jitter_us = 300};
    world        w;
    dl_flow_opts opts;
    dl_flow     *flows[2];
    (void)state;

    world_open(&w, 1, 8);
    opts = world_flow_opts(&w, do_work, &wk);
    flows[0] = world_start(&w, &opts);
    assert_true(world_read_until(&w, alone, flows[0], 30000));
    world_feed(&w, 6000, 100, 0);
    flows[1] = world_start(&w, &opts); /* joins in mid-batch */
    assert_true(world_read_until(&w, shared, flows, 60000));
    world_feed(&w, 6000, 100, 0);
    const dl_flow_end end = stop_and_join(flows[0]); /* leaves in mid-batch */

    check_ok("leaves", end.code, &end.err);
    assert_true(world_read_until(&w, alone, flows[1], 60000));
    world_read_all(&w, 60000);
    assert_true(dl_flow_read(flows[1]).enriched > 0);
    (void)stop_and_join(flows[1]);
    /* Before 2.10, a commit that meets a rebalance costs the client its assignment, and what was not committed is done again: at each of two. */
    world_expect(&w, "two members", RD_KAFKA_VERSION < 0x020a00ff ? 2 * w.n_fed : 0, 0);
    expect_all_committed(&w, "two members");
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plain_runs),
        cmocka_unit_test(records_carry_key_headers_and_time),
        cmocka_unit_test(too_large_outputs_are_dead_letters),
        cmocka_unit_test(without_a_dead_letter_topic_poison_is_counted),
        cmocka_unit_test(a_dead_letter_that_nobody_takes_holds_nothing_up),
        cmocka_unit_test(work_is_tried_again_and_not_for_ever),
        cmocka_unit_test(trouble_with_brokers),
        cmocka_unit_test(stop_under_load_and_go_on),
        cmocka_unit_test(a_drain_out_of_time_commits_no_further),
        cmocka_unit_test(the_last_commit_is_tried_again),
        cmocka_unit_test(memory_is_bounded_with_slow_workers),
        cmocka_unit_test(a_small_producer_queue_holds_slots),
        cmocka_unit_test(two_members_share_and_one_leaves),
    };

    cmocka_set_test_filter(getenv("DL_TEST_ONLY")); /* a pattern; NULL: all */
    return cmocka_run_group_tests(tests, NULL, NULL);
}
