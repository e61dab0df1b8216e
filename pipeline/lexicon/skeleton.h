/* skeleton: the consonants of a name as transliterations of it agree on them.
 *
 * "Qasim Jomart Tokayev" and "Kassym-Zhomart Tokaev" have one skeleton; so have, now and then, two strangers: it finds candidates.
 * scripts/training/skeleton.py does the same; a test holds them together. */
#ifndef DL_SKELETON_H
#define DL_SKELETON_H

#include "../base/str.h"

enum { DL_SKELETON_MAX = 64 }; /* bytes of a word's skeleton; a longer one is cut */

/* Of one folded word. Returns the bytes written. */
size_t dl_skeleton_word(dl_str folded, char out[static DL_SKELETON_MAX]);

/* The key of a name's skeleton in the knowledge base; 0 where fewer than two words or five consonants are left of it.
 * words: folded, as dl_name_words cuts them. */
uint64_t dl_skeleton_key(const dl_str *words, uint32_t n);

#endif
