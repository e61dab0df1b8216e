#include "name_tagger.h"

#include "name_crf.h"

enum { TAGS = DL_NAMES_TAGS, PAD = DL_NAMES_TAGS_PAD, BRIDGE = 3, BATCH = 32 };

/* ---- which tokens are looked at ------------------------------------------------------------------------------------- */

typedef struct run { /* of candidates, within one sentence */
    uint32_t start, end; /* tokens */
    uint32_t sent;
} run;

typedef DL_VEC(run) runs;

static bool is_number(const dl_name_token *t)
{
    return t->shape >= DL_SHAPE_YEAR && t->shape <= DL_SHAPE_NUMBER;
}

static bool is_candidate(const dl_names_net *net, const dl_doc *doc, const dl_name_features *f, const dl_sentence *sent, uint32_t i)
{
    const dl_name_token *t = &f->toks[i];

    if (t->cap || t->shape == DL_SHAPE_TAG)
        return true;
    if (t->bits >> DL_NAME_BIT_LOWER_CASE & 1) /* whoever writes no capitals writes none on names */
        return t->shape == DL_SHAPE_LOWER || t->shape == DL_SHAPE_LOWER_MARK || t->shape == DL_SHAPE_OTHER;
    if (is_number(t))
        return (i > sent->first_tok && t[-1].cap) || (i + 1 < sent->first_tok + sent->n_toks && t[1].cap);
    return (t->shape == DL_SHAPE_LOWER || t->shape == DL_SHAPE_LOWER_MARK || t->shape == DL_SHAPE_OTHER) && dl_names_net_lower(net, doc->toks.p[i].word);
}

static bool find_runs(runs *out, const dl_names_net *net, const dl_doc *doc, const dl_name_features *f)
{
    for (uint32_t s = 0; s < doc->sents.n; s++) {
        const dl_sentence *sent = &doc->sents.p[s];
        run *open = NULL;

        for (uint32_t i = sent->first_tok; i < sent->first_tok + sent->n_toks; i++) {
            if (!is_candidate(net, doc, f, sent, i))
                continue;
            if (open && i - open->end <= BRIDGE)
                open->end = i + 1;
            else {
                if (!(open = DL_PUSH(doc->a, out)))
                    return false;
                *open = (run){i, i + 1, s};
            }
        }
    }
    return true;
}

/* ---- the network ---------------------------------------------------------------------------------------------------- */

typedef struct scores { /* of all candidates, run behind run; in arena */
    uint32_t        n;
    uint32_t       *tok;  /* [n] */
    uint8_t        *h;    /* [n][H] */
    int32_t        *emit; /* [n][PAD] */
    const int16_t **rows; /* [words of the document] row of 5 H */
    int8_t         *pooled; /* [words that are pooled][D] */
    uint32_t       *pool_of; /* [words of the document] index into pooled + 1; 0: none */
    uint32_t        n_pooled;
} scores;

typedef struct pending { /* words whose rows are computed together */
    uint8_t  x[BATCH * DL_NAMES_DIM];
    uint32_t words[BATCH];
    uint32_t n;
} pending;

static bool compute_rows(scores *s, const dl_names_net *net, dl_doc *doc, pending *p, int32_t *acc)
{
    size_t width = (size_t)DL_NAMES_SLOTS * net->h;
    int16_t *rows = dl_arena_alloc(doc->a, sizeof *rows * width * (p->n ? p->n : 1));

    if (!rows)
        return false;
    dl_names_net_rows(net, p->x, p->n, acc, rows);
    for (uint32_t i = 0; i < p->n; i++)
        s->rows[p->words[i]] = rows + width * i;
    p->n = 0;
    return true;
}

/* Rows of all words within two tokens of a candidate. */
static bool prepare_rows(scores *s, const dl_names_net *net, dl_doc *doc, const dl_name_features *f, const runs *all)
{
    int32_t *acc = dl_arena_alloc(doc->a, sizeof *acc * DL_NAMES_SLOTS * net->h * BATCH);
    pending *p = DL_NEW(doc->a, pending);

    if (!acc || !p)
        return false;
    for (uint32_t r = 0; r < all->n; r++) {
        const dl_sentence *sent = &doc->sents.p[all->p[r].sent];
        uint32_t first = all->p[r].start - sent->first_tok >= 2 ? all->p[r].start - 2 : sent->first_tok;
        uint32_t stop = sent->first_tok + sent->n_toks;

        for (uint32_t i = first; i < stop && i < all->p[r].end + 2; i++) {
            uint32_t w = f->toks[i].word;
            uint16_t affixes[DL_NAME_AFFIXES];

            if (s->rows[w])
                continue;
            if ((s->rows[w] = dl_names_net_pinned(net, doc->toks.p[i].word)))
                continue;
            dl_name_affixes(doc->toks.p[i].form, affixes);
            dl_names_net_input(net, doc->toks.p[i].word, affixes, p->x + (size_t)p->n * DL_NAMES_DIM);
            p->words[p->n++] = w;
            s->rows[w] = net->b1; /* held until it is computed */
            if (p->n == BATCH && !compute_rows(s, net, doc, p, acc))
                return false;
        }
    }
    return compute_rows(s, net, doc, p, acc);
}

static void hidden(scores *s, const dl_names_net *net, const dl_doc *doc, const dl_name_features *f, const run *r, uint32_t at)
{
    enum { MOST = DL_NAMES_SLOTS * (2 + 64) + 1 };
    const dl_sentence *sent = &doc->sents.p[r->sent];
    const int16_t *rows[MOST];

    for (uint32_t i = r->start; i < r->end; i++, at++) {
        uint32_t n = 0;

        rows[n++] = net->b1;
        for (uint32_t slot = 0; slot < DL_NAMES_SLOTS; slot++) {
            if (i + slot < sent->first_tok + 2 || i + slot - 2 >= sent->first_tok + sent->n_toks)
                continue;
            const dl_name_token *t = &f->toks[i + slot - 2];

            rows[n++] = s->rows[t->word] + (size_t)slot * net->h;
            rows[n++] = net->shape + ((size_t)slot * net->n_shapes + t->shape) * net->h;
            for (uint64_t bits = t->bits; bits; bits &= bits - 1)
                rows[n++] = net->bits + ((size_t)slot * net->n_bits + (uint32_t)__builtin_ctzll(bits)) * net->h;
        }
        net->kernels->sum_relu(s->h + (size_t)at * net->h, rows, n, net->h);
        s->tok[at] = i;
    }
}

static int8_t clamp_step(int32_t v)
{
    return (int8_t)(v < -63 ? -63 : v > 63 ? 63 : v);
}

/* d(w) = max over the capitalised occurrences of w. */
static void pool(scores *s, const dl_names_net *net, const dl_name_features *f, int32_t *acc, uint8_t *packed)
{
    uint32_t batch[BATCH], n = 0;

    for (uint32_t i = 0; i <= s->n; i++) {
        if (i < s->n && f->toks[s->tok[i]].cap) {
            memcpy(packed + (size_t)n * net->h, s->h + (size_t)i * net->h, net->h);
            batch[n++] = i;
        }
        if (n < BATCH && i < s->n)
            continue;
        net->kernels->dot(acc, packed, n, net->pool, net->b_pool, net->h, net->d);
        for (uint32_t k = 0; k < n; k++) {
            uint32_t w = f->toks[s->tok[batch[k]]].word;
            const int32_t *a = acc + (size_t)k * net->d;
            int8_t *d;

            if (!s->pool_of[w]) {
                s->pool_of[w] = ++s->n_pooled;
                memset(s->pooled + (size_t)(s->n_pooled - 1) * net->d, INT8_MIN, net->d);
            }
            d = s->pooled + (size_t)(s->pool_of[w] - 1) * net->d;
            for (uint32_t j = 0; j < net->d; j++) {
                int8_t v = clamp_step((a[j] + (1 << (net->shift_pool - 1))) >> net->shift_pool);

                d[j] = v > d[j] ? v : d[j];
            }
        }
        n = 0;
    }
}

static void put_pooled(const scores *s, const dl_names_net *net, const dl_name_token *t, uint8_t *x)
{
    const int8_t *d = t && t->cap && s->pool_of[t->word] ? s->pooled + (size_t)(s->pool_of[t->word] - 1) * net->d : NULL;

    for (uint32_t j = 0; j < net->d; j++)
        x[j] = (uint8_t)((d ? d[j] : 0) + DL_KERNEL_ZERO);
}

static uint8_t count_step(const dl_names_net *net, uint32_t n)
{
    return net->counts[n < DL_NAMES_COUNTS ? n : DL_NAMES_COUNTS - 1];
}

/* Scores of candidates [at, at + n): the layers above the document's. */
static void upper(scores *s, const dl_names_net *net, const dl_doc *doc, const dl_name_features *f, const uint32_t *sent_of, uint32_t at, uint32_t n,
                  int32_t *acc, uint8_t *x)
{
    uint32_t in = net->h + 3 * net->d + 4;
    uint8_t z[BATCH * DL_NAMES_MAX_WIDTH];

    for (uint32_t k = 0; k < n; k++) {
        uint8_t *p = x + (size_t)k * in;
        uint32_t i = s->tok[at + k];
        const dl_sentence *sent = &doc->sents.p[sent_of[at + k]];
        const dl_name_token *t = &f->toks[i];
        const dl_name_word *w = &f->words[t->word];

        memcpy(p, s->h + (size_t)(at + k) * net->h, net->h);
        put_pooled(s, net, i > sent->first_tok ? t - 1 : NULL, p + net->h);
        put_pooled(s, net, t, p + net->h + net->d);
        put_pooled(s, net, i + 1 < sent->first_tok + sent->n_toks ? t + 1 : NULL, p + net->h + 2 * (size_t)net->d);
        p[in - 4] = count_step(net, w->n_cap);
        p[in - 3] = count_step(net, w->n_lower);
        p[in - 2] = p[in - 1] = 0;
    }
    net->kernels->dot(acc, x, n, net->w2, net->b2, in, net->z);
    for (size_t i = 0; i < (size_t)n * net->z; i++) {
        int32_t v = (acc[i] + (1 << (net->shift_z - 1))) >> net->shift_z;

        z[i] = (uint8_t)(v < 0 ? 0 : v > 127 ? 127 : v);
    }
    net->kernels->dot(s->emit + (size_t)at * PAD, z, n, net->w3, net->b3, net->z, PAD);
}

static bool score(scores *s, const dl_names_net *net, dl_doc *doc, const dl_name_features *f, const runs *all)
{
    for (uint32_t r = 0; r < all->n; r++)
        s->n += all->p[r].end - all->p[r].start;
    uint32_t in = net->h + 3 * net->d + 4, widest = net->z > net->d ? net->z : net->d;
    uint32_t *sent_of = dl_arena_alloc(doc->a, sizeof *sent_of * (s->n + 1));
    int32_t *acc = dl_arena_alloc(doc->a, sizeof *acc * BATCH * widest);
    uint8_t *x = dl_arena_alloc(doc->a, (size_t)BATCH * (in > net->h ? in : net->h));

    s->tok = dl_arena_alloc(doc->a, sizeof *s->tok * (s->n + 1));
    s->h = dl_arena_alloc(doc->a, (size_t)net->h * (s->n + 1));
    s->emit = dl_arena_alloc(doc->a, sizeof *s->emit * PAD * (s->n + 1));
    s->rows = (const int16_t **)dl_arena_zalloc(doc->a, sizeof *s->rows * (f->n_words + 1));
    s->pool_of = DL_NEW_N(doc->a, uint32_t, f->n_words + 1);
    s->pooled = dl_arena_alloc(doc->a, (size_t)net->d * ((s->n < f->n_words ? s->n : f->n_words) + 1));
    if (!sent_of || !acc || !x || !s->tok || !s->h || !s->emit || !s->rows || !s->pool_of || !s->pooled || !prepare_rows(s, net, doc, f, all))
        return false;
    uint32_t at = 0;

    for (uint32_t r = 0; r < all->n; r++) {
        uint32_t n = all->p[r].end - all->p[r].start;

        hidden(s, net, doc, f, &all->p[r], at);
        for (uint32_t k = 0; k < n; k++)
            sent_of[at + k] = all->p[r].sent;
        at += n;
    }
    pool(s, net, f, acc, x);
    for (at = 0; at < s->n; at += BATCH)
        upper(s, net, doc, f, sent_of, at, s->n - at < BATCH ? s->n - at : BATCH, acc, x);
    return true;
}

/* ---- from scores to spans ------------------------------------------------------------------------------------------- */

typedef struct decoder {
    dl_name_crf  crf;
    dl_name_sums sums;
    uint8_t     *tags, *back;
} decoder;

static bool decoder_init(decoder *d, const dl_names_net *net, dl_arena *a, uint32_t longest)
{
    dl_name_crf_init(&d->crf, net);
    d->tags = dl_arena_alloc(a, longest + 1);
    d->back = dl_arena_alloc(a, (size_t)TAGS * (longest + 1));
    return d->tags && d->back && dl_name_sums_init(&d->sums, a, longest);
}

static bool decode_run(dl_name_spans *out, decoder *d, dl_doc *doc, const run *r, const int32_t *e)
{
    const dl_sentence *sent = &doc->sents.p[r->sent];
    uint32_t n = r->end - r->start;
    bool followed = r->end < sent->first_tok + sent->n_toks, summed = false;

    dl_name_viterbi(&d->crf, e, n, followed, d->tags, d->back);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t tag = d->tags[i], end = i + 1;

        if (tag == 0)
            continue;
        if ((tag - 1) % 4 == DL_NAME_B)
            while (end < n && (d->tags[end++] - 1) % 4 != DL_NAME_L)
                ;
        if (!summed)
            dl_name_sums_make(&d->sums, &d->crf, e, n, followed);
        summed = true;
        dl_name_span *span = DL_PUSH(doc->a, out);

        if (!span)
            return false;
        *span = (dl_name_span){.first_tok = r->start + i,
                               .n_toks = end - i,
                               .sent = r->sent,
                               .type = (uint8_t)((tag - 1) / 4),
                               .marginal = (float)dl_name_marginal(&d->sums, &d->crf, e, i, end, (tag - 1) / 4)};
        i = end - 1;
    }
    return true;
}

dl_code dl_name_tag(dl_name_spans *out, const dl_names_net *net, dl_doc *doc, const dl_name_features *f, dl_error *err)
{
    runs all = {0};
    scores s = {0};
    decoder d;
    uint32_t longest = 0, at = 0;
    dl_name_spans spans = {0};
    bool room = find_runs(&all, net, doc, f);

    for (uint32_t r = 0; room && r < all.n; r++)
        longest = all.p[r].end - all.p[r].start > longest ? all.p[r].end - all.p[r].start : longest;
    room = room && score(&s, net, doc, f, &all) && decoder_init(&d, net, doc->a, longest);
    for (uint32_t r = 0; room && r < all.n; r++) {
        room = decode_run(&spans, &d, doc, &all.p[r], s.emit + (size_t)at * PAD);
        at += all.p[r].end - all.p[r].start;
    }
    if (!room)
        return dl_fail(err, DL_LIMIT, "mentions", DL_NO_PLACE, "the arena is full");
    *out = spans;
    return DL_OK;
}

dl_code dl_name_score(int32_t *emit, bool *scored, const dl_names_net *net, dl_doc *doc, const dl_name_features *f, dl_error *err)
{
    runs all = {0};
    scores s = {0};

    if (!find_runs(&all, net, doc, f) || !score(&s, net, doc, f, &all))
        return dl_fail(err, DL_LIMIT, "mentions", DL_NO_PLACE, "the arena is full");
    memset(scored, 0, doc->toks.n * sizeof *scored);
    for (uint32_t i = 0; i < s.n; i++) {
        memcpy(emit + (size_t)s.tok[i] * PAD, s.emit + (size_t)i * PAD, PAD * sizeof *emit);
        scored[s.tok[i]] = true;
    }
    return DL_OK;
}
