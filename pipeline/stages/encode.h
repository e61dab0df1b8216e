/* encode: the document as one enriched record, version 1 (docs/schema/enriched-article.schema.json).
 * Reads   everything                 Writes  doc->out
 * Holds   one line of JSON, no newline; the same document gives the same bytes; layers that no stage filled are empty arrays
 * Cost    O(bytes out); one buffer in the arena */
#ifndef DL_ENCODE_H
#define DL_ENCODE_H

#include "pipeline/stage.h"

typedef enum dl_offset_unit { DL_OFFSET_CODEPOINT, DL_OFFSET_UTF16, DL_OFFSET_BYTE } dl_offset_unit;

typedef struct dl_resource { /* a model or table that the engine loaded */
    const char *name, *version;
} dl_resource;

typedef struct dl_encode_opts {
    dl_offset_unit offset_unit;
    bool           tokens;   /* write the tokens */
    bool           stage_us; /* write how long each stage took: the bytes then differ from run to run */
} dl_encode_opts;

dl_encode_opts dl_encode_defaults(void);

typedef struct dl_encode { /* shared; all pointers are borrowed */
    dl_encode_opts     opts;
    const char        *version; /* of the pipeline */
    const dl_resource *resources; /* in the order written */
    uint32_t           n_resources;
    const char *const *stages; /* names by place in the pipeline */
    uint32_t           n_stages;
    const char *const *xpos_names; /* by dl_token.xpos; NULL: not written */
    uint32_t           n_xpos;
    const char *const *deprel_names; /* by dl_token.deprel */
    uint32_t           n_deprels;
} dl_encode;

dl_code dl_encode_init(dl_encode *e, const dl_encode_opts *opts, dl_error *err);
dl_code dl_encode_run(const dl_encode *e, dl_doc *doc, dl_error *err);
void    dl_encode_free(dl_encode *e);
extern const dl_stage_ops dl_encode_ops;

#endif
