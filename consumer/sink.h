/* sink: enriched records and dead letters out. An idempotent Kafka producer without a thread or loop of its own.
 *
 * Payloads are not copied: a job belongs to the producer from dl_sink_produce until `delivered` is called for it, once for each
 * successful produce, whatever became of it.
 *
 * A broker that is away is waited for by librdkafka. When it gives up on a message (message.timeout.ms, no permission), or loses its
 * idempotence, this producer is finished: `DL_DELIVERY_FAILED`. The flow then closes it and opens another, and emits again from the
 * first unacknowledged article.
 * Thread: the flow thread, but for the wake callback. */
#ifndef DL_SINK_H
#define DL_SINK_H

#include "kafka.h"
#include "workers.h"

typedef enum dl_dead { /* dl_job.dead */
    DL_ALIVE,          /* the enriched record goes out */
    DL_DEAD,           /* the input goes to the dead-letter topic as it came */
    DL_DEAD_BARE,      /* ... without its value and headers, which the broker found too large */
    DL_DEAD_UNKEPT     /* refused even so: it is logged and goes nowhere */
} dl_dead;

typedef struct dl_sink_opts {
    const char          *topic;
    const char          *dead_topic; /* NULL: dead letters are logged and counted, and not kept */
    dl_client_opts client;
} dl_sink_opts;

typedef enum dl_delivery {
    DL_DELIVERY_OK,      /* the broker has it */
    DL_DELIVERY_REFUSED, /* the broker will never take this one: too large */
    DL_DELIVERY_FAILED   /* the producer is finished */
} dl_delivery;

typedef struct dl_sink_events {
    void *arg;
    void (*wake)(void *arg);                                        /* thread: one of librdkafka's */
    void (*delivered)(void *arg, dl_job *job, dl_delivery delivery); /* from dl_sink_poll and dl_sink_close */
    void (*failed)(void *arg, const char *reason);                  /* the producer is finished, without a job to say so */
} dl_sink_events;

typedef enum dl_produce { /* what dl_sink_produce says */
    DL_PRODUCED,          /* lent until `delivered` */
    DL_PRODUCE_LATER,     /* the producer's queue is full: hold the job, try again after the next delivery */
    DL_PRODUCE_REFUSED,   /* too large: make it a dead letter, or a bare one */
    DL_PRODUCE_FAILED     /* the producer is finished, or the topic does not exist (yet) */
} dl_produce;

typedef struct dl_sink dl_sink;

/* Gives: dl_sink_close. Copies what it needs of opts. Errors: DL_FATAL for a property that librdkafka refuses. */
dl_code dl_sink_open(dl_sink **out, const dl_sink_opts *opts, const dl_sink_events *events, dl_log *log, dl_error *err);

/* Enriched record or dead letter, as job->dead says: keyed by the article's id or the input's key, with the input's headers and ours
 * and the input's timestamp. */
dl_produce dl_sink_produce(dl_sink *sink, dl_job *job);

/* Serve delivery reports and errors: the callbacks come from here. */
void dl_sink_poll(dl_sink *sink);

/* Messages that wait for delivery. */
int dl_sink_n_waiting(const dl_sink *sink);

/* What is not yet delivered comes back as DL_DELIVERY_FAILED before this returns. sink may be NULL. */
void dl_sink_close(dl_sink *sink);

#endif
