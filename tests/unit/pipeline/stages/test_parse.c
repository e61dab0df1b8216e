#include "tests/support/check.h"
#include "tests/support/model_image.h"

#include "pipeline/stages/parse.h"
#include "pipeline/stages/parse_tree.h"
#include "pipeline/stages/tag.h"
#include "pipeline/stages/words.h"

#include <stdio.h>

/* The shipped parser against the numbers of the training code, with each set of kernels; odd sentences; damaged files. */

static dl_wordvec vectors;
static dl_words   words;
static dl_tag     tagger;

static int open_models(void **state)
{
    dl_error err;

    (void)state;
    check_ok("words", dl_wordvec_open(&vectors, "models", &err), &err);
    check_ok("tagger", dl_tag_init(&tagger, "models", &vectors, &err), &err);
    dl_words_init(&words, &vectors);
    return 0;
}

static int close_models(void **state)
{
    (void)state;
    dl_tag_free(&tagger);
    dl_wordvec_close(&vectors);
    return 0;
}

static void add_token(dl_doc *doc, const char *form)
{
    dl_token *tok = DL_PUSH(doc->a, &doc->toks);

    tok->form = dl_arena_str(doc->a, dl_str_of(form));
    tok->head = DL_NONE;
    doc->sents.p[doc->sents.n - 1].n_toks++;
}

static void add_sentence(dl_doc *doc, uint32_t flags)
{
    dl_sentence *sent = DL_PUSH(doc->a, &doc->sents);

    sent->first_tok = doc->toks.n;
    sent->flags = flags;
}

static void tag(dl_doc *doc)
{
    dl_error err;

    check_ok("words", dl_words_run(&words, doc, &err), &err);
    check_ok("tag", dl_tag_run(&tagger, doc, &err), &err);
}

static void check_trees(const char *name, const dl_doc *doc)
{
    enum { MOST = 1024 };

    for (uint32_t s = 0; s < doc->sents.n; s++) {
        const dl_sentence *sent = &doc->sents.p[s];
        uint16_t heads[MOST];

        if (!(sent->flags & DL_SENT_PARSED))
            continue;
        for (uint32_t i = 0; i < sent->n_toks; i++) {
            const dl_token *tok = &doc->toks.p[sent->first_tok + i];
            bool root = tok->head == DL_NONE;

            if (!root && (tok->head < sent->first_tok || tok->head >= sent->first_tok + sent->n_toks))
                fail_msg("%s: head outside the sentence", name);
            if (root != (tok->deprel == DL_DEPREL_ROOT) || tok->deprel == DL_DEPREL_NONE || tok->deprel >= DL_N_DEPRELS)
                fail_msg("%s: token %u: relation %u", name, i, tok->deprel);
            heads[i] = (uint16_t)(root ? 0 : tok->head - sent->first_tok + 1);
        }
        if (!dl_parse_is_tree(heads, sent->n_toks))
            fail_msg("%s: no tree", name);
    }
}

typedef struct row {
    char     form[64], rel[24];
    unsigned head;
} row;

/* Rows of the fixture; an empty form parts sentences. */
static uint32_t read_fixture(row *rows, uint32_t max)
{
    FILE *f = fopen("tests/unit/pipeline/stages/parse_fixture.tsv", "r");
    char line[256];
    uint32_t n = 0;

    assert_non_null(f);
    while (fgets(line, sizeof line, f) && n < max) {
        if (line[0] == '#')
            continue;
        memset(&rows[n], 0, sizeof rows[n]);
        if (line[0] != '\n')
            assert_int_equal(sscanf(line, "%63[^\t]\t%u\t%23[^\n]", rows[n].form, &rows[n].head, rows[n].rel), 3);
        n++;
    }
    (void)fclose(f);
    return n;
}

static void check_rows(const row *rows, uint32_t n, const dl_doc *doc, const char *kernels)
{
    uint32_t at = 0, first = 0;

    for (uint32_t i = 0; i < n; i++) {
        char name[96];

        if (!rows[i].form[0]) {
            first = at;
            continue;
        }
        const dl_token *tok = &doc->toks.p[at++];

        (void)snprintf(name, sizeof name, "%.63s (%.20s)", rows[i].form, kernels);
        check_u64(name, tok->head == DL_NONE ? 0 : tok->head - first + 1, rows[i].head);
        check_str(name, dl_str_of(dl_deprel_names[tok->deprel]), rows[i].rel);
    }
}

static void trees_are_those_of_the_training_code(void **state)
{
    enum { MAX = 400 };
    static const char *const sets[] = {"portable", "avx2", "avx512vnni"};
    static row rows[MAX];
    uint32_t n = read_fixture(rows, MAX);
    dl_arena a;

    (void)state;
    assert_true(n > 60);
    dl_arena_init(&a, (size_t)64 << 20);
    for (size_t s = 0; s < sizeof sets / sizeof *sets; s++) {
        const dl_kernels *k = dl_kernels_named(sets[s]);
        dl_model_file file = {0};
        dl_parse p;
        dl_doc doc;
        dl_error err;

        if (!k)
            continue;
        check_ok("open", dl_model_open(&file, "models", "parser.dlm", "parser", &err), &err);
        check_ok("load", dl_parse_load(&p, &(dl_parse_opts){.all = true}, &file, &vectors, k, &err), &err);
        dl_arena_reset(&a);
        dl_doc_init(&doc, &a);
        add_sentence(&doc, 0);
        for (uint32_t i = 0; i < n; i++) {
            if (rows[i].form[0])
                add_token(&doc, rows[i].form);
            else
                add_sentence(&doc, 0);
        }
        tag(&doc);
        check_ok("parse", dl_parse_run(&p, &doc, &err), &err);
        check_rows(rows, n, &doc, k->name);
        check_trees("fixture", &doc);
        dl_parse_free(&p);
        dl_parse_free(&p); /* once more does no harm */
    }
    dl_arena_free(&a);
}

static void only_what_is_wanted_is_parsed(void **state)
{
    dl_arena a;
    dl_parse p;
    dl_doc doc;
    dl_error err;

    (void)state;
    dl_arena_init(&a, (size_t)16 << 20);
    dl_doc_init(&doc, &a);
    check_ok("init", dl_parse_init(&p, NULL, "models", &vectors, &err), &err);
    add_sentence(&doc, 0);
    add_token(&doc, "Police");
    add_token(&doc, "fled");
    add_sentence(&doc, DL_SENT_WANT_PARSE);
    add_token(&doc, "Rebels");
    add_token(&doc, "attacked");
    add_sentence(&doc, DL_SENT_WANT_PARSE); /* without tokens */
    tag(&doc);
    check_ok("parse", dl_parse_run(&p, &doc, &err), &err);
    assert_false(doc.sents.p[0].flags & DL_SENT_PARSED);
    assert_int_equal(doc.toks.p[1].deprel, DL_DEPREL_NONE);
    assert_true(doc.sents.p[1].flags & DL_SENT_PARSED);
    assert_int_equal(doc.toks.p[2].head, 3);
    assert_int_equal(doc.toks.p[2].deprel, DL_DEPREL_NSUBJ);
    assert_false(doc.sents.p[2].flags & DL_SENT_PARSED);
    dl_parse_free(&p);
    dl_arena_free(&a);
}

static const struct {
    const char *name, *form;
    uint32_t    n, notes;
} odd[] = {
    {"one mark", ".", 1, 0},
    {"nothing but marks", "\"", 40, 0},
    {"the same name over and over", "Smith", 100, 0},
    {"as long as is parsed whole", "and", DL_PARSE_MAX, 0},
    {"one more", "and", DL_PARSE_MAX + 1, 1},
    {"five hundred tokens", "said", 500, 1},
    {"a long list, cut at its commas", ",", 500, 1},
    {"bad bytes", "\xFF\xFE", 7, 0},
    {"empty forms", "", 3, 0},
};

static void odd_sentences_are_trees(void **state)
{
    dl_arena a;
    dl_parse p;
    dl_error err;

    (void)state;
    dl_arena_init(&a, (size_t)64 << 20);
    check_ok("init", dl_parse_init(&p, &(dl_parse_opts){.all = true}, "models", &vectors, &err), &err);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        dl_doc doc;

        dl_arena_reset(&a);
        dl_doc_init(&doc, &a);
        add_sentence(&doc, 0);
        for (uint32_t k = 0; k < odd[i].n; k++)
            add_token(&doc, odd[i].form);
        tag(&doc);
        check_ok(odd[i].name, dl_parse_run(&p, &doc, &err), &err);
        check_trees(odd[i].name, &doc);
        check_u64(odd[i].name, doc.sents.p[0].flags & DL_SENT_PARSED, DL_SENT_PARSED);
        check_u64(odd[i].name, doc.notes.n, odd[i].notes);
    }
    dl_parse_free(&p);
    dl_arena_free(&a);
}

static void a_full_arena_is_a_limit(void **state)
{
    dl_arena big, small;
    dl_parse p;
    dl_doc doc;
    dl_error err;

    (void)state;
    check_ok("init", dl_parse_init(&p, &(dl_parse_opts){.all = true}, "models", &vectors, &err), &err);
    dl_arena_init(&big, (size_t)16 << 20);
    dl_arena_init(&small, (size_t)256 << 10);
    dl_doc_init(&doc, &big);
    add_sentence(&doc, 0);
    for (int i = 0; i < 150; i++)
        add_token(&doc, "war");
    tag(&doc);
    doc.a = &small;
    assert_int_equal(dl_parse_run(&p, &doc, &err), DL_LIMIT);
    dl_parse_free(&p);
    dl_arena_free(&big);
    dl_arena_free(&small);
}

typedef model_image img;

static void harm_layers(img *m) { model_image_put(m, "sizes", 8, 9); }
static void harm_hidden(img *m) { model_image_put(m, "sizes", 4, 0x80000000u); }
static void harm_odd_size(img *m) { model_image_put(m, "sizes", 4, 33); }
static void harm_no_size(img *m) { model_image_put(m, "sizes", 0, 0); }
static void harm_distance(img *m) { model_image_put(m, "distance", 0, 0x7FFFFFFF); }
static void harm_embed(img *m) { model_image_shape(m, "embed", 128 * 128, 1); }
static void harm_infinite(img *m) { model_image_put(m, "layer0.scale", 0, 0x7F800000u); }
static void harm_nan(img *m) { model_image_put(m, "tag.rows", 400, 0x7FC00000u); }
static void harm_bias(img *m) { model_image_put(m, "ends.bias", 0, 0x7FFFFFFF); }
static void harm_tag(img *m) { model_image_put(m, "tags", 0, 0xFFFFFFFFu); }
static void harm_width(img *m) { model_image_put(m, "sizes", 20, 4); }
static void lose_layer(img *m) { model_image_lose(m, "layer1"); }
static void lose_scale(img *m) { model_image_lose(m, "dep.scale"); }
static void lose_bias(img *m) { model_image_lose(m, "head.bias"); }
static void lose_tags(img *m) { model_image_lose(m, "tags"); }
static void lose_rels(img *m) { model_image_lose(m, "rel.names"); }
static void lose_label(img *m) { model_image_lose(m, "label"); }

static const struct {
    const char *name;
    void (*harm)(img *);
} harms[] = {
    {"more layers than there are", harm_layers}, {"a huge layer", harm_hidden},  {"an odd size", harm_odd_size},
    {"no size", harm_no_size},                   {"distances", harm_distance},   {"weights of another shape", harm_embed},
    {"an infinite scale", harm_infinite},        {"no number", harm_nan},         {"a huge bias", harm_bias},
    {"a tag that does not exist", harm_tag},     {"an even width", harm_width},
    {"a layer is lost", lose_layer},             {"scales are lost", lose_scale}, {"biases are lost", lose_bias},
    {"tags are lost", lose_tags},                {"relations are lost", lose_rels}, {"labels are lost", lose_label},
};

static void a_damaged_parser_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        img m = model_image_read("models/parser.dlm");
        dl_model_file file = {0};
        dl_error err;
        dl_parse p = {0};

        harms[i].harm(&m);
        model_image_seal(&m);
        dl_code code = dl_model_parse(&file, m.p, m.n, "parser.dlm", "parser", &err);

        if (code == DL_OK)
            code = dl_parse_load(&p, NULL, &file, &vectors, dl_kernels_best(), &err);
        if (code != DL_FATAL)
            fail_msg("%s: want fatal, got %s", harms[i].name, dl_code_name(code));
        assert_true(err.msg[0] != 0);
        dl_parse_free(&p);
        dl_model_close(&file);
        model_image_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trees_are_those_of_the_training_code), cmocka_unit_test(only_what_is_wanted_is_parsed),
        cmocka_unit_test(odd_sentences_are_trees),              cmocka_unit_test(a_full_arena_is_a_limit),
        cmocka_unit_test(a_damaged_parser_is_refused),
    };

    return cmocka_run_group_tests(tests, open_models, close_models);
}
