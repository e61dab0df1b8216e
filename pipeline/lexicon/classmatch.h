/* classmatch: patterns over word classes, compiled to one table-driven automaton. The longest match wins, then the earlier pattern.
 *
 * A pattern is a row of elements parted by blanks: NAME, A|B for either class, X? for what may be absent, "( ... )" a group, "( a | b )"
 * alternatives of a group, $PART another pattern by name, which counts as a group; in A|$PART the part is one element.
 * Source  Thompson's construction and the subset construction (Aho, Sethi, Ullman, section 3.7) */
#ifndef DL_CLASSMATCH_H
#define DL_CLASSMATCH_H

#include "../base/err.h"
#include "../base/str.h"

enum { DL_MAX_CLASSES = 128, DL_CLASSMATCH_NONE = 0 };

typedef struct dl_class_pattern {
    uint16_t    action; /* what a match gives; not 0 */
    const char *text;
} dl_class_pattern;

typedef struct dl_class_part {
    const char *name, *text;
} dl_class_part;

typedef struct dl_class_grammar {
    const char *const      *classes; /* names; class 0 matches nothing */
    const dl_class_part    *parts;
    const dl_class_pattern *patterns;
    uint32_t                n_classes, n_parts, n_patterns;
} dl_class_grammar;

typedef struct dl_classmatch { /* shared */
    uint16_t *next;   /* [n_states][n_classes]; 0: dead. State 1 is the first */
    uint16_t *accept; /* [n_states] action; 0: none */
    uint32_t  n_states, n_classes;
} dl_classmatch;

/* Gives: dl_classmatch_free. DL_FATAL where a pattern is malformed, names an unknown class or part, or there is no memory. */
dl_code dl_classmatch_init(dl_classmatch *m, const dl_class_grammar *g, dl_error *err);
void    dl_classmatch_free(dl_classmatch *m);

/* Action of the longest match at classes[0..n), DL_CLASSMATCH_NONE for none; *length: the elements that it takes. */
static inline uint32_t dl_classmatch_run(const dl_classmatch *m, const uint8_t *classes, uint32_t n, uint32_t *length)
{
    uint32_t state = 1, action = DL_CLASSMATCH_NONE;

    for (uint32_t i = 0; i < n; i++) {
        state = m->next[state * m->n_classes + classes[i]];
        if (!state)
            break;
        if (m->accept[state]) {
            action = m->accept[state];
            *length = i + 1;
        }
    }
    return action;
}

#endif
