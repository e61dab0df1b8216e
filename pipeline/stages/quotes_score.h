/* quotes_score: who of several candidates says a quoted stretch.
 *
 * Candidates: the subjects of the cues before and behind the stretch, "according to X", "X:", the subject of the sentence before, and who
 * spoke last. A linear function of the features below orders them; its weights (quotes_weights.inc) are set by hand,
 * because those that scripts/training/quotes.py trains are no better on held-out documents.
 * Cost    O(tokens in two sentences on both sides) a stretch */
#ifndef DL_QUOTES_SCORE_H
#define DL_QUOTES_SCORE_H

#include "quotes_mark.h"
#include "quotes_who.h"

/* X(feature, what it says). The distance of a cue counts the tokens between its clause and the stretch. */
#define DL_QUOTE_FEATURES(X)                                                                       \
    X(BEFORE, "the cue stands before the stretch")                                                 \
    X(ADJACENT, "nothing but punctuation or \"that\" between")                                     \
    X(DISTANCE, "log2(1 + tokens between)")                                                        \
    X(OTHER_SENTENCE, "the cue is in another sentence")                                            \
    X(COLON, "before it, with a colon at the stretch")                                             \
    X(COMMA, "before it, with a comma at the stretch")                                             \
    X(TAKES_QUOTES, "a cue that takes quotations")                                                 \
    X(SPEECH, "a cue of speech")                                                                   \
    X(BELIEF, "a cue of belief or knowledge")                                                      \
    X(ACCORDING, "according to X")                                                                 \
    X(PARTICIPLE, "saying, adding")                                                                \
    X(PASSIVE, "was told")                                                                         \
    X(INVERTED, "said Smith")                                                                      \
    X(LEAD, "a name alone: Smith: \"...\", \"...\" - Smith")                                                     \
    X(PRONOUN, "he, she, they")                                                                    \
    X(FIRST_PERSON, "I, we, you")                                                                  \
    X(PERSON, "the source is a person's name")                                                     \
    X(OTHER_NAME, "... another name")                                                              \
    X(NO_SOURCE, "a cue without a source")                                                         \
    X(CUELESS, "subject of the sentence before, without a cue")                                    \
    X(PREVIOUS, "who spoke last")                                                                  \
    X(PREVIOUS_NEAR, "... in the same paragraph")                                                  \
    X(CONTINUES, "... and the marks say that the stretch goes on")                                 \
    X(SAME_SPEAKER, "the entity that spoke last")

enum dl_quote_feature {
#define X(id, what) DL_QF_##id,
    DL_QUOTE_FEATURES(X)
#undef X
        DL_N_QF
};

enum { DL_QUOTE_CANDS = 16 };

typedef struct dl_quote_cand {
    dl_np source, cue; /* end == 0: none */
    float f[DL_N_QF];
    float score;
} dl_quote_cand;

typedef struct dl_last_speaker {
    dl_np    source;
    uint32_t ent;  /* DL_NONE */
    uint32_t para; /* first token of the paragraph of what was said */
    uint32_t after; /* token behind it */
} dl_last_speaker;

/* Candidates for a stretch; prev_after and next_mark: tokens behind the stretch before it and at the next one's mark. Returns their number;
 * scores are set. */
uint32_t dl_quote_cands(const dl_who *w, const dl_cues *cues, const dl_quoted *q, uint32_t prev_after, uint32_t next_mark,
                        const dl_last_speaker *last, dl_quote_cand out[static DL_QUOTE_CANDS]);

#endif
