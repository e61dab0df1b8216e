/* edits: repairs of one sort over the view so far, and how they are laid over those made before. */
#ifndef DL_EDITS_H
#define DL_EDITS_H

#include "pipeline/doc.h"

typedef struct dl_edit { /* bytes [start, end) of the view become `to` */
    dl_span        span;
    dl_str         to; /* static, in arena, or of the view */
    dl_repair_kind kind;
} dl_edit;

typedef struct dl_edits {
    dl_doc *doc;
    DL_VEC(dl_edit) list; /* in order, not overlapping */
    bool    failed;       /* the arena is full */
} dl_edits;

/* Note an edit; one that begins before the end of the last is left out. */
void dl_edits_add(dl_edits *e, dl_span span, dl_str to, dl_repair_kind kind);

/* Make the view and doc->repairs anew from the view so far and the edits; the list is empty afterwards. DL_LIMIT where memory ends: the
 * document is as before. */
dl_code dl_edits_apply(dl_edits *e, dl_error *err);

#endif
