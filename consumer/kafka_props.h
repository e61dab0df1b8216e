/* kafka_props: properties that pass through from the configuration to librdkafka.
 * Thread: any; nothing is kept between calls. */
#ifndef DL_KAFKA_PROPS_H
#define DL_KAFKA_PROPS_H

#include "config/config.h"

#include <librdkafka/rdkafka.h>

/* A dl_kafka_prop_check: set on a throw-away rd_kafka_conf_t, and refused where it belongs to the other side. */
bool dl_kafka_prop_takes(const char *name, const char *value, dl_kafka_side side, char *why, size_t why_cap);

/* Set kafka.brokers, kafka.client_id and the properties of one side (DL_KAFKA_CONSUMER or DL_KAFKA_PRODUCER) on conf. What stands under
 * `kafka` alone is set only where it has a meaning for that side; what stands under `kafka.consumer` or `kafka.producer` comes last.
 * DL_FATAL: librdkafka does not take it. */
dl_code dl_kafka_props_apply(rd_kafka_conf_t *conf, const dl_config *cfg, dl_kafka_side side, dl_error *err);

#endif
