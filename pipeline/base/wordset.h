/* wordset: is a word one of a short fixed list? A list is a sorted array of lower-case words, filled up with zeros:
 *
 *     static const dl_wordset_word clitics[] = {"d", "ll", "m", "re", "s", "ve"};
 *     if (DL_WORDSET_HAS(clitics, word)) ...
 */
#ifndef DL_WORDSET_H
#define DL_WORDSET_H

#include "str.h"

enum { DL_WORDSET_LONGEST = 16 };

typedef char dl_wordset_word[DL_WORDSET_LONGEST];

/* The same for tables: entries of `entry_bytes` that begin with their word; the entry's place, or n where the word is none of them. */
size_t dl_wordset_find(const void *table, size_t entry_bytes, size_t n, dl_str word);

/* Case of ASCII letters in `word` does not count; an empty or longer word is in no list. Cost: one comparison of numbers for each
 * halving of the list. */
static inline bool dl_wordset_has(const dl_wordset_word *list, size_t n, dl_str word)
{
    return dl_wordset_find(list, sizeof *list, n, word) < n;
}

#define DL_WORDSET_HAS(list, word) dl_wordset_has((list), sizeof(list) / sizeof *(list), (word))

#endif
