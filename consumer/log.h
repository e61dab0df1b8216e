/* log: one line, one event, logfmt or JSON, on one file descriptor.
 *
 *     DL_LOG(log, DL_LOG_WARN, "sink", DL_MSG("delivery failed"), DL_F_STR("topic", topic), DL_F_INT("part", part));
 *
 *     time=2026-03-01T10:20:30.123Z level=warn module=sink msg="delivery failed" topic=news.enriched part=7
 *
 * Any thread may log: the line is made by the caller and put on a bounded queue; one thread (the main loop) writes, so that no other
 * thread ever waits for the descriptor. A line that finds the queue full is counted and the count is logged. Lines never hold article
 * text: fields are names, numbers, ids and error messages of our own.
 *
 * Folding: of lines with the same level, module and message `burst` are written in a window of time (by default 5 in a second); the
 * rest is counted and the newest of them is written when the window ends, with folded=N. */
#ifndef DL_LOG_H
#define DL_LOG_H

#include "pipeline/base/err.h"
#include "pipeline/base/str.h"

typedef enum dl_log_level { DL_LOG_DEBUG, DL_LOG_INFO, DL_LOG_WARN, DL_LOG_ERROR } dl_log_level;
typedef enum dl_log_format { DL_LOG_LOGFMT, DL_LOG_JSON } dl_log_format;

typedef struct dl_log dl_log;

typedef struct dl_log_opts {
    dl_log_level  level; /* lines below it are not made */
    dl_log_format format;
    int           fd;                       /* borrows; 2 is standard error */
    uint64_t (*mono_ms)(void);              /* for folding; NULL: the monotonic clock */
    uint64_t (*wall_ms)(void);              /* for the time field; NULL: the wall clock */
} dl_log_opts;

typedef enum dl_field_kind { DL_FIELD_END, DL_FIELD_STR, DL_FIELD_INT } dl_field_kind;

typedef struct dl_field {
    const char   *key; /* static, lower case */
    dl_field_kind kind;
    dl_str        str; /* cut at 300 bytes; bytes that are not printable are escaped */
    int64_t       num;
} dl_field;

#define DL_MSG(text) {.key = "msg", .kind = DL_FIELD_STR, .str = {("" text ""), sizeof(text) - 1}}
#define DL_F_STR(k, z) {.key = (k), .kind = DL_FIELD_STR, .str = dl_str_of(z)}
#define DL_F_DSTR(k, s) {.key = (k), .kind = DL_FIELD_STR, .str = (s)}
#define DL_F_INT(k, n) {.key = (k), .kind = DL_FIELD_INT, .num = (int64_t)(n)}

/* The first field is DL_MSG: its address is the line's identity for folding. log may be NULL: nothing happens. Thread: any. */
#define DL_LOG(log, level, module, ...) DL_LOG_EVERY(log, 1000, 5, level, module, __VA_ARGS__)

/* At most `burst` lines of this kind in window_ms. */
#define DL_LOG_EVERY(log, window_ms, burst, level, module, ...)                                    \
    dl_log_event((log), (level), (module), (window_ms), (burst), (const dl_field[]){__VA_ARGS__, {.kind = DL_FIELD_END}})

/* Gives: dl_log_close. Errors: DL_FATAL without memory. */
dl_code dl_log_open(dl_log **out, const dl_log_opts *opts, dl_error *err);

/* Writes what is queued and what is folded. Thread: the writer, after all others have ended. */
void dl_log_close(dl_log *log);

/* Thread: any; takes the queue's lock for a copy of one line. */
void dl_log_event(dl_log *log, dl_log_level level, const char *module, uint32_t window_ms, uint32_t burst, const dl_field *fields);

/* Called (on the thread that logged) when the queue stops being empty; typically uv_async_send. Set before threads start. */
void dl_log_on_ready(dl_log *log, void (*ready)(void *arg), void *arg);

/* Writes queued lines, and the folded ones whose window has ended. Thread: the writer alone. */
void dl_log_drain(dl_log *log);

/* Thread: any. */
void         dl_log_set_level(dl_log *log, dl_log_level level);
dl_log_level dl_log_get_level(const dl_log *log);

/* "debug", "info", "warn", "error"; false where the name is none of these. */
bool        dl_log_level_of(dl_log_level *out, dl_str name);
const char *dl_log_level_name(dl_log_level level);

#endif
