/* source: articles in. A Kafka consumer without a thread or loop of its own: it is woken and polled by the flow.
 *
 * Fetched messages of all assigned partitions are forwarded to one queue of ours. Back-pressure is not draining that queue: librdkafka
 * then stops fetching at `prefetch_max_bytes`, and nothing needs pause(), which would throw the prefetched messages away. The consumer's
 * own queue (rebalances, errors, commits) is polled all the same, which keeps the group membership alive.
 * Thread: the flow thread, but for the wake callback. */
#ifndef DL_SOURCE_H
#define DL_SOURCE_H

#include "kafka.h"

typedef struct dl_source_opts {
    const char *const   *topics; /* a name that begins with ^ is a regular expression */
    size_t               n_topics;
    const char          *group;
    const char          *auto_offset_reset; /* earliest, latest or error: where a group without a commit begins */
    size_t               prefetch_max_bytes;
    dl_client_opts client;
} dl_source_opts;

typedef struct dl_source_events {
    void *arg;
    /* Something to poll. Thread: one of librdkafka's; must not call librdkafka. */
    void (*wake)(void *arg);
    /* These partitions are ours now. */
    void (*assigned)(void *arg, const rd_kafka_topic_partition_list_t *parts);
    /* These are to be given up. lost: another member may own them already, nothing of them may be committed, and the source lets go of
     * them when this returns. Otherwise they stay ours, unfetched, until dl_source_unassign. */
    void (*revoked)(void *arg, const rd_kafka_topic_partition_list_t *parts, bool lost);
    /* A commit was answered; each partition carries its own error. parts may be NULL with an error. */
    void (*committed)(void *arg, rd_kafka_resp_err_t err, const rd_kafka_topic_partition_list_t *parts);
    /* The consumer cannot go on (fenced, for example). */
    void (*fatal)(void *arg, const char *reason);
} dl_source_events;

typedef struct dl_source dl_source;

/* Joins the group (not before the first poll). Gives: dl_source_close. Copies what it needs of opts.
 * Errors: DL_FATAL for a property that librdkafka refuses. A broker that is away is no error. */
dl_code dl_source_open(dl_source **out, const dl_source_opts *opts, const dl_source_events *events, dl_log *log, dl_error *err);

/* Serve rebalances, errors, commits: the callbacks above come from here. */
void dl_source_poll(dl_source *s);

/* The next article, or NULL when none is here. Gives: rd_kafka_message_destroy. */
rd_kafka_message_t *dl_source_next(dl_source *s);

/* The assignment was lost after `revoked` had said otherwise: nothing of it may be committed any more. */
bool dl_source_lost(const dl_source *s);

/* Let go of what `revoked` gave to the flow. */
void dl_source_unassign(dl_source *s);

/* Commit these offsets; `committed` is called later, or within wait_ms (and the call returns a little after a failure, not at once). */
void dl_source_commit(dl_source *s, const rd_kafka_topic_partition_list_t *offsets);
void dl_source_commit_wait(dl_source *s, const rd_kafka_topic_partition_list_t *offsets, int wait_ms);

/* Leaves the group and frees. Blocks while the coordinator is told. `revoked` may be called for the last time: nothing is waited for
 * then. s may be NULL. */
void dl_source_close(dl_source *s);

#endif
