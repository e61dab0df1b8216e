/* mojibake: UTF-8 that someone read as a one-byte encoding, undone up to three times over.
 *
 * The characters of the text are walked with the bytes that they have in an encoding; where these bytes are a UTF-8 sequence it is a
 * candidate. Each candidate weighs by how unlikely its characters are beside one another in real text, how likely the character that it
 * stands for, and its neighbours; an encoding is believed where the weights of the article add up. Then its candidates are read as what
 * they stand for, character by character, so that spans stay exact. */
#ifndef DL_MOJIBAKE_H
#define DL_MOJIBAKE_H

#include "edits.h"

/* Finds and applies. DL_LIMIT where memory ends. */
dl_code dl_mojibake_find(dl_edits *e, dl_error *err);

#endif
