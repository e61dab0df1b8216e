/* embedded: a broker of one's own, for `run --embedded`: librdkafka's in-process mock cluster, a feeder that puts articles on the input
 * topic, and a tail that reads the output and dead-letter topics.
 *
 * The mock keeps 5 MB a partition and silently drops what is older. The feeder therefore holds back while what it fed and the tail has
 * not seen could fill that.
 * Thread: main, on the given loop. */
#ifndef DL_EMBEDDED_H
#define DL_EMBEDDED_H

#include "kafka.h"

#include <stdio.h>
#include <uv.h>

typedef struct dl_embedded_opts { /* borrowed until dl_embedded_close */
    const char        *topic, *out_topic, *dead_topic;
    int                n_partitions;
    const char *const *files; /* JSON lines, one message each */
    size_t             n_files;
    void (*show)(void *arg, dl_str record, bool dead, dl_str reason); /* each record that comes out; reason: of a dead letter */
    void *show_arg;
    void (*done)(void *arg); /* the input is at its end and all of it came out */
    void *done_arg;
} dl_embedded_opts;

typedef struct dl_embedded dl_embedded;

/* Starts the cluster and makes the topics; nothing is fed yet. Gives: dl_embedded_close. Errors: DL_FATAL. */
dl_code dl_embedded_open(dl_embedded **out, const dl_embedded_opts *opts, dl_error *err);

/* "127.0.0.1:port,...". Borrows. */
const char *dl_embedded_brokers(const dl_embedded *e);

/* Begins to feed and to read, on this loop. Errors: DL_FATAL. */
dl_code dl_embedded_start(dl_embedded *e, uv_loop_t *loop, dl_log *log, dl_error *err);

/* Messages fed, and those of them that came out enriched or dead. */
typedef struct dl_embedded_count {
    uint64_t fed, enriched, dead;
} dl_embedded_count;

dl_embedded_count dl_embedded_read(const dl_embedded *e);

/* Handles are closing when this returns: run the loop once more. e may be NULL; its memory is freed with its last handle. */
void dl_embedded_close(dl_embedded *e);

#endif
