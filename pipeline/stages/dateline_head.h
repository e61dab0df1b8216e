/* dateline_head: "MOSCOW, Jan 7 (Reuters) -" and its relatives at the head of a paragraph.
 *
 *     BISHKEK.   KYIV, Ukraine (AP) —   Moscow –   NEW DELHI:   MOSCOW, January 7. /TASS/.   (Reuters) -   SEOUL, Jan. 7 (Yonhap) --
 *
 * A place in capitals, or a name before a dash and a sentence; then region, date, agency, each of which may be missing. */
#ifndef DL_DATELINE_HEAD_H
#define DL_DATELINE_HEAD_H

#include "pipeline/doc.h"

/* End of the dateline that begins at start, behind its dash; 0: none. Spans of *out are of s. */
uint32_t dl_dateline_head(dl_str s, uint32_t start, uint32_t end, dl_dateline *out);

#endif
