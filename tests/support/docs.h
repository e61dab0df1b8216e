/* docs: documents made from text, for tests of stages. */
#ifndef DL_TEST_DOCS_H
#define DL_TEST_DOCS_H

#include "pipeline/pipeline.h"

/* A document over `text` (kept by the caller) with a title of title_n bytes before it (0: none), in an arena of its own.
 * Gives: test_doc_close. */
typedef struct test_doc {
    dl_arena arena;
    dl_doc   doc;
} test_doc;

void test_doc_open(test_doc *d, dl_str text, uint32_t body_start);
void test_doc_close(test_doc *d);

/* Run one stage, or sections, segment and tokenize; the test fails where a stage does, and dl_doc_check runs over the result. */
void test_doc_run(test_doc *d, const dl_stage_ops *ops, const void *self);
void test_doc_cut(test_doc *d);

/* Tokens joined by '|', sentences by " || ". In the document's arena. */
dl_str test_doc_tokens(test_doc *d);
dl_str test_doc_sentences(test_doc *d);

#endif
