#include "tests/support/check.h"
#include "tests/support/model_image.h"

#include "pipeline/lexicon/spelling.h"
#include "pipeline/stages/tag.h"
#include "pipeline/stages/words.h"

#include <stdio.h>

/* The shipped tagger against the integers of the training code, with each set of kernels; tagger files that are damaged. */

static dl_wordvec vectors;
static dl_words   words;

static int open_vectors(void **state)
{
    dl_error err;

    (void)state;
    check_ok("words", dl_wordvec_open(&vectors, "models", &err), &err);
    dl_words_init(&words, &vectors);
    return 0;
}

static int close_vectors(void **state)
{
    (void)state;
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

static void add_sentence(dl_doc *doc)
{
    dl_sentence *sent = DL_PUSH(doc->a, &doc->sents);

    sent->first_tok = doc->toks.n;
}

static void tag(const dl_tag *t, dl_doc *doc)
{
    dl_error err;

    check_ok("words", dl_words_run(&words, doc, &err), &err);
    check_ok("tag", dl_tag_run(t, doc, &err), &err);
}

typedef struct row {
    char     form[64], upos[8], xpos[8], lemma[64];
    unsigned spelling, morph;
} row;

/* Rows of the fixture; an empty form parts sentences. */
static uint32_t read_fixture(row *rows, uint32_t max)
{
    FILE *f = fopen("tests/unit/pipeline/stages/tag_fixture.tsv", "r");
    char line[256];
    uint32_t n = 0;

    assert_non_null(f);
    while (fgets(line, sizeof line, f) && n < max) {
        if (line[0] == '#')
            continue;
        memset(&rows[n], 0, sizeof rows[n]);
        if (line[0] != '\n')
            assert_int_equal(sscanf(line, "%63[^\t]\t%u\t%7[^\t]\t%7[^\t]\t%u\t%63[^\n]", rows[n].form, &rows[n].spelling, rows[n].upos,
                                    rows[n].xpos, &rows[n].morph, rows[n].lemma),
                             6);
        n++;
    }
    (void)fclose(f);
    return n;
}

static void check_row(const row *want, const dl_token *tok, const char *kernels)
{
    char name[96];

    (void)snprintf(name, sizeof name, "%.63s (%.20s)", want->form, kernels);
    check_u64(name, dl_spell_class(tok->form), want->spelling);
    check_str(name, dl_str_of(dl_upos_name((dl_upos)tok->upos)), want->upos);
    check_str(name, dl_str_of(dl_xpos_names[tok->xpos]), want->xpos);
    check_u64(name, tok->morph, want->morph);
    check_str(name, tok->lemma, want->lemma);
}

static void tags_are_those_of_the_training_code(void **state)
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
        dl_tag t;
        dl_doc doc;
        dl_error err;
        uint32_t at = 0;

        if (!k)
            continue;
        check_ok("open", dl_model_open(&file, "models", "tagger.dlm", "tagger", &err), &err);
        check_ok("load", dl_tag_load(&t, &file, &vectors, k, &err), &err);
        dl_arena_reset(&a);
        dl_doc_init(&doc, &a);
        add_sentence(&doc);
        for (uint32_t i = 0; i < n; i++) {
            if (rows[i].form[0])
                add_token(&doc, rows[i].form);
            else
                add_sentence(&doc);
        }
        tag(&t, &doc);
        for (uint32_t i = 0; i < n; i++)
            if (rows[i].form[0])
                check_row(&rows[i], &doc.toks.p[at++], k->name);
        dl_tag_free(&t);
        dl_tag_free(&t); /* once more does no harm */
    }
    dl_arena_free(&a);
}

static const struct {
    const char *name, *forms[4];
} odd[] = {
    {"empty sentence", {NULL}},
    {"empty form", {"", "."}},
    {"bad bytes", {"\xFF\xFE", "a\x80"}},
    {"marks only", {"\xCC\x81"}},
    {"a very long word",
     {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaing"}},
    {"another script", {"\xE4\xB8\xAD\xE5\x9B\xBD", "\xF0\x9F\x98\x80"}},
};

static void odd_words_have_tags_and_lemmas(void **state)
{
    dl_arena a;
    dl_tag t;
    dl_error err;

    (void)state;
    dl_arena_init(&a, (size_t)16 << 20);
    check_ok("init", dl_tag_init(&t, "models", &vectors, &err), &err);
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        dl_doc doc;

        dl_arena_reset(&a);
        dl_doc_init(&doc, &a);
        add_sentence(&doc);
        for (size_t k = 0; k < 4 && odd[i].forms[k]; k++)
            add_token(&doc, odd[i].forms[k]);
        tag(&t, &doc);
        for (uint32_t k = 0; k < doc.toks.n; k++)
            if (doc.toks.p[k].upos == 0 || doc.toks.p[k].xpos == 0 || !doc.toks.p[k].lemma.p)
                fail_msg("%s: token %u has no tag or no lemma", odd[i].name, k);
    }
    dl_tag_free(&t);
    dl_arena_free(&a);
}

static void a_full_arena_is_a_limit(void **state)
{
    dl_arena a;
    dl_tag t;
    dl_doc doc;
    dl_error err;
    dl_code code = DL_OK;

    (void)state;
    check_ok("init", dl_tag_init(&t, "models", &vectors, &err), &err);
    dl_arena_init(&a, (size_t)256 << 10);
    dl_doc_init(&doc, &a);
    add_sentence(&doc);
    for (int i = 0; i < 300; i++) {
        char form[16];

        (void)snprintf(form, sizeof form, "zxq%dvbl", i);
        add_token(&doc, form);
    }
    check_ok("words", dl_words_run(&words, &doc, &err), &err);
    code = dl_tag_run(&t, &doc, &err);
    assert_int_equal(code, DL_LIMIT);
    dl_tag_free(&t);
    dl_arena_free(&a);
}

/* ---- files ---------------------------------------------------------------------------------------------------------- */

typedef model_image img;

static void harm_rows(img *m) { model_image_shape(m, "out", 1, 128); }
static void harm_labels(img *m) { model_image_put(m, "labels", 0, 0xFFFF); }
static void harm_mult(img *m) { model_image_put(m, "word.mult", 0, 0x7FFFFFFF); }
static void harm_pool(img *m) { model_image_put(m, "rule.recs", 4, 0xFFFFFF00u); }
static void harm_lemma_length(img *m) { model_image_put(m, "except.recs", 12, 0x7FFFFFFF); }
static void harm_map(img *m) { model_image_put(m, "map.shape", 8, 3); }
static void harm_bias(img *m) { model_image_put(m, "out.bias", 0, 0x7FFFFFFF); }
static void lose_first(img *m) { model_image_lose(m, "first"); }
static void lose_own(img *m) { model_image_lose(m, "own"); }
static void lose_names(img *m) { model_image_lose(m, "xpos.names"); }
static void lose_shape(img *m) { model_image_lose(m, "shape"); }

static const struct {
    const char *name;
    void (*harm)(img *);
} harms[] = {
    {"weights of another shape", harm_rows}, {"a tag that does not exist", harm_labels}, {"scale of the vectors", harm_mult},
    {"lemma outside the pool", harm_pool},   {"lemma of great length", harm_lemma_length}, {"map's shape", harm_map},
    {"a huge bias", harm_bias},
    {"no first layer", lose_first},          {"no rows of words", lose_own},             {"no tag names", lose_names},
    {"no shapes", lose_shape},
};

static void a_damaged_tagger_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        img m = model_image_read("models/tagger.dlm");
        dl_model_file file = {0};
        dl_error err;
        dl_tag t = {0};

        harms[i].harm(&m);
        model_image_seal(&m);
        dl_code code = dl_model_parse(&file, m.p, m.n, "tagger.dlm", "tagger", &err);

        if (code == DL_OK)
            code = dl_tag_load(&t, &file, &vectors, dl_kernels_best(), &err);
        if (code != DL_FATAL)
            fail_msg("%s: want fatal, got %s", harms[i].name, dl_code_name(code));
        assert_true(err.msg[0] != 0);
        dl_tag_free(&t);
        dl_model_close(&file);
        model_image_free(&m);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_those_of_the_training_code),
        cmocka_unit_test(odd_words_have_tags_and_lemmas),
        cmocka_unit_test(a_full_arena_is_a_limit),
        cmocka_unit_test(a_damaged_tagger_is_refused),
    };

    return cmocka_run_group_tests(tests, open_vectors, close_vectors);
}
