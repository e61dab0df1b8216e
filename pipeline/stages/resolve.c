#include "resolve.h"

#include <stdlib.h>

typedef struct keyed { /* a mention under what one sieve compares */
    uint64_t key;
    uint32_t mention;
} keyed;

static int by_key(const void *a, const void *b)
{
    const keyed *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    return x->mention < y->mention ? -1 : x->mention > y->mention;
}

/* Union-find; the root of a set is its first mention. */
static uint32_t root_of(uint32_t *parent, uint32_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = root_of(parent, a);
    b = root_of(parent, b);
    if (a < b)
        parent[b] = a;
    else
        parent[a] = b;
}

static uint64_t key_of(const dl_doc *doc, const dl_mention *m)
{
    uint64_t key = (uint64_t)m->type;

    for (uint32_t i = m->first_tok; i < m->first_tok + m->n_toks; i++)
        key = dl_hash(&doc->toks.p[i].key, sizeof doc->toks.p[i].key, key);
    return key;
}

static void join_equal(const dl_doc *doc, uint32_t *parent, keyed *by)
{
    uint32_t n = doc->mentions.n;

    for (uint32_t i = 0; i < n; i++)
        by[i] = (keyed){key_of(doc, &doc->mentions.p[i]), i};
    qsort(by, n, sizeof *by, by_key);
    for (uint32_t i = 1; i < n; i++)
        if (by[i].key == by[i - 1].key)
            join(parent, by[i - 1].mention, by[i].mention);
}

static bool is_bracket(const dl_doc *doc, uint32_t tok, char c)
{
    return tok < doc->toks.n && doc->toks.p[tok].form.n == 1 && doc->toks.p[tok].form.p[0] == c;
}

static bool spells(const dl_doc *doc, const dl_mention *m, dl_str acronym)
{
    size_t at = 0;

    for (uint32_t i = m->first_tok; i < m->first_tok + m->n_toks; i++) {
        char first = doc->toks.p[i].form.p[0];

        while (at < acronym.n && acronym.p[at] == '.')
            at++;
        if (dl_is_upper(first) && (at == acronym.n || acronym.p[at++] != first))
            return false;
    }
    while (at < acronym.n && acronym.p[at] == '.')
        at++;
    return at == acronym.n;
}

static void join_acronyms(const dl_doc *doc, uint32_t *parent)
{
    for (uint32_t i = 0; i + 1 < doc->mentions.n; i++) {
        const dl_mention *full = &doc->mentions.p[i], *acronym = full + 1;
        uint32_t end = full->first_tok + full->n_toks;

        if (full->n_toks > 1 && acronym->n_toks == 1 && acronym->type == full->type && acronym->first_tok == end + 1 && is_bracket(doc, end, '(') &&
            is_bracket(doc, end + 2, ')') && spells(doc, full, doc->toks.p[acronym->first_tok].form))
            join(parent, i, i + 1);
    }
}

/* Persons by the key of their last word; a word alone is looked up among them. */
static void join_surnames(const dl_doc *doc, uint32_t *parent, keyed *by)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        const dl_mention *m = &doc->mentions.p[i];

        if (m->type == DL_ENT_PER && m->n_toks > 1)
            by[n++] = (keyed){doc->toks.p[m->first_tok + m->n_toks - 1].key, i};
    }
    qsort(by, n, sizeof *by, by_key);
    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        const dl_mention *m = &doc->mentions.p[i];
        uint32_t lo = 0, hi = n;

        if (m->type != DL_ENT_PER || m->n_toks != 1)
            continue;
        const keyed want = {doc->toks.p[m->first_tok].key, i};

        while (lo < hi) { /* the first that is not before (key, i) */
            uint32_t mid = (lo + hi) / 2;

            if (by_key(&by[mid], &want) < 0)
                lo = mid + 1;
            else
                hi = mid;
        }
        if (lo > 0 && by[lo - 1].key == want.key)
            join(parent, by[lo - 1].mention, i);
        else if (lo < n && by[lo].key == want.key)
            join(parent, by[lo].mention, i);
    }
}

static bool make_entities(dl_doc *doc, uint32_t *parent)
{
    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        dl_mention *m = &doc->mentions.p[i];
        uint32_t root = root_of(parent, i);
        dl_str text = dl_doc_str(doc, m->span);

        if (root == i) {
            dl_entity *fresh = DL_PUSH(doc->a, &doc->ents);

            if (!fresh)
                return false;
            *fresh = (dl_entity){.type = m->type, .named = true, .place = {.population = -1}};
            m->ent = doc->ents.n - 1;
        } else
            m->ent = doc->mentions.p[root].ent;
        dl_entity *ent = &doc->ents.p[m->ent];
        uint32_t *slot = DL_PUSH(doc->a, &ent->mentions);

        if (!slot)
            return false;
        *slot = i;
        if (text.n > ent->name.n)
            ent->name = text;
    }
    return true;
}

dl_code dl_resolve_run(dl_doc *doc, dl_error *err)
{
    uint32_t n = doc->mentions.n;
    uint32_t *parent = dl_arena_alloc(doc->a, sizeof *parent * (n + 1));
    keyed *by = dl_arena_alloc(doc->a, sizeof *by * (n + 1));

    if (!parent || !by)
        return dl_fail(err, DL_LIMIT, "resolve", DL_NO_PLACE, "the arena is full");
    for (uint32_t i = 0; i < n; i++)
        parent[i] = i;
    join_equal(doc, parent, by);
    join_acronyms(doc, parent);
    join_surnames(doc, parent, by);
    return make_entities(doc, parent) ? DL_OK : dl_fail(err, DL_LIMIT, "resolve", DL_NO_PLACE, "the arena is full");
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    (void)self;
    return dl_resolve_run(doc, err);
}

const dl_stage_ops dl_resolve_ops = {
    .name = "resolve",
    .reads = DL_LAYER_MENTIONS | DL_LAYER_WORDS,
    .writes = DL_LAYER_ENTITIES,
    .run = run,
};
