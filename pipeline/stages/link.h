/* link: what an entity is in the knowledge base, where it lies, and for whom it acts.
 * Reads   doc->ents, doc->mentions, doc->toks, doc->sections, doc->article.published
 * Writes  of each entity: name, subtype, link, country, sector, roles, place, salience
 * Holds   an entity without a fitting record keeps its name and has no link; its country and sector may be known all the same, from the
 *         words around it. place.known only with coordinates.
 * Cost    candidates of an entity x 3 rounds; distances only between the best ones
 * Source  places by a linear score as of CLAVIN and the Edinburgh Geoparser (docs/quality.md has what it reaches): prior, country votes of
 *         distinct names, containment, nearness, cue words. */
#ifndef DL_LINK_H
#define DL_LINK_H

#include "../lexicon/kb.h"
#include "../stage.h"

typedef struct dl_link { /* shared */
    const dl_kb *kb; /* borrows */
} dl_link;

dl_code dl_link_run(const dl_link *l, dl_doc *doc, dl_error *err);

extern const dl_stage_ops dl_link_ops;

#endif
