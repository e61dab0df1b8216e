/* name_tagger: the network and the conditional random field over a document, from features to typed spans with their probability.
 *
 * Only candidates are scored: tokens with a capital, words that are hardly ever anything but names, numbers beside a capital, all words of
 * a sentence without a capital, and up to three tokens between two of these. All else is O. A run of candidates is decoded by itself, between two O. */
#ifndef DL_NAME_TAGGER_H
#define DL_NAME_TAGGER_H

#include "../lexicon/names_net.h"
#include "name_features.h"

typedef struct dl_name_span {
    uint32_t first_tok, n_toks, sent;
    uint8_t  type;     /* dl_ent_type */
    float    marginal; /* of the span with its type, as the model has it; not calibrated */
} dl_name_span;

typedef DL_VEC(dl_name_span) dl_name_spans;

/* Spans in text order, in arena. DL_LIMIT where the arena is full. */
dl_code dl_name_tag(dl_name_spans *out, const dl_names_net *net, dl_doc *doc, const dl_name_features *f, dl_error *err);

/* The scores alone, for tests: emit [doc->toks.n][DL_NAMES_TAGS_PAD], scored [doc->toks.n] says of which tokens. */
dl_code dl_name_score(int32_t *emit, bool *scored, const dl_names_net *net, dl_doc *doc, const dl_name_features *f, dl_error *err);

#endif
