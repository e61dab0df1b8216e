/* parse: labelled dependency trees (Universal Dependencies), over the sentences that a later stage asked for.
 *
 * Two quasi-recurrent layers read the sentence in both directions, each token is scored against each other as its head, the best tree is
 * taken and its arcs are labelled.
 * Reads   doc->toks with tags, doc->sents (DL_SENT_WANT_PARSE)      Writes  tok->head, tok->deprel, DL_SENT_PARSED
 * Holds   a parsed sentence is one tree: one root (head DL_NONE, relation root), no cycle, heads within the sentence. One of more than
 *         DL_PARSE_MAX tokens is parsed in pieces, whose roots hang on the first ("parataxis"), with a note
 * Cost    about 4 us a token; 8 kB of arena a token of the longest sentence
 * Source  scripts/training/parser.py; docs/models.md */
#ifndef DL_PARSE_H
#define DL_PARSE_H

#include "../lexicon/kernel.h"
#include "../lexicon/word_input.h"
#include "../stage.h"
#include "tag.h"

/* X(enum suffix, name) */
#define DL_DEPRELS(X)                                                                              \
    X(ACL, "acl") X(ACL_RELCL, "acl:relcl") X(ADVCL, "advcl") X(ADVCL_RELCL, "advcl:relcl")        \
    X(ADVMOD, "advmod") X(AMOD, "amod") X(APPOS, "appos") X(AUX, "aux") X(AUX_PASS, "aux:pass")    \
    X(CASE, "case") X(CC, "cc") X(CC_PRECONJ, "cc:preconj") X(CCOMP, "ccomp")                      \
    X(COMPOUND, "compound") X(COMPOUND_PRT, "compound:prt") X(CONJ, "conj") X(COP, "cop")          \
    X(CSUBJ, "csubj") X(CSUBJ_OUTER, "csubj:outer") X(CSUBJ_PASS, "csubj:pass") X(DEP, "dep")      \
    X(DET, "det") X(DET_PREDET, "det:predet") X(DISCOURSE, "discourse")                            \
    X(DISLOCATED, "dislocated") X(EXPL, "expl") X(FIXED, "fixed") X(FLAT, "flat")                  \
    X(GOESWITH, "goeswith") X(IOBJ, "iobj") X(LIST, "list") X(MARK, "mark") X(NMOD, "nmod")        \
    X(NMOD_DESC, "nmod:desc") X(NMOD_POSS, "nmod:poss") X(NMOD_UNMARKED, "nmod:unmarked")          \
    X(NSUBJ, "nsubj") X(NSUBJ_OUTER, "nsubj:outer") X(NSUBJ_PASS, "nsubj:pass")                    \
    X(NUMMOD, "nummod") X(OBJ, "obj") X(OBL, "obl") X(OBL_AGENT, "obl:agent")                      \
    X(OBL_UNMARKED, "obl:unmarked") X(ORPHAN, "orphan") X(PARATAXIS, "parataxis")                  \
    X(PUNCT, "punct") X(REPARANDUM, "reparandum") X(ROOT, "root") X(VOCATIVE, "vocative")          \
    X(XCOMP, "xcomp")

typedef enum dl_deprel {
    DL_DEPREL_NONE,
#define X(id, name) DL_DEPREL_##id,
    DL_DEPRELS(X)
#undef X
        DL_N_DEPRELS
} dl_deprel;

enum {
    DL_PARSE_MAX = 160,
    DL_PARSE_TAG_MASK = 0xFFFF & ~(DL_MORPH_NUMBER | DL_MORPH_PERSON) /* what the parser sees of tok->morph */
};

typedef struct dl_parse_tag { /* one of those that share universal and Penn tag */
    uint16_t morph, next;     /* next: n_tags where it is the last */
} dl_parse_tag;

typedef struct dl_parse_opts {
    bool all; /* every sentence, asked for or not */
} dl_parse_opts;

typedef struct dl_parse_matrix { /* packed weights and what turns sums of products into values */
    int8_t      *w;
    int32_t     *zero;  /* [n_out] bias of the integer sums */
    const float *scale; /* [n_out] */
    const float *bias;  /* [n_out]; NULL: given at the call */
    uint32_t     n_in, n_out;
    uint32_t     stride, reach; /* of a layer: inputs a token, tokens to each side that it reads */
} dl_parse_matrix;

enum { DL_PARSE_MAX_LAYERS = 4, DL_PARSE_MAX_REACH = 2 };

typedef struct dl_parse { /* shared */
    dl_parse_opts     opts;
    dl_model_file     file;
    const dl_kernels *k;
    dl_word_input     words;
    uint8_t          *inputs; /* [words][DL_INPUT_DIM] */
    uint32_t          embed_n, hidden_n, n_layers, arc_n, label_n;
    dl_parse_matrix   embed, layers[DL_PARSE_MAX_LAYERS], dep, head;
    dl_parse_tag     *tags;                            /* [n_tags] */
    uint16_t          tag_first[DL_N_UPOS][DL_N_XPOS]; /* n_tags: none */
    uint32_t          n_tags;
    const float      *tag_rows, *shape_rows; /* [n_tags + 1][embed_n], [DL_N_SHAPES + 1][embed_n] */
    const int8_t     *root;                  /* [arc_n] */
    int32_t          *distance;              /* by head - token + DL_PARSE_MAX */
    int8_t           *ends, *label;          /* packed: both ends of an arc to the label's hidden layer; that to the relations */
    int32_t          *ends_zero;
    const int32_t    *ends_mult, *ends_bias, *label_bias;
    uint8_t          *rels; /* [n_rels] dl_deprel */
    uint32_t          n_rels, n_label_out;
} dl_parse;

/* parser.dlm of models_dir. vectors: borrows; outlives the stage. opts NULL: the defaults. Gives: dl_parse_free. */
dl_code dl_parse_init(dl_parse *p, const dl_parse_opts *opts, const char *models_dir, const dl_wordvec *vectors, dl_error *err);

/* The same with a file at hand and kernels of the caller's choice; takes the file on success. For tests and fuzzers. */
dl_code dl_parse_load(dl_parse *p, const dl_parse_opts *opts, dl_model_file *file, const dl_wordvec *vectors, const dl_kernels *k,
                      dl_error *err);
dl_code dl_parse_run(const dl_parse *p, dl_doc *doc, dl_error *err);
void    dl_parse_free(dl_parse *p);

extern const char *const dl_deprel_names[DL_N_DEPRELS]; /* "_" for none */

extern const dl_stage_ops dl_parse_ops;

#endif
