/* sections: what part of the article a stretch of text is.
 * Reads   doc->text, doc->view, doc->body_start        Writes  doc->sections, doc->dateline
 * Holds   sections in text order cover all text but white space; none is empty; none crosses body_start. Body paragraphs that follow one
 *         another are one section; captions, credits and subheads are one a line
 * Cost    O(bytes), one pass; one arena array
 * Source  rules of our own over a line's shape, its words (line_cues.def) and its neighbours: captions stand before credits, link lists
 *         behind "Related"; within a line, brackets that name an agency and "Read more: ..." are cut out; tuned on
 *         tests/accuracy/sections, which also holds what they were not tuned on */
#ifndef DL_SECTIONS_H
#define DL_SECTIONS_H

#include "line.h"
#include "pipeline/stage.h"

typedef struct dl_sections_opts {
    uint32_t max_sections; /* more is DL_LIMIT */
} dl_sections_opts;

typedef struct dl_sections { /* shared */
    dl_sections_opts opts;
    dl_line_cues     cues;
} dl_sections;

dl_sections_opts dl_sections_defaults(void);
dl_code dl_sections_init(dl_sections *s, const dl_sections_opts *opts, dl_error *err); /* opts NULL: the defaults */
dl_code dl_sections_run(const dl_sections *s, dl_doc *doc, dl_error *err);
void    dl_sections_free(dl_sections *s);
extern const dl_stage_ops dl_sections_ops;

#endif
