/* model_file: the container of every model: named arrays behind a header, mapped read-only.
 *
 *     header, 64 bytes   magic "DLMODEL\n" | u32 format | u32 n_sections | u64 file bytes | u64 checksum | char kind[16] | zeros
 *     table, 48 bytes x  char name[16] | u64 offset | u64 bytes | u32 element type | u32 rows | u32 cols | u32 zero
 *     sections           each at a multiple of 64
 *
 * Little-endian. The checksum is dl_hash over all bytes behind the header with the format as seed. A file that is cut short, foreign,
 * of another format, of another kind or damaged is refused with DL_FATAL and a sentence; after open, every section lies within the
 * file. Section "info" is text ("key: value" lines): name, version, what made it, data digests, licence.
 * scripts/training/modelfile.py writes these files. */
#ifndef DL_MODEL_FILE_H
#define DL_MODEL_FILE_H

#include "../base/err.h"
#include "../base/str.h"

enum { DL_MODEL_FORMAT = 1 };

typedef enum dl_elem { DL_ELEM_U8 = 1, DL_ELEM_I8, DL_ELEM_U16, DL_ELEM_I16, DL_ELEM_U32, DL_ELEM_I32, DL_ELEM_U64, DL_ELEM_F32 } dl_elem;

typedef struct dl_model_file { /* shared */
    const uint8_t *p;          /* whole file */
    size_t         n;
    uint32_t       n_sections;
    bool           mapped; /* ours to unmap; false: borrowed bytes */
} dl_model_file;

/* Map dir/name and check it. kind: what the header must say. Gives: dl_model_close. DL_FATAL where it cannot be used. */
dl_code dl_model_open(dl_model_file *out, const char *dir, const char *name, const char *kind, dl_error *err);

/* The same over bytes that the caller holds (borrows; 8-byte aligned). name: for messages. */
dl_code dl_model_parse(dl_model_file *out, const void *p, size_t n, const char *name, const char *kind, dl_error *err);

/* Takes a zeroed or already closed file, too. */
void dl_model_close(dl_model_file *m);

/* The array of a section, in text order of [rows][cols]; NULL with *err filled where it is missing or has another type or shape.
 * rows and cols: what is wanted; where *rows or *cols is 0, any, and the file's number is written there. Borrows the file. */
const void *dl_model_array(const dl_model_file *m, const char *section, dl_elem type, uint32_t *rows, uint32_t *cols, dl_error *err);

/* The checksum in the header, which open has compared with the content: the file's identity. */
uint64_t dl_model_checksum(const dl_model_file *m);

/* The value of a key in "info"; .p == NULL: none. Borrows the file. */
dl_str dl_model_info(const dl_model_file *m, const char *key);

#endif
