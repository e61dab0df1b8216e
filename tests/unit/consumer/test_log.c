#include "consumer/log.h"
#include "support/check.h"

#include <cjson/cJSON.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static uint64_t mono, wall = 1772360430123; /* 2026-03-01T10:20:30.123Z */

static uint64_t test_mono(void)
{
    return mono;
}

static uint64_t test_wall(void)
{
    return wall;
}

typedef struct fixture {
    int     fds[2];
    dl_log *log;
    char    text[1 << 20];
} fixture;

static fixture f;

static void open_log(dl_log_format format, dl_log_level level)
{
    mono = 1000;
    assert_int_equal(pipe(f.fds), 0);
    const dl_log_opts opts = {.level = level, .format = format, .fd = f.fds[1], .mono_ms = test_mono, .wall_ms = test_wall};

    check_ok("open", dl_log_open(&f.log, &opts, NULL), NULL);
}

/* All that is written by the end; closes the log. */
static const char *written(void)
{
    size_t  n = 0;
    ssize_t k;

    dl_log_close(f.log);
    (void)close(f.fds[1]);
    while ((k = read(f.fds[0], f.text + n, sizeof f.text - 1 - n)) > 0)
        n += (size_t)k;
    f.text[n] = 0;
    (void)close(f.fds[0]);
    return f.text;
}

static const struct {
    const char *name, *value, *logfmt, *json;
} values[] = {
    {"plain", "news.raw", "v=news.raw", "\"v\":\"news.raw\""},
    {"spaces want quotes", "not now", "v=\"not now\"", "\"v\":\"not now\""},
    {"empty", "", "v=\"\"", "\"v\":\"\""},
    {"a quote", "say \"no\"", "v=\"say \\\"no\\\"\"", "\"v\":\"say \\\"no\\\"\""},
    {"a backslash", "a\\b", "v=\"a\\\\b\"", "\"v\":\"a\\\\b\""},
    {"an equals sign", "a=b", "v=\"a=b\"", "\"v\":\"a=b\""},
    {"a newline cannot begin another line", "a\nlevel=error", "v=\"a\\u000alevel=error\"", "\"v\":\"a\\u000alevel=error\""},
    {"an escape sequence does not reach the terminal", "\033[31m", "v=\"\\u001b[31m\"", "\"v\":\"\\u001b[31m\""},
    {"bytes beyond ASCII", "\xff\xc3", "v=\"\?\?\"", "\"v\":\"\?\?\""},
};

static void fields_are_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char want[300];

        open_log(DL_LOG_LOGFMT, DL_LOG_INFO);
        DL_LOG(f.log, DL_LOG_WARN, "test", DL_MSG("x"), DL_F_STR("v", values[i].value), DL_F_INT("n", -7));
        (void)snprintf(want, sizeof want, "time=2026-03-01T10:20:30.123Z level=warn module=test msg=x %s n=-7\n", values[i].logfmt);
        check_str(values[i].name, dl_str_of(written()), want);

        open_log(DL_LOG_JSON, DL_LOG_INFO);
        DL_LOG(f.log, DL_LOG_WARN, "test", DL_MSG("x"), DL_F_STR("v", values[i].value), DL_F_INT("n", -7));
        (void)snprintf(want, sizeof want,
                       "{\"time\":\"2026-03-01T10:20:30.123Z\",\"level\":\"warn\",\"module\":\"test\",\"msg\":\"x\",%s,\"n\":-7}\n", values[i].json);
        check_str(values[i].name, dl_str_of(written()), want);
        cJSON *json = cJSON_Parse(want);

        assert_non_null(json);
        cJSON_Delete(json);
    }
}

static int count_lines(const char *text, const char *with)
{
    int n = 0;

    for (const char *p = text; (p = strstr(p, with)); p++)
        n++;
    return n;
}

static void repeated_lines_are_folded(void **state)
{
    (void)state;
    open_log(DL_LOG_LOGFMT, DL_LOG_INFO);
    for (int i = 0; i < 100; i++)
        DL_LOG(f.log, DL_LOG_WARN, "test", DL_MSG("again"), DL_F_INT("i", i));
    DL_LOG(f.log, DL_LOG_WARN, "test", DL_MSG("another"), DL_F_INT("i", 0));
    dl_log_drain(f.log); /* the window is open still: nothing folded is written */
    mono += 1000;
    dl_log_drain(f.log);
    DL_LOG(f.log, DL_LOG_WARN, "test", DL_MSG("again"), DL_F_INT("i", 100));
    const char *text = written();

    assert_int_equal(count_lines(text, "msg=again"), 7);
    assert_int_equal(count_lines(text, "msg=another"), 1);
    assert_non_null(strstr(text, "msg=again i=99 folded=95\n"));
    assert_non_null(strstr(text, "msg=again i=100\n"));
}

static void one_line_in_a_long_window(void **state)
{
    (void)state;
    open_log(DL_LOG_LOGFMT, DL_LOG_INFO);
    for (int i = 0; i < 60; i++, mono += 1000) {
        DL_LOG_EVERY(f.log, 30000, 1, DL_LOG_WARN, "test", DL_MSG("down"), DL_F_INT("i", i));
        dl_log_drain(f.log);
    }
    /* 0; then 1..29 folded and 30; then 31..59 folded, at the end */
    assert_string_equal(written(), "time=2026-03-01T10:20:30.123Z level=warn module=test msg=down i=0\n"
                                   "time=2026-03-01T10:20:30.123Z level=warn module=test msg=down i=29 folded=29\n"
                                   "time=2026-03-01T10:20:30.123Z level=warn module=test msg=down i=30\n"
                                   "time=2026-03-01T10:20:30.123Z level=warn module=test msg=down i=59 folded=29\n");
}

static void levels_below_are_silent(void **state)
{
    (void)state;
    open_log(DL_LOG_LOGFMT, DL_LOG_WARN);
    DL_LOG(f.log, DL_LOG_INFO, "test", DL_MSG("quiet"));
    dl_log_set_level(f.log, DL_LOG_DEBUG);
    DL_LOG(f.log, DL_LOG_DEBUG, "test", DL_MSG("loud"));
    DL_LOG(NULL, DL_LOG_ERROR, "test", DL_MSG("no log, no line"));
    assert_string_equal(written(), "time=2026-03-01T10:20:30.123Z level=debug module=test msg=loud\n");
}

static void long_values_are_cut_and_lines_stay_whole(void **state)
{
    static char big[5000];
    (void)state;

    memset(big, '"', sizeof big - 1);
    open_log(DL_LOG_JSON, DL_LOG_INFO);
    DL_LOG(f.log, DL_LOG_INFO, "test", DL_MSG("x"), DL_F_STR("a", big), DL_F_STR("b", big), DL_F_STR("c", big), DL_F_INT("n", 1));
    const char *text = written();
    cJSON      *json = cJSON_Parse(text);

    assert_true(strlen(text) <= 1024);
    assert_non_null(json);
    cJSON_Delete(json);
}

/* ---- threads -------------------------------------------------------------------------------------------------------- */

static void *log_much(void *arg)
{
    (void)arg;
    for (int i = 0; i < 2000; i++)
        DL_LOG_EVERY(f.log, 1000, 1000000, DL_LOG_INFO, "test", DL_MSG("from a thread"), DL_F_INT("i", i));
    return NULL;
}

static void a_flood_is_counted_not_blocking(void **state)
{
    pthread_t threads[4];
    (void)state;

    open_log(DL_LOG_LOGFMT, DL_LOG_INFO);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, log_much, NULL), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    /* Nobody wrote: the queue holds 512 lines, the pipe takes them, the rest is one count. */
    const char *text = written();

    assert_int_equal(count_lines(text, "msg=\"from a thread\""), 512);
    assert_non_null(strstr(text, "msg=\"log lines lost\" n=7488\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_are_escaped),
        cmocka_unit_test(repeated_lines_are_folded),
        cmocka_unit_test(one_line_in_a_long_window),
        cmocka_unit_test(levels_below_are_silent),
        cmocka_unit_test(long_values_are_cut_and_lines_stay_whole),
        cmocka_unit_test(a_flood_is_counted_not_blocking),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
