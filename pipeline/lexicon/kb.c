#include "kb.h"

#include "kb_extra.h"

#include <stdio.h>

/* Bytes of a packed row, as scripts/training/kb.py writes them. */
enum { PLACE_BYTES = 21, PERSON_BYTES = 19, SPELL_BYTES = 8, ORG_BYTES = 14, COUNTRY_NUMBERS = 12, LABEL_NUMBERS = 4, BUCKET = 16 };

static uint32_t u16_at(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t u24_at(const uint8_t *p)
{
    return u16_at(p) | (uint32_t)p[2] << 16;
}

static uint32_t u32_at(const uint8_t *p)
{
    return u24_at(p) | (uint32_t)p[3] << 24;
}

static int32_t i24_at(const uint8_t *p)
{
    return (int32_t)(u24_at(p) << 8) >> 8;
}

/* ---- open ------------------------------------------------------------------------------------------------------------ */

static bool load_table(dl_kb_table *t, const dl_model_file *m, const char *name, uint32_t width, dl_error *err)
{
    t->width = width;
    return (t->p = dl_model_array(m, name, DL_ELEM_U8, &t->n, &t->width, err)) != NULL;
}

static bool load_numbers(const uint32_t **p, uint32_t *n, const dl_model_file *m, const char *name, uint32_t cols, dl_error *err)
{
    return (*p = dl_model_array(m, name, DL_ELEM_U32, n, &cols, err)) != NULL;
}

static dl_kb_level level_of(dl_str kind)
{
    static const struct {
        char    kind[8];
        uint8_t level;
    } levels[] = {{"A.PCLI", DL_KB_LEVEL_COUNTRY}, {"A.ADM1", DL_KB_LEVEL_ADMIN1}, {"A.ADM", DL_KB_LEVEL_ADMIN2}, {"P.PPLC", DL_KB_LEVEL_CAPITAL},
                  {"P.PPLX", DL_KB_LEVEL_PART},    {"P.PPLA", DL_KB_LEVEL_SEAT},   {"L.", DL_KB_LEVEL_REGION},   {"T.", DL_KB_LEVEL_LAND},
                  {"H.", DL_KB_LEVEL_WATER},       {"S.", DL_KB_LEVEL_FACILITY},   {"P.CAMP", DL_KB_LEVEL_FACILITY}};

    if (dl_str_starts(kind, DL_LIT("P.PPLA")) && kind.n > 6) /* the seat of a district */
        return DL_KB_LEVEL_CITY;
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (dl_str_starts(kind, dl_str_of(levels[i].kind)))
            return (dl_kb_level)levels[i].level;
    return DL_KB_LEVEL_CITY;
}

static void name_levels(dl_kb *kb)
{
    char kind[DL_KB_STRING_MAX];

    for (uint32_t i = 0; i < sizeof kb->levels; i++) {
        kb->levels[i] = DL_KB_LEVEL_CITY;
        if (i < kb->n_kinds)
            kb->levels[i] = (uint8_t)level_of((dl_str){kind, dl_kb_string(kb, kb->kinds[i], kind)});
    }
}

static bool load_all(dl_kb *kb, const dl_model_file *m, const uint32_t **counts, dl_error *err)
{
    uint32_t n_counts = 2, n_strings_at = 0;
    uint32_t *n = kb->n_labels;
    bool ok = load_numbers(counts, &n_counts, m, "counts", 1, err) && load_table(&kb->names, m, "names", 1, err) &&
              load_numbers(&kb->names_at, &kb->n_buckets, m, "names.at", 1, err) && load_table(&kb->strings, m, "strings", 1, err) &&
              load_numbers(&kb->strings_at, &n_strings_at, m, "strings.at", 1, err) &&
              load_table(&kb->places, m, "places", PLACE_BYTES, err) && load_table(&kb->people, m, "people", PERSON_BYTES, err) &&
              load_table(&kb->spells, m, "spells", SPELL_BYTES, err) && load_table(&kb->orgs, m, "orgs", ORG_BYTES, err) &&
              load_table(&kb->neighbours, m, "neighbours", 1, err) && load_numbers(&kb->admin1, &kb->n_admin1, m, "admin1", 2, err) &&
              load_numbers(&kb->admin2, &kb->n_admin2, m, "admin2", 1, err) &&
              load_numbers(&kb->countries, &kb->n_countries, m, "countries", COUNTRY_NUMBERS, err) &&
              load_numbers(&kb->labels[0], &n[0], m, "norps", LABEL_NUMBERS, err) &&
              load_numbers(&kb->labels[1], &n[1], m, "metonyms", LABEL_NUMBERS, err) &&
              load_numbers(&kb->labels[2], &n[2], m, "titles", LABEL_NUMBERS, err) &&
              load_numbers(&kb->codes, &kb->n_codes, m, "codes", 1, err) &&
              load_numbers(&kb->org_codes, &kb->n_org_codes, m, "org.codes", 1, err) &&
              load_numbers(&kb->offices, &kb->n_offices, m, "offices", 1, err) &&
              load_numbers(&kb->org_types, &kb->n_org_types, m, "org.types", 1, err) &&
              load_numbers(&kb->kinds, &kb->n_kinds, m, "kinds", 1, err);

    if (ok && n_strings_at != ((*counts)[1] + (uint64_t)BUCKET - 1) / BUCKET) {
        (void)dl_fail(err, DL_FATAL, "kb", DL_NO_PLACE, "kb.dlm says %u strings and has %u buckets of them", (*counts)[1], n_strings_at);
        return false;
    }
    return ok;
}

dl_code dl_kb_init(dl_kb *out, dl_model_file *file, dl_error *err)
{
    enum { MOST_BUCKET_BITS = 30 };
    dl_kb kb = {.file = *file};
    const uint32_t *counts = NULL;

    if (!load_all(&kb, file, &counts, err))
        return DL_FATAL;
    kb.bucket_bits = counts[0];
    kb.n_strings = counts[1];
    if (kb.bucket_bits == 0 || kb.bucket_bits > MOST_BUCKET_BITS || kb.n_buckets != (1u << kb.bucket_bits) + 1)
        return dl_fail(err, DL_FATAL, "kb", DL_NO_PLACE, "kb.dlm: %u buckets of names are not 2^%u", kb.n_buckets, kb.bucket_bits);
    if (kb.people.n == 0 || kb.n_countries >= DL_KB_NO_COUNTRY)
        return dl_fail(err, DL_FATAL, "kb", DL_NO_PLACE, "kb.dlm: %u people, %u countries", kb.people.n, kb.n_countries);
    kb.people.n--; /* the last row says where the spells of the one before end */
    name_levels(&kb);
    *out = kb;
    *file = (dl_model_file){0};
    return DL_OK;
}

dl_code dl_kb_open(dl_kb *out, const char *models_dir, dl_error *err)
{
    dl_model_file file = {0};
    dl_code code = dl_model_open(&file, models_dir, "kb.dlm", "kb", err);

    if (code == DL_OK)
        code = dl_kb_init(out, &file, err);
    dl_model_close(&file);
    return code;
}

void dl_kb_close(dl_kb *kb)
{
    dl_model_close(&kb->file);
    *kb = (dl_kb){0};
}

/* ---- strings: buckets of 16, the first whole, each other one what it shares with the one before and the rest ----------------- */

/* Strings of bucket b up to and with number `last`: the bytes of that one in out. */
static size_t bucket_string(const dl_kb *kb, uint32_t b, uint32_t last, char out[static DL_KB_STRING_MAX])
{
    size_t at = kb->strings_at[b], n = 0;

    for (uint32_t i = 0; i <= last; i++) {
        size_t head = i ? 2 : 1;

        if (at >= kb->strings.n || kb->strings.n - at < head)
            return 0;
        size_t same = i ? kb->strings.p[at] : 0, more = kb->strings.p[at + head - 1];

        at += head;
        if (more > kb->strings.n - at || same > n || same + more >= DL_KB_STRING_MAX)
            return 0;
        memcpy(out + same, kb->strings.p + at, more);
        n = same + more;
        at += more;
    }
    return n;
}

size_t dl_kb_string(const dl_kb *kb, uint32_t s, char out[static DL_KB_STRING_MAX])
{
    if (s < kb->n_strings)
        return bucket_string(kb, s / BUCKET, s % BUCKET, out);
    return kb->extra ? dl_kb_extra_string(kb->extra, s - kb->n_strings, out) : 0;
}

uint32_t dl_kb_string_of(const dl_kb *kb, dl_str text)
{
    uint32_t lo = 0, hi = kb->n_strings;
    char b[DL_KB_STRING_MAX];

    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        int order = dl_str_cmp((dl_str){b, dl_kb_string(kb, mid, b)}, text);

        if (order == 0)
            return mid;
        if (order < 0)
            lo = mid + 1;
        else
            hi = mid;
    }
    return DL_KB_NO_ROW;
}

/* ---- records --------------------------------------------------------------------------------------------------------- */

static int64_t population_of(uint32_t packed)
{
    return (int64_t)(packed & 0x7FF) << (packed >> 11);
}

bool dl_kb_get_place(const dl_kb *kb, uint32_t row, dl_kb_place *out)
{
    if (row >= kb->places.n)
        return kb->extra && dl_kb_extra_place(kb->extra, row - kb->places.n, out);
    const uint8_t *p = kb->places.p + (size_t)row * PLACE_BYTES;
    int32_t lat = i24_at(p), lon = i24_at(p + 3);

    *out = (dl_kb_place){.lat = (float)lat / 10000,
                         .lon = (float)lon / 10000,
                         .has_point = lat >= -900000 && lat <= 900000 && lon >= -1800000 && lon <= 1800000,
                         .name = u24_at(p + 6),
                         .id = u32_at(p + 9),
                         .population = population_of(u16_at(p + 13)),
                         .kind = p[15],
                         .level = kb->levels[p[15]],
                         .country = p[16],
                         .admin1 = (uint16_t)u16_at(p + 17),
                         .admin2 = (uint16_t)u16_at(p + 19)};
    return true;
}

static uint32_t code_at(const uint32_t *table, uint32_t n, uint32_t i)
{
    return i < n ? table[i] : 0;
}

static int32_t year_of(uint8_t packed, int32_t base)
{
    return packed ? base + packed : 0;
}

bool dl_kb_get_person(const dl_kb *kb, uint32_t row, dl_kb_person *out)
{
    if (row >= kb->people.n)
        return kb->extra && dl_kb_extra_person(kb->extra, row - kb->people.n, out);
    const uint8_t *p = kb->people.p + (size_t)row * PERSON_BYTES;
    uint32_t spells = u24_at(p + 16), end = u24_at(p + PERSON_BYTES + 16);

    *out = (dl_kb_person){.name = u24_at(p),
                          .id = u32_at(p + 3),
                          .country = {p[7], p[8]},
                          .born = year_of(p[9], 1800),
                          .died = year_of(p[10], 1800),
                          .first = year_of(p[11], 1900),
                          .last = year_of(p[12], 1900),
                          .gender = p[13] == 1 ? 'm' : p[13] == 2 ? 'f' : 0,
                          .score = p[14],
                          .code = code_at(kb->codes, kb->n_codes, p[15]),
                          .spells = spells,
                          .n_spells = spells <= end && end <= kb->spells.n ? end - spells : 0};
    return true;
}

bool dl_kb_get_spell(const dl_kb *kb, uint32_t row, dl_kb_spell *out)
{
    if (row >= kb->spells.n)
        return false;
    const uint8_t *p = kb->spells.p + (size_t)row * SPELL_BYTES;

    *out = (dl_kb_spell){.office = code_at(kb->offices, kb->n_offices, u16_at(p)),
                         .code = code_at(kb->codes, kb->n_codes, p[2]),
                         .country = p[3],
                         .start = (uint16_t)u16_at(p + 4),
                         .end = (uint16_t)u16_at(p + 6)};
    return true;
}

bool dl_kb_get_org(const dl_kb *kb, uint32_t row, dl_kb_org *out)
{
    if (row >= kb->orgs.n)
        return kb->extra && dl_kb_extra_org(kb->extra, row - kb->orgs.n, out);
    const uint8_t *p = kb->orgs.p + (size_t)row * ORG_BYTES;

    *out = (dl_kb_org){.name = u24_at(p),
                       .id = u32_at(p + 3),
                       .type = code_at(kb->org_types, kb->n_org_types, p[7]),
                       .country = p[8],
                       .code = code_at(kb->org_codes, kb->n_org_codes, u16_at(p + 9)),
                       .acronym = u24_at(p + 11)};
    return true;
}

static void letters(char *out, uint32_t packed, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        out[i] = (char)(packed >> 8 * i & 0x7F);
    out[n] = 0;
}

bool dl_kb_get_country(const dl_kb *kb, uint32_t row, dl_kb_country *out)
{
    if (row >= kb->n_countries)
        return false;
    const uint32_t *c = kb->countries + (size_t)row * COUNTRY_NUMBERS;

    *out = (dl_kb_country){.name = c[0], .official = c[1], .place = c[4], .capital = c[5], .population = c[8], .subregion = c[11]};
    letters(out->iso2, c[2], 2);
    letters(out->iso3, c[3], 3);
    out->geonames = c[6] ? dl_kb_id_of(DL_KB_ID_GEONAMES, c[6]) : 0;
    out->wikidata = c[7] ? dl_kb_id_of(DL_KB_ID_WIKIDATA, c[7]) : 0;
    return true;
}

bool dl_kb_get_label(const dl_kb *kb, dl_kb_type type, uint32_t row, dl_kb_label *out)
{
    if (type < DL_KB_NORP || type > DL_KB_TITLE || row >= kb->n_labels[type - DL_KB_NORP])
        return false;
    const uint32_t *l = kb->labels[type - DL_KB_NORP] + (size_t)row * LABEL_NUMBERS;

    *out = (dl_kb_label){.text = l[0],
                         .what = l[1],
                         .code = l[2],
                         .country = (uint8_t)(type == DL_KB_TITLE || l[3] >= kb->n_countries ? DL_KB_NO_COUNTRY : l[3]),
                         .position = (uint8_t)(type == DL_KB_TITLE ? l[3] : 0)};
    return true;
}

bool dl_kb_are_neighbours(const dl_kb *kb, uint8_t a, uint8_t b)
{
    if (a >= kb->n_countries)
        return false;
    const uint32_t *c = kb->countries + (size_t)a * COUNTRY_NUMBERS;

    for (uint32_t i = c[9]; i < c[10] && i < kb->neighbours.n; i++)
        if (kb->neighbours.p[i] == b)
            return true;
    return false;
}

uint8_t dl_kb_country_of(const dl_kb *kb, dl_str code)
{
    for (uint32_t i = 0; i < kb->n_countries; i++) {
        dl_kb_country c;

        if (dl_kb_get_country(kb, i, &c) && code.n && (dl_str_eq(code, dl_str_of(c.iso3)) || dl_str_eq(code, dl_str_of(c.iso2))))
            return (uint8_t)i;
    }
    return DL_KB_NO_COUNTRY;
}

uint32_t dl_kb_admin1_name(const dl_kb *kb, uint16_t admin1)
{
    return admin1 < kb->n_admin1 ? kb->admin1[2 * (size_t)admin1] : 0;
}

uint32_t dl_kb_admin1_place(const dl_kb *kb, uint16_t admin1)
{
    return admin1 < kb->n_admin1 ? kb->admin1[2 * (size_t)admin1 + 1] : DL_KB_NO_ROW;
}

uint32_t dl_kb_admin2_place(const dl_kb *kb, uint16_t admin2)
{
    return admin2 < kb->n_admin2 ? kb->admin2[admin2] : DL_KB_NO_ROW;
}

uint32_t dl_kb_kind_name(const dl_kb *kb, uint8_t kind)
{
    return code_at(kb->kinds, kb->n_kinds, kind);
}

/* ---- ids ------------------------------------------------------------------------------------------------------------- */

uint32_t dl_kb_row_of(const dl_kb *kb, dl_kb_type type, dl_kb_id id)
{
    static const uint8_t id_at[] = {[DL_KB_PLACE] = 9, [DL_KB_PERSON] = 3, [DL_KB_ORG] = 3};

    if (type > DL_KB_ORG)
        return DL_KB_NO_ROW;
    const dl_kb_table *t = type == DL_KB_PLACE ? &kb->places : type == DL_KB_PERSON ? &kb->people : &kb->orgs;
    uint32_t lo = 0, hi = t->n, own = kb->extra ? dl_kb_extra_row_of(kb->extra, type, id) : DL_KB_NO_ROW;

    if (own != DL_KB_NO_ROW)
        return t->n + own;
    while (lo < hi) {
        uint32_t mid = lo + (hi - lo) / 2;
        dl_kb_id there = u32_at(t->p + (size_t)mid * t->width + id_at[type]);

        if (there == id)
            return mid;
        if (there < id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return DL_KB_NO_ROW;
}

size_t dl_kb_id_text(const dl_kb *kb, dl_kb_id id, char out[static DL_KB_STRING_MAX], const char **scheme)
{
    static const struct {
        char scheme[12], prefix[4];
    } schemes[] = {[DL_KB_ID_GEONAMES] = {"geonames", ""}, [DL_KB_ID_WIKIDATA] = {"wikidata", "Q"}, [DL_KB_ID_NATURAL_EARTH] = {"kb", "N:"},
                   [DL_KB_ID_ORG] = {"kb", "O:"},          [DL_KB_ID_WIKIPEDIA] = {"kb", "PAN:"},  [DL_KB_ID_OWN] = {"kb", ""}};
    uint32_t which = id >> 28, number = id & 0x0FFFFFFF;

    if (which == DL_KB_ID_NONE || which > DL_KB_ID_OWN)
        return 0;
    *scheme = schemes[which].scheme;
    if (which == DL_KB_ID_OWN)
        return dl_kb_string(kb, number, out);
    int n = snprintf(out, DL_KB_STRING_MAX, "%s%u", schemes[which].prefix, number);

    return n > 0 ? (size_t)n : 0;
}
