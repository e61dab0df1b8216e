/* linking: what the parts of stage link share about one document. In arena. */
#ifndef DL_LINKING_H
#define DL_LINKING_H

#include "link.h"

enum { DL_LINK_MOST = 40 }; /* readings of a name that are looked at */

typedef struct dl_candidate {
    dl_kb_ref ref;
    dl_kb_place place; /* of DL_KB_PLACE */
    uint8_t   country; /* DL_KB_NO_COUNTRY: none */
    float     fixed, score; /* what does not change from round to round, and all */
} dl_candidate;

typedef struct dl_link_ent {
    dl_candidate *cand;
    uint32_t      n;
    uint32_t      best; /* DL_NONE: nothing fits */
    float         margin; /* of the best over the next that is another place */
    bool          by_part; /* found without a word of its name: "northern", "province" */
} dl_link_ent;

typedef struct dl_linking {
    const dl_kb *kb;
    dl_doc      *doc;
    dl_link_ent *ents;       /* [doc->ents.n] */
    float        votes[256]; /* by country, of distinct names; see dl_link_places */
    float        n_votes;
    uint8_t      top; /* country with most votes; DL_KB_NO_COUNTRY */
} dl_linking;

/* Readings of an entity's name of one type or, types == 0, of any; false over the arena's ceiling.
 * types: bits 1 << dl_kb_type. */
bool dl_link_candidates(dl_linking *k, uint32_t ent, uint32_t types);

/* Decide all LOC entities and count the votes of countries. */
void dl_link_places(dl_linking *k);

/* Fill what is known of persons, organisations and peoples. false over the arena's ceiling. */
bool dl_link_actors(dl_linking *k);

/* In arena; .p NULL over its ceiling or of an empty string. */
dl_str dl_link_string(const dl_linking *k, uint32_t string);
dl_str dl_link_iso3(const dl_linking *k, uint8_t country); /* .p NULL: none */

/* Country that a mention of a place or a people stands for; DL_KB_NO_COUNTRY. */
uint8_t dl_link_mention_country(const dl_linking *k, uint32_t mention);

void dl_link_vote(dl_linking *k, uint8_t country, float weight);

#endif
