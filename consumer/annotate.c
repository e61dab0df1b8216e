/* annotate: the pipeline without Kafka. Articles from files, enriched records to standard output, on all cores, in the order read. */
#include "annotate_input.h"
#include "cli.h"
#include "commands.h"
#include "explain.h"
#include "parmap.h"
#include "pipeline/base/json.h"
#include "pipeline/engine.h"
#include "settings.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { MAX_JOBS = 256, SLOTS_A_JOB = 4 };

typedef struct options {
    dl_engine_opts engine;
    uint32_t       jobs;
    bool           pretty, text, quiet;
    const char    *explain; /* what a listing is written of, in place of records; NULL: records */
} options;

typedef struct worker { /* one thread's */
    const options *opts;
    dl_session     session;
} worker;

typedef struct slot {
    const options *opts;
    dl_piece       piece;
    dl_json        out;
    dl_buf         listing;    /* --explain: in place of out */
    dl_buf         complaints; /* for standard error */
    uint64_t       n_articles, n_failed;
} slot;

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
    if (w->opts->explain)
        dl_explain_repairs(&s->listing, &w->session.doc);
    else
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
    s->listing.n = 0;
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
        if (s->out.failed || s->listing.failed || s->complaints.failed)
            return dl_fail(err, DL_FATAL, "output", DL_NO_PLACE, "out of memory");
        if (!write_all(dl_json_str(&s->out)) || !write_all(dl_buf_str(&s->listing)))
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
        dl_buf_free(&slots[i].listing);
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

/* DL_CLI_GO_ON with *opts filled (its strings borrow cfg and conf->a), else the exit code. */
static int parse(options *opts, dl_config *cfg, dl_cli_conf *conf, int argc, char **argv, int *first)
{
    const dl_cli_opt table[] = {
        DL_CLI_CONF_OPTS,
        {.name = "text", .flag = &opts->text, .key = "article.message=text", .doc = "each FILE is one article in plain text"},
        {.name = "pretty", .flag = &opts->pretty, .doc = "records over many lines"},
        {.name = "tokens", .key = "output.tokens=true", .doc = "write the tokens, too"},
        {.name = "stages", .key = "output.stages=true", .doc = "write how many microseconds each stage took"},
        {.name = "offset-unit", .arg = "UNIT", .key = "output.offset_unit", .doc = "codepoint (default), utf16 or byte"},
        {.name = "explain", .arg = "WHAT", .text = &opts->explain, .doc = "list what was done to each article, in place of records: repair"},
        {.name = "skip", .arg = "STAGES", .key = "pipeline.disable", .doc = "leave stages out; names with commas"},
        {.name = "models", .arg = "DIR", .key = "pipeline.models", .doc = "where the model files are"},
        {.name = "jobs", .letter = 'j', .arg = "N", .key = "pipeline.workers", .doc = "threads; default: the cores that the process may use"},
        {.name = "quiet", .letter = 'q', .flag = &opts->quiet, .doc = "no progress bar"},
        {0},
    };
    const dl_cli cli = {
        .verb = "annotate",
        .args = "[FILE...]",
        .what = "Read articles, one JSON object a line, from each FILE (none or \"-\": standard input) and write one enriched\n"
                "record a line to standard output, in the order read.\n\n"
                "Exit codes: 0 all went well; 1 some articles could not be annotated (standard error says which); 64 wrong usage;\n"
                "66 a FILE cannot be read; 71 output cannot be written; 78 a model or an option is no good.",
        .opts = table,
        .conf = conf,
    };
    dl_error err;
    int rc = dl_cli_parse(&cli, argc, argv, first);

    if (rc != DL_CLI_GO_ON)
        return rc;
    if (opts->explain && strcmp(opts->explain, "repair") != 0) {
        (void)fprintf(stderr, "dateline: annotate --explain: there is no \"%s\" to explain; there is: repair\n", opts->explain);
        return DL_EXIT_USAGE;
    }
    rc = dl_cli_load(cfg, conf);
    if (rc != DL_EXIT_OK)
        return rc;
    if (dl_settings_engine(&opts->engine, cfg, now_ns, &conf->a, &err) != DL_OK) {
        (void)fprintf(stderr, "dateline: %s\n", err.msg);
        return DL_EXIT_CONFIG;
    }
    opts->jobs = dl_settings_workers(cfg);
    if (opts->jobs > MAX_JOBS)
        opts->jobs = MAX_JOBS;
    return DL_CLI_GO_ON;
}

static int run(const options *opts, int n_files, char **files)
{
    static const char *const standard_input[] = {"-"};
    dl_engine *engine;
    dl_error err;

    for (int i = 0; i < n_files; i++)
        if (strcmp(files[i], "-") != 0 && access(files[i], R_OK) != 0) {
            (void)fprintf(stderr, "dateline: %s: %s\n", files[i], strerror(errno));
            return DL_EXIT_NO_INPUT;
        }
    if (dl_engine_open(&engine, &opts->engine, &err) != DL_OK) {
        (void)fprintf(stderr, "dateline: %s: %s\n", err.where, err.msg);
        return DL_EXIT_CONFIG;
    }
    const int rc = annotate(opts, engine, n_files ? (const char *const *)files : standard_input, n_files ? (uint32_t)n_files : 1);

    dl_engine_close(engine);
    return rc;
}

int dl_cmd_annotate(int argc, char **argv)
{
    options opts = {0};
    dl_cli_conf conf = {0};
    dl_config cfg = {0};
    int first = argc;
    int rc = parse(&opts, &cfg, &conf, argc, argv, &first);

    if (rc == DL_CLI_GO_ON)
        rc = run(&opts, argc - first, argv + first);
    dl_config_free(&cfg);
    dl_cli_conf_free(&conf);
    return rc;
}
