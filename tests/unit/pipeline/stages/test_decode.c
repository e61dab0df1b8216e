#include "tests/support/check.h"
#include "tests/support/fault.h"

#include "pipeline/stages/decode.h"

#include <stdio.h>
#include <stdlib.h>

#define RAW(s) (s), sizeof(s) - 1
#define FFFD "\xEF\xBF\xBD"

/* One message through decode: the text, or "!" and the first word of the error. */
static dl_str outcome(dl_doc *doc, dl_arena *a, const dl_decode *d, dl_str raw)
{
    dl_error err = {0};

    dl_doc_init(doc, a);
    doc->raw = raw;
    if (dl_decode_run(d, doc, &err) != DL_OK) {
        dl_str code = dl_str_of(err.msg);
        const char *colon = strchr(err.msg, ':');

        assert_string_equal(err.where, "decode");
        assert_non_null(colon);
        code.n = (size_t)(colon - err.msg);
        return dl_arena_printf(a, "!%.*s", DL_ARG(code));
    }
    dl_doc_check(doc);
    return doc->text;
}

static dl_str notes_of(const dl_doc *doc, dl_arena *a)
{
    dl_str s = {"", 0};

    for (uint32_t i = 0; i < doc->notes.n; i++)
        s = dl_arena_printf(a, "%.*s%s%s", DL_ARG(s), i ? " " : "", doc->notes.p[i].code);
    return s;
}

static const struct {
    const char *name, *raw;
    size_t      n;
    const char *want, *notes;
} messages[] = {
    /* ordinary */
    {"title and body", RAW("{\"title\":\"T\",\"text\":\"B\"}"), "T\n\nB", ""},
    {"body alone", RAW("{\"text\":\"B\"}"), "B", ""},
    {"a body that begins with its title keeps it", RAW("{\"title\":\"T\",\"text\":\"T\\nB\"}"), "T\n\nT\nB", ""},
    {"line ends stay", RAW("{\"text\":\"a\\r\\nb\\r\\n\"}"), "a\r\nb\r\n", ""},
    {"other names", RAW("{\"headline\":\"H\",\"content\":\"C\"}"), "H\n\nC", ""},
    {"paragraphs in an array", RAW("{\"body\":[\"one\",\"two\"]}"), "one\n\ntwo", ""},
    {"a body wrapped as XML readers do", RAW("{\"content\":{\"#text\":\"B\"}}"), "B", ""},
    {"paragraphs wrapped", RAW("{\"content\":[{\"type\":\"html\",\"value\":\"B\"}]}"), "B", ""},
    {"white space around the message", RAW(" \t\r\n{\"text\":\"B\"}\r\n"), "B", ""},
    {"escapes", RAW("{\"text\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\u20AC\"}"), "\"\\/\b\f\n\r\t\xC3\xA9\xE2\x82\xAC", ""},
    {"a surrogate pair", RAW("{\"text\":\"\\ud83d\\ude00\"}"), "\xF0\x9F\x98\x80", ""},
    {"HTML where there are tags", RAW("{\"text\":\"<p>a</p><p>b</p>\"}"), "a\n\nb", ""},
    {"no HTML where there are none", RAW("{\"text\":\"a < b &amp; c > d\"}"), "a < b &amp; c > d", ""},
    {"HTML in the title", RAW("{\"title\":\"<b>T</b>\",\"text\":\"B\"}"), "T\n\nB", ""},
    /* nothing to work on */
    {"no bytes", RAW(""), "!empty_message", ""},
    {"a byte order mark and no more", RAW("\xEF\xBB\xBF"), "!empty_message", ""},
    {"white space", RAW(" \n"), "!bad_json", ""},
    {"no body", RAW("{\"title\":\"T\"}"), "!empty_body", ""},
    {"an empty object", RAW("{}"), "!empty_body", ""},
    {"an empty body", RAW("{\"text\":\"\"}"), "!empty_body", ""},
    {"a blank body", RAW("{\"text\":\" \\n\\u00a0\\u200b\\u3000\"}"), "!empty_body", ""},
    {"a body of mark-up", RAW("{\"text\":\"<p><img src=x></p>\"}"), "!empty_body", ""},
    {"an empty array", RAW("{\"text\":[]}"), "!empty_body", ""},
    {"null", RAW("{\"text\":null}"), "!empty_body", ""},
    {"a number for a body", RAW("{\"text\":42}"), "!empty_body", ""},
    {"a long number for a body", RAW("{\"text\":42.5}"), "!empty_body", ""},
    {"true for a body", RAW("{\"text\":true}"), "!empty_body", ""},
    {"names are told apart by case", RAW("{\"Text\":\"B\",\"TEXT\":\"B\"}"), "!empty_body", ""},
    {"an empty name first, a full one later", RAW("{\"text\":\"\",\"body\":[],\"content\":\"C\"}"), "C", ""},
    {"a blank title is none", RAW("{\"title\":\" \",\"text\":\"B\"}"), "B", ""},
    {"a title of another type is none", RAW("{\"title\":[\"T\"],\"text\":\"B\"}"), "B", ""},
    /* not JSON, or not ours */
    {"an array", RAW("[{\"text\":\"B\"}]"), "!not_an_object", ""},
    {"a string", RAW("\"B\""), "!not_an_object", ""},
    {"a number", RAW("12"), "!not_an_object", ""},
    {"a long number, wrapped on its way", RAW("1.5e300"), "!not_an_object", ""},
    {"plain text", RAW("Moscow - Russia"), "!bad_json", ""},
    {"bytes behind", RAW("{\"text\":\"B\"} x"), "!bad_json", ""},
    {"two objects", RAW("{\"text\":\"B\"}{\"text\":\"C\"}"), "!bad_json", ""},
    {"a NUL behind", RAW("{\"text\":\"B\"}\0"), "!bad_json", ""},
    {"cut off in a string", RAW("{\"text\":\"B"), "!bad_json", ""},
    {"cut off behind a name", RAW("{\"text\""), "!bad_json", ""},
    {"cut off behind a colon", RAW("{\"text\":"), "!bad_json", ""},
    {"cut off behind a comma", RAW("{\"text\":\"B\","), "!bad_json", ""},
    {"cut off in an escape", RAW("{\"text\":\"\\"), "!bad_json", ""},
    {"cut off in \\u", RAW("{\"text\":\"\\u00"), "!bad_json", ""},
    {"no closing brace", RAW("{\"text\":\"B\""), "!bad_json", ""},
    {"the wrong brace", RAW("{\"text\":\"B\"]"), "!bad_json", ""},
    {"a comma too many", RAW("{\"text\":\"B\",}"), "!bad_json", ""},
    {"a comma too many in an array", RAW("{\"text\":\"B\",\"a\":[1,]}"), "!bad_json", ""},
    {"a comma missing", RAW("{\"text\":\"B\" \"a\":1}"), "!bad_json", ""},
    {"single quotes", RAW("{'text':'B'}"), "!bad_json", ""},
    {"a name without quotes", RAW("{text:\"B\"}"), "!bad_json", ""},
    {"a comment", RAW("{\"text\":\"B\"/**/}"), "!bad_json", ""},
    {"NaN", RAW("{\"text\":\"B\",\"id\":NaN}"), "!bad_json", ""},
    {"Infinity", RAW("{\"text\":\"B\",\"id\":-Infinity}"), "!bad_json", ""},
    {"a number with a zero in front", RAW("{\"text\":\"B\",\"id\":012}"), "!bad_json", ""},
    {"a number with a plus", RAW("{\"text\":\"B\",\"id\":+1}"), "!bad_json", ""},
    {"a number that ends in its point", RAW("{\"text\":\"B\",\"id\":1.}"), "!bad_json", ""},
    {"a number that begins with its point", RAW("{\"text\":\"B\",\"id\":.5}"), "!bad_json", ""},
    {"an exponent without digits", RAW("{\"text\":\"B\",\"id\":1e}"), "!bad_json", ""},
    {"a minus alone", RAW("{\"text\":\"B\",\"id\":-}"), "!bad_json", ""},
    {"a hexadecimal number", RAW("{\"text\":\"B\",\"id\":0x1F}"), "!bad_json", ""},
    {"True", RAW("{\"text\":\"B\",\"a\":True}"), "!bad_json", ""},
    {"nul", RAW("{\"text\":\"B\",\"a\":nul}"), "!bad_json", ""},
    {"an escape that JSON lacks", RAW("{\"text\":\"\\x41\"}"), "!bad_json", ""},
    {"an escaped NUL byte", RAW("{\"text\":\"\\\0\"}"), "!bad_json", ""},
    {"a raw line break in a string", RAW("{\"text\":\"a\nb\"}"), "!bad_json", ""},
    {"a raw NUL in a string", RAW("{\"text\":\"a\0b\"}"), "!bad_json", ""},
    {"bad bytes outside of strings", RAW("{\"text\":\"B\",\xFF}"), "!bad_json", ""},
    {"UTF-16, little end first", RAW("\xFF\xFE{\0\"\0"), "!utf16_input", ""},
    {"UTF-16, big end first", RAW("\xFE\xFF\0{\0\""), "!utf16_input", ""},
    {"UTF-16 without a mark", RAW("{\0\"\0t\0"), "!utf16_input", ""},
    {"UTF-32 without a mark", RAW("\0\0\0{"), "!utf16_input", ""},
    /* what cJSON would lose */
    {"a byte order mark", RAW("\xEF\xBB\xBF{\"text\":\"B\"}"), "B", ""},
    {"\\u0000 cuts nothing off", RAW("{\"text\":\"a\\u0000b\"}"), "a" FFFD "b", "nul_character"},
    {"\\u0000 in a name", RAW("{\"text\\u0000\":\"x\",\"text\":\"B\"}"), "B", "nul_character"},
    {"a lone high surrogate", RAW("{\"text\":\"a\\ud83d\"}"), "a" FFFD, "lone_surrogate"},
    {"a lone low surrogate", RAW("{\"text\":\"\\ude00b\"}"), FFFD "b", "lone_surrogate"},
    {"a high surrogate before another escape", RAW("{\"text\":\"\\ud83d\\u0041\"}"), FFFD "A", "lone_surrogate"},
    {"two high surrogates and a low one", RAW("{\"text\":\"\\ud83d\\ud83d\\ude00\"}"), FFFD "\xF0\x9F\x98\x80", "lone_surrogate"},
    {"surrogates the wrong way round", RAW("{\"text\":\"\\ude00\\ud83d\"}"), FFFD FFFD, "lone_surrogate"},
    {"a byte of Latin-1", RAW("{\"text\":\"caf\xE9 au\"}"), "caf" FFFD " au", "bad_utf8"},
    {"a sequence cut off is one", RAW("{\"text\":\"a\xE2\x82z\"}"), "a" FFFD "z", "bad_utf8"},
    {"an overlong form is two", RAW("{\"text\":\"\xC0\xAFz\"}"), FFFD FFFD "z", "bad_utf8"},
    {"a surrogate in UTF-8 is three", RAW("{\"text\":\"\xED\xA0\x80\"}"), FFFD FFFD FFFD, "bad_utf8"},
    {"beyond U+10FFFF is four", RAW("{\"text\":\"\xF4\x90\x80\x80\"}"), FFFD FFFD FFFD FFFD, "bad_utf8"},
    {"four bytes cut off is one", RAW("{\"text\":\"\xF0\x9F\x98\"}"), FFFD, "bad_utf8"},
    {"a lead byte before the end of the string", RAW("{\"text\":\"a\xE2\"}"), "a" FFFD, "bad_utf8"},
    {"stray continuations", RAW("{\"text\":\"\x80\xBF\"}"), FFFD FFFD, "bad_utf8"},
    {"the same name twice: the last counts", RAW("{\"text\":\"A\",\"text\":\"B\"}"), "B", "duplicate_key"},
    {"the same name twice, in a field that nobody reads", RAW("{\"text\":\"B\",\"x\":1,\"x\":2}"), "B", ""},
    {"many kinds of damage", RAW("{\"text\":\"\xFF\\u0000\\udc00\",\"n\":1e400}"), FFFD FFFD FFFD, "bad_utf8 nul_character lone_surrogate"},
    {"an empty name", RAW("{\"\":\"x\",\"text\":\"B\"}"), "B", ""},
};

static void each_message_has_its_outcome(void **state)
{
    dl_decode_opts opts = dl_decode_defaults();
    dl_decode d;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    check_ok("init", dl_decode_init(&d, &opts, &err), &err);
    for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
        dl_arena_init(&a, 1 << 24);
        check_str(messages[i].name, outcome(&doc, &a, &d, (dl_str){messages[i].raw, messages[i].n}), messages[i].want);
        check_str(messages[i].name, notes_of(&doc, &a), messages[i].notes);
        dl_arena_free(&a);
    }
    dl_decode_free(&d);
    dl_decode_free(&d);
}

static const struct {
    const char *name, *raw, *want;
} ids[] = {
    {"a string", "{\"id\":\"ap-1\",\"text\":\"B\"}", "ap-1"},
    {"white space around it is dropped", "{\"id\":\" ap-1\\n\",\"text\":\"B\"}", "ap-1"},
    {"guid", "{\"guid\":\"g\",\"url\":\"u\",\"text\":\"B\"}", "g"},
    {"guid from XML", "{\"guid\":{\"#text\":\"g\",\"@isPermaLink\":\"false\"},\"text\":\"B\"}", "g"},
    {"the address, last", "{\"url\":\"https://example.com/1\",\"text\":\"B\"}", "https://example.com/1"},
    {"a number", "{\"id\":12,\"text\":\"B\"}", "12"},
    {"zero", "{\"id\":0,\"text\":\"B\"}", "0"},
    {"minus zero", "{\"id\":-0,\"text\":\"B\"}", "-0"},
    {"15 digits", "{\"id\":999999999999999,\"text\":\"B\"}", "999999999999999"},
    {"beyond 2^53", "{\"id\":9007199254740993,\"text\":\"B\"}", "9007199254740993"},
    {"beyond 64 bits", "{\"id\":123456789012345678901234567890,\"text\":\"B\"}", "123456789012345678901234567890"},
    {"longer than cJSON's buffer for numbers",
     "{\"id\":12345678901234567890123456789012345678901234567890123456789012345678901234567890,\"text\":\"B\"}",
     "12345678901234567890123456789012345678901234567890123456789012345678901234567890"},
    {"a fraction as it stands", "{\"id\":1.50,\"text\":\"B\"}", "1.50"},
    {"an exponent as it stands", "{\"id\":1E+3,\"text\":\"B\"}", "1E+3"},
    {"true is none: the content's hash", "{\"id\":true,\"text\":\"B\"}", "a3"},
    {"null is none", "{\"id\":null,\"guid\":\"g\",\"text\":\"B\"}", "g"},
    {"a blank one is none", "{\"id\":\"  \",\"guid\":\"g\",\"text\":\"B\"}", "g"},
};

static void ids_are_kept_to_the_letter(void **state)
{
    dl_decode_opts opts = dl_decode_defaults();
    dl_decode d;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    check_ok("init", dl_decode_init(&d, &opts, &err), &err);
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        dl_arena_init(&a, 1 << 24);
        check_str(ids[i].name, outcome(&doc, &a, &d, dl_str_of(ids[i].raw)), "B");
        if (strlen(ids[i].want) == 2 && ids[i].want[0] == 'a') /* a hash: 32 hexadecimal digits */
            assert_int_equal(doc.article.id.n, 32);
        else
            check_str(ids[i].name, doc.article.id, ids[i].want);
        dl_arena_free(&a);
    }
    dl_decode_free(&d);
}

static void an_article_without_id_is_known_by_its_place(void **state)
{
    dl_decode_opts opts = dl_decode_defaults();
    dl_record rec = {DL_LIT("news.raw"), 7, 9007199254740993, {NULL, 0}, 1641477900123};
    char long_id[700];
    dl_decode d;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    check_ok("init", dl_decode_init(&d, &opts, &err), &err);
    dl_arena_init(&a, 1 << 24);
    dl_doc_init(&doc, &a);
    doc.record = rec;
    doc.raw = DL_LIT("{\"text\":\"B\"}");
    check_ok("run", dl_decode_run(&d, &doc, &err), &err);
    check_str("id", doc.article.id, "news.raw-7-9007199254740993");
    check_str("the record's time", doc.article.published_at, "2022-01-06T14:05:00Z");
    assert_int_equal(doc.article.published_from, DL_DATE_RECORD);

    (void)snprintf(long_id, sizeof long_id, "{\"text\":\"B\",\"id\":\"%0600d\"}", 1);
    check_str("a long id", outcome(&doc, &a, &d, dl_str_of(long_id)), "B");
    check_str("is hashed", notes_of(&doc, &a), "long_id");
    assert_int_equal(doc.article.id.n, 32);
    dl_arena_free(&a);
    dl_decode_free(&d);
}

static void metadata_is_found(void **state)
{
    static const char raw[] = "{\"title\":\"T\",\"text\":\"B\",\"link\":\"https://example.com/a\",\"source\":{\"id\":null,\"name\":\"Daily\"},"
                              "\"lang\":\"EN_gb\",\"author\":[\" A. Writer \",{\"name\":\"B. Writer\"},7,\"\"],"
                              "\"pubDate\":\"Thu, 06 Jan 2022 14:05:00 +0100\"}";
    dl_decode_opts opts = dl_decode_defaults();
    dl_decode d;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    check_ok("init", dl_decode_init(&d, &opts, &err), &err);
    dl_arena_init(&a, 1 << 24);
    check_str("text", outcome(&doc, &a, &d, dl_str_of(raw)), "T\n\nB");
    assert_int_equal(doc.body_start, 3);
    check_str("title", doc.article.title, "T");
    check_str("url", doc.article.url, "https://example.com/a");
    check_str("source", doc.article.source, "Daily");
    assert_string_equal(doc.article.language, "en-gb");
    check_u64("authors", doc.article.authors.n, 2);
    check_str("author", doc.article.authors.p[0], "A. Writer");
    check_str("author in an object", doc.article.authors.p[1], "B. Writer");
    check_str("date", doc.article.published_at, "2022-01-06T14:05:00+01:00");
    assert_int_equal(doc.article.published_from, DL_DATE_METADATA);

    check_str("bad date", outcome(&doc, &a, &d, DL_LIT("{\"text\":\"B\",\"date\":\"yesterday\",\"language\":\"English (US)\"}")), "B");
    check_str("is noted", notes_of(&doc, &a), "bad_date");
    assert_null(doc.article.published_at.p);
    assert_string_equal(doc.article.language, "und");
    dl_arena_free(&a);
    dl_decode_free(&d);
}

static const struct {
    const char *name, *body, *raw, *want;
} pointers[] = {
    {"into objects", "/a/b", "{\"a\":{\"b\":\"B\"}}", "B"},
    {"into arrays", "/a/1/b", "{\"a\":[{},{\"b\":\"B\"}]}", "B"},
    {"~1 is a slash", "/a~1b", "{\"a/b\":\"B\"}", "B"},
    {"~0 is a tilde", "/~0/~01", "{\"~\":{\"~1\":\"B\"}}", "B"},
    {"the empty name", "/", "{\"\":\"B\"}", "B"},
    {"a name, then a pointer", "text|/a/b", "{\"a\":{\"b\":\"B\"}}", "B"},
    {"white space around names", " text | body ", "{\"body\":\"B\"}", "B"},
    {"a name with a slash inside is a name", "a/b", "{\"a/b\":\"B\",\"a\":{\"b\":\"X\"}}", "B"},
    {"an index behind the end", "/a/2", "{\"a\":[\"x\",\"y\"]}", "!empty_body"},
    {"an index with a zero in front", "/a/01", "{\"a\":[\"x\",\"y\"]}", "!empty_body"},
    {"an index that is no number", "/a/-", "{\"a\":[\"x\"]}", "!empty_body"},
    {"a huge index", "/a/99999999999999999999", "{\"a\":[\"x\"]}", "!empty_body"},
    {"a step into a string", "/a/b", "{\"a\":\"b\"}", "!empty_body"},
    {"a step into nothing", "/x/y/z", "{\"a\":\"b\"}", "!empty_body"},
};

static void pointers_lead_to_fields(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++) {
        dl_decode_opts opts = dl_decode_defaults();
        dl_decode d;
        dl_arena a;
        dl_doc doc;
        dl_error err;

        opts.body = pointers[i].body;
        dl_arena_init(&a, 1 << 24);
        check_ok(pointers[i].name, dl_decode_init(&d, &opts, &err), &err);
        check_str(pointers[i].name, outcome(&doc, &a, &d, dl_str_of(pointers[i].raw)), pointers[i].want);
        dl_decode_free(&d);
        dl_arena_free(&a);
    }
}

static void options_out_of_range_stop_the_start(void **state)
{
    dl_decode_opts bad[8];
    dl_decode d = {0};
    dl_error err;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        bad[i] = dl_decode_defaults();
    bad[0].body = "/a/~2";
    bad[1].body = "/a~";
    bad[2].max_depth = 0;
    bad[3].max_depth = 1000;
    bad[4].article_max_bytes = 0;
    bad[5].text_max_bytes = 0;
    bad[6].body = "";
    bad[7].body = " | ";
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(dl_decode_init(&d, &bad[i], &err), DL_FATAL);
        assert_null(d.names.blocks); /* untouched */
    }
}

/* {"a":[[[...]]],"text":"B"} with n arrays */
static dl_str nested(dl_arena *a, size_t n, const char *open, const char *close)
{
    size_t o = strlen(open), c = strlen(close);
    char *p = dl_arena_alloc(a, n * (o + c) + 64);
    size_t at = 0;

    memcpy(p, "{\"a\":", 5);
    at = 5;
    for (size_t i = 0; i < n; i++, at += o)
        memcpy(p + at, open, o);
    p[at++] = '1';
    for (size_t i = 0; i < n; i++, at += c)
        memcpy(p + at, close, c);
    memcpy(p + at, ",\"text\":\"B\"}", 12);
    return (dl_str){p, at + 12};
}

static void limits_hold(void **state)
{
    dl_decode_opts opts = dl_decode_defaults();
    dl_decode d;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    opts.article_max_bytes = 1 << 22;
    opts.text_max_bytes = 64;
    opts.max_depth = 999;
    opts.max_values = 3000;
    check_ok("init", dl_decode_init(&d, &opts, &err), &err);
    dl_arena_init(&a, 1 << 27);
    check_str("as deep as allowed", outcome(&doc, &a, &d, nested(&a, 998, "[", "]")), "B");
    check_str("one deeper", outcome(&doc, &a, &d, nested(&a, 999, "[", "]")), "!too_deep");
    check_str("a bomb of arrays", outcome(&doc, &a, &d, nested(&a, 1000000, "[", "]")), "!too_deep");
    check_str("a bomb of objects", outcome(&doc, &a, &d, nested(&a, 500000, "{\"a\":", "}")), "!too_deep");
    check_str("a bomb that never closes", outcome(&doc, &a, &d, nested(&a, 1000000, "[", "")), "!too_deep");

    char *many = dl_arena_alloc(&a, 20000);

    memset(many, ' ', 20000);
    memcpy(many, "{\"text\":\"B\",\"a\":[0", 18);
    for (size_t i = 18; i < 19000; i += 2)
        memcpy(many + i, ",0", 2);
    memcpy(many + 19998, "]}", 2);
    check_str("too many values", outcome(&doc, &a, &d, (dl_str){many, 20000}), "!too_many_values");
    check_str("as long as allowed",
              outcome(&doc, &a, &d, DL_LIT("{\"text\":\"1234567890123456789012345678901234567890123456789012345678901234\"}")),
              "1234567890123456789012345678901234567890123456789012345678901234");
    check_str("a byte longer",
              outcome(&doc, &a, &d, DL_LIT("{\"text\":\"12345678901234567890123456789012345678901234567890123456789012345\"}")),
              "!text_too_large");
    check_str("too many bytes", outcome(&doc, &a, &d, (dl_str){dl_arena_zalloc(&a, (1 << 22) + 1), (1 << 22) + 1}), "!too_large");
    dl_arena_free(&a);
    dl_decode_free(&d);
}

static const struct {
    const char *name, *raw;
    size_t      n;
    const char *want, *notes;
} plain[] = {
    {"the message is the body", RAW("One.\n\nTwo."), "One.\n\nTwo.", ""},
    {"JSON is text, too", RAW("{\"text\":\"B\"}"), "{\"text\":\"B\"}", ""},
    {"HTML is read", RAW("<html><body><p>A</p></body></html>"), "A", ""},
    {"NUL", RAW("a\0" "b\0"), "a" FFFD "b" FFFD, "nul_character"},
    {"bad bytes", RAW("a\xFFz"), "a" FFFD "z", "bad_utf8"},
    {"both", RAW("\xFF\0"), FFFD FFFD, "bad_utf8 nul_character"},
    {"a byte order mark", RAW("\xEF\xBB\xBFx"), "x", ""},
    {"blank", RAW(" \n\t"), "!empty_body", ""},
    {"nothing", RAW(""), "!empty_message", ""},
    {"UTF-16", RAW("\xFF\xFE" "a\0"), "!utf16_input", ""},
};

static void plain_messages(void **state)
{
    dl_decode_opts opts = dl_decode_defaults();
    dl_decode d;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    opts.message = DL_MESSAGE_TEXT;
    opts.body = "";
    check_ok("init", dl_decode_init(&d, &opts, &err), &err);
    dl_arena_init(&a, 1 << 24);
    for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
        check_str(plain[i].name, outcome(&doc, &a, &d, (dl_str){plain[i].raw, plain[i].n}), plain[i].want);
        check_str(plain[i].name, notes_of(&doc, &a), plain[i].notes);
    }
    dl_doc_init(&doc, &a);
    doc.record = (dl_record){DL_LIT("t"), 0, 1, DL_LIT("key\xFF"), -1};
    doc.raw = DL_LIT("B");
    check_ok("run", dl_decode_run(&d, &doc, &err), &err);
    check_str("the key is the id", doc.article.id, "key" FFFD);
    dl_arena_free(&a);
    dl_decode_free(&d);
}

/* Every allocation fails once, in the arena's and in both libraries' code: an error or the right answer, and no leak (ASan says). */
static void memory_may_end_anywhere(void **state)
{
    static const char raw[] = "{\"title\":\"T\xFF\",\"text\":\"<p>a</p><p>b</p>\",\"author\":[\"x\"],\"date\":\"2022-01-06\",\"id\":1.5}";
    dl_decode_opts opts = dl_decode_defaults();
    dl_error err;
    dl_doc doc;
    bool hit = true;

    (void)state;
    for (size_t n = 1; hit; n++) {
        dl_decode d = {0};
        dl_arena a;

        assert_true(n < 2000);
        fault_begin(n);
        dl_arena_init(&a, 1 << 24);
        dl_code code = dl_decode_init(&d, &opts, &err);

        if (code == DL_OK) {
            dl_doc_init(&doc, &a);
            doc.raw = dl_str_of(raw);
            code = dl_decode_run(&d, &doc, &err);
        }
        hit = fault_end();
        if (!hit)
            assert_int_equal(code, DL_OK);
        if (code == DL_OK) {
            dl_doc_check(&doc);
            if (!hit)
                check_str("in the end", doc.text, "T" FFFD "\n\na\n\nb");
        } else {
            assert_true(code == DL_LIMIT || code == DL_FATAL);
        }
        dl_decode_free(&d);
        dl_arena_free(&a);
    }
    /* the ceiling of the arena, byte by byte */
    for (size_t max = 16; max < 4096; max += 16) {
        dl_decode d;
        dl_arena a;

        check_ok("init", dl_decode_init(&d, &opts, &err), &err);
        dl_arena_init(&a, max);
        dl_doc_init(&doc, &a);
        doc.raw = dl_str_of(raw);
        if (dl_decode_run(&d, &doc, &err) == DL_OK)
            check_str("whole or not at all", doc.text, "T" FFFD "\n\na\n\nb");
        else
            assert_int_equal(err.code, DL_LIMIT);
        dl_arena_free(&a);
        dl_decode_free(&d);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_message_has_its_outcome),
        cmocka_unit_test(ids_are_kept_to_the_letter),
        cmocka_unit_test(an_article_without_id_is_known_by_its_place),
        cmocka_unit_test(metadata_is_found),
        cmocka_unit_test(pointers_lead_to_fields),
        cmocka_unit_test(options_out_of_range_stop_the_start),
        cmocka_unit_test(limits_hold),
        cmocka_unit_test(plain_messages),
        cmocka_unit_test(memory_may_end_anywhere),
    };
    fault_hook_libraries();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
