/* tokenize: cut each sentence into tokens.
 * Reads   doc->view, doc->sents            Writes  doc->toks, sent->first_tok, sent->n_toks
 * Holds   tokens in text order, never overlapping, never crossing a sentence; every sentence has one; all characters but white space and
 *         invisible ones are in a token; form is the view's bytes (view.h)
 * Cost    O(bytes); one arena array
 * Source  Universal Dependencies English guidelines as GUM and EWT apply them: clitics ("n't", "'s") and hyphenated compounds are split,
 *         prefixes ("non-", "anti-"), numbers, abbreviations and web addresses are whole; other scripts by character class, Han and
 *         Hiragana one character each */
#ifndef DL_TOKENIZE_H
#define DL_TOKENIZE_H

#include "pipeline/stage.h"

typedef struct dl_tokenize_opts {
    uint32_t max_tokens; /* more is DL_LIMIT */
} dl_tokenize_opts;

typedef struct dl_tokenize { /* shared */
    dl_tokenize_opts opts;
} dl_tokenize;

dl_tokenize_opts dl_tokenize_defaults(void);
dl_code dl_tokenize_init(dl_tokenize *t, const dl_tokenize_opts *opts, dl_error *err); /* opts NULL: the defaults */
dl_code dl_tokenize_run(const dl_tokenize *t, dl_doc *doc, dl_error *err);
void    dl_tokenize_free(dl_tokenize *t);
extern const dl_stage_ops dl_tokenize_ops;

#endif
