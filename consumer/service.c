#include "service.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum {
    FOLD_TICK_MS = 1000,
    EXIT_GRACE_MS = 5000, /* after the drain's own timeout, for the last commit and for leaving the group */
};

struct dl_service {
    uv_loop_t   loop;
    uv_signal_t on_term, on_int;
    uv_async_t  log_ready, flow_ended;
    uv_timer_t  fold_timer, exit_timer;
    dl_log     *log;
    dl_flow    *flow; /* NULL: not started */
    uint32_t    shutdown_timeout_ms;
    bool        stopping, ended;
};

/* ---- log ------------------------------------------------------------------------------------------------------------ */

static void ready_from_anywhere(void *arg)
{
    (void)uv_async_send(&((dl_service *)arg)->log_ready);
}

static void on_log_ready(uv_async_t *async)
{
    dl_log_drain(((dl_service *)async->data)->log);
}

static void on_fold_timer(uv_timer_t *timer)
{
    dl_log_drain(((dl_service *)timer->data)->log);
}

/* ---- the end -------------------------------------------------------------------------------------------------------- */

/* Without destructors: other threads are still at work, and what they hold is read again by the next owner of the partitions. */
static void exit_now(dl_service *s, int code)
{
    dl_log_drain(s->log);
    _exit(code);
}

static void on_exit_timer(uv_timer_t *timer)
{
    dl_service *s = timer->data;

    DL_LOG(s->log, DL_LOG_ERROR, "service", DL_MSG("drain ran out of time, leaving"),
           DL_F_INT("abandoned", dl_flow_read(s->flow).inflight_now));
    exit_now(s, DL_EXIT_FAILED);
}

void dl_service_stop(dl_service *s)
{
    if (s->stopping || !s->flow)
        return;
    s->stopping = true;
    uv_timer_start(&s->exit_timer, on_exit_timer, (uint64_t)s->shutdown_timeout_ms + EXIT_GRACE_MS, 0);
    dl_flow_stop(s->flow);
}

static void on_signal(uv_signal_t *handle, int signum)
{
    dl_service *s = handle->data;

    if (s->stopping) {
        DL_LOG(s->log, DL_LOG_WARN, "service", DL_MSG("second signal, leaving at once"), DL_F_INT("signal", signum));
        exit_now(s, 128 + signum);
    }
    DL_LOG(s->log, DL_LOG_INFO, "service", DL_MSG("signal, stopping"), DL_F_INT("signal", signum));
    dl_service_stop(s);
}

static void ended_from_flow(void *arg)
{
    (void)uv_async_send(&((dl_service *)arg)->flow_ended);
}

static void on_flow_ended(uv_async_t *async)
{
    dl_service *s = async->data;

    s->ended = true;
}

/* ---- life ----------------------------------------------------------------------------------------------------------- */

dl_code dl_service_open(dl_service **out, dl_log *log, dl_error *err)
{
    dl_service *s = calloc(1, sizeof *s);

    if (!s || uv_loop_init(&s->loop) != 0) {
        free(s);
        return dl_fail(err, DL_FATAL, "service", DL_NO_PLACE, "out of memory");
    }
    s->log = log;
    (void)signal(SIGPIPE, SIG_IGN); /* a closed descriptor is the write's error */
    (void)uv_async_init(&s->loop, &s->log_ready, on_log_ready);
    (void)uv_async_init(&s->loop, &s->flow_ended, on_flow_ended);
    (void)uv_timer_init(&s->loop, &s->fold_timer);
    (void)uv_timer_init(&s->loop, &s->exit_timer);
    (void)uv_signal_init(&s->loop, &s->on_term);
    (void)uv_signal_init(&s->loop, &s->on_int);
    s->log_ready.data = s->flow_ended.data = s->fold_timer.data = s->exit_timer.data = s->on_term.data = s->on_int.data = s;
    (void)uv_timer_start(&s->fold_timer, on_fold_timer, FOLD_TICK_MS, FOLD_TICK_MS);
    (void)uv_signal_start(&s->on_term, on_signal, SIGTERM);
    (void)uv_signal_start(&s->on_int, on_signal, SIGINT);
    dl_log_on_ready(log, ready_from_anywhere, s);
    *out = s;
    return DL_OK;
}

uv_loop_t *dl_service_loop(dl_service *s)
{
    return &s->loop;
}

dl_code dl_service_start(dl_service *s, const dl_flow_opts *opts, const dl_engine *engine, dl_error *err)
{
    s->shutdown_timeout_ms = opts->shutdown_timeout_ms;
    return dl_flow_start(&s->flow, opts, engine, s->log, ended_from_flow, s, err);
}

int dl_service_run(dl_service *s)
{
    while (!s->ended)
        (void)uv_run(&s->loop, UV_RUN_ONCE);
    const dl_flow_end end = dl_flow_join(s->flow);

    s->flow = NULL;
    if (end.code == DL_RETRY)
        DL_LOG(s->log, DL_LOG_ERROR, "service", DL_MSG("drain ran out of time"), DL_F_INT("abandoned", end.n_abandoned),
               DL_F_STR("reason", end.err.msg));
    return end.code == DL_OK ? DL_EXIT_OK : end.code == DL_RETRY ? DL_EXIT_FAILED : DL_EXIT_UNAVAILABLE;
}

void dl_service_close(dl_service *s)
{
    if (!s)
        return;
    dl_log_on_ready(s->log, NULL, NULL);
    uv_handle_t *const handles[] = {
        (uv_handle_t *)&s->on_term,    (uv_handle_t *)&s->on_int,     (uv_handle_t *)&s->log_ready,
        (uv_handle_t *)&s->flow_ended, (uv_handle_t *)&s->fold_timer, (uv_handle_t *)&s->exit_timer,
    };

    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        uv_close(handles[i], NULL);
    (void)uv_run(&s->loop, UV_RUN_DEFAULT);
    (void)uv_loop_close(&s->loop);
    free(s);
}
