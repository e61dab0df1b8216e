/* bench_stream: Kafka to Kafka, what the service itself costs.
 *
 *     bench_stream [--n ARTICLES | --seconds S] [--bytes EACH] [--workers N] [--codec lz4|none|zstd] [--work identity|engine] [--off STAGES]
 *
 * A child process is the broker (librdkafka's mock cluster, 8 partitions) and the feeder; this process is the flow. CPU time and memory
 * are this process's alone. The mock keeps 5 MB a partition, so the feeder stays at most 4 MB a partition ahead of what was received.
 * `identity` copies the input to the output: all that is measured is the way. `engine` is the pipeline without the stages that --off names. */
#include "consumer/flow.h"

#include <getopt.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <uv.h>

#include <librdkafka/rdkafka_mock.h>

enum { N_PARTITIONS = 8, AHEAD_BYTES = 4 << 20, TICK_MS = 5, SAMPLES = 10 };

typedef struct shared { /* between the two processes */
    _Atomic int      ready;
    _Atomic uint64_t received;
    char             brokers[256];
} shared;

typedef struct plan {
    uint64_t    n;
    size_t      bytes;
    uint32_t    workers;
    uint32_t    seconds; /* 0: until n are through */
    const char *codec, *work, *off;
} plan;

static void tick(void)
{
    (void)nanosleep(&(struct timespec){.tv_nsec = TICK_MS * 1000000L}, NULL);
}

static void die(const char *what, const char *why)
{
    (void)fprintf(stderr, "bench_stream: %s: %s\n", what, why);
    exit(1);
}

/* ---- the broker and the feeder, in the child ------------------------------------------------------------------------ */

/* An article in JSON of `bytes` bytes, of words, so that it compresses like text. buf holds bytes + 64. */
static size_t make_article(char *buf, size_t bytes, uint64_t i)
{
    static const char *const words[] = {"the ",  "minister ", "of ",     "trade ",  "said ",   "on ",   "Tuesday ", "that ", "talks ", "with ",
                                        "unions ", "had ",    "broken ", "down. ",  "After ",  "a ",    "night ",   "of ",   "rain, ", "and ",
                                        "police ", "closed ", "streets ", "around ", "squares ", "near ", "harbour ", "city ", "where ", "people "};
    size_t   n = (size_t)snprintf(buf, bytes, "{\"id\":\"bench-%llu\",\"title\":\"Talks break down\",\"body\":\"", (unsigned long long)i);
    uint64_t x = i * 2654435761u + 1;

    while (n + 12 < bytes) {
        const char *word = words[((x = x * 6364136223846793005u + 1442695040888963407u) >> 33) % 30];
        size_t      len = strlen(word);

        memcpy(buf + n, word, len);
        n += len;
    }
    memcpy(buf + n, "\"}", 2);
    return n + 2;
}

static void serve_and_feed(const plan *p, shared *s)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char             why[256], *value = malloc(p->bytes + 64);
    const uint64_t   ahead = N_PARTITIONS * (uint64_t)AHEAD_BYTES / p->bytes;

    (void)rd_kafka_conf_set(conf, "linger.ms", "5", why, sizeof why);
    (void)rd_kafka_conf_set(conf, "compression.codec", p->codec, why, sizeof why);
    (void)rd_kafka_conf_set(conf, "queue.buffering.max.messages", "100000", why, sizeof why);
    rd_kafka_t              *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    rd_kafka_mock_cluster_t *cluster = rk ? rd_kafka_mock_cluster_new(rk, 1) : NULL;

    if (!cluster)
        die("broker", why);
#if RD_KAFKA_VERSION >= 0x020f00ff
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0);
#endif
    (void)rd_kafka_brokers_add(rk, rd_kafka_mock_cluster_bootstraps(cluster));
    (void)rd_kafka_mock_topic_create(cluster, "in", N_PARTITIONS, 1);
    (void)rd_kafka_mock_topic_create(cluster, "out", N_PARTITIONS, 1);
    (void)rd_kafka_mock_topic_create(cluster, "dead", N_PARTITIONS, 1);
    (void)snprintf(s->brokers, sizeof s->brokers, "%s", rd_kafka_mock_cluster_bootstraps(cluster));
    atomic_store(&s->ready, 1);
    for (uint64_t i = 0; i < p->n; i++) {
        while (i - atomic_load(&s->received) >= ahead)
            (void)rd_kafka_poll(rk, TICK_MS);
        const size_t n = make_article(value, p->bytes, i);

        while (rd_kafka_producev(rk, RD_KAFKA_V_TOPIC("in"), RD_KAFKA_V_PARTITION((int32_t)(i % N_PARTITIONS)), RD_KAFKA_V_VALUE(value, n),
                                 RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END) != 0)
            (void)rd_kafka_poll(rk, TICK_MS);
        if (i % 64 == 0)
            (void)rd_kafka_poll(rk, 0);
    }
    for (;;) /* until the parent is done with the broker and kills us */
        (void)rd_kafka_poll(rk, 1000);
}

/* ---- the flow, in the parent ---------------------------------------------------------------------------------------- */

static void identity(void *arg, dl_session *session, dl_job *job)
{
    char id[64];
    int  n = snprintf(id, sizeof id, "%d-%lld", job->record.partition, (long long)job->record.offset);

    (void)arg, (void)session;
    dl_job_set_output(job, job->value, (dl_str){id, (size_t)n});
}

static double cpu_seconds(void)
{
    struct rusage u;

    (void)getrusage(RUSAGE_SELF, &u);
    return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) + (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
}

static double rss_mb(void)
{
    long  pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");

    if (!f || fscanf(f, "%*s %ld", &pages) != 1)
        pages = 0;
    if (f)
        (void)fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576;
}

static void run(const plan *p, shared *s)
{
    static const char *const topics[] = {"in"};
    const dl_client_prop     consumer[] = {{"bootstrap.servers", s->brokers}, {"fetch.wait.max.ms", "10"}};
    const dl_client_prop     producer[] = {{"bootstrap.servers", s->brokers}, {"compression.codec", p->codec}};
    dl_engine_opts           engine_opts = dl_engine_defaults();
    dl_engine               *engine;
    dl_flow                 *flow;
    dl_error                 err;
    dl_flow_opts             opts = dl_flow_defaults();

    engine_opts.stages_off = p->off;
    if (dl_engine_open(&engine, &engine_opts, &err) != DL_OK)
        die(err.where, err.msg);
    opts.source.topics = topics;
    opts.source.n_topics = 1;
    opts.source.client = (dl_client_opts){.props = consumer, .n_props = 2};
    opts.sink.topic = "out";
    opts.sink.dead_topic = "dead";
    opts.sink.client = (dl_client_opts){.props = producer, .n_props = 2};
    opts.workers.n_threads = p->workers;
    opts.workers.work = strcmp(p->work, "identity") == 0 ? identity : NULL;
    if (dl_flow_start(&flow, &opts, engine, NULL, NULL, NULL, &err) != DL_OK)
        die(err.where, err.msg);
    dl_flow_stats st;
    const uint64_t start = uv_hrtime(), nanoseconds = p->seconds * UINT64_C(1000000000);
    uint64_t       begun = 0, warm_n = 0;
    double         warm_cpu = 0, through = 0, next_sample = 1. / SAMPLES;

    printf("%10s %10s %14s %14s\n", "articles", "RSS MB", "in flight", "peak KB");
    do {
        tick();
        st = dl_flow_read(flow);
        atomic_store(&s->received, st.received);
        through = nanoseconds ? (double)(uv_hrtime() - start) / (double)nanoseconds : (double)st.enriched / (double)p->n;
        if (!begun && through >= .05) { /* warm: joined, connected, buffers grown */
            begun = uv_hrtime();
            warm_n = st.enriched;
            warm_cpu = cpu_seconds();
        }
        if (through >= next_sample) {
            printf("%10llu %10.1f %14llu %14llu\n", (unsigned long long)st.enriched, rss_mb(), (unsigned long long)st.inflight_now,
                   (unsigned long long)st.inflight_bytes_max / 1024);
            (void)fflush(stdout);
            next_sample += 1. / SAMPLES;
        }
    } while (st.enriched + st.dead < p->n && (!nanoseconds || through < 1));
    const double seconds = (double)(uv_hrtime() - begun) / 1e9, cpu = cpu_seconds() - warm_cpu, n = (double)(st.enriched - warm_n);

    printf("\n%s%s%s, %zu bytes, %s, %u workers, librdkafka %s\n", p->work, p->off ? " without " : "",
           p->off ? p->off : "", p->bytes, p->codec, p->workers, rd_kafka_version_str());
    printf("%.0f articles/s on the wall; %.1f us CPU an article: %.0f articles/s a core (%.0f MB/s in); dead %llu, stale %llu, commits %llu\n",
           n / seconds, cpu / n * 1e6, n / cpu, n / cpu * (double)p->bytes / 1e6, (unsigned long long)st.dead, (unsigned long long)st.stale,
           (unsigned long long)st.commits);
    dl_flow_stop(flow);
    (void)dl_flow_join(flow);
    dl_engine_close(engine);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {{"n", 1, NULL, 'n'},     {"bytes", 1, NULL, 'b'}, {"workers", 1, NULL, 'w'},
                                            {"codec", 1, NULL, 'c'}, {"work", 1, NULL, 'k'},  {"off", 1, NULL, 'o'},
                                            {"seconds", 1, NULL, 's'}, {0}};
    plan p = {.n = 400000, .bytes = 3000, .workers = 2, .codec = "lz4", .work = "identity"};

    for (int c; (c = getopt_long(argc, argv, "", options, NULL)) != -1;)
        switch (c) {
        case 'n': p.n = strtoull(optarg, NULL, 10); break;
        case 'b': p.bytes = strtoul(optarg, NULL, 10); break;
        case 'w': p.workers = (uint32_t)strtoul(optarg, NULL, 10); break;
        case 'c': p.codec = optarg; break;
        case 'k': p.work = optarg; break;
        case 'o': p.off = optarg; break;
        case 's': p.seconds = (uint32_t)strtoul(optarg, NULL, 10); break;
        default: die("usage", "see the head of bench_stream.c");
        }
    if (p.seconds)
        p.n = UINT64_MAX;
    if (p.n < 1000 || p.bytes < 200 || p.bytes > 1 << 20 || !p.workers)
        die("usage", "--n 1000.., --bytes 200..1048576, --workers 1..");
    shared *s = mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (s == MAP_FAILED)
        die("mmap", "no memory");
    pid_t child = fork();

    if (child == 0)
        serve_and_feed(&p, s);
    while (!atomic_load(&s->ready))
        tick();
    run(&p, s);
    (void)kill(child, SIGKILL);
    (void)waitpid(child, NULL, 0);
    return 0;
}
