/* stage: the contract between one stage and the runner.
 *
 * A stage is a struct with init / run / free of its own type, for tests; the ops table is for the runner. `run` takes a const self, so
 * that one copy serves every worker: scratch comes from doc->a. A stage that can do only part of its work says so with dl_doc_note and
 * returns DL_OK; it fails the article only where nothing useful could be published. */
#ifndef DL_STAGE_H
#define DL_STAGE_H

#include "doc.h"

typedef struct dl_stage_ops {
    const char *name;        /* as in configuration, metrics and notes */
    uint32_t    reads, writes; /* dl_layer bits */
    bool        any_language; /* runs on articles that are not in a supported language, too */
    dl_code (*run)(const void *self, dl_doc *doc, dl_error *err);
} dl_stage_ops;

#endif
