/* language: which language the article is in; only English goes on to the stages that read grammar.
 * Reads   doc->text, doc->toks, doc->article.language (the feed's own word, a hint)
 * Writes  doc->article.language (BCP 47; "und" where nothing tells), language_confidence; doc->unsupported and the note
 *         "unsupported_language" where it is another language than English
 * Holds   a feed's tag that says more than we found ("en-GB") is kept; text that nothing tells apart in Latin script is not unsupported
 * Cost    English: a look at up to 256 words, about 5 us; the rest: CLD2 over the first 16 KB, about 30 MB/s (it uses malloc)
 * Source  share of English function words, then Compact Language Detector 2 */
#ifndef DL_LANGUAGE_H
#define DL_LANGUAGE_H

#include "pipeline/stage.h"

typedef struct dl_language_opts {
    uint32_t min_words; /* fewer are left to CLD2; at least 1 */
} dl_language_opts;

typedef struct dl_language { /* shared */
    dl_language_opts opts;
} dl_language;

dl_language_opts dl_language_defaults(void);
dl_code dl_language_init(dl_language *l, const dl_language_opts *opts, dl_error *err); /* opts NULL: the defaults */
dl_code dl_language_run(const dl_language *l, dl_doc *doc, dl_error *err);
void    dl_language_free(dl_language *l);
extern const dl_stage_ops dl_language_ops;

#endif
