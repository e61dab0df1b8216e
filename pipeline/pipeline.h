/* pipeline: the runner. Stages in order, checked at start-up, timed one by one. */
#ifndef DL_PIPELINE_H
#define DL_PIPELINE_H

#include "stage.h"

typedef uint64_t dl_clock_fn(void); /* monotonic ns */

typedef struct dl_pipeline { /* shared */
    struct {
        const dl_stage_ops *ops;
        const void         *self; /* borrows: outlives the pipeline */
    } stages[DL_MAX_STAGES];
    uint32_t     n;
    uint32_t     layers; /* written so far */
    dl_clock_fn *now_ns; /* NULL: no timing */
} dl_pipeline;

void dl_pipeline_init(dl_pipeline *p, dl_clock_fn *now_ns);

/* Append a stage. DL_FATAL where a layer that it reads is written by no stage before it, or where there are too many stages. */
dl_code dl_pipeline_add(dl_pipeline *p, const dl_stage_ops *ops, const void *self, dl_error *err);

/* Run all stages over doc (raw and record set by the caller). The first failure ends the run; err->where names its stage. */
dl_code dl_pipeline_run(const dl_pipeline *p, dl_doc *doc, dl_error *err);

#endif
