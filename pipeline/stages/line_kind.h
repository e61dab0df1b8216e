/* line_kind: from the shapes of all lines of a body to what each of them is. */
#ifndef DL_LINE_KIND_H
#define DL_LINE_KIND_H

#include "line.h"
#include "pipeline/doc.h"

/* Sets kind of lines[0 .. n). title: the article's, .n == 0: none. */
void dl_line_kinds(dl_line *lines, uint32_t n, dl_str text, dl_str title);

/* Does a sentence of this shape tell what a picture shows? by_credit: a picture's credit stands right behind it. */
bool dl_line_is_caption(const dl_line *line, bool by_credit);

#endif
