/* service: the main thread's loop. It owns signals and the writing of the log, starts the flow, and waits for its end.
 *
 *     TERM, INT   take nothing more, drain within shutdown_timeout_ms, commit, leave the group; a second one exits at once
 *
 * Whatever else belongs to the main loop hangs on dl_service_loop: the broker of `run --embedded`, and the HTTP admin.
 * Thread: main. */
#ifndef DL_SERVICE_H
#define DL_SERVICE_H

#include "commands.h"
#include "flow.h"

#include <uv.h>

typedef struct dl_service dl_service;

/* Gives: dl_service_close. Borrows the log until then, and writes it. Errors: DL_FATAL. */
dl_code    dl_service_open(dl_service **out, dl_log *log, dl_error *err);
uv_loop_t *dl_service_loop(dl_service *s);

/* Starts the flow. Once. Errors: as dl_flow_start. */
dl_code dl_service_start(dl_service *s, const dl_flow_opts *opts, const dl_engine *engine, dl_error *err);

/* Begins the drain, as a signal would. Returns at once. */
void dl_service_stop(dl_service *s);

/* Runs the loop until the flow has ended. The exit code: DL_EXIT_OK, DL_EXIT_FAILED where the drain ran out of time, or
 * DL_EXIT_UNAVAILABLE. */
int dl_service_run(dl_service *s);

/* Handles of others on the loop must be closing already. s may be NULL. */
void dl_service_close(dl_service *s);

#endif
