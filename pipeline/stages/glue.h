/* glue: words that lost the space between them where a link or a heading ended: "BelarusDmitry Trenin", "borderUS officials", "regionand".
 *
 * A border is believed where both sides are words or names and the whole is neither (the vectors' lexicon, 250,000 words by frequency,
 * holds "youtube" and "mcdonald") nor stands twice in the article. A capital within is evidence by itself; without one a side must be
 * among the commonest function words. Source: rule of our own over facts of shared design notes; measured in docs/quality.md. */
#ifndef DL_GLUE_H
#define DL_GLUE_H

#include "edits.h"
#include "pipeline/lexicon/gazetteer.h"
#include "pipeline/lexicon/wordvec.h"

/* Adds a space at each such border. */
void dl_glue_find(dl_edits *e, const dl_wordvec *words, const dl_gazetteer *gazetteer);

#endif
