/* decode_html: HTML to text with paragraphs.
 *
 * Block elements, and two <br> in a row, are parted by a blank line, one <br> is a line break, runs of white space are one space
 * (outside <pre>), entities are resolved, and <script>, <style>, <template>, <noscript>, <head> and the like are dropped with all they
 * hold. Attributes, so alternative texts too, are dropped. The parser is libxml2's HTML parser through its SAX interface: no tree. */
#ifndef DL_DECODE_HTML_H
#define DL_DECODE_HTML_H

#include "pipeline/base/arena.h"
#include "pipeline/base/err.h"

/* Is there mark-up in this text, rather than a "<" or the talk of tags? A block tag, <br>, <img>, a comment or a doctype tells it, or an
 * inline element that is opened and closed. */
bool dl_html_has_tags(dl_str s);

/* *out in arena. html is well-formed UTF-8. DL_LIMIT html_too_complex (deep nesting, a tag with a thousand attributes) or memory. */
dl_code dl_html_to_text(dl_str *out, dl_arena *a, dl_str html, dl_error *err);

/* Once, before threads start: libxml2's own set-up. */
void dl_html_init(void);

#endif
