#include "annotate_input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

void dl_input_init(dl_input *in, const char *const *files, uint32_t n_files, bool whole, size_t line_max_bytes)
{
    *in = (dl_input){.files = files, .n_files = n_files, .fd = -1, .whole = whole, .line_max_bytes = line_max_bytes};
}

static void close_file(dl_input *in)
{
    if (in->fd > STDIN_FILENO)
        (void)close(in->fd);
    in->fd = -1;
}

void dl_input_free(dl_input *in)
{
    close_file(in);
    dl_buf_free(&in->carry);
}

static bool is_stdin(const char *name)
{
    return strcmp(name, "-") == 0;
}

static bool open_file(dl_input *in, dl_error *err)
{
    const char *name = in->files[in->file];

    in->fd = is_stdin(name) ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    in->line = 1;
    if (in->fd < 0)
        (void)dl_fail(err, DL_FATAL, "input", DL_NO_PLACE, "%s: %s", name, strerror(errno));
    return in->fd >= 0;
}

/* Bytes read and appended to b; 0 at the end of the file; -1 on failure. */
static ssize_t read_more(dl_input *in, dl_buf *b, dl_error *err)
{
    ssize_t got;

    if (!dl_buf_reserve(b, PIECE)) {
        (void)dl_fail(err, DL_FATAL, "input", DL_NO_PLACE, "out of memory");
        return -1;
    }
    do
        got = read(in->fd, b->p + b->n, PIECE);
    while (got < 0 && errno == EINTR);
    if (got < 0) {
        (void)dl_fail(err, DL_FATAL, "input", DL_NO_PLACE, "%s: %s", in->files[in->file], strerror(errno));
        return -1;
    }
    b->n += (size_t)got;
    in->n_read += (uint64_t)got;
    return got;
}

static uint64_t count_lines(dl_str s)
{
    uint64_t n = 0;

    for (const char *p = s.p; s.n && (p = memchr(p, '\n', (size_t)(s.p + s.n - p))) != NULL; p++)
        n++;
    return n;
}

/* Of the bytes from `from` on, drop what belongs to the line that is too long: to its newline, which stays. */
static void skip_rest(dl_input *in, dl_buf *b, size_t from)
{
    const char *nl = b->n > from ? memchr(b->p + from, '\n', b->n - from) : NULL;
    size_t drop = nl ? (size_t)(nl - (b->p + from)) : b->n - from;

    memmove(b->p + from, b->p + from + drop, b->n - from - drop);
    b->n -= drop;
    in->skipping = !nl;
}

/* Read until b holds a whole line, or the file ends, or a line is over its limit. 1: b is a piece; 0: the file ended and b has its
 * last bytes; -1: failure. */
static int fill(dl_input *in, dl_buf *b, dl_error *err)
{
    for (;;) {
        size_t before = b->n;
        ssize_t got = read_more(in, b, err);

        if (got <= 0)
            return (int)got;
        if (in->skipping) { /* b was handed out cut; nothing of its line is wanted any more */
            skip_rest(in, b, before);
            if (in->skipping)
                continue;
        }
        const char *nl = in->whole ? NULL : memrchr(b->p, '\n', b->n);

        if (nl) {
            size_t end = (size_t)(nl - b->p) + 1;

            dl_buf_add(&in->carry, dl_str_sub(dl_buf_str(b), end, b->n));
            b->n = end;
            return 1;
        }
        if (b->n > in->line_max_bytes) { /* one byte over, so that decode sees that it is too large */
            b->n = in->line_max_bytes + 1;
            in->skipping = !in->whole;
            return !in->whole;
        }
    }
}

bool dl_input_next(dl_input *in, dl_piece *p, dl_error *err)
{
    err->code = DL_OK;
    for (;;) {
        if (in->fd < 0) {
            if (in->file == in->n_files || !open_file(in, err))
                return false;
        }
        p->name = is_stdin(in->files[in->file]) ? "stdin" : in->files[in->file];
        p->line = in->line;
        p->bytes.n = 0;
        dl_buf_add(&p->bytes, dl_buf_str(&in->carry));
        in->carry.n = 0;
        int got = fill(in, &p->bytes, err);

        if (got < 0)
            return false;
        in->line += count_lines(dl_buf_str(&p->bytes));
        if (got == 0) {
            close_file(in);
            in->file++;
            in->skipping = false;
        }
        if (p->bytes.failed || in->carry.failed) {
            (void)dl_fail(err, DL_FATAL, "input", DL_NO_PLACE, "out of memory");
            return false;
        }
        if (p->bytes.n || (in->whole && got == 0))
            return true;
    }
}

bool dl_input_idle(const dl_input *in)
{
    struct pollfd fd = {.fd = in->fd, .events = POLLIN};

    return in->fd >= 0 && poll(&fd, 1, 0) == 0;
}

uint64_t dl_input_size(const char *const *files, uint32_t n_files)
{
    uint64_t sum = 0;
    struct stat st;

    for (uint32_t i = 0; i < n_files; i++) {
        if ((is_stdin(files[i]) ? fstat(STDIN_FILENO, &st) : stat(files[i], &st)) != 0 || !S_ISREG(st.st_mode))
            return 0;
        sum += (uint64_t)st.st_size;
    }
    return sum;
}
