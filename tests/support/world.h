/* world: a mock cluster with the three topics, a feeder and a reader, for tests of the flow. One at a time.
 * The mock keeps 5 MB a partition: keep what is fed below that. */
#ifndef DL_TEST_WORLD_H
#define DL_TEST_WORLD_H

#include "check.h"
#include "consumer/flow.h"
#include "msgcheck.h"

#include <librdkafka/rdkafka_mock.h>

#define WORLD_IN "in"
#define WORLD_OUT "out"
#define WORLD_DEAD "dead"

typedef struct world {
    rd_kafka_t              *feeder; /* the cluster lives in it */
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_t              *reader;
    const char              *brokers;
    int                      n_partitions;
    dl_engine               *engine;
    dl_log                  *log;
    int64_t                  ends[MSGCHECK_PARTITIONS];
    uint64_t                 n_fed;
    msgcheck                *mc;
    uint64_t                 n_out, n_dead; /* records read */
    void (*on_record)(const rd_kafka_message_t *m, bool dead, void *arg); /* NULL: none */
    void *on_record_arg;
} world;

void world_open(world *w, int n_brokers, int n_partitions);
void world_close(world *w);

/* Options for a flow in this world: its topics, its broker, short intervals, `work` in place of the pipeline. */
dl_flow_opts world_flow_opts(const world *w, dl_work_fn *work, void *arg);

/* dl_flow_start, or the test fails. */
dl_flow *world_start(const world *w, const dl_flow_opts *opts);

/* Feed n messages, round robin over the partitions, key "k<i>", value "<i> <padding to bytes>"; every poison_every-th begins with '!'
 * (0: none). Waits until the broker has them. */
void world_feed(world *w, uint32_t n, size_t bytes, uint32_t poison_every);

/* Read the output topics until `enough` says so, or for at most timeout_ms (false then). */
bool world_read_until(world *w, bool (*enough)(const world *w, void *arg), void *arg, int timeout_ms);

/* An `enough`: every fed message came out. */
bool world_all_came(const world *w, void *arg);

/* ... until every fed message came out; then a little more, for what comes twice. The test fails after timeout_ms. */
void world_read_all(world *w, int timeout_ms);

/* What world_flow_opts's group has committed, by partition; -1 nothing. */
void world_committed(const world *w, int64_t *out);

/* Fails where anything is lost, or more is doubled or disordered than said. */
void world_expect(const world *w, const char *name, uint64_t doubled_max, uint64_t disordered_max);

#endif
