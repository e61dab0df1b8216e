/* sections: what part of the article a stretch of text is.
 * Reads   doc->text, doc->body_start        Writes  doc->sections
 * Holds   sections in text order cover all text but white space; none is empty; none crosses body_start
 * Cost    O(bytes)
 * Source  the title that decode put before body_start is the headline, the rest is the body */
#ifndef DL_SECTIONS_H
#define DL_SECTIONS_H

#include "pipeline/stage.h"

typedef struct dl_sections_opts {
    uint32_t max_sections; /* more is DL_LIMIT */
} dl_sections_opts;

typedef struct dl_sections { /* shared */
    dl_sections_opts opts;
} dl_sections;

dl_sections_opts dl_sections_defaults(void);
dl_code dl_sections_init(dl_sections *s, const dl_sections_opts *opts, dl_error *err); /* opts NULL: the defaults */
dl_code dl_sections_run(const dl_sections *s, dl_doc *doc, dl_error *err);
void    dl_sections_free(dl_sections *s);
extern const dl_stage_ops dl_sections_ops;

#endif
