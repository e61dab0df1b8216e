/* Which layer wins, and where each value is said to come from. */
#include "config/config.h"
#include "config/option.h"
#include "config/reference.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

enum { MAX = 4 };

static const struct {
    const char *name;
    const char *files[MAX], *env[MAX], *sets[MAX]; /* NULL ends */
    const char *key, *want, *from;
} layers[] = {
    {"default", {0}, {0}, {0}, "input.group", "dateline", "default"},
    {"file over default", {"input: {group: f}"}, {0}, {0}, "input.group", "f", "f0.yaml:1:16"},
    {"later file over earlier", {"input: {group: f}", "input:\n  group: g"}, {0}, {0}, "input.group", "g", "f1.yaml:2:10"},
    {"environment over files", {"input: {group: f}"}, {"DATELINE_INPUT__GROUP=e"}, {0}, "input.group", "e", "environment DATELINE_INPUT__GROUP"},
    {"--set over environment", {"input: {group: f}"}, {"DATELINE_INPUT__GROUP=e"}, {"input.group=s"}, "input.group", "s", "--set"},
    {"later --set over earlier", {0}, {0}, {"input.group=s", "input.group=t"}, "input.group", "t", "--set"},
    {"a list is replaced, not joined", {"input: {topics: [a, b]}"}, {0}, {"input.topics=c"}, "input.topics", "[c]", "--set"},
    {"single underscores stay", {0}, {"DATELINE_DEAD_LETTER__TOPIC=d"}, {0}, "dead_letter.topic", "d", "environment DATELINE_DEAD_LETTER__TOPIC"},
    {"a value may hold =", {0}, {0}, {"input.group=a=b"}, "input.group", "\"a=b\"", "--set"},
    {"environment is not interpolated", {0}, {"DATELINE_INPUT__GROUP=${HOME}"}, {0}, "input.group", "\"$${HOME}\"", "environment DATELINE_INPUT__GROUP"},
    {"what Kubernetes puts there is left alone", {0}, {"DATELINE_SERVICE_HOST=10.0.0.1", "DATELINE_PORT_8080_TCP=tcp://10.0.0.1"}, {0}, "input.group", "dateline", "default"},
    {"other variables are left alone", {0}, {"PATH=/bin", "DATELINES=1", "X"}, {0}, "input.group", "dateline", "default"},
    {"property by environment", {0}, {"DATELINE_KAFKA__SASL__PASSWORD=p"}, {0}, "sasl.password", "p", "environment DATELINE_KAFKA__SASL__PASSWORD"},
    {"property: --set over file", {"kafka: {linger.ms: 1}"}, {0}, {"kafka.linger.ms=2"}, "linger.ms", "2", "--set"},
};

static const struct {
    const char *name;
    const char *files[MAX], *env[MAX], *sets[MAX];
    const char *want;
} refused[] = {
    {"unknown variable", {0}, {"DATELINE_INPUT__TOPIC=a"}, {0}, "DATELINE_INPUT__TOPIC: input.topic: no such key; did you mean \"input.topics\"?\n"},
    {"variable with a wrong value", {0}, {"DATELINE_OUTPUT__TOKENS=1"}, {0}, "DATELINE_OUTPUT__TOKENS: output.tokens: \"1\" will not do; allowed: true or false\n"},
    {"empty variable", {0}, {"DATELINE_INPUT__GROUP="}, {0}, "DATELINE_INPUT__GROUP: input.group: \"\" will not do; allowed: text of 1 to 249 bytes\n"},
    {"variable without a key", {0}, {"DATELINE_=1"}, {0}, "DATELINE_: no such key; config/OPTIONS.md and `dateline check` list them all\n"},
    {"--set without =", {0}, {0}, {"input.group"}, "--set: \"input.group\" is not key=value\n"},
    {"--set without a key", {0}, {0}, {"=x"}, "--set: \"=x\" is not key=value\n"},
    {"an overridden value must be good, too", {"output: {tokens: 7}"}, {0}, {"output.tokens=true"}, "f0.yaml:1:18: output.tokens: \"7\" will not do; allowed: true or false\n"},
    {"problems of all layers", {"a: 1"}, {"DATELINE_B=1"}, {"c=1"},
     "f0.yaml:1:4: a: no such key; config/OPTIONS.md and `dateline check` list them all\n"
     "DATELINE_B: b: no such key; config/OPTIONS.md and `dateline check` list them all\n"
     "--set: c: no such key; config/OPTIONS.md and `dateline check` list them all\n"},
    {"broken UTF-8", {0}, {0}, {"log.level=\x1b[31m\xff"},
     "--set: log.level: a value is UTF-8 text\n"},
    {"nor in a key", {0}, {0}, {"a\x1b\xff" "b=1"}, "--set: a??b: no such key; config/OPTIONS.md and `dateline check` list them all\n"},
    {"control characters of a value are not echoed", {0}, {0}, {"log.level=\x1b[31m\xC2\x9B" "x"},
     "--set: log.level: \"?[31m?x\" will not do; allowed: one of debug, info, warn, error\n"},
    {"a long value is cut", {0}, {0}, {"log.level=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"},
     "--set: log.level: \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" will not do; allowed: one of debug, info, warn, error\n"},
    {"property without a name", {0}, {0}, {"kafka.=1"},
     "--set: kafka.: no property of that name: letters, digits, \".\", \"_\" and \"-\" are allowed\n"},
    {"property with a name that is no text", {0}, {0}, {"kafka.linger\x99=1"},
     "--set: kafka.linger?: no property of that name: letters, digits, \".\", \"_\" and \"-\" are allowed\n"},
};

static uint32_t count(const char *const *list)
{
    uint32_t n = 0;

    while (n < MAX && list[n])
        n++;
    return n;
}

static dl_code load(dl_config *cfg, const char *const *files, const char *const *env, const char *const *sets, dl_buf *report)
{
    static const char *const names[MAX] = {"f0.yaml", "f1.yaml", "f2.yaml", "f3.yaml"};
    dl_config_text texts[MAX];
    char *vars[MAX + 1] = {0};
    dl_error err;

    for (uint32_t i = 0; i < count(files); i++)
        texts[i] = (dl_config_text){names[i], dl_str_of(files[i])};
    for (uint32_t i = 0; i < count(env); i++)
        vars[i] = (char *)(uintptr_t)env[i];
    const dl_config_sources from = {.texts = texts, .n_texts = count(files), .env = vars, .sets = sets, .n_sets = count(sets)};

    return dl_config_load(cfg, &from, report, &err);
}

static void find(const dl_config *cfg, const char *key, dl_buf *value, dl_buf *origin)
{
    const uint32_t id = dl_option_find(dl_str_of(key));

    if (id < DL_N_OPTIONS) {
        dl_option_write(cfg, &dl_options[id], value);
        dl_origin_write(&cfg->origins[id], origin);
        return;
    }
    for (uint32_t i = 0; i < cfg->kafka.n; i++)
        if (strcmp(cfg->kafka.p[i].name, key) == 0) {
            dl_buf_add(value, dl_str_of(cfg->kafka.p[i].value));
            dl_origin_write(&cfg->kafka.p[i].origin, origin);
        }
}

static void test_layers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        dl_config cfg;
        dl_buf report = {0}, value = {0}, origin = {0};

        if (load(&cfg, layers[i].files, layers[i].env, layers[i].sets, &report) != DL_OK)
            fail_msg("%s: %.*s", layers[i].name, DL_ARG(dl_buf_str(&report)));
        find(&cfg, layers[i].key, &value, &origin);
        check_str(layers[i].name, dl_buf_str(&value), layers[i].want);
        check_str(layers[i].name, dl_buf_str(&origin), layers[i].from);
        dl_buf_free(&value);
        dl_buf_free(&origin);
        dl_config_free(&cfg);
    }
}

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        dl_config cfg;
        dl_buf report = {0};

        check_u64(refused[i].name, load(&cfg, refused[i].files, refused[i].env, refused[i].sets, &report), DL_FATAL);
        check_str(refused[i].name, dl_buf_str(&report), refused[i].want);
        dl_buf_free(&report);
    }
}

static bool refuse_with_value(const char *name, const char *value, dl_kafka_side side, char *why, size_t why_cap)
{
    (void)side;
    (void)snprintf(why, why_cap, "%s cannot be %s", name, value);
    return false;
}

static void test_a_secret_is_not_in_the_report(void **state)
{
    static const char *const sets[] = {"kafka.sasl.password=hunter2", "kafka.linger.ms=x"};
    const dl_config_sources from = {.sets = sets, .n_sets = 2, .check_prop = refuse_with_value};
    dl_config cfg;
    dl_buf report = {0};
    dl_error err;

    (void)state;
    check_u64("refused", dl_config_load(&cfg, &from, &report, &err), DL_FATAL);
    check_str("report", dl_buf_str(&report),
              "--set: kafka.sasl.password: librdkafka does not take this value\n--set: kafka.linger.ms: linger.ms cannot be x\n");
    dl_buf_free(&report);
}

static void test_the_report_is_bounded(void **state)
{
    dl_buf text = {0}, report = {0};
    dl_error err;
    dl_config cfg;

    (void)state;
    for (int i = 0; i < 5000; i++)
        dl_buf_printf(&text, "zebra%d: 1\n", i);
    const dl_config_text file = {"f", dl_buf_str(&text)};
    const dl_config_sources from = {.texts = &file, .n_texts = 1};

    check_u64("refused", dl_config_load(&cfg, &from, &report, &err), DL_FATAL);
    check_str("counted", dl_str_of(err.msg), "5000 problems in the configuration");
    assert_true(dl_str_ends(dl_buf_str(&report), DL_LIT("... and 4900 more\n")));
    dl_buf_free(&text);
    dl_buf_free(&report);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_a_secret_is_not_in_the_report),
        cmocka_unit_test(test_the_report_is_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
