/* quotes: who says what: direct, indirect and mixed quotation with its cue, its source and the entity that speaks.
 * Reads   doc->sents, doc->toks with tags and keys, doc->mentions, doc->ents      Writes  doc->quotes, in text order
 * Holds   contents are without their outer marks; contents of direct quotations do not overlap; an indirect one may hold another
 *         ("she said she felt that"); cue and speaker_span are empty where there is none; speaker is DL_NONE where nobody can be named
 * Cost    O(tokens) with one table look-up a token, and some microseconds a quotation; 6 bytes of arena a token
 * Source  the steps are files of their own: quotes_mark (pairs of marks), quotes_score (who says a quoted stretch), quotes_indirect,
 *         quotes_source (subjects), quotes_who (entities), quotes_cues.def. After the sieves of Muzny et al. 2017, for news. */
#ifndef DL_QUOTES_H
#define DL_QUOTES_H

#include "../stage.h"
#include "quotes_score.h"

/* Called with each quoted stretch and its candidates, before the best is taken. */
typedef void dl_quotes_see(void *arg, const dl_doc *doc, const dl_quoted *q, const dl_quote_cand *cands, uint32_t n);

typedef struct dl_quotes { /* shared */
    dl_cues        cues;
    dl_quotes_see *see; /* NULL; the training reads candidates through it */
    void          *see_arg;
} dl_quotes;

void    dl_quotes_init(dl_quotes *q);
dl_code dl_quotes_run(const dl_quotes *q, dl_doc *doc, dl_error *err);

extern const dl_stage_ops dl_quotes_ops;

#endif
