#include "name_crf.h"

#include <float.h>
#include <math.h>

enum { TAGS = DL_NAMES_TAGS, PAD = DL_NAMES_TAGS_PAD, NEVER = INT32_MIN / 4 };

static bool closes(uint32_t tag)
{
    return tag == 0 || (tag - 1) % 4 >= DL_NAME_L;
}

static bool follows(uint32_t from, uint32_t to)
{
    if (closes(from))
        return to == 0 || (to - 1) % 4 == DL_NAME_B || (to - 1) % 4 == DL_NAME_U;
    return to != 0 && (to - 1) / 4 == (from - 1) / 4 && ((to - 1) % 4 == DL_NAME_I || (to - 1) % 4 == DL_NAME_L);
}

void dl_name_crf_init(dl_name_crf *crf, const dl_names_net *net)
{
    *crf = (dl_name_crf){.trans = net->trans, .unit = (double)net->emit_scale};
    for (uint32_t to = 0; to < TAGS; to++)
        for (uint32_t from = 0; from < TAGS; from++)
            if (follows(from, to)) {
                crf->before[to].from[crf->before[to].n++] = (uint8_t)from;
                crf->factor[from][to] = exp(crf->unit * net->trans[from * TAGS + to]);
            }
}

static int32_t final_score(const dl_name_crf *crf, uint32_t tag, bool followed)
{
    return !closes(tag) ? NEVER : followed ? crf->trans[tag * TAGS] : 0;
}

void dl_name_viterbi(const dl_name_crf *crf, const int32_t *e, uint32_t n, bool followed, uint8_t *tags, uint8_t *back)
{
    int32_t a[TAGS], next[TAGS];
    uint32_t best = 0;

    for (uint32_t t = 0; t < TAGS; t++)
        a[t] = follows(0, t) ? crf->trans[t] + e[t] : NEVER;
    for (uint32_t i = 1; i < n; i++) {
        for (uint32_t t = 0; t < TAGS; t++) {
            int32_t most = INT32_MIN;

            for (uint32_t k = 0; k < crf->before[t].n; k++) {
                uint32_t from = crf->before[t].from[k];
                int32_t v = a[from] + crf->trans[from * TAGS + t];

                if (v > most) {
                    most = v;
                    back[(size_t)i * TAGS + t] = (uint8_t)from;
                }
            }
            next[t] = (most < NEVER ? NEVER : most) + e[(size_t)i * PAD + t];
        }
        memcpy(a, next, sizeof a);
    }
    for (uint32_t t = 1; t < TAGS; t++)
        if (closes(t) && a[t] + final_score(crf, t, followed) > a[best] + final_score(crf, best, followed))
            best = t;
    for (uint32_t i = n; i-- > 0;) {
        tags[i] = (uint8_t)best;
        if (i)
            best = back[(size_t)i * TAGS + best];
    }
}

bool dl_name_sums_init(dl_name_sums *s, dl_arena *a, uint32_t longest)
{
    size_t n = longest ? longest : 1;

    *s = (dl_name_sums){.alpha = dl_arena_alloc(a, sizeof(double) * TAGS * n),
                        .beta = dl_arena_alloc(a, sizeof(double) * TAGS * n),
                        .log_alpha = dl_arena_alloc(a, sizeof(double) * n),
                        .log_beta = dl_arena_alloc(a, sizeof(double) * n)};
    return s->alpha && s->beta && s->log_alpha && s->log_beta;
}

/* w[t] = exp(e[t] - top); returns top. */
static double weigh(const dl_name_crf *crf, const int32_t *e, double w[TAGS])
{
    int32_t top = e[0];

    for (uint32_t t = 1; t < TAGS; t++)
        top = e[t] > top ? e[t] : top;
    for (uint32_t t = 0; t < TAGS; t++)
        w[t] = exp(crf->unit * (e[t] - top));
    return crf->unit * top;
}

/* Scales v to a sum of one; returns the logarithm of what it was. */
static double scale(double v[TAGS])
{
    double sum = DBL_MIN;

    for (uint32_t t = 0; t < TAGS; t++)
        sum += v[t];
    for (uint32_t t = 0; t < TAGS; t++)
        v[t] /= sum;
    return log(sum);
}

/* alpha_i(t) = w_i(t) sum over f of alpha_{i-1}(f) factor(f, t);   beta_i(f) = sum over t of factor(f, t) w_{i+1}(t) beta_{i+1}(t) */
void dl_name_sums_make(dl_name_sums *s, const dl_name_crf *crf, const int32_t *e, uint32_t n, bool followed)
{
    double w[TAGS], z = DBL_MIN, *end = s->beta + (size_t)(n - 1) * TAGS;

    for (uint32_t i = 0; i < n; i++) {
        double *a = s->alpha + (size_t)i * TAGS, top = weigh(crf, e + (size_t)i * PAD, w);

        for (uint32_t t = 0; t < TAGS; t++) {
            double sum = i ? 0 : crf->factor[0][t];

            for (uint32_t k = 0; i && k < crf->before[t].n; k++)
                sum += a[(int)crf->before[t].from[k] - (int)TAGS] * crf->factor[crf->before[t].from[k]][t];
            a[t] = sum * w[t];
        }
        s->log_alpha[i] = top + scale(a) + (i ? s->log_alpha[i - 1] : 0);
    }
    for (uint32_t t = 0; t < TAGS; t++)
        end[t] = !closes(t) ? 0 : followed ? crf->factor[t][0] : 1;
    for (uint32_t t = 0; t < TAGS; t++)
        z += s->alpha[(size_t)(n - 1) * TAGS + t] * end[t];
    s->log_z = log(z) + s->log_alpha[n - 1];
    s->log_beta[n - 1] = scale(end);
    for (uint32_t i = n - 1; i-- > 0;) {
        double *b = s->beta + (size_t)i * TAGS, top = weigh(crf, e + (size_t)(i + 1) * PAD, w);

        for (uint32_t t = 0; t < TAGS; t++)
            b[t] = 0;
        for (uint32_t t = 0; t < TAGS; t++)
            for (uint32_t k = 0; k < crf->before[t].n; k++)
                b[crf->before[t].from[k]] += crf->factor[crf->before[t].from[k]][t] * w[t] * b[TAGS + t];
        s->log_beta[i] = top + scale(b) + s->log_beta[i + 1];
    }
}

double dl_name_marginal(const dl_name_sums *s, const dl_name_crf *crf, const int32_t *e, uint32_t start, uint32_t end, uint32_t type)
{
    uint32_t base = 1 + 4 * type, tag = base + (end - start == 1 ? DL_NAME_U : DL_NAME_B);
    double sum = log(s->alpha[(size_t)start * TAGS + tag] + DBL_MIN) + s->log_alpha[start];

    for (uint32_t i = start + 1; i < end; i++) {
        uint32_t next = base + (i + 1 == end ? DL_NAME_L : DL_NAME_I);

        sum += crf->unit * (crf->trans[tag * TAGS + next] + e[(size_t)i * PAD + next]);
        tag = next;
    }
    sum += log(s->beta[(size_t)(end - 1) * TAGS + tag] + DBL_MIN) + s->log_beta[end - 1] - s->log_z;
    return sum >= 0 ? 1 : exp(sum);
}
