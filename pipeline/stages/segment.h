/* segment: cut each section into paragraphs and sentences.
 * Reads   doc->text, doc->sections         Writes  doc->sents (without their tokens)
 * Holds   sentences in text order, never overlapping, never crossing a section or a blank line, without white space at their ends; all
 *         characters but white space are in one
 * Cost    O(bytes); one arena array */
#ifndef DL_SEGMENT_H
#define DL_SEGMENT_H

#include "pipeline/stage.h"

typedef struct dl_segment_opts {
    uint32_t max_sentences; /* more is DL_LIMIT */
} dl_segment_opts;

typedef struct dl_segment { /* shared */
    dl_segment_opts opts;
} dl_segment;

dl_segment_opts dl_segment_defaults(void);
dl_code dl_segment_init(dl_segment *s, const dl_segment_opts *opts, dl_error *err); /* opts NULL: the defaults */
dl_code dl_segment_run(const dl_segment *s, dl_doc *doc, dl_error *err);
void    dl_segment_free(dl_segment *s);
extern const dl_stage_ops dl_segment_ops;

#endif
