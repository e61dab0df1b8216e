#include "consumer/settings.h"

#include "support/check.h"

static dl_config load(const char *set)
{
    const char *const sets[] = {set};
    const dl_config_sources from = {.sets = sets, .n_sets = set != NULL};
    dl_config cfg = {0};
    dl_buf report = {0};
    dl_error err = {0};

    check_ok(set, dl_config_load(&cfg, &from, &report, &err), &err);
    return cfg;
}

/* Who sets nothing gets the engine's own defaults. */
static void test_defaults_agree(void **state)
{
    const dl_engine_opts want = dl_engine_defaults();
    dl_config cfg = load(NULL);
    dl_engine_opts got;
    dl_arena a;
    dl_error err;

    (void)state;
    dl_arena_init(&a, 1 << 20);
    check_ok("settings", dl_settings_engine(&got, &cfg, NULL, &a, &err), &err);
    check_str("id", dl_str_of(got.decode.id), want.decode.id);
    check_str("title", dl_str_of(got.decode.title), want.decode.title);
    check_str("body", dl_str_of(got.decode.body), want.decode.body);
    check_str("published", dl_str_of(got.decode.published), want.decode.published);
    check_str("url", dl_str_of(got.decode.url), want.decode.url);
    check_str("source", dl_str_of(got.decode.source), want.decode.source);
    check_str("language", dl_str_of(got.decode.language), want.decode.language);
    check_str("authors", dl_str_of(got.decode.authors), want.decode.authors);
    check_u64("body_format", got.decode.body_format, want.decode.body_format);
    check_u64("message", got.decode.message, want.decode.message);
    check_u64("article_max_bytes", got.decode.article_max_bytes, want.decode.article_max_bytes);
    check_u64("text_max_bytes", got.decode.text_max_bytes, want.decode.text_max_bytes);
    check_u64("max_depth", got.decode.max_depth, want.decode.max_depth);
    check_u64("max_values", got.decode.max_values, want.decode.max_values);
    check_u64("arena_max_bytes", got.arena_max_bytes, want.arena_max_bytes);
    check_u64("offset_unit", got.encode.offset_unit, want.encode.offset_unit);
    check_u64("tokens", got.encode.tokens, want.encode.tokens);
    check_u64("stage_us", got.encode.stage_us, want.encode.stage_us);
    assert_null(got.models_dir);
    assert_null(got.now_ns);
    dl_arena_free(&a);
    dl_config_free(&cfg);
}

static uint64_t clock_of_test(void)
{
    return 1;
}

static uint64_t format(const dl_engine_opts *o) { return o->decode.body_format; }
static uint64_t day_order(const dl_engine_opts *o) { return o->times.order; }
static uint64_t message(const dl_engine_opts *o) { return o->decode.message; }
static uint64_t unit(const dl_engine_opts *o) { return o->encode.offset_unit; }
static uint64_t tokens(const dl_engine_opts *o) { return o->encode.tokens; }
static uint64_t timed(const dl_engine_opts *o) { return o->encode.stage_us && o->now_ns == clock_of_test; }
static uint64_t article(const dl_engine_opts *o) { return o->decode.article_max_bytes; }
static uint64_t text(const dl_engine_opts *o) { return o->decode.text_max_bytes; }
static uint64_t arena(const dl_engine_opts *o) { return o->arena_max_bytes; }
static uint64_t id_is(const dl_engine_opts *o) { return strcmp(o->decode.id, "/a/b|c") == 0; }
static uint64_t authors_off(const dl_engine_opts *o) { return o->decode.authors[0] == 0; }
static uint64_t off_is(const dl_engine_opts *o) { return strcmp(o->stages_off, "x|y") == 0; }
static uint64_t models_is(const dl_engine_opts *o) { return strcmp(o->models_dir, "/m") == 0; }

static const struct {
    const char *set;
    uint64_t (*get)(const dl_engine_opts *opts);
    uint64_t want;
} cases[] = {
    {"article.body_format=auto", format, DL_BODY_AUTO},
    {"article.body_format=text", format, DL_BODY_TEXT},
    {"article.body_format=html", format, DL_BODY_HTML},
    {"article.day_order=auto", day_order, DL_ORDER_AUTO},
    {"article.day_order=mdy", day_order, DL_ORDER_MDY},
    {"article.day_order=dmy", day_order, DL_ORDER_DMY},
    {"article.message=json", message, DL_MESSAGE_JSON},
    {"article.message=text", message, DL_MESSAGE_TEXT},
    {"output.offset_unit=codepoint", unit, DL_OFFSET_CODEPOINT},
    {"output.offset_unit=utf16", unit, DL_OFFSET_UTF16},
    {"output.offset_unit=byte", unit, DL_OFFSET_BYTE},
    {"output.tokens=true", tokens, 1},
    {"output.stages=true", timed, 1},
    {"output.stages=false", timed, 0},
    {"limits.article_bytes=64MiB", article, 64 << 20},
    {"limits.article_bytes=8MiB", text, 8 << 20},
    {"limits.arena_bytes=8GiB", arena, (uint64_t)8 << 30},
    {"article.fields.id=/a/b,c", id_is, 1},
    {"article.fields.authors=", authors_off, 1},
    {"pipeline.disable=x, y", off_is, 1},
    {"pipeline.models=/m", models_is, 1},
};

static void test_each_key_arrives(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dl_config cfg = load(cases[i].set);
        dl_engine_opts opts;
        dl_arena a;
        dl_error err;

        dl_arena_init(&a, 1 << 20);
        check_ok(cases[i].set, dl_settings_engine(&opts, &cfg, clock_of_test, &a, &err), &err);
        check_u64(cases[i].set, cases[i].get(&opts), cases[i].want);
        dl_arena_free(&a);
        dl_config_free(&cfg);
    }
}

static void test_a_bar_in_a_name(void **state)
{
    dl_config cfg = load("article.fields.id=a,b|c");
    dl_engine_opts opts;
    dl_arena a;
    dl_error err;

    (void)state;
    dl_arena_init(&a, 1 << 20);
    check_u64("code", dl_settings_engine(&opts, &cfg, NULL, &a, &err), DL_FATAL);
    check_str("message", dl_str_of(err.msg), "article.fields.id: a name cannot hold a |");
    dl_arena_free(&a);
    dl_config_free(&cfg);
}

static void test_workers(void **state)
{
    dl_config seven = load("pipeline.workers=7"), automatic = load("pipeline.workers=0");

    (void)state;
    check_u64("set", dl_settings_workers(&seven), 7);
    assert_in_range(dl_settings_workers(&automatic), 1, 4096);
    dl_config_free(&seven);
    dl_config_free(&automatic);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults_agree),
        cmocka_unit_test(test_each_key_arrives),
        cmocka_unit_test(test_a_bar_in_a_name),
        cmocka_unit_test(test_workers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
