/* quotes_source: the noun phrase that is the subject of a cue, from tags alone.
 *
 * From the verb to the left: over auxiliaries, adverbs, appositives and relative clauses between commas, phrases with a preposition
 * ("a spokesman for the ministry said"), and the first of two verbs ("came out and said", "went on to say"). To the right for inversion
 * ("said Smith, a spokesman"). No parse is read.
 * Cost    O(tokens between), at most a sentence */
#ifndef DL_QUOTES_SOURCE_H
#define DL_QUOTES_SOURCE_H

#include "../doc.h"

typedef struct dl_np { /* tokens [first, end); end == 0: none */
    uint32_t first, end;
} dl_np;

typedef struct dl_quotes_view { /* what the steps of the stage look at */
    const dl_doc   *doc;
    const uint8_t  *quoted;     /* [toks] 1: within a quotation, marks included */
    const uint32_t *mention_at; /* [toks] index + 1 of the mention that holds it; 0: none */
} dl_quotes_view;

/* The base noun phrase whose last token is `last`, from lo on; the one that begins at `first`, before hi. */
dl_np dl_np_ending(const dl_quotes_view *v, uint32_t lo, uint32_t last);
dl_np dl_np_starting(const dl_quotes_view *v, uint32_t first, uint32_t hi);

/* Subject of the verb at `cue`, at lo or behind. */
dl_np dl_subject_before(const dl_quotes_view *v, uint32_t lo, uint32_t cue);

/* ... that stands behind it, before hi. */
dl_np dl_subject_after(const dl_quotes_view *v, uint32_t cue, uint32_t hi);

/* The token that the phrase is about: its last noun or name. */
uint32_t dl_np_head(const dl_doc *doc, dl_np np);

bool dl_is_finite(const dl_token *tok);

/* Equal but for ASCII case; inline, so that the length of a literal is known. */
static inline bool dl_tok_is(const dl_token *tok, const char *lower)
{
    return tok->form.n == strlen(lower) && dl_to_lower(tok->form.p[0]) == lower[0] && dl_str_eq_nocase(tok->form, (dl_str){lower, tok->form.n});
}

static inline bool dl_tok_is_char(const dl_token *tok, char c)
{
    return tok->form.n == 1 && tok->form.p[0] == c;
}

static inline bool dl_tok_is_dash(const dl_token *tok) /* - -- en em */
{
    return dl_tok_is_char(tok, '-') || dl_str_eq(tok->form, DL_LIT("--")) || dl_str_eq(tok->form, DL_LIT("\xE2\x80\x93")) ||
           dl_str_eq(tok->form, DL_LIT("\xE2\x80\x94"));
}

#endif
