/* buf: a growing byte buffer on the heap, for output and for files. Append never fails half-way: after a failed allocation the
 * buffer keeps `failed` set and swallows what follows, so a writer checks once at its end. */
#ifndef DL_BUF_H
#define DL_BUF_H

#include "err.h"
#include "str.h"

typedef struct dl_buf {
    char  *p;
    size_t n, cap;
    bool   failed;
} dl_buf;

void dl_buf_free(dl_buf *b);
bool dl_buf_reserve(dl_buf *b, size_t more); /* false and b->failed without memory */
void dl_buf_printf(dl_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static inline void dl_buf_add(dl_buf *b, dl_str s)
{
    if (s.n && (b->cap - b->n >= s.n || dl_buf_reserve(b, s.n))) {
        memcpy(b->p + b->n, s.p, s.n);
        b->n += s.n;
    }
}

static inline void dl_buf_byte(dl_buf *b, char c)
{
    if (b->cap > b->n || dl_buf_reserve(b, 1))
        b->p[b->n++] = c;
}

static inline dl_str dl_buf_str(const dl_buf *b)
{
    return (dl_str){b->p, b->n};
}

/* Whole file into *out (gives: dl_buf_free). max_bytes: DL_LIMIT beyond it; DL_FATAL where it cannot be read. */
dl_code dl_file_read(dl_buf *out, const char *path, size_t max_bytes, dl_error *err);

#endif
