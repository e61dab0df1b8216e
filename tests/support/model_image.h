/* model_image: a model file in memory, to be harmed and parsed again. */
#ifndef DL_TEST_MODEL_IMAGE_H
#define DL_TEST_MODEL_IMAGE_H

#include <stddef.h>
#include <stdint.h>

typedef struct model_image {
    uint8_t *p; /* aligned to 64 */
    size_t   n;
} model_image;

/* Reads a file; fails the test where it cannot. Gives: model_image_free. */
model_image model_image_read(const char *path);
void        model_image_free(model_image *m);

/* Make the checksum fit again. */
void model_image_seal(model_image *m);

/* Overwrite four bytes of a section, or of its shape in the table; lose it. Fail the test where there is no such section. */
void model_image_put(model_image *m, const char *section, size_t at, uint32_t v);
void model_image_shape(model_image *m, const char *section, uint32_t rows, uint32_t cols);
void model_image_lose(model_image *m, const char *section);

#endif
