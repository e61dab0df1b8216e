#include "buf.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

void dl_buf_free(dl_buf *b)
{
    free(b->p);
    *b = (dl_buf){0};
}

bool dl_buf_reserve(dl_buf *b, size_t more)
{
    size_t cap = b->cap ? b->cap : 256;

    if (b->failed || more > SIZE_MAX / 2 - b->n)
        return b->failed = true, false;
    while (cap < b->n + more)
        cap *= 2;
    if (cap != b->cap) {
        char *p = realloc(b->p, cap);

        if (!p)
            return b->failed = true, false;
        b->p = p;
        b->cap = cap;
    }
    return true;
}

void dl_buf_printf(dl_buf *b, const char *fmt, ...)
{
    va_list ap, again;

    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);

    if (n >= 0 && dl_buf_reserve(b, (size_t)n + 1)) {
        (void)vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
        b->n += (size_t)n;
    }
    va_end(again);
    va_end(ap);
}

dl_code dl_file_read(dl_buf *out, const char *path, size_t max_bytes, dl_error *err)
{
    dl_buf b = {0};
    FILE *f = fopen(path, "rb");
    dl_code code = DL_OK;

    if (!f)
        return dl_fail(err, DL_FATAL, "file", DL_NO_PLACE, "%s: %s", path, strerror(errno));
    for (;;) {
        if (!dl_buf_reserve(&b, 65536)) {
            code = dl_fail(err, DL_FATAL, "file", DL_NO_PLACE, "%s: out of memory", path);
            break;
        }
        size_t got = fread(b.p + b.n, 1, b.cap - b.n, f);

        b.n += got;
        if (b.n > max_bytes) {
            code = dl_fail(err, DL_LIMIT, "file", DL_NO_PLACE, "%s: over %zu bytes", path, max_bytes);
            break;
        }
        if (got == 0) {
            if (ferror(f))
                code = dl_fail(err, DL_FATAL, "file", DL_NO_PLACE, "%s: %s", path, strerror(errno));
            break;
        }
    }
    (void)fclose(f);
    if (code != DL_OK)
        dl_buf_free(&b);
    else
        *out = b;
    return code;
}
