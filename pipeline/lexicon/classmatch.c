#include "classmatch.h"

#include <stdlib.h>

enum { MAX_NODES = 8192, MAX_STATES = 16000, SET_WORDS = MAX_NODES / 64, MAX_DEPTH = 24 };

typedef struct class_set {
    uint64_t bits[2];
} class_set;

typedef struct node { /* at most two ways on without reading, or one that reads */
    class_set reads;
    uint16_t  to;     /* behind reads; 0: none */
    uint16_t  eps[2]; /* 0: none */
    uint16_t  accept; /* pattern + 1; 0: none */
} node;

typedef struct builder {
    const dl_class_grammar *g;
    node                   *nodes; /* [MAX_NODES]; 0 unused */
    uint32_t                n_nodes;
    const char             *pattern; /* at work, for messages */
    const char             *fault;   /* NULL: none */
} builder;

typedef struct reader {
    const char *p;
    uint32_t    depth;
} reader;

/* ---- from text to a graph ------------------------------------------------------------------------------------------- */

static uint16_t new_node(builder *b)
{
    if (b->n_nodes == MAX_NODES) {
        b->fault = "too many patterns";
        return 0;
    }
    return (uint16_t)b->n_nodes++;
}

static void link_nodes(builder *b, uint16_t from, uint16_t to)
{
    node *n = &b->nodes[from];

    if (!n->eps[0]) {
        n->eps[0] = to;
    } else if (!n->eps[1]) {
        n->eps[1] = to;
    } else { /* full: hand the second way on */
        uint16_t more = new_node(b);

        b->nodes[more].eps[0] = b->nodes[from].eps[1];
        b->nodes[more].eps[1] = to;
        b->nodes[from].eps[1] = more;
    }
}

static dl_str next_element(reader *r)
{
    while (*r->p == ' ')
        r->p++;
    dl_str s = {r->p, 0};

    while (r->p[s.n] && r->p[s.n] != ' ')
        s.n++;
    r->p += s.n;
    return s;
}

static const char *find_part(const builder *b, dl_str name)
{
    for (uint32_t i = 0; i < b->g->n_parts; i++)
        if (dl_str_eq(name, dl_str_of(b->g->parts[i].name)))
            return b->g->parts[i].text;
    return NULL;
}

static void add_class(builder *b, class_set *set, dl_str name, uint32_t depth)
{
    const char *part = name.n && name.p[0] == '$' ? find_part(b, dl_str_sub(name, 1, name.n)) : NULL;

    if (part && depth < MAX_DEPTH) {
        for (size_t i = 0, n = strlen(part), from = 0; i <= n; i++)
            if (i == n || part[i] == '|') {
                add_class(b, set, (dl_str){part + from, i - from}, depth + 1);
                from = i + 1;
            }
        return;
    }
    for (uint32_t c = 1; c < b->g->n_classes; c++)
        if (dl_str_eq(name, dl_str_of(b->g->classes[c]))) {
            set->bits[c / 64] |= (uint64_t)1 << (c % 64);
            return;
        }
    b->fault = "unknown class";
}

static uint16_t read_sequence(builder *b, reader *r, uint16_t from, bool in_group);

/* One element behind `from`; returns the node behind it. */
static uint16_t read_element(builder *b, reader *r, dl_str e, uint16_t from)
{
    bool optional = e.n > 1 && e.p[e.n - 1] == '?';
    uint16_t to;

    if (optional)
        e.n--;
    const char *part = e.p[0] == '$' ? find_part(b, dl_str_sub(e, 1, e.n)) : NULL;

    if (r->depth > MAX_DEPTH) {
        b->fault = "nested too deeply";
        return from;
    }
    if (dl_str_eq(e, DL_LIT("("))) {
        r->depth++;
        to = read_sequence(b, r, from, true);
        r->depth--;
        optional = *r->p == '?';
        r->p += optional;
    } else if (part) {
        reader inner = {part, r->depth + 1};

        to = read_sequence(b, &inner, from, false);
    } else {
        uint16_t at = new_node(b);

        to = new_node(b);
        link_nodes(b, from, at);
        for (size_t i = 0, start = 0; i <= e.n; i++)
            if (i == e.n || e.p[i] == '|') {
                add_class(b, &b->nodes[at].reads, dl_str_sub(e, start, i), 0);
                start = i + 1;
            }
        b->nodes[at].to = to;
    }
    if (optional)
        link_nodes(b, from, to);
    return to;
}

/* Alternatives up to the end of the text, or to ")" in a group. */
static uint16_t read_sequence(builder *b, reader *r, uint16_t from, bool in_group)
{
    uint16_t first = new_node(b), at = first, end = new_node(b);

    link_nodes(b, from, first);
    while (!b->fault) {
        dl_str e = next_element(r);

        if (!e.n || e.p[0] == ')') {
            if ((e.n > 0) != in_group)
                b->fault = "brackets do not match";
            else if (e.n > 1)
                r->p -= e.n - 1; /* the "?" is the caller's */
            break;
        }
        if (dl_str_eq(e, DL_LIT("|"))) {
            link_nodes(b, at, end);
            at = new_node(b);
            link_nodes(b, from, at);
        } else {
            uint16_t start = new_node(b); /* of its own, so that an optional element's way round leaves others alone */

            link_nodes(b, at, start);
            at = read_element(b, r, e, start);
        }
    }
    link_nodes(b, at, end);
    return end;
}

static dl_code read_patterns(builder *b, dl_error *err)
{
    for (uint32_t i = 0; i < b->g->n_patterns && !b->fault; i++) {
        reader r = {b->g->patterns[i].text, 0};

        b->pattern = r.p;
        uint16_t end = read_sequence(b, &r, 1, false);

        b->nodes[end].accept = (uint16_t)(i + 1);
    }
    if (b->fault)
        return dl_fail(err, DL_FATAL, "classmatch", DL_NO_PLACE, "%s in \"%.100s\"", b->fault, b->pattern);
    return DL_OK;
}

/* ---- from the graph to states --------------------------------------------------------------------------------------- */

typedef struct subsets {
    uint64_t *sets;  /* [MAX_STATES][words] */
    uint32_t *table; /* hash of a set to its state; 0: free */
    uint32_t  n, words, mask;
    uint16_t *stack;
} subsets;

static void close_set(const builder *b, subsets *s, uint64_t *set, uint16_t start)
{
    uint32_t n = 0;

    s->stack[n++] = start;
    while (n) {
        uint16_t at = s->stack[--n];

        if (set[at / 64] >> (at % 64) & 1)
            continue;
        set[at / 64] |= (uint64_t)1 << (at % 64);
        for (int i = 0; i < 2; i++)
            if (b->nodes[at].eps[i])
                s->stack[n++] = b->nodes[at].eps[i];
    }
}

/* The state of the set behind the last one; it joins them where it is new. 0: no room. */
static uint32_t intern(subsets *s)
{
    uint64_t *fresh = s->sets + (size_t)s->n * s->words;
    uint32_t i = (uint32_t)dl_hash(fresh, s->words * sizeof *fresh, 0) & s->mask;

    for (; s->table[i]; i = (i + 1) & s->mask)
        if (memcmp(s->sets + (size_t)s->table[i] * s->words, fresh, s->words * sizeof *fresh) == 0)
            return s->table[i];
    if (s->n + 1 >= MAX_STATES)
        return 0;
    s->table[i] = s->n;
    return s->n++;
}

static uint16_t accepted(const builder *b, const uint64_t *set)
{
    uint32_t best = 0;

    for (uint32_t i = 1; i < b->n_nodes; i++)
        if ((set[i / 64] >> (i % 64) & 1) && b->nodes[i].accept && (!best || b->nodes[i].accept < best))
            best = b->nodes[i].accept;
    return best ? b->g->patterns[best - 1].action : 0;
}

/* Rows of next for one state: where each class leads. */
static bool expand(const builder *b, subsets *s, uint32_t state, uint16_t *next)
{
    uint16_t reading[MAX_NODES];
    uint32_t n = 0;
    class_set any = {{0}};

    for (uint32_t w = 0; w < s->words; w++)
        for (uint64_t bits = s->sets[(size_t)state * s->words + w]; bits; bits &= bits - 1) {
            uint16_t at = (uint16_t)(w * 64 + (uint32_t)__builtin_ctzll(bits));

            if (b->nodes[at].to) {
                reading[n++] = at;
                any.bits[0] |= b->nodes[at].reads.bits[0];
                any.bits[1] |= b->nodes[at].reads.bits[1];
            }
        }
    for (uint32_t c = 1; c < b->g->n_classes; c++) {
        if (!(any.bits[c / 64] >> (c % 64) & 1))
            continue;
        uint64_t *fresh = s->sets + (size_t)s->n * s->words;

        memset(fresh, 0, s->words * sizeof *fresh);
        for (uint32_t i = 0; i < n; i++)
            if (b->nodes[reading[i]].reads.bits[c / 64] >> (c % 64) & 1)
                close_set(b, s, fresh, b->nodes[reading[i]].to);
        uint32_t to = intern(s);

        if (!to)
            return false;
        next[c] = (uint16_t)to;
    }
    return true;
}

static dl_code make_states(dl_classmatch *m, const builder *b, subsets *s, dl_error *err)
{
    uint32_t n_classes = b->g->n_classes;
    uint16_t *next = calloc((size_t)MAX_STATES * n_classes, sizeof *next), *accept = calloc(MAX_STATES, sizeof *accept);
    bool fits = next && accept;

    if (fits) {
        s->n = 1;
        close_set(b, s, s->sets + s->words, 1);
        (void)intern(s);
        for (uint32_t state = 1; fits && state < s->n; state++) {
            accept[state] = accepted(b, s->sets + (size_t)state * s->words);
            fits = expand(b, s, state, next + (size_t)state * n_classes);
        }
    }
    if (!fits) {
        free(next);
        free(accept);
        return dl_fail(err, DL_FATAL, "classmatch", DL_NO_PLACE, "too many states, or out of memory");
    }
    uint16_t *cut = realloc(next, (size_t)s->n * n_classes * sizeof *next);

    *m = (dl_classmatch){cut ? cut : next, accept, s->n, n_classes};
    return DL_OK;
}

dl_code dl_classmatch_init(dl_classmatch *m, const dl_class_grammar *g, dl_error *err)
{
    builder b = {.g = g, .nodes = calloc(MAX_NODES, sizeof *b.nodes), .n_nodes = 2};
    subsets s = {.mask = 2 * 16384 - 1};
    dl_code code = b.nodes ? read_patterns(&b, err) : dl_fail(err, DL_FATAL, "classmatch", DL_NO_PLACE, "out of memory");

    if (code == DL_OK) {
        s.words = (b.n_nodes + 63) / 64;
        s.sets = calloc((size_t)MAX_STATES * s.words, sizeof *s.sets);
        s.table = calloc((size_t)s.mask + 1, sizeof *s.table);
        s.stack = calloc((size_t)MAX_NODES * 2, sizeof *s.stack);
        code = s.sets && s.table && s.stack ? make_states(m, &b, &s, err)
                                            : dl_fail(err, DL_FATAL, "classmatch", DL_NO_PLACE, "out of memory");
    }
    free(s.sets);
    free(s.table);
    free(s.stack);
    free(b.nodes);
    return code;
}

void dl_classmatch_free(dl_classmatch *m)
{
    free(m->next);
    free(m->accept);
    *m = (dl_classmatch){0};
}
