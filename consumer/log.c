#include "log.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Lines wait in a ring of fixed size, each with the room of its slot: logging never allocates, and a flood costs memory once. */
enum { LINE_BYTES = 1024, N_LINES = 512, N_FOLDS = 32, VALUE_MAX = 300 };

typedef struct line {
    char   text[LINE_BYTES];
    size_t n;
} line;

typedef struct fold { /* one kind of line and its current window */
    const char  *module, *msg;
    dl_log_level level;
    uint64_t     start_ms; /* 0: free */
    uint32_t     window_ms, n_written, n_folded;
    line         last; /* newest one kept back, without its end */
} fold;

struct dl_log {
    dl_log_opts      opts;
    _Atomic uint32_t level;
    pthread_mutex_t  lock; /* guards all below */
    line             ring[N_LINES];
    uint32_t         head, n;
    uint64_t         n_lost;
    fold             folds[N_FOLDS];
    void (*ready)(void *arg);
    void *ready_arg;
};

static const char *const level_names[] = {"debug", "info", "warn", "error"};

static uint64_t clock_ms(clockid_t id)
{
    struct timespec t;

    (void)clock_gettime(id, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint64_t default_mono_ms(void)
{
    return clock_ms(CLOCK_MONOTONIC);
}

static uint64_t default_wall_ms(void)
{
    return clock_ms(CLOCK_REALTIME);
}

/* ---- making a line -------------------------------------------------------------------------------------------------- */

/* Room is kept for the end of the line: folded=N, a brace and a newline. */
enum { TAIL_BYTES = 40 };

static void put(line *l, const char *p, size_t n)
{
    size_t room = LINE_BYTES - TAIL_BYTES - l->n;

    if (n > room)
        n = room;
    memcpy(l->text + l->n, p, n);
    l->n += n;
}

static void put_z(line *l, const char *z)
{
    put(l, z, strlen(z));
}

/* Both formats escape alike: backslash, quote, and \u00XX for control bytes. What is not ASCII passes: it is UTF-8 of our own making or
 * a name from outside, and a bad byte there would break the JSON, so those become '?'. */
static void put_escaped(line *l, dl_str s)
{
    char esc[8];

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if (l->n + sizeof esc + TAIL_BYTES > LINE_BYTES)
            return;
        if (c == '"' || c == '\\')
            put(l, (char[]){'\\', (char)c}, 2);
        else if (c < 0x20 || c == 0x7f)
            put(l, esc, (size_t)snprintf(esc, sizeof esc, "\\u%04x", c));
        else
            put(l, c < 0x80 ? (char[]){(char)c} : "?", 1);
    }
}

static bool plain(dl_str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!dl_is_alnum(s.p[i]) && !strchr("._-/:+@,[]", s.p[i]))
            return false;
    return s.n > 0;
}

static void put_field(line *l, dl_log_format format, const dl_field *f)
{
    char   num[24];
    dl_str s = f->str;

    if (l->n + strlen(f->key) + 64 > LINE_BYTES - TAIL_BYTES)
        return; /* a field that finds no room is left out whole */
    if (s.n > VALUE_MAX)
        s.n = VALUE_MAX;
    if (format == DL_LOG_JSON) {
        put_z(l, l->n ? ",\"" : "{\"");
        put_z(l, f->key);
        put_z(l, "\":");
    } else {
        put_z(l, l->n ? " " : "");
        put_z(l, f->key);
        put_z(l, "=");
    }
    if (f->kind == DL_FIELD_INT) {
        put(l, num, (size_t)snprintf(num, sizeof num, "%lld", (long long)f->num));
    } else if (format == DL_LOG_LOGFMT && plain(s)) {
        put(l, s.p, s.n);
    } else {
        put_z(l, "\"");
        put_escaped(l, s);
        put_z(l, "\"");
    }
}

static void make_line(line *l, const dl_log *log, dl_log_level level, const char *module, const dl_field *fields)
{
    uint64_t  now = log->opts.wall_ms();
    time_t    seconds = (time_t)(now / 1000);
    struct tm tm;
    char      stamp[40];

    (void)gmtime_r(&seconds, &tm);
    size_t n = strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &tm);

    (void)snprintf(stamp + n, sizeof stamp - n, ".%03uZ", (unsigned)(now % 1000));
    const dl_field head[] = {DL_F_STR("time", stamp), DL_F_STR("level", level_names[level]), DL_F_STR("module", module)};

    l->n = 0;
    for (size_t i = 0; i < sizeof head / sizeof *head; i++)
        put_field(l, log->opts.format, &head[i]);
    for (; fields->kind != DL_FIELD_END; fields++)
        put_field(l, log->opts.format, fields);
}

static void end_line(line *l, dl_log_format format, uint32_t n_folded)
{
    bool json = format == DL_LOG_JSON;

    if (n_folded)
        l->n += (size_t)snprintf(l->text + l->n, LINE_BYTES - l->n, json ? ",\"folded\":%u" : " folded=%u", n_folded);
    l->n += (size_t)snprintf(l->text + l->n, LINE_BYTES - l->n, json ? "}\n" : "\n");
}

/* ---- queue ---------------------------------------------------------------------------------------------------------- */

/* Under the lock. True where the queue was empty. */
static bool enqueue(dl_log *log, const line *l)
{
    if (log->n == N_LINES) {
        log->n_lost++;
        return false;
    }
    line *slot = &log->ring[(log->head + log->n) % N_LINES];

    memcpy(slot->text, l->text, l->n);
    slot->n = l->n;
    return log->n++ == 0;
}

/* The window's end: what was kept back is queued as one line. */
static bool unfold(dl_log *log, fold *f)
{
    bool was_empty = false;

    if (f->n_folded) {
        end_line(&f->last, log->opts.format, f->n_folded);
        was_empty = enqueue(log, &f->last);
    }
    f->n_folded = 0;
    f->start_ms = 0;
    return was_empty;
}

/* The window of this kind of line; a new kind takes the place of the oldest. */
static fold *find_fold(dl_log *log, dl_log_level level, const char *module, const char *msg)
{
    fold *oldest = &log->folds[0];

    for (size_t i = 0; i < N_FOLDS; i++) {
        fold *f = &log->folds[i];

        if (f->start_ms && f->msg == msg && f->module == module && f->level == level)
            return f;
        if (f->start_ms < oldest->start_ms)
            oldest = f;
    }
    (void)unfold(log, oldest);
    *oldest = (fold){.module = module, .msg = msg, .level = level};
    return oldest;
}

void dl_log_event(dl_log *log, dl_log_level level, const char *module, uint32_t window_ms, uint32_t burst, const dl_field *fields)
{
    if (!log || (uint32_t)level < atomic_load_explicit(&log->level, memory_order_relaxed))
        return;
    line l;

    make_line(&l, log, level, module, fields);
    uint64_t now = log->opts.mono_ms();

    pthread_mutex_lock(&log->lock);
    fold *f = find_fold(log, level, module, fields->str.p);
    bool  wake = log->n == 0;

    if (!f->start_ms || now - f->start_ms >= f->window_ms) {
        (void)unfold(log, f);
        f->start_ms = now ? now : 1;
        f->window_ms = window_ms;
        f->n_written = 0;
    }
    if (f->n_written < burst) {
        f->n_written++;
        end_line(&l, log->opts.format, 0);
        (void)enqueue(log, &l);
    } else {
        f->n_folded++;
        f->last = l;
    }
    wake = wake && log->n > 0 && log->ready;
    if (wake)
        log->ready(log->ready_arg); /* under the lock: after dl_log_on_ready has taken it away, nobody calls it any more */
    pthread_mutex_unlock(&log->lock);
}

static void write_all(int fd, const char *p, size_t n)
{
    while (n) {
        ssize_t k = write(fd, p, n);

        if (k < 0 && errno == EINTR)
            continue;
        if (k <= 0)
            return; /* a closed or full log is no reason to stop the service */
        p += k;
        n -= (size_t)k;
    }
}

static void drain(dl_log *log, bool all)
{
    uint64_t now = log->opts.mono_ms();

    pthread_mutex_lock(&log->lock);
    for (size_t i = 0; i < N_FOLDS; i++)
        if (log->folds[i].start_ms && (all || now - log->folds[i].start_ms >= log->folds[i].window_ms))
            (void)unfold(log, &log->folds[i]);
    while (log->n) {
        line l;

        memcpy(l.text, log->ring[log->head].text, l.n = log->ring[log->head].n);
        log->head = (log->head + 1) % N_LINES;
        log->n--;
        pthread_mutex_unlock(&log->lock);
        write_all(log->opts.fd, l.text, l.n);
        pthread_mutex_lock(&log->lock);
    }
    uint64_t n_lost = log->n_lost;

    log->n_lost = 0;
    pthread_mutex_unlock(&log->lock);
    if (n_lost) {
        line           l;
        const dl_field fields[] = {DL_MSG("log lines lost"), DL_F_INT("n", n_lost), {.kind = DL_FIELD_END}};

        make_line(&l, log, DL_LOG_WARN, "log", fields);
        end_line(&l, log->opts.format, 0);
        write_all(log->opts.fd, l.text, l.n);
    }
}

void dl_log_drain(dl_log *log)
{
    drain(log, false);
}

/* ---- life ----------------------------------------------------------------------------------------------------------- */

dl_code dl_log_open(dl_log **out, const dl_log_opts *opts, dl_error *err)
{
    dl_log *log = calloc(1, sizeof *log);

    if (!log || pthread_mutex_init(&log->lock, NULL) != 0) {
        free(log);
        return dl_fail(err, DL_FATAL, "log", DL_NO_PLACE, "out of memory");
    }
    log->opts = *opts;
    log->opts.mono_ms = opts->mono_ms ? opts->mono_ms : default_mono_ms;
    log->opts.wall_ms = opts->wall_ms ? opts->wall_ms : default_wall_ms;
    atomic_init(&log->level, (uint32_t)opts->level);
    *out = log;
    return DL_OK;
}

void dl_log_close(dl_log *log)
{
    if (!log)
        return;
    drain(log, true);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

void dl_log_on_ready(dl_log *log, void (*ready)(void *arg), void *arg)
{
    pthread_mutex_lock(&log->lock);
    log->ready = ready;
    log->ready_arg = arg;
    pthread_mutex_unlock(&log->lock);
}

void dl_log_set_level(dl_log *log, dl_log_level level)
{
    atomic_store_explicit(&log->level, (uint32_t)level, memory_order_relaxed);
}

dl_log_level dl_log_get_level(const dl_log *log)
{
    return (dl_log_level)atomic_load_explicit(&log->level, memory_order_relaxed);
}

bool dl_log_level_of(dl_log_level *out, dl_str name)
{
    for (size_t i = 0; i < sizeof level_names / sizeof *level_names; i++)
        if (dl_str_eq(name, dl_str_of(level_names[i]))) {
            *out = (dl_log_level)i;
            return true;
        }
    return false;
}

const char *dl_log_level_name(dl_log_level level)
{
    return level_names[level];
}
