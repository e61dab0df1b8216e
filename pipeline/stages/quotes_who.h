/* quotes_who: the entity that a source names: by name, by pronoun, by description.
 *
 * A name: the mention at the head of the phrase. "he", "she": among the persons of the sentences before, the nearest, the subject, the
 * last speaker, of a gender that title, given name or an earlier pronoun do not rule out. A description: the person in apposition to it,
 * else one that the text has named with that word before ("Prime Minister X", "X, the prime minister").
 * Cost    O(mentions) for pronouns and descriptions, in a window */
#ifndef DL_QUOTES_WHO_H
#define DL_QUOTES_WHO_H

#include "quotes_source.h"

typedef enum dl_gender { DL_GENDER_UNKNOWN, DL_GENDER_HE, DL_GENDER_SHE } dl_gender;

typedef struct dl_who {
    dl_quotes_view v;
    uint8_t       *gender;     /* [ents] dl_gender */
} dl_who;

/* In arena; false where it is full. */
bool dl_who_init(dl_who *w, dl_quotes_view v);

/* The entity of a source, DL_NONE where nobody can be named. `speaker`: who spoke last, DL_NONE. Notes the gender of a pronoun's
 * entity. */
uint32_t dl_who_is(const dl_who *w, dl_np np, uint32_t speaker);

#endif
