/* kafka: what consumer, producer and mock cluster share: properties and the clients' own log lines. */
#ifndef DL_KAFKA_H
#define DL_KAFKA_H

#include "log.h"

#include <librdkafka/rdkafka.h>

typedef struct dl_client_prop { /* a librdkafka property, as its CONFIGURATION.md names it */
    const char *key, *value;
} dl_client_prop;

/* How a client is set up, beyond what source and sink decide themselves. Ours come first and can be changed here, but for the few on
 * which the promises rest. */
typedef struct dl_client_opts {
    dl_code (*tune)(rd_kafka_conf_t *conf, const void *arg, dl_error *err); /* NULL: nothing */
    const void           *tune_arg;
    const dl_client_prop *props; /* after tune; bootstrap.servers among them, or in tune */
    size_t                n_props;
} dl_client_opts;

/* ours, then opts, then fixed. */
dl_code dl_kafka_conf(rd_kafka_conf_t *conf, const dl_client_prop *ours, size_t n_ours, const dl_client_opts *opts,
                      const dl_client_prop *fixed, size_t n_fixed, dl_error *err);

/* Set all; DL_FATAL with librdkafka's words where one is unknown or out of range. Values are not quoted: they may be secrets. */
dl_code dl_kafka_set(rd_kafka_conf_t *conf, const dl_client_prop *props, size_t n, dl_error *err);

/* A log_cb: the client's opaque does not come with it, so the log is set once, before the first client. */
void dl_kafka_log_to(dl_log *log);
void dl_kafka_log_cb(const rd_kafka_t *rk, int level, const char *fac, const char *buf);

/* An error that the client reported by its error_cb: it goes on by itself, and says so once in 30 seconds. */
void dl_kafka_log_error(dl_log *log, const char *module, rd_kafka_resp_err_t err, const char *reason);

#endif
