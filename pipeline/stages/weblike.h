/* weblike: URLs, e-mail addresses, @names and hashtags at a place in the text. */
#ifndef DL_WEBLIKE_H
#define DL_WEBLIKE_H

#include "pipeline/doc.h"

/* What begins at `at` within a stretch without white space that ends at `end`: the byte behind it and its kind, or 0 where nothing of the
 * sort does. Trailing punctuation of the sentence stays outside. Cost O(end - at). */
uint32_t dl_weblike(dl_str text, uint32_t at, uint32_t end, dl_tok_kind *kind);

#endif
