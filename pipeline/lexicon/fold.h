/* fold: the form under which words are looked up: lower case, without diacritics, with ASCII quotes and dashes.
 *
 * scripts/training/fold.py does the same; a test holds them together. */
#ifndef DL_FOLD_H
#define DL_FOLD_H

#include "../base/str.h"

enum { DL_FOLD_MAX = 120 }; /* bytes of a folded word; a longer one is cut */

/* Folds a word into out, which has room for DL_FOLD_MAX bytes; returns the bytes written. Bad bytes are dropped. */
size_t dl_fold_word(dl_str word, char out[static DL_FOLD_MAX]);

#endif
