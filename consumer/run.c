/* dateline run: the service. */
#include "cli.h"
#include "commands.h"
#include "embedded.h"
#include "kafka_props.h"
#include "service.h"
#include "settings.h"
#include "show.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { EMBEDDED_PARTITIONS = 4, SETTINGS_MAX_BYTES = 1 << 20 };

/* ---- from the configuration ----------------------------------------------------------------------------------------- */

static dl_code tune_consumer(rd_kafka_conf_t *conf, const void *cfg, dl_error *err)
{
    return dl_kafka_props_apply(conf, cfg, DL_KAFKA_CONSUMER, err);
}

static dl_code tune_producer(rd_kafka_conf_t *conf, const void *cfg, dl_error *err)
{
    return dl_kafka_props_apply(conf, cfg, DL_KAFKA_PRODUCER, err);
}

static dl_flow_opts flow_opts(const dl_config *cfg)
{
    static const char *const resets[] = {
        [DL_CONF_RESET_EARLIEST] = "earliest", [DL_CONF_RESET_LATEST] = "latest", [DL_CONF_RESET_ERROR] = "error"};
    dl_flow_opts opts = dl_flow_defaults();

    opts.source.topics = cfg->input_topics.p;
    opts.source.n_topics = cfg->input_topics.n;
    opts.source.group = cfg->input_group;
    opts.source.auto_offset_reset = resets[cfg->input_auto_offset_reset];
    opts.source.client = (dl_client_opts){.tune = tune_consumer, .tune_arg = cfg};
    opts.sink.topic = cfg->output_topic;
    opts.sink.dead_topic = cfg->dead_letter_topic;
    opts.sink.client = (dl_client_opts){.tune = tune_producer, .tune_arg = cfg};
    opts.workers.n_threads = dl_settings_workers(cfg);
    opts.inflight_max_jobs = cfg->limits_inflight_articles;
    opts.inflight_max_bytes = cfg->limits_inflight_bytes;
    opts.commit_interval_ms = cfg->delivery_commit_interval_ms;
    opts.rebalance_drain_ms = cfg->delivery_revoke_timeout_ms;
    opts.shutdown_timeout_ms = cfg->shutdown_timeout_ms;
    return opts;
}

static dl_log_opts log_opts(const dl_config *cfg)
{
    static const dl_log_level  levels[] = {[DL_CONF_LOG_DEBUG] = DL_LOG_DEBUG, [DL_CONF_LOG_INFO] = DL_LOG_INFO,
                                           [DL_CONF_LOG_WARN] = DL_LOG_WARN, [DL_CONF_LOG_ERROR] = DL_LOG_ERROR};
    static const dl_log_format formats[] = {[DL_CONF_LOG_FORMAT_LOGFMT] = DL_LOG_LOGFMT, [DL_CONF_LOG_FORMAT_JSON] = DL_LOG_JSON};

    return (dl_log_opts){.level = levels[cfg->log_level], .format = formats[cfg->log_format], .fd = STDERR_FILENO};
}

static uint64_t clock_ns(void)
{
    return uv_hrtime();
}

/* ---- running -------------------------------------------------------------------------------------------------------- */

typedef struct run {
    dl_config   cfg;
    dl_arena    a;
    dl_log     *log;
    dl_engine  *engine;
    dl_service *service;
    dl_embedded *embedded; /* NULL: a broker of the user's */
    const char *input;     /* NULL: the samples */
    bool        stay, color;
    bool        readable; /* lines for people instead of JSON */
} run;

static int complain(const dl_error *err, int code)
{
    (void)fprintf(stderr, "dateline: %s: %s\n", err->where, err->msg);
    return code;
}

static int open_all(run *r)
{
    dl_engine_opts engine;
    dl_error       err;
    const dl_log_opts log = log_opts(&r->cfg);

    dl_arena_init(&r->a, SETTINGS_MAX_BYTES);
    if (dl_log_open(&r->log, &log, &err) != DL_OK)
        return complain(&err, DL_EXIT_OS);
    if (dl_settings_engine(&engine, &r->cfg, clock_ns, &r->a, &err) != DL_OK || dl_engine_open(&r->engine, &engine, &err) != DL_OK)
        return complain(&err, DL_EXIT_CONFIG);
    if (dl_service_open(&r->service, r->log, &err) != DL_OK)
        return complain(&err, DL_EXIT_OS);
    return DL_EXIT_OK;
}

static void close_all(run *r)
{
    dl_embedded_close(r->embedded);
    dl_service_close(r->service);
    dl_engine_close(r->engine);
    dl_log_close(r->log);
    dl_config_free(&r->cfg);
    dl_arena_free(&r->a);
}

static int serve(run *r)
{
    const dl_flow_opts opts = flow_opts(&r->cfg);
    dl_error           err;

    if (dl_service_start(r->service, &opts, r->engine, &err) != DL_OK)
        return complain(&err, DL_EXIT_CONFIG);
    DL_LOG(r->log, DL_LOG_INFO, "run", DL_MSG("started"), DL_F_STR("version", DL_VERSION), DL_F_STR("brokers", r->cfg.kafka_brokers),
           DL_F_STR("input", r->cfg.input_topics.p[0]), DL_F_STR("output", r->cfg.output_topic), DL_F_STR("group", r->cfg.input_group),
           DL_F_INT("workers", opts.workers.n_threads));
    return dl_service_run(r->service);
}

/* ---- a broker of its own -------------------------------------------------------------------------------------------- */

static void show(void *arg, dl_str record, bool dead, dl_str reason)
{
    run   *r = arg;
    dl_buf out = {0};

    if (r->readable && dead)
        dl_show_dead(&out, record, reason, r->color);
    else if (r->readable)
        dl_show_record(&out, record, r->color);
    else if (!dead) { /* dead letters are on standard error, by the log */
        dl_buf_add(&out, record);
        dl_buf_byte(&out, '\n');
    }
    if (out.n && (fwrite(out.p, 1, out.n, stdout) != out.n || fflush(stdout) != 0))
        dl_service_stop(r->service); /* nobody reads any more */
    dl_buf_free(&out);
}

static void input_done(void *arg)
{
    run *r = arg;

    if (!r->stay)
        dl_service_stop(r->service);
    else
        DL_LOG(r->log, DL_LOG_INFO, "run", DL_MSG("input is done, staying"), DL_F_STR("brokers", r->cfg.kafka_brokers));
}

/* The sample articles: installed, or of the source tree. */
static bool find_samples(glob_t *out)
{
    return glob(DL_SAMPLES_DIR "/*.jsonl", 0, NULL, out) == 0 || glob(DL_SOURCE_SAMPLES_DIR "/*.jsonl", 0, NULL, out) == 0;
}

static int report(const run *r, int code)
{
    const dl_embedded_count n = dl_embedded_read(r->embedded);

    if (r->readable)
        (void)printf("\n%llu articles in, %llu enriched, %llu dead letters\n", (unsigned long long)n.fed, (unsigned long long)n.enriched,
                     (unsigned long long)n.dead);
    DL_LOG(r->log, DL_LOG_INFO, "run", DL_MSG("embedded run done"), DL_F_INT("fed", n.fed), DL_F_INT("enriched", n.enriched),
           DL_F_INT("dead", n.dead));
    return code == DL_EXIT_OK && !r->stay && n.enriched + n.dead < n.fed ? DL_EXIT_FAILED : code;
}

static int serve_embedded(run *r, const char *const *files, size_t n_files)
{
    const dl_embedded_opts opts = {
        .topic = r->cfg.input_topics.p[0],
        .out_topic = r->cfg.output_topic,
        .dead_topic = r->cfg.dead_letter_topic,
        .n_partitions = EMBEDDED_PARTITIONS,
        .files = files,
        .n_files = n_files,
        .show = show,
        .show_arg = r,
        .done = input_done,
        .done_arg = r,
    };
    dl_error err;

    if (*opts.topic == '^') {
        (void)fprintf(stderr, "dateline: input.topics: --embedded makes the topic and needs its name, not a regular expression\n");
        return DL_EXIT_CONFIG;
    }
    if (dl_embedded_open(&r->embedded, &opts, &err) != DL_OK)
        return complain(&err, DL_EXIT_OS);
    r->cfg.kafka_brokers = dl_embedded_brokers(r->embedded);
    if (dl_embedded_start(r->embedded, dl_service_loop(r->service), r->log, &err) != DL_OK)
        return complain(&err, DL_EXIT_OS);
    return report(r, serve(r));
}

static int run_embedded(run *r)
{
    glob_t samples = {0};
    int    code;

    if (r->input && access(r->input, R_OK) != 0) {
        (void)fprintf(stderr, "dateline: cannot read %s\n", r->input);
        return DL_EXIT_NO_INPUT;
    }
    if (!r->input && !find_samples(&samples)) {
        (void)fprintf(stderr, "dateline: no sample articles in %s; give some with --input\n", DL_SAMPLES_DIR);
        return DL_EXIT_NO_INPUT;
    }
    r->color = isatty(STDOUT_FILENO) && !getenv("NO_COLOR");
    r->readable |= isatty(STDOUT_FILENO) != 0;
    code = open_all(r);
    if (code == DL_EXIT_OK && r->input)
        code = serve_embedded(r, &r->input, 1);
    else if (code == DL_EXIT_OK)
        code = serve_embedded(r, (const char *const *)samples.gl_pathv, samples.gl_pathc);
    globfree(&samples);
    return code;
}

int dl_cmd_run(int argc, char **argv)
{
    bool             embedded = false;
    dl_cli_conf      conf = {0};
    run              r = {0};
    const dl_cli_opt opts[] = {
        DL_CLI_CONF_OPTS,
        {.name = "embedded", .flag = &embedded, .doc = "with a broker inside this process, fed with sample articles; no configuration is needed"},
        {.name = "input", .letter = 'i', .arg = "FILE", .text = &r.input, .doc = "with --embedded: feed this file, one message a line"},
        {.name = "readable", .flag = &r.readable, .doc = "with --embedded: records as lines for people, as on a terminal, and not as JSON"},
        {.name = "stay", .flag = &r.stay, .doc = "with --embedded: go on when the input is done, until a signal"},
        {0},
    };
    const dl_cli cli = {
        .verb = "run",
        .args = "",
        .what = "The service: read articles from Kafka, enrich them, write them back, until SIGTERM or SIGINT.\n"
                "What is in flight is then finished and committed; a second signal exits at once.",
        .opts = opts,
        .conf = &conf,
    };
    int first;
    int rc = dl_cli_parse(&cli, argc, argv, &first);

    if (rc == DL_CLI_GO_ON && !embedded && (r.input || r.stay || r.readable)) {
        (void)fprintf(stderr, "dateline: --input, --readable and --stay are for --embedded\n");
        rc = DL_EXIT_USAGE;
    }
    if (rc == DL_CLI_GO_ON)
        rc = dl_cli_load(&r.cfg, &conf);
    else
        goto done;
    if (rc == DL_EXIT_OK)
        rc = embedded ? run_embedded(&r) : open_all(&r);
    if (rc == DL_EXIT_OK && !embedded)
        rc = serve(&r);
    close_all(&r);
done:
    dl_cli_conf_free(&conf);
    return rc;
}
