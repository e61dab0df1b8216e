#include "config/config.h"
#include "config/option.h"
#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>

static char *env[] = {(char *)"HOST=kafka.example:9092", (char *)"EMPTY=", (char *)"EVIL=x\nworkers: 3\ninput: {topics: [stolen]}",
                      (char *)"BRACES=${HOST}", (char *)"PW=hunter2", NULL};

static dl_code load_text(dl_config *cfg, const char *yaml, size_t n, dl_buf *report, dl_error *err)
{
    const dl_config_text text = {"f.yaml", {yaml, n}};
    const dl_config_sources from = {.texts = &text, .n_texts = 1, .env = env};

    return dl_config_load(cfg, &from, report, err);
}

/* The value of one key, as it would be written in a file; for kafka.* properties the value itself. */
static void read_back(const dl_config *cfg, const char *key, dl_buf *out)
{
    const uint32_t id = dl_option_find(dl_str_of(key));

    if (id < DL_N_OPTIONS) {
        dl_option_write(cfg, &dl_options[id], out);
        return;
    }
    for (uint32_t i = 0; i < cfg->kafka.n; i++)
        if (strcmp(cfg->kafka.p[i].name, key) == 0)
            dl_buf_printf(out, "%d:%s", (int)cfg->kafka.p[i].side, cfg->kafka.p[i].value);
}

static const struct {
    const char *name, *yaml, *key, *want;
} accepted[] = {
    {"nothing gives the defaults", "", "input.topics", "[news.raw]"},
    {"comments only", "# nothing\n---\n# here\n", "kafka.brokers", "localhost:9092"},
    {"a section without keys", "input:\nkafka:\n", "input.group", "dateline"},
    {"nested keys", "input:\n  topics: [a, b]\n", "input.topics", "[a, b]"},
    {"a dotted key is the same key", "input.topics: [a]\n", "input.topics", "[a]"},
    {"block list", "input:\n  topics:\n  - a\n  - b\n", "input.topics", "[a, b]"},
    {"a list of one needs no brackets", "input: {topics: a}", "input.topics", "[a]"},
    {"a scalar splits at commas", "input: {topics: 'a, b'}", "input.topics", "[a, b]"},
    {"an item does not split", "article: {fields: {id: ['/a,b']}}", "article.fields.id", "[\"/a,b\"]"},
    {"an empty list where one may be", "article: {fields: {authors: []}}", "article.fields.authors", "[]"},
    {"size", "limits: {inflight_bytes: 16MiB}", "limits.inflight_bytes", "16MiB"},
    {"size without a unit is bytes", "limits: {article_bytes: 2048}", "limits.article_bytes", "2KiB"},
    {"decimal size", "limits: {article_bytes: 2MB}", "limits.article_bytes", "2000000"},
    {"duration", "shutdown: {timeout: 1500ms}", "shutdown.timeout", "1500ms"},
    {"duration in minutes", "shutdown: {timeout: 2m}", "shutdown.timeout", "2m"},
    {"no duration", "shutdown: {timeout: 0s}", "shutdown.timeout", "0ms"},
    {"choice", "output: {offset_unit: utf16}", "output.offset_unit", "utf16"},
    {"bool", "output: {tokens: true}", "output.tokens", "true"},
    {"JSON is YAML", "{\"output\": {\"tokens\": true}}", "output.tokens", "true"},
    {"byte order mark", "\xEF\xBB\xBFoutput: {tokens: true}", "output.tokens", "true"},
    {"carriage returns", "output:\r\n  tokens: true\r\n", "output.tokens", "true"},
    {"variable", "kafka: {brokers: '${HOST}'}", "kafka.brokers", "kafka.example:9092"},
    {"variable in the middle", "input:\n  group: a-${EMPTY}b\n", "input.group", "a-b"},
    {"default of a variable", "input: {group: \"${NONE:-g1}\"}", "input.group", "g1"},
    {"default where the variable is empty", "input: {group: \"${EMPTY:-g2}\"}", "input.group", "g2"},
    {"a variable cannot add keys", "kafka: {brokers: \"${EVIL}\"}", "input.topics", "[news.raw]"},
    {"what is put in is not looked through", "kafka: {brokers: \"${BRACES}\"}", "kafka.brokers", "\"$${HOST}\""},
    {"two dollars are a plain one", "input: {group: '$${HOST}'}", "input.group", "\"$${HOST}\""},
    {"a dollar alone stays", "input: {group: a$b}", "input.group", "\"a$b\""},
    {"property passes through", "kafka: {sasl.username: me}", "sasl.username", "0:me"},
    {"nested property", "kafka: {sasl: {username: me}}", "sasl.username", "0:me"},
    {"property of the consumer", "kafka: {consumer: {fetch.min.bytes: 5}}", "fetch.min.bytes", "1:5"},
    {"property of the producer", "kafka: {producer: {linger.ms: 5}}", "linger.ms", "2:5"},
    {"our key beside properties", "kafka: {linger.ms: 5, client_id: me}", "kafka.client_id", "me"},
};

static void test_accepted(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        dl_config cfg;
        dl_error err = {0};
        dl_buf report = {0}, got = {0};

        if (load_text(&cfg, accepted[i].yaml, strlen(accepted[i].yaml), &report, &err) != DL_OK)
            fail_msg("%s: %.*s", accepted[i].name, DL_ARG(dl_buf_str(&report)));
        read_back(&cfg, accepted[i].key, &got);
        check_str(accepted[i].name, dl_buf_str(&got), accepted[i].want);
        dl_buf_free(&got);
        dl_buf_free(&report);
        dl_config_free(&cfg);
    }
}

#define TEXT(s) s, sizeof(s) - 1
static const struct {
    const char *name, *yaml;
    size_t      n;
    const char *want; /* the whole report */
} refused[] = {
    {"unknown key, near another", TEXT("input:\n  topic: a\n"), "f.yaml:2:10: input.topic: no such key; did you mean \"input.topics\"?\n"},
    {"right key, wrong section", TEXT("log: {topics: a}\n"), "f.yaml:1:15: log.topics: no such key; did you mean \"input.topics\"?\n"},
    {"unknown key, near nothing", TEXT("zebra: 1\n"), "f.yaml:1:8: zebra: no such key; config/OPTIONS.md and `dateline check` list them all\n"},
    {"not a number", TEXT("pipeline:\n  workers: many\n"), "f.yaml:2:12: pipeline.workers: \"many\" will not do; allowed: a whole number, 0 to 1024\n"},
    {"negative", TEXT("pipeline: {workers: -1}"), "f.yaml:1:21: pipeline.workers: \"-1\" will not do; allowed: a whole number, 0 to 1024\n"},
    {"over the maximum", TEXT("pipeline: {workers: 1025}"), "f.yaml:1:21: pipeline.workers: \"1025\" will not do; allowed: a whole number, 0 to 1024\n"},
    {"beyond 64 bits", TEXT("pipeline: {workers: 18446744073709551617}"),
     "f.yaml:1:21: pipeline.workers: \"18446744073709551617\" will not do; allowed: a whole number, 0 to 1024\n"},
    {"beyond 64 bits by its unit", TEXT("limits: {inflight_bytes: 17179869185GiB}"),
     "f.yaml:1:26: limits.inflight_bytes: \"17179869185GiB\" will not do; allowed: a size such as 64KiB or 16MiB, 1MiB to 16GiB\n"},
    {"hexadecimal", TEXT("pipeline: {workers: 0x10}"), "f.yaml:1:21: pipeline.workers: \"0x10\" will not do; allowed: a whole number, 0 to 1024\n"},
    {"fraction", TEXT("pipeline: {workers: 1.5}"), "f.yaml:1:21: pipeline.workers: \"1.5\" will not do; allowed: a whole number, 0 to 1024\n"},
    {"duration without a unit", TEXT("shutdown: {timeout: 5}"),
     "f.yaml:1:21: shutdown.timeout: \"5\" will not do; allowed: a duration such as 250ms, 5s or 2m, 0ms to 1h\n"},
    {"yes is not true", TEXT("output: {tokens: yes}"), "f.yaml:1:18: output.tokens: \"yes\" will not do; allowed: true or false\n"},
    {"True is not true", TEXT("output: {tokens: True}"), "f.yaml:1:18: output.tokens: \"True\" will not do; allowed: true or false\n"},
    {"choice", TEXT("log: {level: loud}"), "f.yaml:1:14: log.level: \"loud\" will not do; allowed: one of debug, info, warn, error\n"},
    {"part of a choice", TEXT("log: {level: debug|info}"), "f.yaml:1:14: log.level: \"debug|info\" will not do; allowed: one of debug, info, warn, error\n"},
    {"empty text", TEXT("output: {topic: ''}"), "f.yaml:1:17: output.topic: \"\" will not do; allowed: text of 1 to 249 bytes\n"},
    {"no value", TEXT("output:\n  topic:\n"), "f.yaml:2:9: output.topic: no value; write \"\" for empty text, or take the line out for the default\n"},
    {"null", TEXT("output: {topic: ~}"), "f.yaml:1:17: output.topic: no value; write \"\" for empty text, or take the line out for the default\n"},
    {"map for a value", TEXT("output: {topic: {a: b}}"), "f.yaml:1:21: output.topic.a: no such key: output.topic is one value and holds no keys\n"},
    {"list for a value", TEXT("output: {topic: [a]}"), "f.yaml:1:17: output.topic: \"a list\" will not do; allowed: text of 1 to 249 bytes\n"},
    {"value for a section", TEXT("output: yes"), "f.yaml:1:9: output: holds keys, not a value\n"},
    {"list of maps", TEXT("input: {topics: [{a: b}, c]}"), "f.yaml:1:18: input.topics: an item of a list is one value\n"},
    {"list of lists", TEXT("input: {topics: [[[[a]]]]}"), "f.yaml:1:18: input.topics: an item of a list is one value\n"},
    {"empty item", TEXT("input: {topics: [a, '']}"), "f.yaml:1:17: input.topics: item 2 is empty\n"},
    {"empty list", TEXT("input: {topics: []}"), "f.yaml:1:17: input.topics: \"[]\" will not do; allowed: a list of 1 to 64 topics\n"},
    {"empty item between commas", TEXT("input: {topics: 'a,,b'}"), "f.yaml:1:17: input.topics: item 2 is empty\n"},
    {"twice in one map", TEXT("output:\n  topic: a\n  topic: b\n"), "f.yaml:3:10: output.topic: set twice, first in line 2\n"},
    {"twice in two forms", TEXT("output.topic: a\noutput: {topic: b}\n"), "f.yaml:2:17: output.topic: set twice, first in line 1\n"},
    {"property twice", TEXT("kafka:\n  linger.ms: 1\n  linger.ms: 2\n"), "f.yaml:3:14: kafka.linger.ms: set twice, first in line 2\n"},
    {"property that we own", TEXT("kafka: {enable.auto.commit: true}"),
     "f.yaml:1:29: kafka.enable.auto.commit: librdkafka's enable.auto.commit is not set here: offsets are committed when their output is "
     "acknowledged; see delivery.commit_interval\n"},
    {"property that we own, by its side", TEXT("kafka: {consumer: {group.id: x}}"),
     "f.yaml:1:30: kafka.consumer.group.id: librdkafka's group.id is not set here: set input.group\n"},
    {"callback", TEXT("kafka: {dr_msg_cb: x}"), "f.yaml:1:20: kafka.dr_msg_cb: librdkafka's dr_msg_cb is not set here: it cannot be set from text\n"},
    {"list for a property", TEXT("kafka: {debug: [a, b]}"), "f.yaml:1:16: kafka.debug: a property of librdkafka is one value, not a list; use commas\n"},
    {"variable that is not set", TEXT("kafka: {brokers: '${NONE}'}"),
     "f.yaml:1:18: kafka.brokers: environment variable NONE is not set; ${NONE:-default} would give it a default\n"},
    {"brace that is not closed", TEXT("kafka: {brokers: '${HOST'}"),
     "f.yaml:1:18: kafka.brokers: ${ is not followed by NAME} or NAME:-default}; write $${ for a plain ${\n"},
    {"expression in braces", TEXT("kafka: {brokers: '${HOST+x}'}"),
     "f.yaml:1:18: kafka.brokers: ${ is not followed by NAME} or NAME:-default}; write $${ for a plain ${\n"},
    {"braces at the end", TEXT("kafka: {brokers: 'a${'}"),
     "f.yaml:1:18: kafka.brokers: ${ is not followed by NAME} or NAME:-default}; write $${ for a plain ${\n"},
    {"all problems, not the first", TEXT("output: {tokens: 1}\nlog: {level: 2}\n"),
     "f.yaml:1:18: output.tokens: \"1\" will not do; allowed: true or false\nf.yaml:2:14: log.level: \"2\" will not do; allowed: one of debug, info, warn, "
     "error\n"},
    {"aliases", TEXT("input: &a {group: x}\noutput: *a\n"),
     "f.yaml:1:8: input: anchors and aliases (& and *) are not read here; quote a value that begins with one\n"
     "f.yaml:2:9: output: anchors and aliases (& and *) are not read here; quote a value that begins with one\n"},
    {"billion laughs", TEXT("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n"),
     "f.yaml:1:4: a: anchors and aliases (& and *) are not read here; quote a value that begins with one\n"
     "f.yaml:2:4: b: anchors and aliases (& and *) are not read here; quote a value that begins with one\n"
     "f.yaml:3:5: c: anchors and aliases (& and *) are not read here; quote a value that begins with one\n"
     "f.yaml:3:8: c: anchors and aliases (& and *) are not read here; quote a value that begins with one\n"},
    {"tag", TEXT("output: {tokens: !!bool true}"), "f.yaml:1:18: output.tokens: tags (!) are not read here; quote a value that begins with one\n"},
    {"map as a key", TEXT("? {a: b}\n: c\noutput: {tokens: 1}"),
     "f.yaml:1:3: a key is a name\nf.yaml:3:18: output.tokens: \"1\" will not do; allowed: true or false\n"},
    {"two documents", TEXT("log: {level: info}\n---\nlog: {level: warn}\n"), "f.yaml:2:1: a second document; a file holds one\n"},
    {"text alone", TEXT("hello"), "f.yaml:1:1: a configuration is a map of keys to values\n"},
    {"list alone", TEXT("[a, b]"), "f.yaml:1:1: a configuration is a map of keys to values, not a list\n"},
    {"tab as indent", TEXT("input:\n\ttopics: a\n"), "f.yaml:2:1: while scanning for the next token: found character that cannot start any token\n"},
    {"brace left open", TEXT("input: {topics: a"), "f.yaml:2:1: while parsing a flow mapping: did not find expected ',' or '}'\n"},
    {"NUL in quotes", TEXT("output: {topic: \"a\\0b\"}"), "f.yaml:1:17: output.topic: a value cannot hold a NUL\n"},
    {"NUL in a key", TEXT("\"a\\0b\": 1"), "f.yaml:1:1: a key is a name\n"},
    {"NUL in the file", TEXT("output:\0 1"), "f.yaml: byte 7: control characters are not allowed; a configuration is UTF-8 text\n"},
    {"not UTF-8", TEXT("output: {topic: \xC3\x28}"), "f.yaml: byte 17: invalid trailing UTF-8 octet; a configuration is UTF-8 text\n"},
    {"Latin-1", TEXT("output: {topic: caf\xE9}"), "f.yaml: byte 19: incomplete UTF-8 octet sequence; a configuration is UTF-8 text\n"},
    {"deep nesting", TEXT("{a: {a: {a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}}}}"), "f.yaml:1:37: a.a.a.a.a.a.a.a.a: nested deeper than 8\n"},
};

static void test_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        dl_config cfg = {.kafka_brokers = "untouched"};
        dl_error err = {0};
        dl_buf report = {0};

        check_u64(refused[i].name, load_text(&cfg, refused[i].yaml, refused[i].n, &report, &err), DL_FATAL);
        check_str(refused[i].name, dl_buf_str(&report), refused[i].want);
        check_str(refused[i].name, dl_str_of(cfg.kafka_brokers), "untouched");
        dl_buf_free(&report);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accepted),
        cmocka_unit_test(test_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
