/* show: an enriched record for human eyes: title, language, counts, who and what. Thread: any. */
#ifndef DL_SHOW_H
#define DL_SHOW_H

#include "pipeline/base/buf.h"

/* Append the record's lines to *out. color: with ANSI escapes. A record that cannot be read is appended as it is. */
void dl_show_record(dl_buf *out, dl_str record, bool color);

/* ... and of a dead letter the reason and the beginning of the message. */
void dl_show_dead(dl_buf *out, dl_str message, dl_str reason, bool color);

#endif
