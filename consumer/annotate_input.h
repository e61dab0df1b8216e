/* annotate_input: the files of `dateline annotate`, read one after the other in pieces that end where a line ends. */
#ifndef DL_ANNOTATE_INPUT_H
#define DL_ANNOTATE_INPUT_H

#include "pipeline/base/buf.h"

typedef struct dl_input {
    const char *const *files; /* borrows; "-" is standard input */
    uint32_t           n_files, file;
    int                fd; /* -1: none open */
    uint64_t           line;  /* of the next piece, from 1 */
    bool               skipping; /* the rest of a line that was too long */
    bool               whole; /* a piece is a file, whatever lines it has */
    size_t             line_max_bytes;
    dl_buf             carry; /* a line begun */
    uint64_t           n_read; /* bytes, of all files */
} dl_input;

typedef struct dl_piece {
    dl_buf      bytes; /* whole lines; the last may lack its newline, and is cut where it is over line_max_bytes */
    const char *name;  /* of the file, for messages; borrows dl_input.files */
    uint64_t    line;  /* of the first byte */
} dl_piece;

void dl_input_init(dl_input *in, const char *const *files, uint32_t n_files, bool whole, size_t line_max_bytes);
void dl_input_free(dl_input *in);

/* The next piece into *p, whose buffer is used again. False at the end of all files, or on failure: then *err says so (err->code is
 * DL_OK at the end). Blocks where the input does. */
bool dl_input_next(dl_input *in, dl_piece *p, dl_error *err);

/* Would dl_input_next block now? */
bool dl_input_idle(const dl_input *in);

/* Bytes of all files together; 0 where that cannot be known (a pipe). */
uint64_t dl_input_size(const char *const *files, uint32_t n_files);

#endif
