/* view: the text as it was meant, and the way between it and the text as it stands.
 *
 * The stages that cut (sections, segment, tokenize) read the view; their spans are of the text. Where nothing was repaired the view is the
 * text and positions are equal; else doc->repairs tells the stretches that differ:
 *
 *     text   said â€œno             span [5, 14) of the text, view [5, 8)
 *     view   said “no
 *
 * Positions within a repair of equal length on both sides go one to one; others widen to the repair. What a repair adds (a space at a lost
 * link border) is at one place of the text. */
#ifndef DL_VIEW_H
#define DL_VIEW_H

#include "doc.h"

typedef struct dl_view_map { /* a walk that moves forward mostly: each step is O(1), a step back a search */
    const dl_doc *doc;
    uint32_t      at; /* repair that the last answer lay before */
} dl_view_map;

static inline dl_str dl_view(const dl_doc *doc)
{
    return doc->view.p ? doc->view : doc->text;
}

dl_span dl_view_to_text_slow(dl_view_map *m, dl_span view);
dl_span dl_view_from_text_slow(dl_view_map *m, dl_span text);

/* The stretch of the text that a stretch of the view was made of, and the other way round. Empty where all of it was added. */
static inline dl_span dl_view_to_text(dl_view_map *m, dl_span view)
{
    return m->doc->repairs.n ? dl_view_to_text_slow(m, view) : view;
}

static inline dl_span dl_view_from_text(dl_view_map *m, dl_span text)
{
    return m->doc->repairs.n ? dl_view_from_text_slow(m, text) : text;
}

/* The repair of this kind whose view ends at or reaches over `view_at`'s left edge; NULL: none. */
const dl_repair *dl_view_repair_before(dl_view_map *m, uint32_t view_at, dl_repair_kind kind);

#endif
