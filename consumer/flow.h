/* flow: the thread that moves articles. It alone owns consumer, producer and partition table; its libuv loop is woken by both clients,
 * by the workers and by timers.
 *
 *     source -> lane's ledger -> workers -> (back in order) -> sink -> delivery report -> ledger -> commit
 *
 * An input offset is committed when its output, or its dead letter, is acknowledged, and never past one that is not. Input is taken
 * only while what is in flight stays within its bounds in articles and bytes; then it waits in the source, and in the end in Kafka.
 * Each input partition's outputs are produced in the order of its offsets. */
#ifndef DL_FLOW_H
#define DL_FLOW_H

#include "sink.h"
#include "source.h"
#include "workers.h"

typedef struct dl_flow_opts { /* everything in it outlives the flow */
    dl_source_opts  source;
    dl_sink_opts    sink;
    dl_workers_opts workers;
    uint32_t        inflight_max_jobs;
    size_t          inflight_max_bytes; /* inputs and outputs together; passed by at most the outputs of what the workers hold */
    uint32_t        commit_interval_ms;
    uint32_t        rebalance_drain_ms;  /* to finish what a revoked partition has in flight; all fetching stands still meanwhile */
    uint32_t        shutdown_timeout_ms; /* to finish what is in flight after dl_flow_stop */
} dl_flow_opts;

/* Two workers, 4,096 articles, 128 MiB and the intervals of default.yaml; no topic, no broker. */
dl_flow_opts dl_flow_defaults(void);

typedef struct dl_flow_stats { /* since the start, but for those that say now */
    uint64_t received, received_bytes;
    uint64_t enriched, dead;    /* acknowledged */
    uint64_t unkept;            /* failed, with no dead-letter topic to keep them */
    uint64_t stale;             /* returned or fetched for a partition that is no longer ours */
    uint64_t commits, commit_errors;
    uint64_t assigned, revoked, lost; /* partitions */
    uint64_t producers;               /* opened */
    uint64_t inflight_now, inflight_bytes_now, assigned_now;
    uint64_t inflight_bytes_max;
} dl_flow_stats;

typedef struct dl_flow_end {
    dl_code  code; /* DL_OK: drained. DL_RETRY: the drain ran out of time. DL_FATAL: could not go on */
    uint64_t n_abandoned;
    dl_error err;
} dl_flow_end;

typedef struct dl_flow dl_flow;

/* Opens source, sink and workers and starts the thread. Gives: dl_flow_join. on_end is called on the flow's thread when it is about to
 * end, whatever the cause (may be NULL). Errors: DL_FATAL; nothing runs then. */
dl_code dl_flow_start(dl_flow **out, const dl_flow_opts *opts, const dl_engine *engine, dl_log *log, void (*on_end)(void *arg), void *arg,
                      dl_error *err);

/* Take nothing more, finish what is in flight, commit, leave the group, end. Returns at once. Thread: any; again is harmless. */
void dl_flow_stop(dl_flow *flow);

/* Waits for the end and frees. */
dl_flow_end dl_flow_join(dl_flow *flow);

/* Thread: any. Each figure is exact, but they are not of one instant. */
dl_flow_stats dl_flow_read(const dl_flow *flow);

#endif
