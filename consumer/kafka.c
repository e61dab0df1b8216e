#include "kafka.h"

#include <stdatomic.h>

/* librdkafka hands its log callback no opaque of ours but through rd_kafka_opaque(), which belongs to each client's owner. */
static _Atomic(dl_log *) client_log;

dl_code dl_kafka_set(rd_kafka_conf_t *conf, const dl_client_prop *props, size_t n, dl_error *err)
{
    char why[256];

    for (size_t i = 0; i < n; i++)
        if (rd_kafka_conf_set(conf, props[i].key, props[i].value, why, sizeof why) != RD_KAFKA_CONF_OK)
            return dl_fail(err, DL_FATAL, "kafka", DL_NO_PLACE, "property \"%s\" is unknown to librdkafka %s or its value is not allowed",
                           props[i].key, rd_kafka_version_str());
    return DL_OK;
}

dl_code dl_kafka_conf(rd_kafka_conf_t *conf, const dl_client_prop *ours, size_t n_ours, const dl_client_opts *opts,
                      const dl_client_prop *fixed, size_t n_fixed, dl_error *err)
{
    dl_code code = dl_kafka_set(conf, ours, n_ours, err);

    if (code == DL_OK && opts->tune)
        code = opts->tune(conf, opts->tune_arg, err);
    if (code == DL_OK)
        code = dl_kafka_set(conf, opts->props, opts->n_props, err);
    if (code == DL_OK)
        code = dl_kafka_set(conf, fixed, n_fixed, err);
    return code;
}

void dl_kafka_log_to(dl_log *log)
{
    atomic_store(&client_log, log);
}

void dl_kafka_log_cb(const rd_kafka_t *rk, int level, const char *fac, const char *buf)
{
    dl_log      *log = atomic_load(&client_log);
    dl_log_level ours = level <= 3 ? DL_LOG_ERROR : level == 4 ? DL_LOG_WARN : level <= 6 ? DL_LOG_INFO : DL_LOG_DEBUG;

    if (level == 3) /* librdkafka's LOG_ERR is mostly a broker away, which it mends by itself */
        ours = DL_LOG_WARN;
    DL_LOG_EVERY(log, 30000, 3, ours, "librdkafka", DL_MSG("client says"), DL_F_STR("fac", fac),
                 DL_F_STR("client", rk ? rd_kafka_name(rk) : ""), DL_F_STR("says", buf));
}

void dl_kafka_log_error(dl_log *log, const char *module, rd_kafka_resp_err_t err, const char *reason)
{
    DL_LOG_EVERY(log, 30000, 1, DL_LOG_WARN, module, DL_MSG("broker trouble, retrying"), DL_F_STR("code", rd_kafka_err2name(err)),
                 DL_F_STR("reason", reason));
}
