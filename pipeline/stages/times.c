#include "times_atoms.h"

static const char *const class_names[TC_N] = {
    [TC_OTHER] = "OTHER",
#define X(id) [TC_##id] = #id,
    DL_TIME_CLASSES(X)
#undef X
};

static const dl_wordclass_row words[] = {
#define W(cls, value, list) {TC_##cls, value, list},
#include "times_words.def"
#undef W
};

static const dl_class_part parts[] = {
#define PART(name, text) {#name, text},
#define P(action, text)
#include "times_patterns.def"
#undef PART
#undef P
};

static const dl_class_pattern patterns[] = {
#define PART(name, text)
#define P(action, text) {TA_##action, text},
#include "times_patterns.def"
#undef PART
#undef P
};

dl_times_opts dl_times_defaults(void)
{
    return (dl_times_opts){.order = DL_ORDER_AUTO};
}

dl_code dl_times_init(dl_times *t, const dl_times_opts *opts, const dl_numbers *numbers, dl_error *err)
{
    const dl_class_grammar grammar = {.classes = class_names, .parts = parts, .patterns = patterns, .n_classes = TC_N,
                                      .n_parts = sizeof parts / sizeof *parts, .n_patterns = sizeof patterns / sizeof *patterns};
    dl_times out = {.opts = opts ? *opts : dl_times_defaults(), .numbers = numbers};
    dl_code code = dl_wordclass_init(&out.words, words, sizeof words / sizeof *words, err);

    if (code == DL_OK)
        code = dl_holidays_init(&out.holidays, err);
    if (code == DL_OK)
        code = dl_classmatch_init(&out.patterns, &grammar, err);
    if (code != DL_OK) {
        dl_times_free(&out);
        return code;
    }
    *t = out;
    return DL_OK;
}

void dl_times_free(dl_times *t)
{
    dl_wordclass_free(&t->words);
    dl_wordclass_free(&t->holidays);
    dl_classmatch_free(&t->patterns);
}

/* ---- matching ------------------------------------------------------------------------------------------------------- */

/* Copies the atoms of a match: the sentence's own are overwritten by the next sentence. */
static dl_time_match *keep_match(dl_doc *doc, dl_time_matches *matches, const dl_time_atoms *atoms, uint32_t at, uint32_t n)
{
    dl_time_match *m = DL_PUSH(doc->a, matches);
    dl_time_atom *copy = dl_arena_alloc(doc->a, n * sizeof *copy);
    uint8_t *cls = dl_arena_alloc(doc->a, n);

    if (!m || !copy || !cls)
        return NULL;
    memcpy(copy, atoms->at + at, n * sizeof *copy);
    memcpy(cls, atoms->cls + at, n);
    m->cls = cls;
    m->at = copy;
    m->n = n;
    m->before = at ? atoms->cls[at - 1] : TC_OTHER;
    m->after = atoms->cls[at + n];
    m->first_tok = copy[0].tok;
    m->n_toks = copy[n - 1].end_tok - copy[0].tok;
    return m;
}

static dl_code match_sentence(const dl_times *t, dl_doc *doc, uint32_t s, const dl_time_atoms *atoms, dl_time_matches *matches, dl_error *err)
{
    for (uint32_t at = 0; at < atoms->n;) {
        uint32_t length = 1;
        uint32_t action = dl_classmatch_run(&t->patterns, atoms->cls + at, atoms->n - at, &length);

        if (action != DL_CLASSMATCH_NONE) {
            dl_time_match *m = keep_match(doc, matches, atoms, at, length);

            if (!m)
                return dl_fail(err, DL_LIMIT, "times", doc->sents.p[s].span.start, "too many times for the arena");
            m->action = (dl_time_action)action;
            m->sent = s;
            if (dl_time_rejected(doc, m)) {
                matches->n--;
                length = 1;
            }
        } else {
            length = 1;
        }
        at += length;
    }
    return DL_OK;
}

dl_code dl_times_run(const dl_times *t, dl_doc *doc, dl_error *err)
{
    dl_time_matches matches = {0};
    uint32_t longest = 0;

    for (uint32_t s = 0; s < doc->sents.n; s++)
        if (doc->sents.p[s].n_toks > longest)
            longest = doc->sents.p[s].n_toks;
    dl_time_atoms atoms = {dl_arena_alloc(doc->a, 2 * (size_t)longest + 1),
                           dl_arena_alloc(doc->a, (2 * (size_t)longest + 1) * sizeof(dl_time_atom)), 0};

    if (!atoms.cls || !atoms.at)
        return dl_fail(err, DL_LIMIT, "times", DL_NO_PLACE, "too many tokens for the arena");
    for (uint32_t s = 0; s < doc->sents.n; s++) {
        if (!dl_time_atoms_read(t, doc, &doc->sents.p[s], &atoms))
            continue;
        dl_code code = match_sentence(t, doc, s, &atoms, &matches, err);

        if (code != DL_OK)
            return code;
    }
    return dl_times_resolve(t, doc, &matches, err);
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_times_run(self, doc, err);
}

const dl_stage_ops dl_times_ops = {
    .name = "times",
    .reads = DL_LAYER_SENTENCES | DL_LAYER_TOKENS | DL_LAYER_WORDS,
    .writes = DL_LAYER_TIMES,
    .run = run,
};
