/* annotate: the pipeline without Kafka. Articles from files, enriched records to standard output, on all cores, in the order read. */
#include "annotate_input.h"
#include "commands.h"
#include "parmap.h"
#include "pipeline/base/json.h"
#include "pipeline/engine.h"

#include <errno.h>
#include <getopt.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_JOBS = 256, SLOTS_A_JOB = 4 };

typedef struct options {
    dl_engine_opts engine;
    uint32_t       jobs;
    bool           pretty, text, quiet;
} options;

typedef struct worker { /* one thread's */
    const options *opts;
    dl_session     session;
} worker;

typedef struct slot {
    const options *opts;
    dl_piece       piece;
    dl_json        out;
    dl_buf         complaints; /* for standard error */
    uint64_t       n_articles, n_failed;
} slot;

static const char usage[] =
    "usage: dateline annotate [OPTION...] [FILE...]\n"
    "Read articles, one JSON object a line, from each FILE (none or \"-\": standard input) and write one enriched record a line.\n"
    "\n"
    "  --text               each FILE is one article in plain text\n"
    "  --pretty             records over many lines\n"
    "  --tokens             write the tokens, too\n"
    "  --stages             write how many microseconds each stage took\n"
    "  --offset-unit UNIT   codepoint (default), utf16 or byte\n"
    "  --skip STAGES        leave stages out; names parted by commas\n"
    "  --models DIR         where the model files are\n"
    "  -j, --jobs N         threads; default: the cores this process may use\n"
    "  -q, --quiet          no progress bar\n"
    "  -h, --help           this text\n"
    "\n"
    "Exit codes: 0 all went well; 1 some articles could not be annotated (standard error says which); 64 wrong usage;\n"
    "66 a FILE cannot be read; 71 output cannot be written; 78 a model or an option is no good.\n";

static uint64_t now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* ---- one piece of input, on a worker -------------------------------------------------------------------------------- */

static void annotate_one(worker *w, slot *s, dl_str raw, const dl_record *rec, uint64_t line)
{
    dl_error err;
    dl_str out;

    s->n_articles++;
    if (dl_session_run(&w->session, rec, raw, &out, &err) != DL_OK) {
        s->n_failed++;
        if (w->opts->text)
            dl_buf_printf(&s->complaints, "dateline: %s: %s: %s: %s\n", s->piece.name, err.where, dl_code_name(err.code), err.msg);
        else
            dl_buf_printf(&s->complaints, "dateline: %s:%llu: %s: %s: %s\n", s->piece.name, (unsigned long long)line, err.where,
                          dl_code_name(err.code), err.msg);
        return;
    }
    dl_json_line(&s->out, out, w->opts->pretty);
}

static void annotate_text(worker *w, slot *s)
{
    const char *slash = strrchr(s->piece.name, '/');
    dl_record rec = {.partition = -1, .offset = -1, .timestamp_ms = -1, .key = dl_str_of(slash ? slash + 1 : s->piece.name)};

    annotate_one(w, s, dl_buf_str(&s->piece.bytes), &rec, 1);
}

static void annotate_lines(worker *w, slot *s)
{
    dl_str rest = dl_buf_str(&s->piece.bytes);

    for (uint64_t line = s->piece.line; rest.n; line++) {
        const char *nl = memchr(rest.p, '\n', rest.n);
        size_t n = nl ? (size_t)(nl - rest.p) : rest.n;
        dl_str raw = dl_str_sub(rest, 0, n);

        if (dl_str_trim(raw).n)
            annotate_one(w, s, raw, NULL, line);
        rest = dl_str_sub(rest, n + (nl != NULL), rest.n);
    }
}

static void work(void *self, void *item)
{
    worker *w = self;
    slot *s = item;

    s->out.n = 0;
    s->out.failed = false;
    s->complaints.n = 0;
    s->n_articles = s->n_failed = 0;
    if (w->opts->text)
        annotate_text(w, s);
    else
        annotate_lines(w, s);
}

/* ---- output, progress ----------------------------------------------------------------------------------------------- */

typedef struct progress {
    bool     shown;
    uint64_t total_bytes, n_bytes, n_articles, n_failed;
    uint64_t begun_ns, drawn_ns;
} progress;

static void draw(progress *p, bool last)
{
    enum { WIDTH = 24, EVERY_NS = 100000000 };
    uint64_t now = p->shown ? now_ns() : 0;

    if (!p->shown || (!last && now - p->drawn_ns < EVERY_NS))
        return;
    p->drawn_ns = now;
    double seconds = (double)(now - p->begun_ns) / 1e9, mb = (double)p->n_bytes / 1e6;
    double done = p->total_bytes ? (double)p->n_bytes / (double)p->total_bytes : 0;

    (void)fprintf(stderr, "\r\033[K");
    if (p->total_bytes) {
        int full = (int)(done * WIDTH + 0.5);

        (void)fprintf(stderr, "[%.*s%*s] %3.0f%%  ", full > WIDTH ? WIDTH : full, "========================", WIDTH - full, "", done * 100);
    }
    (void)fprintf(stderr, "%llu articles  %.1f MB  %.0f articles/s  %.1f MB/s", (unsigned long long)p->n_articles, mb,
                  seconds > 0 ? (double)p->n_articles / seconds : 0.0, seconds > 0 ? mb / seconds : 0.0);
    if (!last && done > 0.01)
        (void)fprintf(stderr, "  %.0f s left", seconds / done - seconds);
    if (last)
        (void)fputc('\n', stderr);
    (void)fflush(stderr);
}

static bool write_all(dl_str s)
{
    while (s.n) {
        ssize_t n = write(STDOUT_FILENO, s.p, s.n);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        s = dl_str_sub(s, (size_t)n, s.n);
    }
    return true;
}

/* Write finished slots in order; wait: for all that are out. DL_FATAL where they cannot be written. */
static dl_code drain(dl_parmap *map, progress *p, bool one, bool wait, dl_error *err)
{
    slot *s;

    while ((s = dl_parmap_take(map, wait)) != NULL) {
        if (s->out.failed || s->complaints.failed)
            return dl_fail(err, DL_FATAL, "output", DL_NO_PLACE, "out of memory");
        if (!write_all(dl_json_str(&s->out)))
            return dl_fail(err, DL_FATAL, "output", DL_NO_PLACE, "standard output: %s", strerror(errno));
        if (s->complaints.n) {
            if (p->shown)
                (void)fputs("\r\033[K", stderr);
            (void)fwrite(s->complaints.p, 1, s->complaints.n, stderr);
        }
        p->n_articles += s->n_articles;
        p->n_failed += s->n_failed;
        p->n_bytes += s->piece.bytes.n;
        dl_parmap_release(map);
        draw(p, false);
        if (one)
            break;
    }
    return DL_OK;
}

/* ---- the loop ------------------------------------------------------------------------------------------------------- */

static int pump(dl_parmap *map, dl_input *in, progress *p, dl_error *err)
{
    dl_code code = DL_OK;
    slot *s;

    for (;;) {
        while (code == DL_OK && (s = dl_parmap_next(map)) == NULL)
            code = drain(map, p, true, true, err);
        if (code == DL_OK) /* a producer that takes its time sees each answer before it sends more */
            code = drain(map, p, false, dl_input_idle(in), err);
        if (code != DL_OK)
            return DL_EXIT_OS;
        if (!dl_input_next(in, &s->piece, err))
            break;
        dl_parmap_submit(map);
    }
    dl_error late;

    if (drain(map, p, false, true, &late) != DL_OK) {
        *err = late;
        return DL_EXIT_OS;
    }
    draw(p, true);
    if (err->code != DL_OK)
        return DL_EXIT_NO_INPUT;
    return p->n_failed ? DL_EXIT_FAILED : DL_EXIT_OK;
}

static int annotate(const options *opts, const dl_engine *engine, const char *const *files, uint32_t n_files)
{
    uint32_t n_slots = opts->jobs * SLOTS_A_JOB;
    worker *workers = calloc(opts->jobs, sizeof *workers);
    slot *slots = calloc(n_slots, sizeof *slots);
    progress p = {.shown = !opts->quiet && isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO),
                  .total_bytes = dl_input_size(files, n_files),
                  .begun_ns = now_ns()};
    dl_error err = {.code = DL_OK};
    dl_parmap map;
    dl_input in;
    int rc = DL_EXIT_OS;

    dl_input_init(&in, files, n_files, opts->text, opts->engine.decode.article_max_bytes);
    for (uint32_t i = 0; workers && i < opts->jobs; i++) {
        workers[i].opts = opts;
        dl_session_init(&workers[i].session, engine);
    }
    if (workers && slots && dl_parmap_open(&map, work, slots, sizeof *slots, n_slots, workers, sizeof *workers, opts->jobs)) {
        rc = pump(&map, &in, &p, &err);
        dl_parmap_close(&map);
    } else {
        (void)dl_fail(&err, DL_FATAL, "annotate", DL_NO_PLACE, "no memory or no threads to start with");
    }
    if (err.code != DL_OK)
        (void)fprintf(stderr, "dateline: %s\n", err.msg);
    for (uint32_t i = 0; slots && i < n_slots; i++) {
        dl_buf_free(&slots[i].piece.bytes);
        dl_buf_free(&slots[i].complaints);
        dl_json_free(&slots[i].out);
    }
    for (uint32_t i = 0; workers && i < opts->jobs; i++)
        dl_session_free(&workers[i].session);
    dl_input_free(&in);
    free(slots);
    free(workers);
    return rc;
}

/* ---- arguments ------------------------------------------------------------------------------------------------------ */

static uint32_t cores(void)
{
    cpu_set_t set;
    int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;

    return n < 1 ? 1 : n > MAX_JOBS ? MAX_JOBS : (uint32_t)n;
}

static bool set_unit(options *opts, const char *name)
{
    static const char *const names[] = {"codepoint", "utf16", "byte"};

    for (uint32_t i = 0; i < 3; i++)
        if (strcmp(name, names[i]) == 0) {
            opts->engine.encode.offset_unit = (dl_offset_unit)i;
            return true;
        }
    (void)fprintf(stderr, "dateline annotate: --offset-unit %s: allowed: codepoint, utf16, byte\n", name);
    return false;
}

static bool set_jobs(options *opts, const char *value)
{
    char *end;
    unsigned long n = strtoul(value, &end, 10);

    if (*end || !dl_is_digit(value[0]) || n < 1 || n > MAX_JOBS) {
        (void)fprintf(stderr, "dateline annotate: --jobs %s: allowed: 1 to %d\n", value, MAX_JOBS);
        return false;
    }
    opts->jobs = (uint32_t)n;
    return true;
}

/* -1: go on; else the exit code. */
static int parse(options *opts, int argc, char **argv)
{
    enum { TEXT = 256, PRETTY, TOKENS, STAGES, UNIT, SKIP, MODELS };
    static const struct option longs[] = {
        {"text", no_argument, NULL, TEXT},     {"pretty", no_argument, NULL, PRETTY},         {"tokens", no_argument, NULL, TOKENS},
        {"stages", no_argument, NULL, STAGES}, {"offset-unit", required_argument, NULL, UNIT}, {"skip", required_argument, NULL, SKIP},
        {"models", required_argument, NULL, MODELS}, {"jobs", required_argument, NULL, 'j'},  {"quiet", no_argument, NULL, 'q'},
        {"help", no_argument, NULL, 'h'},      {NULL, 0, NULL, 0},
    };
    bool ok = true;

    for (int c; ok && (c = getopt_long(argc, argv, "j:qh", longs, NULL)) != -1;) {
        switch (c) {
        case TEXT:
            opts->text = true;
            opts->engine.decode.message = DL_MESSAGE_TEXT;
            break;
        case PRETTY: opts->pretty = true; break;
        case TOKENS: opts->engine.encode.tokens = true; break;
        case STAGES:
            opts->engine.encode.stage_us = true;
            opts->engine.now_ns = now_ns;
            break;
        case UNIT: ok = set_unit(opts, optarg); break;
        case SKIP: opts->engine.stages_off = optarg; break;
        case MODELS: opts->engine.models_dir = optarg; break;
        case 'j': ok = set_jobs(opts, optarg); break;
        case 'q': opts->quiet = true; break;
        case 'h': (void)fputs(usage, stdout); return DL_EXIT_OK;
        default: ok = false;
        }
    }
    if (!ok)
        (void)fputs("Try \"dateline annotate --help\".\n", stderr);
    return ok ? -1 : DL_EXIT_USAGE;
}

int dl_cmd_annotate(int argc, char **argv)
{
    static const char *const standard_input[] = {"-"};
    options opts = {.engine = dl_engine_defaults(), .jobs = cores()};
    dl_engine *engine;
    dl_error err;
    int rc = parse(&opts, argc, argv);

    if (rc >= 0)
        return rc;
    bool any = optind < argc;

    for (int i = optind; i < argc; i++)
        if (strcmp(argv[i], "-") != 0 && access(argv[i], R_OK) != 0) {
            (void)fprintf(stderr, "dateline: %s: %s\n", argv[i], strerror(errno));
            return DL_EXIT_NO_INPUT;
        }
    if (dl_engine_open(&engine, &opts.engine, &err) != DL_OK) {
        (void)fprintf(stderr, "dateline: %s: %s\n", err.where, err.msg);
        return DL_EXIT_CONFIG;
    }
    rc = annotate(&opts, engine, any ? (const char *const *)argv + optind : standard_input, any ? (uint32_t)(argc - optind) : 1);
    dl_engine_close(engine);
    return rc;
}
