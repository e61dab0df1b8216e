/* bench_annotate [-r ROUNDS] [-s STAGES] [-t] [FILE.jsonl...]: what does the pipeline cost, on one core, without threads and output?
 *
 * All articles are held in memory and run ROUNDS times (default 9, after one to warm up). Printed: machine, compiler and flags; best and
 * median round; latency of an article; nanoseconds a byte of text of each stage; allocations an article, those of cJSON and libxml2
 * included. -s leaves stages out (names with commas); -t writes tokens, too. Without FILE: the samples, and ../shared/data/articles where it is. */
#include "tests/support/fault.h"

#include "pipeline/base/buf.h"
#include "pipeline/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_ROUNDS = 101 };

typedef struct corpus {
    dl_buf   bytes;
    dl_str  *lines;
    uint32_t n;
} corpus;

typedef struct result {
    double   seconds[MAX_ROUNDS];
    double  *article_us; /* [n] of the best of all rounds */
    uint64_t stage_ns[DL_MAX_STAGES]; /* of all rounds */
    uint64_t n_text, n_out, n_failed, n_mallocs; /* of one round */
} result;

static uint64_t now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static bool load(corpus *c, const char *path)
{
    dl_error err;

    *c = (corpus){.lines = NULL};
    if (dl_file_read(&c->bytes, path, (size_t)1 << 30, &err) != DL_OK) {
        (void)fprintf(stderr, "%s\n", err.msg);
        return false;
    }
    c->lines = malloc(sizeof *c->lines * (c->bytes.n / 2 + 1));
    for (size_t at = 0; c->lines && at < c->bytes.n;) {
        const char *nl = memchr(c->bytes.p + at, '\n', c->bytes.n - at);
        size_t end = nl ? (size_t)(nl - c->bytes.p) : c->bytes.n;

        if (end > at)
            c->lines[c->n++] = dl_str_sub(dl_buf_str(&c->bytes), at, end);
        at = end + 1;
    }
    return c->n > 0;
}

static void run_round(dl_session *s, const corpus *c, result *r, int round)
{
    uint64_t begun = now_ns();

    r->n_text = r->n_out = r->n_failed = 0;
    fault_begin(0);
    for (uint32_t i = 0; i < c->n; i++) {
        dl_str out;
        uint64_t before = now_ns();

        if (dl_session_run(s, NULL, c->lines[i], &out, NULL) != DL_OK) {
            r->n_failed++;
            continue;
        }
        double us = (double)(now_ns() - before) / 1000;

        if (round <= 0 || us < r->article_us[i])
            r->article_us[i] = us;
        r->n_text += s->doc.text.n;
        r->n_out += out.n;
        for (uint32_t k = 0; round >= 0 && k < DL_MAX_STAGES; k++)
            r->stage_ns[k] += s->doc.stage_ns[k];
    }
    r->n_mallocs = fault_counted();
    (void)fault_end();
    if (round >= 0)
        r->seconds[round] = (double)(now_ns() - begun) / 1e9;
}

static void report(const char *path, const corpus *c, result *r, int rounds, const dl_pipeline *p)
{
    double n = c->n, text = (double)r->n_text, all = 0;

    qsort(r->seconds, (size_t)rounds, sizeof *r->seconds, compare);
    qsort(r->article_us, c->n, sizeof *r->article_us, compare);
    double best = r->seconds[0], median = r->seconds[rounds / 2];

    (void)printf("\n%s: %u articles, %.0f bytes of text each, %.0f bytes of record, %llu failed\n", path, c->n, text / n,
                 (double)r->n_out / n, (unsigned long long)r->n_failed);
    (void)printf("  best    %8.0f articles/s  %7.1f MB/s of text  %7.2f us an article\n", n / best, text / best / 1e6, best / n * 1e6);
    (void)printf("  median  %8.0f articles/s  %7.1f MB/s of text  %7.2f us an article\n", n / median, text / median / 1e6, median / n * 1e6);
    (void)printf("  article p50 %.1f us, p99 %.1f us, most %.1f us; %.2f allocations an article\n", r->article_us[c->n / 2],
                 r->article_us[(uint64_t)c->n * 99 / 100], r->article_us[c->n - 1], (double)r->n_mallocs / n);
    for (uint32_t k = 0; k < p->n; k++) {
        double ns = (double)r->stage_ns[k] / rounds;

        all += ns;
        (void)printf("  %-12s %7.2f ns/byte  %7.2f us an article\n", p->stages[k].ops->name, ns / text, ns / n / 1000);
    }
    (void)printf("  %-12s %7.2f ns/byte  %7.2f us an article, %.1f us for 3,000 bytes\n", "all stages", all / text, all / n / 1000,
                 all / text * 3);
}

static bool bench(const dl_engine *engine, const char *path, int rounds)
{
    corpus c;
    result r = {.n_text = 0};
    dl_session s;
    bool ok = load(&c, path);

    if (ok) {
        r.article_us = calloc(c.n, sizeof *r.article_us);
        ok = r.article_us != NULL;
    }
    if (ok) {
        dl_session_init(&s, engine);
        run_round(&s, &c, &r, -1);
        for (int i = 0; i < rounds; i++)
            run_round(&s, &c, &r, i);
        report(path, &c, &r, rounds, dl_engine_pipeline(engine));
        dl_session_free(&s);
    }
    free(r.article_us);
    free(c.lines);
    dl_buf_free(&c.bytes);
    return ok;
}

static void print_machine(void)
{
    char line[256], model[256] = "unknown processor\n";
    FILE *f = fopen("/proc/cpuinfo", "r");

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "model name : %255[^\n]", model) == 1)
            break;
    if (f)
        (void)fclose(f);
    (void)printf("machine   %s, %ld cores online\n", model, sysconf(_SC_NPROCESSORS_ONLN));
    (void)printf("compiler  %s, %s\nclock     CPU time of the thread\n", __VERSION__, DL_BENCH_FLAGS);
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {"config/samples/news.jsonl", "config/samples/damaged.jsonl",
                                        "../shared/data/articles/open_news.jsonl", "../shared/data/articles/gmb_rebuilt.jsonl"};
    dl_engine_opts opts = dl_engine_defaults();
    dl_engine *engine;
    dl_error err;
    int rounds = 9, c;
    bool ok = true;

    while ((c = getopt(argc, argv, "r:s:t")) != -1) {
        if (c == 't')
            opts.encode.tokens = true;
        else if (c == 's')
            opts.stages_off = optarg;
        else if (c == 'r')
            rounds = (int)strtol(optarg, NULL, 10);
        else
            return 64;
    }
    if (rounds < 1 || rounds > MAX_ROUNDS)
        return 64;
    fault_hook_libraries();
    opts.now_ns = now_ns; /* CPU time: other programs run here, too */
    opts.models_dir = "models";
    if (dl_engine_open(&engine, &opts, &err) != DL_OK) {
        (void)fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return 1;
    }
    print_machine();
    for (int i = optind; i < argc; i++)
        ok &= bench(engine, argv[i], rounds);
    for (size_t i = 0; optind == argc && i < sizeof usual / sizeof *usual; i++)
        if (access(usual[i], R_OK) == 0)
            ok &= bench(engine, usual[i], rounds);
    dl_engine_close(engine);
    return ok ? 0 : 1;
}
