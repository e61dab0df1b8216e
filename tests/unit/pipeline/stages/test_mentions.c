#include "tests/support/check.h"

#include "pipeline/base/buf.h"
#include "pipeline/engine.h"
#include "pipeline/stages/mentions.h"
#include "pipeline/stages/name_rules.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct world { /* an engine, its session, and models of our own to call the parts with */
    dl_engine   *engine;
    dl_session   session;
    dl_wordvec   words;
    dl_gazetteer gazetteer;
} world;

static world w;

static int setup(void **state)
{
    dl_engine_opts opts = dl_engine_defaults();
    dl_error err;

    (void)state;
    opts.models_dir = "models";
    opts.decode.message = DL_MESSAGE_TEXT;
    check_ok("engine", dl_engine_open(&w.engine, &opts, &err), &err);
    dl_session_init(&w.session, w.engine);
    check_ok("words", dl_wordvec_open(&w.words, "models", &err), &err);
    check_ok("gazetteer", dl_gazetteer_open(&w.gazetteer, "models", &err), &err);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    dl_session_free(&w.session);
    dl_engine_close(w.engine);
    dl_gazetteer_close(&w.gazetteer);
    dl_wordvec_close(&w.words);
    return 0;
}

static dl_doc *run(const char *text)
{
    dl_str out;
    dl_error err;

    check_ok(text, dl_session_run(&w.session, NULL, dl_str_of(text), &out, &err), &err);
    dl_doc_check(&w.session.doc);
    return &w.session.doc;
}

/* The text with its names in brackets: "[PER Kofi Annan] flew to [LOC Accra]." */
static dl_str marked(const dl_doc *doc)
{
    static char out[4096];
    size_t n = 0;
    uint32_t at = 0;

    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        const dl_mention *m = &doc->mentions.p[i];

        n += (size_t)snprintf(out + n, sizeof out - n, "%.*s[%s %.*s]", (int)(m->span.start - at), doc->text.p + at, dl_ent_type_name(m->type),
                              DL_ARG(dl_doc_str(doc, m->span)));
        at = m->span.end;
    }
    n += (size_t)snprintf(out + n, sizeof out - n, "%.*s", (int)(doc->text.n - at), doc->text.p + at);
    return (dl_str){out, n};
}

static const struct {
    const char *name, *text, *want;
} cases[] = {
    {"titles and possessives stay outside", "President Vladimir Putin's visit to Kazakhstan was short.",
     "President [PER Vladimir Putin]'s visit to [LOC Kazakhstan] was short."},
    {"acronym in brackets", "The World Health Organization (WHO) sent staff to Ghana.", "The [ORG World Health Organization] ([ORG WHO]) sent staff to [LOC Ghana]."},
    {"nationality", "Two French soldiers were hurt near Timbuktu.", "Two [MISC French] soldiers were hurt near [LOC Timbuktu]."},
    {"capitals only", "POLICE ARREST FORTY IN NAIROBI", "POLICE ARREST FORTY IN [LOC NAIROBI]"},
    {"no names", "The committee met twice and decided nothing.", "The committee met twice and decided nothing."},
    {"digits and signs alone", "12 - 7 = 5 (!)", "12 - 7 = 5 (!)"},
    {"one word", "Nairobi", "[LOC Nairobi]"},
    {"broken quotation", "\"We leave, said Merkel in Berlin.", "\"We leave, said [PER Merkel] in [LOC Berlin]."},
    {"emoji between names", "Merkel \xF0\x9F\x98\x80 Putin", "[PER Merkel] \xF0\x9F\x98\x80 [PER Putin]"},
};

static void names_are_found_and_typed(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_str(cases[i].name, marked(run(cases[i].text)), cases[i].want);
}

static void a_later_surname_is_the_same_person(void **state)
{
    (void)state;
    dl_doc *doc = run("Angela Merkel met Emmanuel Macron in Paris. Merkel said the talks were good. The United Nations (UN) was informed; "
                      "the UN said nothing.");
    uint32_t merkel = DL_NONE, un = DL_NONE;

    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        dl_str text = dl_doc_str(doc, doc->mentions.p[i].span);

        if (dl_str_eq(text, DL_LIT("Angela Merkel")))
            merkel = doc->mentions.p[i].ent;
        if (dl_str_eq(text, DL_LIT("Merkel")))
            assert_int_equal(doc->mentions.p[i].ent, merkel);
        if (dl_str_eq(text, DL_LIT("United Nations")))
            un = doc->mentions.p[i].ent;
        if (dl_str_eq(text, DL_LIT("UN")))
            assert_int_equal(doc->mentions.p[i].ent, un);
    }
    assert_int_not_equal(merkel, DL_NONE);
    assert_int_not_equal(un, DL_NONE);
    check_str("canonical", doc->ents.p[merkel].name, "Angela Merkel");
    assert_int_equal(doc->ents.p[un].mentions.n, 3);
}

/* ---- the integers are those of the training program, with every set of kernels ---------------------------------------- */

static size_t unescape(char *s, size_t n)
{
    size_t out = 0;

    for (size_t i = 0; i < n; i++) {
        bool newline = s[i] == '\\' && i + 1 < n && s[i + 1] == 'n';

        s[out++] = newline ? '\n' : s[i];
        i += newline;
    }
    return out;
}

enum { MAX_TOKS = 200 };

typedef struct fixture { /* a document as the training program saw it, and its scores */
    dl_doc           doc;
    dl_name_features features;
    int64_t          want[MAX_TOKS][DL_NAMES_TAGS];
} fixture;

static uint32_t word_of(dl_name_features *f, uint64_t key)
{
    for (uint32_t i = 0; i < f->n_words; i++)
        if (f->words[i].key == key)
            return i;
    f->words[f->n_words] = (dl_name_word){.key = key};
    return f->n_words++;
}

static void read_fixture(fixture *fx, dl_arena *a, char *line, dl_str text)
{
    dl_doc_init(&fx->doc, a);
    fx->doc.text = text;
    fx->features = (dl_name_features){DL_NEW_N(a, dl_name_token, MAX_TOKS), DL_NEW_N(a, dl_name_word, MAX_TOKS), 0};
    for (uint32_t i = 0; *line; i++) {
        uint32_t start = (uint32_t)strtoul(line, &line, 10), end = (uint32_t)strtoul(line, &line, 10);
        uint32_t sent = (uint32_t)strtoul(line, &line, 10), row = (uint32_t)strtoul(line, &line, 10);
        uint64_t key = strtoull(line, &line, 10), bits = strtoull(line, &line, 10), shape = strtoull(line, &line, 10);
        bool cap = strtoul(line, &line, 10) != 0;
        dl_token *tok = DL_PUSH(a, &fx->doc.toks);
        dl_name_token *t = &fx->features.toks[i];

        assert_in_range(i, 0, MAX_TOKS - 1);
        tok->span = (dl_span){start, end};
        tok->form = dl_doc_str(&fx->doc, tok->span);
        tok->key = key;
        tok->word = row;
        if (sent == fx->doc.sents.n) {
            dl_sentence *fresh = DL_PUSH(a, &fx->doc.sents);

            fresh->first_tok = i;
        }
        fx->doc.sents.p[sent].n_toks++;
        *t = (dl_name_token){.bits = bits, .word = word_of(&fx->features, key), .shape = (uint8_t)shape, .cap = cap};
        fx->features.words[t->word].n_cap += cap;
        fx->features.words[t->word].n_lower += !cap;
        for (uint32_t k = 0; k < DL_NAMES_TAGS; k++)
            fx->want[i][k] = strtoll(line, &line, 10);
        line += *line == '\n';
    }
}

static void check_scores(const char *kernels, fixture *fx)
{
    static int32_t emit[MAX_TOKS * DL_NAMES_TAGS_PAD];
    static bool scored[MAX_TOKS];
    const dl_kernels *k = dl_kernels_named(kernels);
    uint32_t n_scored = 0;
    dl_names_net net;
    dl_error err;

    if (!k)
        return;
    check_ok("names", dl_names_net_open(&net, "models", &w.words, k, &err), &err);
    check_ok("score", dl_name_score(emit, scored, &net, &fx->doc, &fx->features, &err), &err);
    for (uint32_t i = 0; i < fx->doc.toks.n; i++) {
        n_scored += scored[i];
        for (uint32_t t = 0; t < DL_NAMES_TAGS; t++)
            if (scored[i] && emit[i * DL_NAMES_TAGS_PAD + t] != fx->want[i][t])
                fail_msg("%s, token %u, tag %u: want %lld, got %d", kernels, i, t, (long long)fx->want[i][t], emit[i * DL_NAMES_TAGS_PAD + t]);
    }
    assert_in_range(n_scored, 30, fx->doc.toks.n - 1);
    dl_names_net_close(&net);
}

static void scores_are_those_of_the_training_program(void **state)
{
    static const char *const kernels[] = {"portable", "avx2", "avx512vnni"};
    static fixture fx;
    dl_buf file = {0};
    dl_arena a;
    dl_error err;

    (void)state;
    check_ok("fixture", dl_file_read(&file, "tests/unit/pipeline/stages/names_fixture.tsv", 1 << 20, &err), &err);
    dl_buf_byte(&file, '\0');
    char *nl = strchr(file.p, '\n');

    assert_non_null(nl);
    assert_memory_equal(file.p, "text\t", 5);
    dl_arena_init(&a, (size_t)1 << 24);
    read_fixture(&fx, &a, nl + 1, (dl_str){file.p + 5, unescape(file.p + 5, (size_t)(nl - file.p) - 5)});
    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++)
        check_scores(kernels[i], &fx);
    dl_arena_free(&a);
    dl_buf_free(&file);
}

static void a_model_of_other_features_is_refused(void **state)
{
    dl_names_net net;
    dl_mentions m;
    dl_error err;

    (void)state;
    check_ok("names", dl_names_net_open(&net, "models", &w.words, NULL, &err), &err);
    check_ok("init", dl_mentions_init(&m, &net, &w.gazetteer, &err), &err);
    net.n_bits++;
    assert_int_equal(dl_mentions_init(&m, &net, &w.gazetteer, &err), DL_FATAL);
    dl_names_net_close(&net);
    dl_names_net_close(&net);
}

static void a_full_arena_is_a_limit(void **state)
{
    dl_engine *engine;
    dl_session s;
    dl_error err;
    dl_str out;
    dl_engine_opts opts = dl_engine_defaults();
    const char text[] = "Angela Merkel met Emmanuel Macron in Paris on Monday, said the United Nations.";

    (void)state;
    opts.models_dir = "models";
    opts.decode.message = DL_MESSAGE_TEXT;
    for (size_t bytes = 1 << 12; bytes <= 1 << 22; bytes += 1 << 14) {
        opts.arena_max_bytes = bytes;
        if (bytes == 1 << 12)
            check_ok("engine", dl_engine_open(&engine, &opts, &err), &err);
        dl_session_init(&s, engine);
        dl_arena_free(&s.arena);
        dl_arena_init(&s.arena, bytes);
        dl_code code = dl_session_run(&s, NULL, dl_str_of(text), &out, &err);

        dl_session_free(&s);
        assert_true(code == DL_OK || code == DL_LIMIT);
        if (code == DL_OK)
            break;
    }
    dl_engine_close(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_and_typed),        cmocka_unit_test(a_later_surname_is_the_same_person),
        cmocka_unit_test(scores_are_those_of_the_training_program), cmocka_unit_test(a_model_of_other_features_is_refused),
        cmocka_unit_test(a_full_arena_is_a_limit),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
