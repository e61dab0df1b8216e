/* curl: double quotation marks that stand the wrong way round, were doubled, or are written with two others.
 *
 * In each paragraph an automaton of two states (inside, outside) reads the marks in order. What stands around a mark tells its role where
 * it can: white space before and a word behind opens, the other way round closes; the state decides where the surroundings do not. A mark
 * whose shape says otherwise is repaired; marks that agree, and straight ones whose surroundings speak for themselves, stay. */
#ifndef DL_CURL_H
#define DL_CURL_H

#include "edits.h"

void dl_curl_find(dl_edits *e);

#endif
