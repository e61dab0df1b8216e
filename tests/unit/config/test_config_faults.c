/* Loading with the first, the second, the third... allocation of ours failing: no crash, no leak, *out untouched, until none fails. */
#include "config/config.h"
#include "support/check.h"
#include "support/fault.h"

static char *env[] = {(char *)"HOST=kafka:9092", (char *)"DATELINE_INPUT__GROUP=g", NULL};
static const char *const sets[] = {"output.topic=t", "kafka.linger.ms=5"};

static void test_memory_that_ends(void **state)
{
    const dl_config_text text = {"f.yaml", DL_LIT("kafka: {brokers: '${HOST}', sasl: {username: me}}\ninput: {topics: [a, b]}\n")};
    const dl_config_sources from = {.texts = &text, .n_texts = 1, .env = env, .sets = sets, .n_sets = 2};
    size_t n = 0;
    bool failed;

    (void)state;
    do {
        dl_config cfg = {.kafka_brokers = "untouched"};
        dl_buf report = {0};
        dl_error err;

        fault_begin(++n);
        const dl_code code = dl_config_load(&cfg, &from, &report, &err);

        failed = fault_end();
        if (code == DL_OK) {
            check_str("brokers", dl_str_of(cfg.kafka_brokers), "kafka:9092");
            dl_config_free(&cfg);
        } else {
            check_u64("code", code, DL_FATAL);
            check_str("out", dl_str_of(cfg.kafka_brokers), "untouched");
        }
        check_u64("loaded where nothing failed", failed || code == DL_OK, 1);
        dl_buf_free(&report);
    } while (failed);
    assert_true(n > 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_memory_that_ends)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
