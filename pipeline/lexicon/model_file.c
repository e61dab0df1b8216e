#include "model_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char where[] = "model";
static const char magic[8] = {'D', 'L', 'M', 'O', 'D', 'E', 'L', '\n'};

typedef struct header {
    char     magic[8];
    uint32_t format, n_sections;
    uint64_t bytes, checksum;
    char     kind[16], zeros[16];
} header;

typedef struct section {
    char     name[16];
    uint64_t offset, bytes;
    uint32_t type, rows, cols, zero;
} section;

_Static_assert(sizeof(header) == 64 && sizeof(section) == 48, "as the file has them");

static section section_at(const dl_model_file *m, uint32_t i)
{
    section s;

    memcpy(&s, m->p + sizeof(header) + sizeof(section) * (size_t)i, sizeof s);
    return s;
}

static uint32_t elem_bytes(uint32_t type)
{
    static const uint8_t bytes[] = {0, 1, 1, 2, 2, 4, 4, 8, 4};

    return type < sizeof bytes ? bytes[type] : 0;
}

static dl_code check_sections(const dl_model_file *m, const char *name, dl_error *err)
{
    for (uint32_t i = 0; i < m->n_sections; i++) {
        section s = section_at(m, i);

        if (!memchr(s.name, 0, sizeof s.name))
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s: section %u has no name", name, i);
        if (s.offset % 64 != 0 || s.offset > m->n || s.bytes > m->n - s.offset)
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s: section %s lies outside the file", name, s.name);
        if (elem_bytes(s.type) == 0 || s.bytes / elem_bytes(s.type) != (uint64_t)s.rows * s.cols || s.bytes % elem_bytes(s.type) != 0)
            return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s: section %s has another size than its shape says", name, s.name);
    }
    return DL_OK;
}

dl_code dl_model_parse(dl_model_file *out, const void *p, size_t n, const char *name, const char *kind, dl_error *err)
{
    header h;

    if (n < sizeof h || memcmp(p, magic, sizeof magic) != 0)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s is not a model file", name);
    memcpy(&h, p, sizeof h);
    if (h.format != DL_MODEL_FORMAT)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s has format %u, this program reads %d", name, h.format, DL_MODEL_FORMAT);
    if (!memchr(h.kind, 0, sizeof h.kind) || strcmp(h.kind, kind) != 0)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s is a model of another kind than \"%s\"", name, kind);
    if (h.bytes != n)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s is %zu bytes long, its header says %llu: cut short or damaged", name, n,
                       (unsigned long long)h.bytes);
    if (h.n_sections > (n - sizeof h) / sizeof(section))
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s: the section table is longer than the file", name);
    if (dl_hash((const uint8_t *)p + sizeof h, n - sizeof h, h.format) != h.checksum)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s is damaged: its checksum differs", name);
    dl_model_file m = {.p = p, .n = n, .n_sections = h.n_sections};
    dl_code code = check_sections(&m, name, err);

    if (code == DL_OK)
        *out = m;
    return code;
}

dl_code dl_model_open(dl_model_file *out, const char *dir, const char *name, const char *kind, dl_error *err)
{
    char path[4096];
    struct stat st;
    int len = snprintf(path, sizeof path, "%s/%s", dir, name);

    if (len < 0 || (size_t)len >= sizeof path)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "the path of model %s is too long", name);
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s: %s", path, strerror(errno));
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size <= 0) {
        (void)close(fd);
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s is not a model file", path);
    }
    size_t n = (size_t)st.st_size;
    void *p = mmap(NULL, n, PROT_READ, MAP_SHARED, fd, 0);

    (void)close(fd);
    if (p == MAP_FAILED)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "%s cannot be mapped: %s", path, strerror(errno));
    dl_code code = dl_model_parse(out, p, n, name, kind, err);

    if (code == DL_OK)
        out->mapped = true;
    else
        (void)munmap(p, n);
    return code;
}

void dl_model_close(dl_model_file *m)
{
    if (m->mapped)
        (void)munmap((void *)(uintptr_t)m->p, m->n);
    *m = (dl_model_file){0};
}

const void *dl_model_array(const dl_model_file *m, const char *name, dl_elem type, uint32_t *rows, uint32_t *cols, dl_error *err)
{
    for (uint32_t i = 0; i < m->n_sections; i++) {
        section s = section_at(m, i);

        if (strcmp(s.name, name) != 0)
            continue;
        if (s.type != (uint32_t)type || (*rows && s.rows != *rows) || (*cols && s.cols != *cols)) {
            (void)dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "section %s is [%u][%u] of type %u; [%u][%u] of type %d is wanted", name,
                          s.rows, s.cols, s.type, *rows, *cols, (int)type);
            return NULL;
        }
        *rows = s.rows;
        *cols = s.cols;
        return m->p + s.offset;
    }
    (void)dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "section %s is missing", name);
    return NULL;
}

uint64_t dl_model_checksum(const dl_model_file *m)
{
    header h;

    memcpy(&h, m->p, sizeof h);
    return h.checksum;
}

dl_str dl_model_info(const dl_model_file *m, const char *key)
{
    uint32_t rows = 0, cols = 1;
    size_t key_n = strlen(key);
    const char *p = dl_model_array(m, "info", DL_ELEM_U8, &rows, &cols, NULL);
    const char *end = p ? p + rows : NULL;

    while (p && p < end) {
        const char *nl = memchr(p, '\n', (size_t)(end - p));
        const char *stop = nl ? nl : end;

        if ((size_t)(stop - p) > key_n + 1 && memcmp(p, key, key_n) == 0 && p[key_n] == ':' && p[key_n + 1] == ' ')
            return (dl_str){p + key_n + 2, (size_t)(stop - p) - key_n - 2};
        p = nl ? nl + 1 : end;
    }
    return (dl_str){NULL, 0};
}
