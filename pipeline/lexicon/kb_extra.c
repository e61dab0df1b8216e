#include "kb_extra.h"

#include "../base/arena.h"
#include "../base/buf.h"
#include "../base/utf8.h"
#include "../base/vec.h"
#include "skeleton.h"

#include <stdio.h>
#include <stdlib.h>

static const char where[] = "knowledge.extra";

/* X(column): what is read of a table, whatever else is in it */
#define COLUMNS(X) X(id) X(kind) X(name) X(alts) X(variants) X(aliases) X(acronym) X(type) X(iso2) X(iso3) X(lat) X(lon) X(pop) \
    X(gender) X(born) X(died) X(cameo) X(first) X(last) X(score)

enum column {
#define X(c) COL_##c,
    COLUMNS(X)
#undef X
        N_COLUMNS
};

static const char *const column_names[] = {
#define X(c) #c,
    COLUMNS(X)
#undef X
};

typedef struct entry {
    uint64_t  key;
    dl_kb_ref ref;
} entry;

struct dl_kb_extra {
    dl_arena arena;
    DL_VEC(dl_kb_place) places;
    DL_VEC(dl_kb_person) people;
    DL_VEC(dl_kb_org) orgs;
    DL_VEC(dl_str) strings;
    DL_VEC(entry) names; /* by key, then by prior downwards, then by row */
    char version[64];
};

typedef struct loader {
    dl_kb_extra *x;
    const dl_kb *kb;
    const char  *path;
    uint32_t     line;
    int          at[N_COLUMNS]; /* column's place in the line; -1: not there */
    dl_str       cell[N_COLUMNS];
    bool         no_room;
    dl_error    *err;
} loader;

static dl_code refuse(const loader *l, const char *what, dl_str value)
{
    return dl_fail(l->err, DL_FATAL, where, DL_NO_PLACE, "%s:%u: %s \"%.*s\"", l->path, l->line, what, value.n < 60 ? (int)value.n : 60,
                   value.p ? value.p : "");
}

/* ---- cells ----------------------------------------------------------------------------------------------------------- */

/* The next piece of *rest before `mark`; false at its end. */
static bool next(dl_str *rest, char mark, dl_str *piece)
{
    if (!rest->p)
        return false;
    const char *p = rest->n ? memchr(rest->p, mark, rest->n) : NULL;
    size_t n = p ? (size_t)(p - rest->p) : rest->n;

    *piece = dl_str_sub(*rest, 0, n);
    *rest = p ? dl_str_sub(*rest, n + 1, rest->n) : (dl_str){NULL, 0};
    return true;
}

/* A decimal number, all of s; false else. */
static bool decimal(dl_str s, double *out)
{
    double v = 0, unit = 1;
    size_t i = s.n && (s.p[0] == '-' || s.p[0] == '+'), digits = 0;
    bool point = false;

    for (; i < s.n; i++) {
        if (s.p[i] == '.' && !point) {
            point = true;
            continue;
        }
        if (!dl_is_digit(s.p[i]) || ++digits > 15)
            return false;
        v = v * 10 + (s.p[i] - '0');
        unit *= point ? 10 : 1;
    }
    *out = (s.n && s.p[0] == '-' ? -v : v) / unit;
    return digits > 0;
}

/* The number in a cell within [min, max]; `none` where the cell is empty. */
static dl_code number(const loader *l, enum column c, double min, double max, double none, double *out)
{
    *out = none;
    if (l->cell[c].n && (!decimal(l->cell[c], out) || *out < min || *out > max))
        return refuse(l, "out of range or no number:", l->cell[c]);
    return DL_OK;
}

static uint32_t keep(loader *l, dl_str s)
{
    if (!s.n)
        return 0;
    dl_str *to = DL_PUSH(&l->x->arena, &l->x->strings);

    s.n = s.n < DL_KB_STRING_MAX ? s.n : DL_KB_STRING_MAX - 1;
    while (s.n && dl_utf8_check(s) < s.n) /* not within a code point */
        s.n--;
    if (to)
        *to = dl_arena_str(&l->x->arena, s);
    l->no_room |= !to || !to->p;
    return l->kb->n_strings + l->x->strings.n - 1;
}

static dl_kb_id id_of(loader *l, bool is_place)
{
    dl_str s = l->cell[COL_id];
    double n = 0;
    bool whole = !memchr(s.p, '.', s.n) && s.p[0] != '-' && s.p[0] != '+';

    if (is_place && whole && decimal(s, &n) && n < 0x10000000)
        return dl_kb_id_of(DL_KB_ID_GEONAMES, (uint32_t)n);
    if (s.p[0] == 'Q' && s.n > 1 && dl_is_digit(s.p[1]) && whole && decimal(dl_str_sub(s, 1, s.n), &n) && n < 0x10000000)
        return dl_kb_id_of(DL_KB_ID_WIKIDATA, (uint32_t)n);
    uint32_t known = dl_kb_string_of(l->kb, s);

    return dl_kb_id_of(DL_KB_ID_OWN, known != DL_KB_NO_ROW ? known : keep(l, s));
}

static dl_code country_of(const loader *l, enum column c, uint8_t *out)
{
    *out = DL_KB_NO_COUNTRY;
    if (!l->cell[c].n)
        return DL_OK;
    dl_str rest = l->cell[c], first = {NULL, 0};

    (void)next(&rest, '|', &first);
    *out = dl_kb_country_of(l->kb, first);
    return *out == DL_KB_NO_COUNTRY ? refuse(l, "no country of ISO 3166:", first) : DL_OK;
}

static void put(loader *l, uint64_t key, dl_kb_type type, uint32_t row, dl_kb_form form)
{
    if (!key)
        return;
    entry *e = DL_PUSH(&l->x->arena, &l->x->names);

    if (e)
        *e = (entry){key, {row, (uint8_t)type, (uint8_t)form, 15}}; /* whoever names a thing means it */
    l->no_room |= !e;
}

static void name(loader *l, dl_str text, dl_kb_type type, uint32_t row, dl_kb_form form)
{
    dl_name_words w;

    dl_name_words_of(&w, text);
    put(l, dl_kb_key(&w, 0, w.n), type, row, form);
    if (type == DL_KB_PERSON && !w.cut)
        put(l, dl_skeleton_key(w.word, w.n), type, row, DL_KB_SKELETON);
}

static void names(loader *l, enum column others, dl_kb_type type, uint32_t row)
{
    dl_str rest = l->cell[others], one;

    name(l, l->cell[COL_name], type, row, DL_KB_NAME);
    while (next(&rest, '|', &one))
        name(l, one, type, row, DL_KB_VARIANT);
}

/* ---- rows ------------------------------------------------------------------------------------------------------------ */

static dl_code kind_of(const loader *l, uint8_t *out)
{
    dl_str want = l->cell[COL_kind].n ? l->cell[COL_kind] : DL_LIT("P.PPL");
    char b[DL_KB_STRING_MAX];

    for (uint32_t i = 1; i < l->kb->n_kinds && i < 256; i++)
        if (dl_str_eq((dl_str){b, dl_kb_string(l->kb, dl_kb_kind_name(l->kb, (uint8_t)i), b)}, want)) {
            *out = (uint8_t)i;
            return DL_OK;
        }
    return refuse(l, "no kind of place:", want);
}

static dl_code add_place(loader *l)
{
    dl_kb_place p = {.admin1 = UINT16_MAX, .admin2 = UINT16_MAX};
    double lat, lon, pop;
    dl_code code = number(l, COL_lat, -90, 90, -91, &lat);

    if (code == DL_OK)
        code = number(l, COL_lon, -180, 180, -181, &lon);
    if (code == DL_OK)
        code = number(l, COL_pop, 0, 1e12, 0, &pop);
    if (code == DL_OK)
        code = country_of(l, l->cell[COL_iso3].n ? COL_iso3 : COL_iso2, &p.country);
    if (code == DL_OK)
        code = kind_of(l, &p.kind);
    if (code != DL_OK)
        return code;
    p.has_point = lat >= -90 && lon >= -180;
    p.lat = (float)lat;
    p.lon = (float)lon;
    p.population = (int64_t)pop;
    p.level = l->kb->levels[p.kind];
    p.name = keep(l, l->cell[COL_name]);
    p.id = id_of(l, true);
    dl_kb_place *to = DL_PUSH(&l->x->arena, &l->x->places);

    l->no_room |= !to;
    if (to)
        *to = p;
    names(l, COL_alts, DL_KB_PLACE, l->kb->places.n + l->x->places.n - 1);
    return DL_OK;
}

static dl_code add_org(loader *l)
{
    dl_kb_org o = {0};
    dl_code code = country_of(l, COL_iso3, &o.country);

    if (code != DL_OK)
        return code;
    o.name = keep(l, l->cell[COL_name]);
    o.acronym = keep(l, l->cell[COL_acronym]);
    o.type = keep(l, l->cell[COL_type]);
    o.code = keep(l, l->cell[COL_cameo]);
    o.id = id_of(l, false);
    dl_kb_org *to = DL_PUSH(&l->x->arena, &l->x->orgs);
    uint32_t row = l->kb->orgs.n + l->x->orgs.n - 1;

    l->no_room |= !to;
    if (to)
        *to = o;
    names(l, COL_aliases, DL_KB_ORG, row);
    name(l, l->cell[COL_acronym], DL_KB_ORG, row, DL_KB_ACRONYM);
    return DL_OK;
}

static dl_code add_person(loader *l)
{
    static const enum column years[] = {COL_born, COL_died, COL_first, COL_last};
    dl_kb_person p = {.country = {DL_KB_NO_COUNTRY, DL_KB_NO_COUNTRY}};
    int32_t *to_year[] = {&p.born, &p.died, &p.first, &p.last};
    double v;
    dl_code code = country_of(l, COL_iso3, &p.country[0]);

    for (size_t i = 0; code == DL_OK && i < sizeof years / sizeof *years; i++) {
        code = number(l, years[i], -5000, 9999, 0, &v);
        *to_year[i] = (int32_t)v;
    }
    if (code == DL_OK)
        code = number(l, COL_score, 0, 255, 20, &v);
    if (code != DL_OK)
        return code;
    p.score = (uint8_t)v;
    p.gender = l->cell[COL_gender].n == 1 ? (uint8_t)l->cell[COL_gender].p[0] : 0;
    p.name = keep(l, l->cell[COL_name]);
    p.code = keep(l, l->cell[COL_cameo]);
    p.id = id_of(l, false);
    dl_kb_person *to = DL_PUSH(&l->x->arena, &l->x->people);

    l->no_room |= !to;
    if (to)
        *to = p;
    names(l, COL_variants, DL_KB_PERSON, l->kb->people.n + l->x->people.n - 1);
    return DL_OK;
}

static dl_code header(loader *l, dl_str line)
{
    dl_str cell;

    for (int c = 0; c < N_COLUMNS; c++)
        l->at[c] = -1;
    for (int i = 0; next(&line, '\t', &cell); i++)
        for (int c = 0; c < N_COLUMNS; c++)
            if (dl_str_eq(cell, dl_str_of(column_names[c]))) {
                if (l->at[c] >= 0)
                    return refuse(l, "a column that stands twice:", cell);
                l->at[c] = i;
            }
    if (l->at[COL_id] < 0 || l->at[COL_name] < 0)
        return refuse(l, "the first line names the columns; missing:", l->at[COL_id] < 0 ? DL_LIT("id") : DL_LIT("name"));
    return DL_OK;
}

static dl_code row(loader *l, dl_str line)
{
    dl_str cell, cells[64];
    int n = 0;

    for (; next(&line, '\t', &cell); n++)
        if (n < 64)
            cells[n] = cell;
    for (int c = 0; c < N_COLUMNS; c++)
        l->cell[c] = l->at[c] >= 0 && l->at[c] < n && l->at[c] < 64 ? dl_str_trim(cells[l->at[c]]) : (dl_str){"", 0};
    if (!l->cell[COL_id].n || !l->cell[COL_name].n)
        return refuse(l, "a row without", l->cell[COL_id].n ? DL_LIT("name") : DL_LIT("id"));
    return l->at[COL_lat] >= 0 ? add_place(l) : l->at[COL_type] >= 0 ? add_org(l) : add_person(l);
}

static dl_code read_table(loader *l, dl_str text)
{
    dl_str line;
    dl_code code = DL_OK;

    for (l->line = 1; code == DL_OK && next(&text, '\n', &line); l->line++) {
        if (dl_str_ends(line, DL_LIT("\r")))
            line.n--;
        if (dl_utf8_check(line) < line.n)
            return refuse(l, "not UTF-8", (dl_str){"", 0});
        if (l->line == 1)
            code = header(l, line);
        else if (line.n)
            code = row(l, line);
        if (code == DL_OK && l->no_room)
            code = dl_fail(l->err, DL_FATAL, where, DL_NO_PLACE, "%s:%u: out of memory", l->path, l->line);
    }
    return code;
}

/* ---- all tables -------------------------------------------------------------------------------------------------------- */

static int by_key(const void *a, const void *b)
{
    const entry *x = a, *y = b;

    if (x->key != y->key)
        return x->key < y->key ? -1 : 1;
    if (x->ref.type != y->ref.type)
        return x->ref.type < y->ref.type ? -1 : 1;
    return x->ref.row < y->ref.row ? -1 : x->ref.row > y->ref.row;
}

dl_code dl_kb_extra_load(dl_kb_extra **out, const dl_kb *kb, const char *const *paths, uint32_t n, dl_error *err)
{
    enum { FILE_MOST = 256 << 20 };
    dl_kb_extra *x = calloc(1, sizeof *x);
    loader l = {.x = x, .kb = kb, .err = err};
    uint64_t digest = 0;
    dl_code code = DL_OK;

    if (!x)
        return dl_fail(err, DL_FATAL, where, DL_NO_PLACE, "out of memory");
    dl_arena_init(&x->arena, (size_t)4 << 30);
    for (uint32_t i = 0; code == DL_OK && i < n; i++) {
        dl_buf text = {0};

        l.path = paths[i];
        code = dl_file_read(&text, paths[i], FILE_MOST, err);
        if (code == DL_OK) {
            digest = dl_hash(text.p, text.n, digest);
            code = read_table(&l, dl_buf_str(&text));
        }
        dl_buf_free(&text);
    }
    if (code != DL_OK) {
        dl_kb_extra_free(x);
        return code == DL_LIMIT ? DL_FATAL : code;
    }
    if (x->names.n)
        qsort(x->names.p, x->names.n, sizeof *x->names.p, by_key);
    (void)snprintf(x->version, sizeof x->version, "%016llx", (unsigned long long)digest);
    *out = x;
    return DL_OK;
}

void dl_kb_extra_free(dl_kb_extra *x)
{
    if (!x)
        return;
    dl_arena_free(&x->arena);
    free(x);
}

const char *dl_kb_extra_version(const dl_kb_extra *x)
{
    return x->version;
}

uint32_t dl_kb_extra_find(const dl_kb_extra *x, uint64_t key, dl_kb_ref *out, uint32_t most)
{
    uint32_t lo = 0, hi = x->names.n, n = 0;

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;

        if (x->names.p[mid].key < key)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < x->names.n && x->names.p[lo].key == key && n < most; lo++)
        out[n++] = x->names.p[lo].ref;
    return n;
}

uint32_t dl_kb_extra_row_of(const dl_kb_extra *x, dl_kb_type type, dl_kb_id id)
{
    for (uint32_t i = 0; type == DL_KB_PLACE && i < x->places.n; i++)
        if (x->places.p[i].id == id)
            return i;
    for (uint32_t i = 0; type == DL_KB_PERSON && i < x->people.n; i++)
        if (x->people.p[i].id == id)
            return i;
    for (uint32_t i = 0; type == DL_KB_ORG && i < x->orgs.n; i++)
        if (x->orgs.p[i].id == id)
            return i;
    return DL_KB_NO_ROW;
}

bool dl_kb_extra_place(const dl_kb_extra *x, uint32_t i, dl_kb_place *out)
{
    return i < x->places.n && (*out = x->places.p[i], true);
}

bool dl_kb_extra_person(const dl_kb_extra *x, uint32_t i, dl_kb_person *out)
{
    return i < x->people.n && (*out = x->people.p[i], true);
}

bool dl_kb_extra_org(const dl_kb_extra *x, uint32_t i, dl_kb_org *out)
{
    return i < x->orgs.n && (*out = x->orgs.p[i], true);
}

size_t dl_kb_extra_string(const dl_kb_extra *x, uint32_t i, char out[static DL_KB_STRING_MAX])
{
    if (i >= x->strings.n)
        return 0;
    memcpy(out, x->strings.p[i].p, x->strings.p[i].n);
    return x->strings.p[i].n;
}
