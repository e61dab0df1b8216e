/* repair: what a feed did to an article, undone in a view of it.
 * Reads   doc->text                        Writes  doc->view, doc->repairs
 * Holds   text is untouched; the view is well-formed UTF-8; repairs are in order (dl_doc_check). Text without damage has no view of its own
 * Cost    one pass over the bytes that finds nothing to do in most articles; each sort of damage found takes another pass
 * Source  in this order, each over the view that the one before left:
 *         mojibake.h  UTF-8 that was read as a one-byte encoding, up to three times
 *         clean.h     invisible characters, ligatures, full-width forms, homoglyphs, hyphens at line ends, spaced letters
 *         glue.h      words that lost the space between them at the border of a link
 *         curl.h      quotation marks that stand the wrong way round, or were doubled */
#ifndef DL_REPAIR_STAGE_H
#define DL_REPAIR_STAGE_H

#include "pipeline/lexicon/gazetteer.h"
#include "pipeline/lexicon/wordvec.h"
#include "pipeline/stage.h"

typedef struct dl_repairer { /* shared */
    const dl_wordvec   *words;     /* borrows: row order tells how frequent a word is */
    const dl_gazetteer *gazetteer; /* borrows */
} dl_repairer;

void    dl_repairer_init(dl_repairer *r, const dl_wordvec *words, const dl_gazetteer *gazetteer);
dl_code dl_repair_run(const dl_repairer *r, dl_doc *doc, dl_error *err);
extern const dl_stage_ops dl_repair_ops;

#endif
