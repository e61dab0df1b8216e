/* The files of config/ that are made from options.def are what would be made now, and say what the defaults are. */
#include "config/nearest.h"
#include "config/option.h"
#include "config/reference.h"
#include "support/check.h"

#include <stdlib.h>

static void expect_file(const char *path, void (*write)(dl_buf *out))
{
    dl_buf now = {0}, committed = {0};
    dl_error err;

    write(&now);
    check_ok(path, dl_file_read(&committed, path, 1 << 20, &err), &err);
    if (!dl_str_eq(dl_buf_str(&now), dl_buf_str(&committed)))
        fail_msg("%s is stale: build/release/dateline generate %s > %s", path, strrchr(path, '/') + 1, path);
    dl_buf_free(&now);
    dl_buf_free(&committed);
}

static void test_generated_files_are_fresh(void **state)
{
    (void)state;
    expect_file("config/default.yaml", dl_reference_yaml);
    expect_file("config/OPTIONS.md", dl_reference_markdown);
}

static void test_default_file_changes_nothing(void **state)
{
    static const char *const files[] = {"config/default.yaml"};
    const dl_config_sources none = {0}, file = {.files = files, .n_files = 1};
    dl_config a, b;
    dl_buf report = {0};
    dl_error err = {0};

    (void)state;
    check_ok("no file", dl_config_load(&a, &none, &report, &err), &err);
    check_ok("default.yaml", dl_config_load(&b, &file, &report, &err), &err);
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++) {
        dl_buf want = {0}, got = {0};

        dl_option_write(&a, &dl_options[i], &want);
        dl_option_write(&b, &dl_options[i], &got);
        dl_buf_byte(&want, 0);
        check_str(dl_options[i].key, dl_buf_str(&got), want.p);
        check_u64(dl_options[i].key, b.origins[i].kind, DL_FROM_FILE);
        dl_buf_free(&want);
        dl_buf_free(&got);
    }
    dl_config_free(&a);
    dl_config_free(&b);
}

/* What check prints, read again, is the same configuration. */
static void test_written_configuration_reads_back(void **state)
{
    static const char *const sets[] = {"input.topics=a,^b.*",       "kafka.client_id=- x: \"q\" \\ #",  "kafka.linger.ms=7", "kafka.consumer.debug=true",
                                       "shutdown.timeout=90s",      "limits.inflight_bytes=1048577", "article.fields.id=", "kafka.producer.x= y ",
                                       "kafka.client.rack=\xC3\xA9", "output.topic=null", "dead_letter.topic=$${a}${b}$", "pipeline.models=\xC2\x85\xE2\x80\xA8\xEF\xBB\xBF\xC2\xA0\x7F \t\n",             "input.group=0x1"};
    const dl_config_sources from = {.sets = sets, .n_sets = sizeof sets / sizeof *sets};
    dl_config a, b;
    dl_buf report = {0}, once = {0}, twice = {0};
    dl_error err = {0};

    (void)state;
    check_ok("first", dl_config_load(&a, &from, &report, &err), &err);
    dl_config_write(&a, &once);
    const dl_config_text text = {"f", dl_buf_str(&once)};
    const dl_config_sources again = {.texts = &text, .n_texts = 1};

    if (dl_config_load(&b, &again, &report, &err) != DL_OK)
        fail_msg("%.*s", DL_ARG(dl_buf_str(&report)));
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++)
        b.origins[i] = a.origins[i];
    assert_int_equal(a.kafka.n, b.kafka.n);
    for (uint32_t i = 0; i < a.kafka.n; i++)
        b.kafka.p[i].origin = a.kafka.p[i].origin;
    dl_config_write(&b, &twice);
    dl_buf_byte(&once, 0);
    check_str("second", dl_buf_str(&twice), once.p);
    dl_buf_free(&once);
    dl_buf_free(&twice);
    dl_config_free(&a);
    dl_config_free(&b);
}

static void test_secrets_are_masked(void **state)
{
    static const char *const sets[] = {"kafka.sasl.password=hunter2", "kafka.ssl.key.password=hunter2", "kafka.ssl.key.pem=hunter2",
                                       "kafka.ssl.keystore.password=hunter2", "kafka.consumer.sasl.password=hunter2",
                                       "kafka.sasl.oauthbearer.client.secret=hunter2", "kafka.sasl.oauthbearer.config=hunter2"};
    const dl_config_sources from = {.sets = sets, .n_sets = sizeof sets / sizeof *sets};
    dl_config cfg;
    dl_buf report = {0}, out = {0};
    dl_error err = {0};

    (void)state;
    check_ok("load", dl_config_load(&cfg, &from, &report, &err), &err);
    dl_config_write(&cfg, &out);
    dl_buf_byte(&out, 0);
    assert_null(strstr(out.p, "hunter2"));
    assert_non_null(strstr(out.p, "sasl.password: \"(secret)\""));
    dl_buf_free(&out);
    dl_config_free(&cfg);
}

/* The C name of a key is the key with '_' for '.', and the unit behind it where it has one; no own key reads as a secret. */
static void test_names(void **state)
{
    static const char *const names[] = {
#define DL_GROUP(key, doc)
#define DL_OPTION(type, name, key, def, min, max, unit, doc) #name,
#define DL_CHOICE(type, name, key, def, choices, doc) #name,
#include "config/options.def"
    };

    (void)state;
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++) {
        dl_buf want = {0};

        for (const char *p = dl_options[i].key; *p; p++)
            dl_buf_byte(&want, *p == '.' ? '_' : *p);
        if (dl_options[i].type == DL_OPT_MS)
            dl_buf_add(&want, DL_LIT("_ms"));
        check_str(dl_options[i].key, dl_buf_str(&want), names[i]);
        assert_false(dl_config_is_secret(dl_str_of(dl_options[i].key)));
        assert_non_null(dl_option_group_of(&dl_options[i]));
        dl_buf_free(&want);
    }
}

static void test_nearest(void **state)
{
    static const struct {
        const char *name, *given, *want;
    } cases[] = {
        {"one letter missing", "input.topcs", "input.topics"},
        {"neighbours swapped", "input.tpoics", "input.topics"},
        {"singular", "input.topic", "input.topics"},
        {"right key, wrong section", "foo.topics", "input.topics"},
        {"itself", "input.topics", "input.topics"},
        {"far from all", "completely.else", ""},
        {"empty", "", ""},
        {"one letter", "x", ""},
        {"too long to measure", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", ""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dl_nearest n = dl_nearest_to(dl_str_of(cases[i].given));

        dl_nearest_offer(&n, "kafka.brokers");
        dl_nearest_offer(&n, "input.topics");
        dl_nearest_offer(&n, "output.topic");
        check_str(cases[i].name, dl_str_of(n.best), cases[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_generated_files_are_fresh), cmocka_unit_test(test_default_file_changes_nothing),
        cmocka_unit_test(test_written_configuration_reads_back), cmocka_unit_test(test_secrets_are_masked),
        cmocka_unit_test(test_names), cmocka_unit_test(test_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
