/* parse_tree: the best tree over scored arcs. */
#ifndef DL_PARSE_TREE_H
#define DL_PARSE_TREE_H

#include "../base/arena.h"

/* heads[i] for n tokens: 0 for the root, else 1 + token. score[i * stride + h]: head h of token i; |score| < 2^20, n <= 1024.
 * The best head of each token where these make a tree with one root; else the best projective tree with one root.
 * Cost    O(n^2), or O(n^3) for the second; 24 n^2 bytes of arena then. Errors: false over the arena's ceiling.
 * Source  Eisner 1996 */
bool dl_parse_tree(uint16_t *heads, const int32_t *score, uint32_t stride, uint32_t n, dl_arena *a);

/* One root and no cycle? */
bool dl_parse_is_tree(const uint16_t *heads, uint32_t n);

#endif
