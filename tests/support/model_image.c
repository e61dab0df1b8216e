#include "model_image.h"

#include "check.h"
#include "pipeline/lexicon/model_file.h"

#include <stdio.h>
#include <stdlib.h>

enum { HEADER = 64, ENTRY = 48, AT_SECTIONS = 12, AT_CHECKSUM = 24, AT_OFFSET = 16, AT_ROWS = 36, AT_COLS = 40 };

model_image model_image_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    model_image m = {NULL, 0};

    assert_non_null(f);
    assert_int_equal(fseek(f, 0, SEEK_END), 0);
    m.n = (size_t)ftell(f);
    rewind(f);
    m.p = aligned_alloc(64, (m.n + 63) / 64 * 64);
    assert_non_null(m.p);
    assert_int_equal(fread(m.p, 1, m.n, f), m.n);
    (void)fclose(f);
    return m;
}

void model_image_free(model_image *m)
{
    free(m->p);
    *m = (model_image){NULL, 0};
}

void model_image_seal(model_image *m)
{
    uint64_t sum = dl_hash(m->p + HEADER, m->n - HEADER, DL_MODEL_FORMAT);

    memcpy(m->p + AT_CHECKSUM, &sum, sizeof sum);
}

static uint8_t *entry(const model_image *m, const char *section)
{
    uint32_t n;

    memcpy(&n, m->p + AT_SECTIONS, sizeof n);
    for (uint32_t i = 0; i < n; i++)
        if (strncmp((const char *)m->p + HEADER + ENTRY * (size_t)i, section, 16) == 0)
            return m->p + HEADER + ENTRY * (size_t)i;
    fail_msg("no section %s", section);
    return NULL;
}

void model_image_put(model_image *m, const char *section, size_t at, uint32_t v)
{
    uint64_t offset;

    memcpy(&offset, entry(m, section) + AT_OFFSET, sizeof offset);
    memcpy(m->p + offset + at, &v, sizeof v);
}

void model_image_shape(model_image *m, const char *section, uint32_t rows, uint32_t cols)
{
    memcpy(entry(m, section) + AT_ROWS, &rows, sizeof rows);
    memcpy(entry(m, section) + AT_COLS, &cols, sizeof cols);
}

void model_image_lose(model_image *m, const char *section)
{
    entry(m, section)[0] ^= 0x20;
}
