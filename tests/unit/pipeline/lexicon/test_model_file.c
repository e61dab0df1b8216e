#include "tests/support/check.h"

#include "pipeline/lexicon/model_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A model of two sections, written by hand as the header of model_file.h describes it. */
enum { N = 384, TABLE = 64, FIRST = 192, SECOND = 256 };

typedef struct image {
    _Alignas(64) uint8_t b[N];
} image;

static void put(image *m, size_t at, const void *p, size_t n)
{
    memcpy(m->b + at, p, n);
}

static void put_u32(image *m, size_t at, uint32_t v)
{
    put(m, at, &v, sizeof v);
}

static void put_u64(image *m, size_t at, uint64_t v)
{
    put(m, at, &v, sizeof v);
}

static void put_section(image *m, size_t at, const char *name, uint64_t offset, uint64_t bytes, uint32_t type, uint32_t rows, uint32_t cols)
{
    put(m, at, name, strlen(name) + 1);
    put_u64(m, at + 16, offset);
    put_u64(m, at + 24, bytes);
    put_u32(m, at + 32, type);
    put_u32(m, at + 36, rows);
    put_u32(m, at + 40, cols);
}

static void seal(image *m)
{
    put_u64(m, 24, dl_hash(m->b + 64, N - 64, DL_MODEL_FORMAT));
}

static image good(void)
{
    image m = {{0}};
    const char info[] = "name: tiny\nlicence: none\n";
    const int16_t w[6] = {1, -2, 3, -4, 5, -6};

    put(&m, 0, "DLMODEL\n", 8);
    put_u32(&m, 8, DL_MODEL_FORMAT);
    put_u32(&m, 12, 2);
    put_u64(&m, 16, N);
    put(&m, 32, "tiny", 5);
    put_section(&m, TABLE, "info", FIRST, sizeof info - 1, DL_ELEM_U8, sizeof info - 1, 1);
    put_section(&m, TABLE + 48, "w", SECOND, sizeof w, DL_ELEM_I16, 2, 3);
    put(&m, FIRST, info, sizeof info - 1);
    put(&m, SECOND, w, sizeof w);
    seal(&m);
    return m;
}

static void a_sound_file_gives_its_arrays(void **state)
{
    (void)state;
    image m = good();
    dl_model_file f = {0};
    dl_error err;
    uint32_t rows = 0, cols = 3;

    check_ok("parse", dl_model_parse(&f, m.b, N, "tiny", "tiny", &err), &err);
    const int16_t *w = dl_model_array(&f, "w", DL_ELEM_I16, &rows, &cols, &err);

    assert_non_null(w);
    assert_int_equal(rows, 2);
    assert_int_equal(w[5], -6);
    check_str("info", dl_model_info(&f, "licence"), "none");
    assert_null(dl_model_info(&f, "nam").p);
    rows = 3;
    assert_null(dl_model_array(&f, "w", DL_ELEM_I16, &rows, &cols, &err));
    rows = cols = 0;
    assert_null(dl_model_array(&f, "w", DL_ELEM_U16, &rows, &cols, &err));
    assert_null(dl_model_array(&f, "missing", DL_ELEM_I16, &rows, &cols, &err));
    dl_model_close(&f);
    dl_model_close(&f);
}

static void harm_magic(image *m) { m->b[0] = 'X'; }
static void harm_format(image *m) { put_u32(m, 8, 7); }
static void harm_kind(image *m) { put(m, 32, "tinier", 7); }
static void harm_kind_without_end(image *m) { memset(m->b + 32, 'x', 16); }
static void harm_length(image *m) { put_u64(m, 16, N + 64); }
static void harm_count(image *m) { put_u32(m, 12, 0xFFFFFFFF); }
static void harm_content(image *m) { m->b[SECOND] ^= 1; }
static void harm_offset(image *m) { put_u64(m, TABLE + 48 + 16, 1u << 20); seal(m); }
static void harm_offset_wraps(image *m) { put_u64(m, TABLE + 48 + 16, UINT64_MAX - 63); seal(m); }
static void harm_odd_offset(image *m) { put_u64(m, TABLE + 48 + 16, SECOND + 8); seal(m); }
static void harm_bytes(image *m) { put_u64(m, TABLE + 48 + 24, 1u << 20); seal(m); }
static void harm_type(image *m) { put_u32(m, TABLE + 48 + 32, 99); seal(m); }
static void harm_shape(image *m) { put_u32(m, TABLE + 48 + 36, 0x80000001u); seal(m); }
static void harm_name(image *m) { memset(m->b + TABLE, 'n', 16); seal(m); }

static const struct {
    const char *name;
    void (*harm)(image *);
    const char *says;
} harms[] = {
    {"magic", harm_magic, "tiny is not a model file"},
    {"format", harm_format, "tiny has format 7, this program reads 1"},
    {"kind", harm_kind, "tiny is a model of another kind than \"tiny\""},
    {"kind without end", harm_kind_without_end, "tiny is a model of another kind than \"tiny\""},
    {"length", harm_length, "tiny is 384 bytes long, its header says 448: cut short or damaged"},
    {"section count", harm_count, "tiny: the section table is longer than the file"},
    {"content", harm_content, "tiny is damaged: its checksum differs"},
    {"offset", harm_offset, "tiny: section w lies outside the file"},
    {"offset that wraps", harm_offset_wraps, "tiny: section w lies outside the file"},
    {"offset not aligned", harm_odd_offset, "tiny: section w lies outside the file"},
    {"bytes", harm_bytes, "tiny: section w lies outside the file"},
    {"type", harm_type, "tiny: section w has another size than its shape says"},
    {"shape", harm_shape, "tiny: section w has another size than its shape says"},
    {"name without end", harm_name, "tiny: section 0 has no name"},
};

static void harmed_files_are_refused_with_a_sentence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof harms / sizeof *harms; i++) {
        image m = good();
        dl_model_file f = {0};
        dl_error err;

        harms[i].harm(&m);
        if (dl_model_parse(&f, m.b, N, "tiny", "tiny", &err) != DL_FATAL)
            fail_msg("%s: was accepted", harms[i].name);
        check_str(harms[i].name, dl_str_of(err.msg), harms[i].says);
        assert_null(f.p);
    }
}

static void every_shorter_file_is_refused(void **state)
{
    (void)state;
    image m = good();

    for (size_t n = 0; n < N; n++) {
        dl_model_file f = {0};
        uint8_t *cut = malloc(n ? n : 1); /* its own block, so that a sanitizer sees a read beyond it */

        assert_non_null(cut);
        memcpy(cut, m.b, n);
        assert_int_equal(dl_model_parse(&f, cut, n, "tiny", "tiny", NULL), DL_FATAL);
        free(cut);
    }
}

static void files_are_mapped_and_missing_ones_named(void **state)
{
    (void)state;
    char dir[] = "/tmp/dl-model-XXXXXX", path[64];
    image m = good();
    dl_model_file f = {0};
    dl_error err;

    assert_non_null(mkdtemp(dir));
    (void)snprintf(path, sizeof path, "%s/tiny.dlm", dir);
    assert_int_equal(dl_model_open(&f, dir, "tiny.dlm", "tiny", &err), DL_FATAL);
    assert_non_null(strstr(err.msg, "No such file"));
    FILE *out = fopen(path, "wb");

    assert_non_null(out);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(dl_model_open(&f, dir, "tiny.dlm", "tiny", &err), DL_FATAL);
    out = fopen(path, "wb");
    assert_non_null(out);
    assert_int_equal(fwrite(m.b, 1, N, out), N);
    assert_int_equal(fclose(out), 0);
    check_ok("open", dl_model_open(&f, dir, "tiny.dlm", "tiny", &err), &err);
    assert_true(f.mapped);
    dl_model_close(&f);
    assert_int_equal(dl_model_open(&f, dir, ".", "tiny", &err), DL_FATAL);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(rmdir(dir), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_file_gives_its_arrays),
        cmocka_unit_test(harmed_files_are_refused_with_a_sentence),
        cmocka_unit_test(every_shorter_file_is_refused),
        cmocka_unit_test(files_are_mapped_and_missing_ones_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
