#include "tests/support/check.h"
#include "tests/support/fault.h"

#include "pipeline/dateline.h"
#include "pipeline/engine.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
    const char *name, *off;
    dl_code     want;
    const char *says; /* in the error */
} lists[] = {
    {"nothing off", "", DL_OK, ""},
    {"only separators", " ,|, ", DL_OK, ""},
    {"decode", "decode", DL_FATAL, "cannot be turned off"},
    {"encode", "encode", DL_FATAL, "cannot be turned off"},
    {"a stage that another reads", "segment", DL_FATAL, "reads what no stage before it writes"},
    {"no stage of that name", "tokenise", DL_FATAL, "no stage"},
    {"case matters", "Tokenize", DL_FATAL, "no stage"},
    {"a name cut short", "token", DL_FATAL, "no stage"},
};

static dl_code try_off(const char *off, uint32_t *n_left, dl_error *err)
{
    dl_engine_opts opts = dl_engine_defaults();
    dl_engine *engine = NULL;

    opts.models_dir = "models";
    opts.stages_off = off;
    dl_code code = dl_engine_open(&engine, &opts, err);

    *n_left = code == DL_OK ? dl_engine_pipeline(engine)->n : 0;
    dl_engine_close(engine);
    return code;
}

/* Whatever stages there are: the last before encode can go, and so can all but decode and encode. */
static void all_between_can_be_left_out(void **state)
{
    dl_engine_opts opts = dl_engine_defaults();
    char all[512] = "", last[100];
    dl_engine *engine;
    dl_error err;
    uint32_t n;

    (void)state;
    opts.models_dir = "models";
    check_ok("open", dl_engine_open(&engine, &opts, &err), &err);
    const dl_pipeline *p = dl_engine_pipeline(engine);
    uint32_t n_stages = p->n;

    for (uint32_t i = 1; i + 1 < n_stages; i++)
        (void)snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", p->stages[i].ops->name, i % 2 ? " ," : "| ");
    (void)snprintf(last, sizeof last, "%s", p->stages[n_stages - 2].ops->name);
    dl_engine_close(engine);
    check_ok("all", try_off(all, &n, &err), &err);
    assert_int_equal(n, 2);
    check_ok("the last", try_off(last, &n, &err), &err);
    assert_int_equal(n, n_stages - 1);
    (void)snprintf(all, sizeof all, "%s,%s", last, last);
    assert_int_equal(try_off(all, &n, &err), DL_FATAL);
    assert_non_null(strstr(err.msg, "twice"));
}

static void stages_can_be_left_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        dl_error err;
        uint32_t n;
        dl_code code = try_off(lists[i].off, &n, &err);

        if (code != lists[i].want)
            fail_msg("%s: %s", lists[i].name, code == DL_OK ? "opened" : err.msg);
        if (code != DL_OK && !strstr(err.msg, lists[i].says))
            fail_msg("%s: %s", lists[i].name, err.msg);
    }
}

static void options_of_a_stage_stop_the_start(void **state)
{
    dl_engine_opts opts = dl_engine_defaults();
    dl_engine *engine = NULL;
    dl_error err;

    (void)state;
    opts.models_dir = "models";
    opts.decode.body = "/~";
    assert_int_equal(dl_engine_open(&engine, &opts, &err), DL_FATAL);
    assert_string_equal(err.where, "decode");
    opts = dl_engine_defaults();
    opts.encode.offset_unit = (dl_offset_unit)7;
    assert_int_equal(dl_engine_open(&engine, &opts, &err), DL_FATAL);
    assert_string_equal(err.where, "encode");
}

/* An article that fails leaves nothing behind for the next one. */
static void sessions_start_afresh(void **state)
{
    static const char good[] = "{\"id\":\"a\",\"text\":\"The ferry sank off Elsmark. 31 people died.\"}";
    static const char *const bad[] = {"", "{", "{\"text\":\"\"}", "[]", "\xFF\xFE", "{\"text\":\"<p><script>\"}"};
    dl_engine_opts opts = dl_engine_defaults();
    dl_engine *engine;
    dl_session s;
    dl_error err;
    dl_str first, again, untouched = {"x", 1};

    (void)state;
    opts.models_dir = "models";
    check_ok("open", dl_engine_open(&engine, &opts, &err), &err);
    dl_session_init(&s, engine);
    check_ok("first", dl_session_run(&s, NULL, dl_str_of(good), &first, &err), &err);
    char *kept = malloc(first.n + 1);

    assert_non_null(kept);
    memcpy(kept, first.p, first.n);
    kept[first.n] = '\0';
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(dl_session_run(&s, NULL, dl_str_of(bad[i]), &untouched, &err), DL_BAD_INPUT);
        check_str("untouched", untouched, "x");
        assert_string_equal(err.where, "decode");
        check_ok("again", dl_session_run(&s, NULL, dl_str_of(good), &again, &err), &err);
        check_str("the same bytes", again, kept);
    }
    free(kept);
    dl_session_free(&s);
    dl_session_free(&s);
    dl_engine_close(engine);
    dl_engine_close(NULL);
}

static void the_public_header_keeps_its_word(void **state)
{
    char why[DATELINE_ERROR_BYTES];
    dateline_options options = {.size = sizeof options, .models_dir = "models", .offset_unit = DATELINE_UTF16, .plain_text = 1};
    dateline_engine *engine = NULL;
    const char *json = NULL;
    size_t n = 0;

    (void)state;
    options.size = sizeof options + 8; /* of a later version */
    assert_int_equal(dateline_open(&engine, &options, why), DATELINE_FAILED);
    options.size = 0;
    assert_int_equal(dateline_open(&engine, &options, NULL), DATELINE_FAILED);
    options.size = sizeof options;
    options.stages_off = "nosuch";
    assert_int_equal(dateline_open(&engine, &options, why), DATELINE_FAILED);
    assert_non_null(strstr(why, "nosuch"));
    options.stages_off = NULL;
    assert_int_equal(dateline_open(&engine, &options, why), DATELINE_OK);
    dateline_session *session = dateline_session_new(engine);

    assert_non_null(session);
    assert_int_equal(dateline_annotate(session, "", 0, &json, &n, why), DATELINE_BAD_INPUT);
    assert_null(json);
    assert_string_equal(why, "decode: empty_message: no bytes at all");
    assert_int_equal(dateline_annotate(session, "Z\xC3\xA9 ran.", 8, &json, &n, why), DATELINE_OK);
    assert_int_equal(strlen(json), n);
    assert_non_null(strstr(json, "\"offset_unit\":\"utf16\""));
    dateline_session_free(session);
    dateline_session_free(NULL);
    dateline_close(engine);
    dateline_close(NULL);
    assert_string_equal(dateline_version(), DL_VERSION);
}

/* From opening the engine to the record: whichever allocation fails, an error or the same record. */
static void memory_may_end_anywhere(void **state)
{
    bool hit = true;

    (void)state;
    for (size_t n = 1; hit; n++) {
        dl_engine_opts opts = dl_engine_defaults();
        dl_engine *engine = NULL;
        dl_session s;
        dl_error err;
        dl_str out;

        opts.models_dir = "models";
        fault_begin(n);
        dl_code code = dl_engine_open(&engine, &opts, &err);

        if (code == DL_OK) {
            dl_session_init(&s, engine);
            code = dl_session_run(&s, NULL, DL_LIT("{\"title\":\"T\",\"text\":\"<p>One. Two.</p>\"}"), &out, &err);
        }
        hit = fault_end();
        if (engine) {
            if (code == DL_OK)
                dl_doc_check(&s.doc);
            dl_session_free(&s);
            dl_engine_close(engine);
        }
        if (!hit)
            assert_int_equal(code, DL_OK);
        assert_true(n < 5000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stages_can_be_left_out),      cmocka_unit_test(all_between_can_be_left_out),
        cmocka_unit_test(options_of_a_stage_stop_the_start),
        cmocka_unit_test(sessions_start_afresh),       cmocka_unit_test(the_public_header_keeps_its_word),
        cmocka_unit_test(memory_may_end_anywhere),
    };
    fault_hook_libraries();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
