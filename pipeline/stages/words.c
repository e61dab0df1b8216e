#include "words.h"

#include "../lexicon/fold.h"

void dl_words_init(dl_words *w, const dl_wordvec *vectors)
{
    *w = (dl_words){.vectors = vectors};
}

dl_code dl_words_run(const dl_words *w, dl_doc *doc, dl_error *err)
{
    (void)err;
    for (uint32_t i = 0; i < doc->toks.n; i++) {
        dl_token *tok = &doc->toks.p[i];
        char folded[DL_FOLD_MAX];
        dl_str key = {folded, dl_fold_word(tok->form, folded)};

        tok->key = dl_hash(key.p, key.n, 0);
        tok->word = dl_wordvec_find_folded(w->vectors, key);
    }
    return DL_OK;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_words_run(self, doc, err);
}

const dl_stage_ops dl_words_ops = {
    .name = "words",
    .reads = DL_LAYER_TOKENS,
    .writes = DL_LAYER_WORDS,
    .run = run,
};
