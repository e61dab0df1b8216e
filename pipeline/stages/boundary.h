/* boundary: where sentences end within a paragraph.
 *
 * A walk over the paragraph stops at each point where a sentence could end: behind a stop and its closing marks, and (since mails, lists
 * and captions have none) at white space before a capital, a digit or a mark. A linear model over hashed features of both sides and of
 * the state (open quotation marks and brackets, length so far) says yes or no; list markers, bullets, line ends and the stops of scripts
 * without spaces are decided by rule.
 * Source  logistic regression as in Gillick 2009 ("Sentence boundary detection and the problem with the U.S."), trained by
 *         pipeline/lexicon/gen/boundary.py on the train parts of UD English EWT and GUM; it reads the features through this header */
#ifndef DL_BOUNDARY_H
#define DL_BOUNDARY_H

#include "pipeline/base/str.h"

enum { DL_BOUNDARY_BUCKETS = 1 << 14, DL_BOUNDARY_MAX_FEATURES = 40 };

typedef struct dl_boundary { /* a walk over one paragraph */
    dl_str   text;
    uint32_t start, at, end;   /* sentence begun, next byte to look at, end of the paragraph */
    uint32_t words;            /* of the sentence begun */
    int32_t  brackets, quotes; /* open ones */
    bool     ascii_quote;      /* an undirected double mark is open */
    uint32_t list_next;        /* number of the list item that comes next; 0: no list */
    uint32_t marker_end;       /* of the list marker that the sentence begins with; 0: none */
    uint32_t longest_line;     /* of the paragraph, in bytes */
    uint32_t starts_lower;     /* the sentence begun does */
    uint32_t style;            /* of the paragraph: are there stops, do capitals follow them */
} dl_boundary;

typedef enum dl_boundary_verdict { DL_BOUNDARY_NO, DL_BOUNDARY_YES, DL_BOUNDARY_ASK } dl_boundary_verdict;

typedef struct dl_boundary_point { /* where a sentence could end */
    uint32_t            end, next; /* behind its last mark; the next character that is not white space */
    dl_boundary_verdict verdict;
    bool                has_stop;
    uint32_t            n_near; /* of the features: those that are looked at first */
    uint32_t            n_features;
    uint16_t            features[DL_BOUNDARY_MAX_FEATURES]; /* buckets; where the verdict is ASK */
} dl_boundary_point;

dl_boundary dl_boundary_begin(dl_str text, uint32_t start, uint32_t end);

/* The next point before the paragraph's end; false where there is none. */
bool dl_boundary_point_next(dl_boundary *b, dl_boundary_point *pt);

/* A sentence ends at pt: what follows is the next one. */
void dl_boundary_cut(dl_boundary *b, const dl_boundary_point *pt);

/* The byte where the sentence begun ends (white space before the next one may be included); the paragraph's end at last. */
uint32_t dl_boundary_next(dl_boundary *b);

#endif
