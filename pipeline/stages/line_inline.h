/* line_inline: captions, credits and links that stand within a paragraph because the line breaks around them were lost. */
#ifndef DL_LINE_INLINE_H
#define DL_LINE_INLINE_H

#include "line.h"
#include "pipeline/doc.h"

typedef struct dl_piece_of_line {
    dl_span         span;
    dl_section_kind kind;
} dl_piece_of_line;

/* Where a credit begins that ends the line, behind a sentence or a bar; 0: none. */
uint32_t dl_line_credit_tail(const dl_line_cues *cues, dl_str text, const dl_line *line);

/* The next stretch within [at, end) of a body or caption line that is not of the line's own kind; false: none. */
bool dl_line_next_piece(const dl_line_cues *cues, dl_str text, const dl_line *line, uint32_t at, dl_piece_of_line *out);

#endif
