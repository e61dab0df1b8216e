#include "tests/support/check.h"
#include "tests/support/fault.h"

#include "pipeline/base/json.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#define RAW(s) (s), sizeof(s) - 1

static const struct {
    const char *name, *in;
    size_t      n;
    const char *want;
} texts[] = {
    {"plain", RAW("Kazakhstan"), "\"Kazakhstan\""},
    {"empty", RAW(""), "\"\""},
    {"quotes and backslashes", RAW("a\"b\\c"), "\"a\\\"b\\\\c\""},
    {"named escapes", RAW("\b\f\n\r\t"), "\"\\b\\f\\n\\r\\t\""},
    {"other controls", RAW("\x01\x1F\x7F"), "\"\\u0001\\u001f\\u007f\""},
    {"NUL", RAW("a\0b"), "\"a\\u0000b\""},
    {"UTF-8 stays", RAW("caf\xC3\xA9 \xF0\x9F\x98\x80"), "\"caf\xC3\xA9 \xF0\x9F\x98\x80\""},
    {"a slash stays", RAW("</p>"), "\"</p>\""},
    {"an escape at each place of eight: 0", RAW("\"1234567890"), "\"\\\"1234567890\""},
    {"... 1", RAW("1\"234567890"), "\"1\\\"234567890\""},
    {"... 7", RAW("1234567\"890"), "\"1234567\\\"890\""},
    {"... 8", RAW("12345678\"90"), "\"12345678\\\"90\""},
    {"two in one word", RAW("12\"34\n5678"), "\"12\\\"34\\n5678\""},
    {"high bytes beside a control", RAW("\xC3\xA9\xC3\xA9\x01\xC3\xA9\xC3\xA9"), "\"\xC3\xA9\xC3\xA9\\u0001\xC3\xA9\xC3\xA9\""},
    {"a byte above 0x20 beside a control", RAW("aaaa\x1F!aaaa"), "\"aaaa\\u001f!aaaa\""},
};

static void texts_are_escaped(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        dl_json w;

        dl_json_init(&w, NULL, 0);
        dl_json_text(&w, (dl_str){texts[i].in, texts[i].n});
        assert_false(w.failed);
        check_str(texts[i].name, dl_json_str(&w), texts[i].want);
        dl_json_free(&w);
    }
}

static const struct {
    double      in;
    const char *want;
} doubles[] = {
    {0, "0"},
    {-0.0, "0"},
    {1, "1"},
    {-1.5, "-1.5"},
    {0.1, "0.1"},
    {0.3, "0.3"},
    {1e-7, "0.0000001"},
    {100, "100"},
    {123456789.125, "123456789.125"},
    {999999999999999.0, "999999999999999"},
    {2.5e-8, "2.5e-08"},
    {1e15, "1e+15"},
    {1.7976931348623157e308, "1.7976931348623157e+308"},
    {5e-324, "4.94065645841247e-324"},
    {3.0000000000000004, "3.0000000000000004"},
    {0.1 + 0.2, "0.30000000000000004"},
    {INFINITY, "null"},
    {-INFINITY, "null"},
    {(double)NAN, "null"},
};

static void doubles_are_short(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof doubles / sizeof *doubles; i++) {
        dl_json w;

        dl_json_init(&w, NULL, 0);
        dl_json_double(&w, doubles[i].in);
        check_str("double", dl_json_str(&w), doubles[i].want);
        dl_json_free(&w);
    }
}

static uint64_t next(uint64_t *x) /* xorshift64*: Vigna 2016 */
{
    *x ^= *x >> 12;
    *x ^= *x << 25;
    *x ^= *x >> 27;
    return *x * 2685821657736338717u;
}

static void numbers_read_back_as_they_were(void **state)
{
    uint64_t seed = 42;
    dl_json w;

    (void)state;
    dl_json_init(&w, NULL, 64);
    for (int i = 0; i < 300000; i++) {
        uint64_t bits = next(&seed);
        uint32_t half = (uint32_t)bits;
        double d;
        float f;

        memcpy(&d, &bits, sizeof d);
        memcpy(&f, &half, sizeof f);
        if (i % 2) { /* of the sizes that records have, too */
            d = (double)(int64_t)(bits >> 20) / 1e6;
            f = (float)(int32_t)half / 1e7f;
        }
        if (!isfinite(d) || !isfinite(f))
            continue;
        w.n = 0, w.comma = false;
        dl_json_double(&w, d);
        dl_json_double(&w, (double)f);
        dl_json_float(&w, f);
        dl_json_text(&w, DL_LIT(""));
        char *end;

        assert_false(w.failed);
        if (strtod(w.p, &end) != d)
            fail_msg("%.17g written %.*s", d, DL_ARG(dl_json_str(&w)));
        assert_int_equal(*end, ',');
        assert_true(strtod(end + 1, &end) == (double)f);
        if (strtof(end + 1, &end) != f)
            fail_msg("%.9g written %.*s", (double)f, DL_ARG(dl_json_str(&w)));
    }
    dl_json_free(&w);
}

static void floats_and_integers(void **state)
{
    dl_json w;

    (void)state;
    dl_json_init(&w, NULL, 0);
    dl_json_open(&w, '[');
    dl_json_float(&w, 51.1694f);
    dl_json_float(&w, -0.1f);
    dl_json_float(&w, FLT_MAX);
    dl_json_float(&w, (float)NAN);
    dl_json_int(&w, 0);
    dl_json_int(&w, INT64_MAX);
    dl_json_int(&w, INT64_MIN);
    dl_json_bool(&w, true);
    dl_json_bool(&w, false);
    dl_json_null(&w);
    dl_json_text(&w, (dl_str){0});
    dl_json_close(&w, ']');
    check_str("numbers", dl_json_str(&w),
              "[51.1694,-0.1,3.40282347e+38,null,0,9223372036854775807,-9223372036854775808,true,false,null,null]");
    dl_json_free(&w);
    dl_json_free(&w);
}

static void write_sample(dl_json *w)
{
    dl_json_open(w, '{');
    dl_json_key(w, DL_LIT("a"));
    dl_json_open(w, '[');
    dl_json_close(w, ']');
    dl_json_key(w, DL_LIT("b"));
    dl_json_open(w, '[');
    dl_json_int(w, 1);
    dl_json_open(w, '{');
    dl_json_close(w, '}');
    dl_json_text(w, DL_LIT("x, {y}: \"z\"\\"));
    dl_json_close(w, ']');
    dl_json_key_any(w, DL_LIT("c\"d"));
    dl_json_open(w, '{');
    dl_json_key(w, DL_LIT("e"));
    dl_json_null(w);
    dl_json_close(w, '}');
    dl_json_close(w, '}');
}

static const char sample[] = "{\"a\":[],\"b\":[1,{},\"x, {y}: \\\"z\\\"\\\\\"],\"c\\\"d\":{\"e\":null}}";

static void commas_stand_where_they_must(void **state)
{
    dl_json w, pretty;

    (void)state;
    dl_json_init(&w, NULL, 1);
    write_sample(&w);
    check_str("sample", dl_json_str(&w), sample);
    dl_json_init(&pretty, NULL, 0);
    dl_json_line(&pretty, dl_json_str(&w), true);
    dl_json_line(&pretty, DL_LIT("{}"), false);
    check_str("pretty", dl_json_str(&pretty),
              "{\n  \"a\": [],\n  \"b\": [\n    1,\n    {},\n    \"x, {y}: \\\"z\\\"\\\\\"\n  ],\n  \"c\\\"d\": {\n    \"e\": null\n  }\n}\n{}\n");
    dl_json_free(&pretty);
    dl_json_free(&w);
}

/* Whichever allocation fails: all of it, or `failed`; never half of it unsaid. */
static void memory_may_end_anywhere(void **state)
{
    bool hit = true;

    (void)state;
    for (size_t n = 1; hit; n++) {
        dl_json w;

        fault_begin(n);
        dl_json_init(&w, NULL, 2);
        write_sample(&w);
        hit = fault_end();
        assert_int_equal(w.failed, hit);
        if (!hit)
            check_str("whole", dl_json_str(&w), sample);
        dl_json_free(&w);
    }
    for (size_t max = 16; max <= 4096; max *= 2) {
        dl_arena a;
        dl_json w;

        dl_arena_init(&a, max);
        dl_json_init(&w, &a, 8);
        write_sample(&w);
        if (!w.failed)
            check_str("whole", dl_json_str(&w), sample);
        else
            assert_true(max < 256);
        dl_arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_escaped),       cmocka_unit_test(doubles_are_short),
        cmocka_unit_test(numbers_read_back_as_they_were), cmocka_unit_test(floats_and_integers),
        cmocka_unit_test(commas_stand_where_they_must),   cmocka_unit_test(memory_may_end_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
