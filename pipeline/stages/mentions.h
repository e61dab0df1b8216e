/* mentions: names of persons, organisations, places and the rest (nationalities, events, products...).
 * Reads   doc->toks with key and word, doc->sents      Writes  doc->mentions (form NAME), in text order
 * Holds   mentions never overlap and never cross a sentence; titles, articles and possessives are outside; confidence is the share of
 *         such mentions that are right in span and type, on the development sets
 * Cost    about a microsecond a token of English news, most of it at tokens near a capital
 * Source  docs/models.md; name_features, name_tagger, name_rules are its three steps */
#ifndef DL_MENTIONS_H
#define DL_MENTIONS_H

#include "../lexicon/gazetteer.h"
#include "../lexicon/names_net.h"
#include "../stage.h"

typedef struct dl_mentions { /* shared; borrows both */
    const dl_names_net *net;
    const dl_gazetteer *gazetteer;
    bool                rules; /* false: as the network has them, for measuring */
} dl_mentions;

/* DL_FATAL where the network was trained on other features than this program's. */
dl_code dl_mentions_init(dl_mentions *m, const dl_names_net *net, const dl_gazetteer *gazetteer, dl_error *err);
dl_code dl_mentions_run(const dl_mentions *m, dl_doc *doc, dl_error *err);

extern const dl_stage_ops dl_mentions_ops;

#endif
