/* kb_extra: the user's own rows of the knowledge base, in front of those of the file.
 *
 * Tab-separated tables, a header line first, columns in any order, "|" between the values of a field; `id` and `name` are needed. What a
 * table holds is read from its columns: `lat` and `lon` are of places, `type` of organisations, all else is people.
 *     places   id kind name alts iso2 or iso3 lat lon pop       kind: P.PPL, A.ADM1...; P.PPL where it is empty
 *     orgs     id name acronym aliases type iso3 cameo
 *     people   id name variants iso3 gender born died cameo first last score
 * An id is a GeoNames number (places), a Wikidata QID, or any other string: the user's own. Columns of the tables of data/kb that are not
 * named here may be there and are left alone. Readings of these tables stand before those of the file, and their rows are found first by id.
 * Shared once loaded. */
#ifndef DL_KB_EXTRA_H
#define DL_KB_EXTRA_H

#include "kb.h"

/* Tables of `paths` (n of them), checked against kb (borrows it for the call; kinds and countries are those of kb). Gives:
 * dl_kb_extra_free. DL_FATAL names file and line. Set kb->extra to it afterwards. */
dl_code dl_kb_extra_load(dl_kb_extra **out, const dl_kb *kb, const char *const *paths, uint32_t n, dl_error *err);
void    dl_kb_extra_free(dl_kb_extra *x);

/* Digest of the tables, 16 hexadecimal digits: for pipeline.resources. Borrows x. */
const char *dl_kb_extra_version(const dl_kb_extra *x);

/* What kb.c asks, with rows and strings counted from the end of the file's. */
uint32_t dl_kb_extra_find(const dl_kb_extra *x, uint64_t key, dl_kb_ref *out, uint32_t most);
uint32_t dl_kb_extra_row_of(const dl_kb_extra *x, dl_kb_type type, dl_kb_id id);
bool     dl_kb_extra_place(const dl_kb_extra *x, uint32_t i, dl_kb_place *out);
bool     dl_kb_extra_person(const dl_kb_extra *x, uint32_t i, dl_kb_person *out);
bool     dl_kb_extra_org(const dl_kb_extra *x, uint32_t i, dl_kb_org *out);
size_t   dl_kb_extra_string(const dl_kb_extra *x, uint32_t i, char out[static DL_KB_STRING_MAX]);

#endif
