/* settings: the configuration in the words of those who use it.
 * Thread: any. */
#ifndef DL_SETTINGS_H
#define DL_SETTINGS_H

#include "config/config.h"
#include "pipeline/engine.h"

/* Options of the engine. Strings are in arena a or borrow cfg. now_ns is set only where output.stages asks for timings: pass the clock.
 * DL_FATAL: a name of article.fields holds a '|', or no memory. */
dl_code dl_settings_engine(dl_engine_opts *out, const dl_config *cfg, dl_clock_fn *clock, dl_arena *a, dl_error *err);

/* Threads for the pipeline: pipeline.workers, or one for each core that the process may use. */
uint32_t dl_settings_workers(const dl_config *cfg);

#endif
