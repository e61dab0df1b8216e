/* Any bytes as a model file: refused or, where all checks pass, every section readable from end to end. */
#include "pipeline/lexicon/gazetteer.h"
#include "pipeline/lexicon/wordvec.h"

#include <stdlib.h>
#include <string.h>

static void seal(uint8_t *p, size_t n)
{
    /* half of the inputs get a right length and checksum, so that what lies behind those checks is reached */
    enum { BYTES = 16, CHECKSUM = 24, HEADER = 64 };
    uint64_t bytes = n, sum = dl_hash(p + HEADER, n - HEADER, DL_MODEL_FORMAT);

    memcpy(p + BYTES, &bytes, sizeof bytes);
    memcpy(p + CHECKSUM, &sum, sizeof sum);
}

static void read_words(const uint8_t *p, size_t n)
{
    dl_model_file file = {0};
    dl_wordvec wv = {0};
    int16_t row[DL_WORDVEC_PAD];

    if (dl_model_parse(&file, p, n, "input", "words", NULL) == DL_OK) {
        (void)dl_model_info(&file, "name");
        if (dl_wordvec_init(&wv, &file, NULL) == DL_OK) {
            dl_wordvec_row(&wv, dl_wordvec_find(&wv, DL_LIT("word")), row);
            dl_wordvec_row(&wv, wv.n_rows - 1, row);
        }
    }
    dl_wordvec_close(&wv);
    dl_model_close(&file);
}

static void read_gazetteer(const uint8_t *p, size_t n)
{
    dl_model_file file = {0};
    dl_gazetteer g = {0};

    if (dl_model_parse(&file, p, n, "input", "gazetteer", NULL) == DL_OK && dl_gazetteer_init(&g, &file, NULL) == DL_OK)
        (void)dl_gazetteer_find_text(&g, DL_LIT("New York"));
    dl_gazetteer_close(&g);
    dl_model_close(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint8_t *p = malloc(n + 1);

    if (!p)
        return 0;
    memcpy(p, data, n);
    if (n > 64 && (p[n - 1] & 1))
        seal(p, n);
    read_words(p, n);
    read_gazetteer(p, n);
    free(p);
    return 0;
}
