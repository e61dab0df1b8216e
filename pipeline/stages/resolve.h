/* resolve: which mentions name the same thing.
 * Reads   doc->mentions, doc->toks with key      Writes  doc->ents, mention->ent
 * Holds   every mention is in one entity; entities in the order of their first mentions; an entity's name is its longest mention
 * Cost    O(mentions log mentions)
 * Source  sieves, the precise ones first (Lee et al. 2013):
 *           1 equal but for case and diacritics, of one type
 *           2 an acronym in brackets behind its expansion, and that acronym everywhere else
 *           3 a word alone that is the last word of a person's full name: the nearest such person before it, else the first behind it */
#ifndef DL_RESOLVE_H
#define DL_RESOLVE_H

#include "../stage.h"

dl_code dl_resolve_run(dl_doc *doc, dl_error *err);

extern const dl_stage_ops dl_resolve_ops;

#endif
