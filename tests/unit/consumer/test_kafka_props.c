#include "consumer/kafka_props.h"

#include "support/check.h"

static const struct {
    const char   *name, *prop, *value;
    dl_kafka_side side;
    const char   *why; /* NULL: taken; else how the reason begins */
} checks[] = {
    {"both sides", "socket.timeout.ms", "5000", DL_KAFKA_BOTH, NULL},
    {"one side's, under kafka", "fetch.min.bytes", "5", DL_KAFKA_BOTH, NULL},
    {"consumer's, for the consumer", "fetch.min.bytes", "5", DL_KAFKA_CONSUMER, NULL},
    {"producer's, for the producer", "linger.ms", "5", DL_KAFKA_PRODUCER, NULL},
    {"of a topic", "compression.type", "lz4", DL_KAFKA_PRODUCER, NULL},
    {"consumer's, for the producer", "fetch.min.bytes", "5", DL_KAFKA_PRODUCER, "fetch.min.bytes is a property of consumers"},
    {"producer's, for the consumer", "linger.ms", "5", DL_KAFKA_CONSUMER, "linger.ms is a property of producers"},
    {"near another", "linger.m", "5", DL_KAFKA_BOTH, "librdkafka has no property \"linger.m\"; did you mean \"linger.ms\"?"},
    {"near nothing", "zebra", "5", DL_KAFKA_BOTH, "librdkafka has no property \"zebra\""},
    {"empty name", "", "5", DL_KAFKA_BOTH, "librdkafka has no property \"\""},
    {"out of range", "fetch.min.bytes", "-3", DL_KAFKA_BOTH, "Configuration property \"fetch.min.bytes\" value -3 is outside allowed range"},
    {"wrong type", "linger.ms", "soon", DL_KAFKA_BOTH, "Invalid value for configuration property \"queue.buffering.max.ms\""},
    {"unknown word", "security.protocol", "magic", DL_KAFKA_BOTH, "Invalid value"},
};

static void test_checks(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++) {
        char why[256] = "";
        const bool taken = dl_kafka_prop_takes(checks[i].prop, checks[i].value, checks[i].side, why, sizeof why);

        check_u64(checks[i].name, taken, checks[i].why == NULL);
        if (checks[i].why && !dl_str_starts(dl_str_of(why), dl_str_of(checks[i].why)))
            check_str(checks[i].name, dl_str_of(why), checks[i].why);
    }
}

static void expect(rd_kafka_conf_t *conf, const char *name, const char *want)
{
    char value[256];
    size_t n = sizeof value;

    assert_int_equal(rd_kafka_conf_get(conf, name, value, &n), RD_KAFKA_CONF_OK);
    check_str(name, dl_str_of(value), want);
}

static rd_kafka_conf_t *applied(const dl_config *cfg, dl_kafka_side side)
{
    rd_kafka_conf_t *const conf = rd_kafka_conf_new();
    dl_error err;

    check_ok("apply", dl_kafka_props_apply(conf, cfg, side, &err), &err);
    return conf;
}

static void test_apply(void **state)
{
    static const char *const sets[] = {"kafka.brokers=b:1",     "kafka.client_id=me",          "kafka.fetch.min.bytes=7", "kafka.linger.ms=9",
                                       "kafka.sasl.username=u", "kafka.consumer.sasl.username=c", "kafka.producer.batch.size=4096"};
    const dl_config_sources from = {.sets = sets, .n_sets = sizeof sets / sizeof *sets, .check_prop = dl_kafka_prop_takes};
    dl_config cfg;
    dl_buf report = {0};
    dl_error err = {0};

    (void)state;
    check_ok("load", dl_config_load(&cfg, &from, &report, &err), &err);
    rd_kafka_conf_t *const consumer = applied(&cfg, DL_KAFKA_CONSUMER), *const producer = applied(&cfg, DL_KAFKA_PRODUCER);

    expect(consumer, "bootstrap.servers", "b:1");
    expect(consumer, "client.id", "me");
    expect(consumer, "fetch.min.bytes", "7");
    expect(consumer, "linger.ms", "5"); /* its default: a producer's property is not set here */
    expect(consumer, "sasl.username", "c");
    expect(producer, "fetch.min.bytes", "1");
    expect(producer, "linger.ms", "9");
    expect(producer, "sasl.username", "u");
    expect(producer, "batch.size", "4096");
    rd_kafka_conf_destroy(consumer);
    rd_kafka_conf_destroy(producer);
    dl_config_free(&cfg);
}

/* The loader was not given the check, so the mistake comes to light here; a secret is not quoted. */
static void test_apply_refuses(void **state)
{
    static const char *const sets[] = {"kafka.security.protocol=magic"};
    const dl_config_sources from = {.sets = sets, .n_sets = 1};
    rd_kafka_conf_t *const conf = rd_kafka_conf_new();
    dl_config cfg;
    dl_buf report = {0};
    dl_error err = {0};

    (void)state;
    check_ok("load", dl_config_load(&cfg, &from, &report, &err), &err);
    check_u64("refused", dl_kafka_props_apply(conf, &cfg, DL_KAFKA_CONSUMER, &err), DL_FATAL);
    assert_true(dl_str_starts(dl_str_of(err.msg), DL_LIT("Invalid value")));
    rd_kafka_conf_destroy(conf);
    dl_config_free(&cfg);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_checks),
        cmocka_unit_test(test_apply),
        cmocka_unit_test(test_apply_refuses),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
