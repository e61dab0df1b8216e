/* words: fold each token and find its word vector, once for all stages that follow.
 * Reads   doc->toks                      Writes  tok->key, tok->word
 * Cost    about 30 ns a token
 * Source  lexicon/fold.h, lexicon/wordvec.h */
#ifndef DL_WORDS_H
#define DL_WORDS_H

#include "../lexicon/wordvec.h"
#include "../stage.h"

typedef struct dl_words {     /* shared */
    const dl_wordvec *vectors; /* borrows: outlives the stage */
} dl_words;

void    dl_words_init(dl_words *w, const dl_wordvec *vectors);
dl_code dl_words_run(const dl_words *w, dl_doc *doc, dl_error *err);

extern const dl_stage_ops dl_words_ops;

#endif
