/* explain: what a stage did to an article, for people: annotate --explain. */
#ifndef DL_EXPLAIN_H
#define DL_EXPLAIN_H

#include "pipeline/base/buf.h"
#include "pipeline/doc.h"

/* The repairs of a document: a line with their number by kind, then one line each. Spans are bytes of the text.
 *
 *     dmg-0004: 3 repairs: mojibake 2, glue 1
 *       52-60    mojibake    "â€™" -> "’"
 *       95-95    glue        "Belarus|Dmitry"
 */
void dl_explain_repairs(dl_buf *out, const dl_doc *doc);

#endif
