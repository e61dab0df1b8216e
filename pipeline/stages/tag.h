/* tag: parts of speech, morphology, lemmas.
 *
 * One hidden layer over a window of five words; one label stands for universal tag, Penn tag and morphology together. What a word adds
 * to the hidden layer at each of the five places depends on the word alone: these sums are computed at start-up for the words of the
 * vocabulary, and once a document for others.
 * Reads   doc->toks (form, key, word), doc->sents      Writes  tok->upos, xpos, morph, lemma
 * Holds   every token has a tag of each kind and a lemma
 * Cost    about 0.3 us a token with AVX2; 2.5 kB of arena for each distinct word outside the vocabulary
 * Source  scripts/training/tagger.py; docs/models.md */
#ifndef DL_TAG_H
#define DL_TAG_H

#include "../lexicon/kernel.h"
#include "../lexicon/lemmas.h"
#include "../lexicon/word_input.h"
#include "../stage.h"

/* X(enum suffix, name): the Penn tags as the treebanks have them */
#define DL_XPOS_TAGS(X)                                                                            \
    X(CC, "CC") X(CD, "CD") X(DT, "DT") X(EX, "EX") X(FW, "FW") X(IN, "IN") X(JJ, "JJ")            \
    X(JJR, "JJR") X(JJS, "JJS") X(LS, "LS") X(MD, "MD") X(NN, "NN") X(NNS, "NNS") X(NNP, "NNP")    \
    X(NNPS, "NNPS") X(PDT, "PDT") X(POS, "POS") X(PRP, "PRP") X(PRPS, "PRP$") X(RB, "RB")          \
    X(RBR, "RBR") X(RBS, "RBS") X(RP, "RP") X(SYM, "SYM") X(TO, "TO") X(UH, "UH") X(VB, "VB")      \
    X(VBD, "VBD") X(VBG, "VBG") X(VBN, "VBN") X(VBP, "VBP") X(VBZ, "VBZ") X(WDT, "WDT")            \
    X(WP, "WP") X(WPS, "WP$") X(WRB, "WRB") X(STOP, ".") X(COMMA, ",") X(COLON, ":")               \
    X(OPEN_QUOTE, "``") X(CLOSE_QUOTE, "''") X(LRB, "-LRB-") X(RRB, "-RRB-") X(DOLLAR, "$")        \
    X(HYPH, "HYPH") X(NFP, "NFP") X(ADD, "ADD") X(AFX, "AFX") X(GW, "GW") X(XX, "XX")

typedef enum dl_xpos {
    DL_XPOS_NONE,
#define X(id, name) DL_XPOS_##id,
    DL_XPOS_TAGS(X)
#undef X
        DL_N_XPOS
} dl_xpos;

typedef enum dl_morph { /* tok->morph: fields of bits, as UD names their values; 0 in a field: does not apply, or not known */
    DL_MORPH_FORM = 7 << 0,
    DL_MORPH_FIN = 1 << 0,
    DL_MORPH_INF = 2 << 0,
    DL_MORPH_PART = 3 << 0,
    DL_MORPH_GER = 4 << 0,
    DL_MORPH_TENSE = 3 << 3,
    DL_MORPH_PAST = 1 << 3,
    DL_MORPH_PRES = 2 << 3,
    DL_MORPH_PASSIVE = 1 << 5,
    DL_MORPH_MOOD = 3 << 6,
    DL_MORPH_IND = 1 << 6,
    DL_MORPH_IMP = 2 << 6,
    DL_MORPH_SUB = 3 << 6,
    DL_MORPH_NUMBER = 3 << 8,
    DL_MORPH_SING = 1 << 8,
    DL_MORPH_PLUR = 2 << 8,
    DL_MORPH_PERSON = 3 << 10,
    DL_MORPH_1ST = 1 << 10,
    DL_MORPH_2ND = 2 << 10,
    DL_MORPH_3RD = 3 << 10,
    DL_MORPH_DEGREE = 3 << 12,
    DL_MORPH_CMP = 1 << 12,
    DL_MORPH_SUP = 2 << 12,
    DL_MORPH_POSS = 1 << 14,
    DL_MORPH_NEG = 1 << 15
} dl_morph;

typedef struct dl_tag_label {
    uint8_t      upos, xpos;
    uint16_t     morph;
    dl_lemma_tag lemma;
} dl_tag_label;

typedef struct dl_tag { /* shared */
    dl_model_file     file;
    const dl_kernels *k;
    dl_word_input     words;
    dl_lemmas         lemmas;
    dl_tag_label     *labels; /* [n_labels] */
    int16_t          *rows;   /* [words][5][128] what each word of the vocabulary adds, 1/256 */
    const int16_t    *shapes; /* [5][DL_N_SHAPES + 1][128] */
    int8_t           *first, *out; /* packed weights: 128 to 5 x 128, 128 to labels */
    int32_t          *first_bias, *out_bias;
    const int32_t    *first_mult; /* [5][128], 2^-24: sums of products to 1/256 */
    uint32_t          n_labels, n_out; /* n_out: labels, filled up */
} dl_tag;

/* tagger.dlm of models_dir. vectors: borrows; outlives the stage. Gives: dl_tag_free. DL_FATAL where the model cannot be used. */
dl_code dl_tag_init(dl_tag *t, const char *models_dir, const dl_wordvec *vectors, dl_error *err);

/* The same with a file at hand and kernels of the caller's choice; takes the file on success. For tests and fuzzers. */
dl_code dl_tag_load(dl_tag *t, dl_model_file *file, const dl_wordvec *vectors, const dl_kernels *k, dl_error *err);
dl_code dl_tag_run(const dl_tag *t, dl_doc *doc, dl_error *err);
void    dl_tag_free(dl_tag *t);

extern const char *const dl_xpos_names[DL_N_XPOS]; /* "_" for none */

extern const dl_stage_ops dl_tag_ops;

#endif
