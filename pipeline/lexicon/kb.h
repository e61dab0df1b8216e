/* kb: the knowledge base. Names and what they may mean: places, persons and the offices they held, organisations, countries with their
 * adjectives and neighbours, peoples, metonyms, titles.
 *
 * One file, kb.dlm, mapped read-only and shared by all threads and processes; a row is a small packed record, a string is a number that
 * dl_kb_string turns into bytes. Names are not stored: a name is found by 41 bits of the hash of its words, so that a name which is not in
 * it is taken for another once in about three million look-ups. The rows of a type are in the order of their ids.
 * Rows, strings and codes of the user's own tables (kb_extra.h) follow those of the file.
 * Nothing that the file says is believed: a row, string or offset out of bounds is as if it were not there.
 * Cost    open: one pass over the bytes for the checksum; look-up: two cache misses
 * Source  scripts/build-kb, from the tables that models/README.md lists */
#ifndef DL_KB_H
#define DL_KB_H

#include "model_file.h"

enum {
    DL_KB_STRING_MAX = 256,
    DL_KB_MOST_READINGS = 64,
    DL_KB_MOST_WORDS = 16,   /* of a name */
    DL_KB_NO_COUNTRY = 255,
    DL_KB_NO_ROW = UINT32_MAX
};

typedef enum dl_kb_type { DL_KB_PLACE, DL_KB_PERSON, DL_KB_ORG, DL_KB_COUNTRY, DL_KB_NORP, DL_KB_METONYM, DL_KB_TITLE, DL_N_KB_TYPES } dl_kb_type;

typedef enum dl_kb_form { /* how a name stands to what it means */
    DL_KB_NAME,
    DL_KB_VARIANT,
    DL_KB_ACRONYM,
    DL_KB_SURNAME,   /* of a person whom news calls by it */
    DL_KB_ADJECTIVE,
    DL_KB_DEMONYM,
    DL_KB_SKELETON
} dl_kb_form;

typedef struct dl_kb_ref { /* one reading of a name */
    uint32_t row;
    uint8_t  type, form;
    uint8_t  prior; /* 0 to 15: how often news means this by the name, on a scale that holds within a type */
} dl_kb_ref;

typedef enum dl_kb_scheme { DL_KB_ID_NONE, DL_KB_ID_GEONAMES, DL_KB_ID_WIKIDATA, DL_KB_ID_NATURAL_EARTH, DL_KB_ID_ORG, DL_KB_ID_WIKIPEDIA, DL_KB_ID_OWN } dl_kb_scheme;

typedef uint32_t dl_kb_id; /* 4 bits of scheme, 28 of number; of DL_KB_ID_OWN the number of a string */

static inline dl_kb_id dl_kb_id_of(dl_kb_scheme scheme, uint32_t number)
{
    return (uint32_t)scheme << 28 | (number & 0x0FFFFFFF);
}

typedef enum dl_kb_level { /* what kind of place, coarsely */
    DL_KB_LEVEL_COUNTRY,
    DL_KB_LEVEL_ADMIN1,
    DL_KB_LEVEL_ADMIN2,
    DL_KB_LEVEL_CAPITAL,
    DL_KB_LEVEL_SEAT,     /* of an admin1 */
    DL_KB_LEVEL_CITY,
    DL_KB_LEVEL_PART,     /* of a city */
    DL_KB_LEVEL_REGION,
    DL_KB_LEVEL_LAND,     /* mountain, island, desert, continent */
    DL_KB_LEVEL_WATER,
    DL_KB_LEVEL_FACILITY,
    DL_N_KB_LEVELS
} dl_kb_level;

typedef struct dl_kb_place {
    dl_kb_id id;
    uint32_t name;
    float    lat, lon;
    bool     has_point;
    int64_t  population; /* three digits of it; 0: unknown */
    uint8_t  kind;       /* dl_kb_kind_name */
    uint8_t  level;      /* dl_kb_level */
    uint8_t  country;    /* row; DL_KB_NO_COUNTRY */
    uint16_t admin1, admin2; /* rows; UINT16_MAX: none */
} dl_kb_place;

typedef struct dl_kb_person {
    dl_kb_id id;
    uint32_t name;
    uint8_t  country[2];               /* DL_KB_NO_COUNTRY: none */
    int32_t  born, died, first, last; /* years; 0: unknown. first and last: in office */
    uint8_t  gender;                  /* 'm', 'f' or 0 */
    uint8_t  score;                   /* 30 and above: head of state or government, or as well known; 20: minister */
    uint32_t code;                    /* string: CAMEO role, GOV, LEG...; 0: none */
    uint32_t spells, n_spells;
} dl_kb_person;

typedef struct dl_kb_spell { /* an office held */
    uint32_t office, code; /* strings; 0: none */
    uint8_t  country;
    uint16_t start, end; /* days since 1900-01-01; 0: not known, or it lasts */
} dl_kb_spell;

typedef struct dl_kb_org {
    dl_kb_id id;
    uint32_t name, acronym; /* strings; 0: none */
    uint32_t type, code;    /* strings: igo, party...; whole CAMEO actor code */
    uint8_t  country;
} dl_kb_org;

typedef struct dl_kb_country {
    uint32_t name, official; /* strings */
    char     iso2[3], iso3[4]; /* iso3 of the rows that are no country: "INT", "EU" */
    uint32_t place, capital;   /* rows; DL_KB_NO_ROW */
    dl_kb_id geonames, wikidata;
    int64_t  population;
    uint32_t subregion; /* string */
} dl_kb_country;

typedef struct dl_kb_label { /* norp, metonym, title */
    uint32_t text, what; /* strings: the label, its class or a note */
    uint32_t code;       /* string: CAMEO, 0: none */
    uint8_t  country;    /* norps and metonyms */
    uint8_t  position;   /* titles: 1 before a name, 2 behind it, 0 any */
} dl_kb_label;

typedef struct dl_kb_extra dl_kb_extra;

typedef struct dl_kb_table {
    const uint8_t *p;
    uint32_t       n, width; /* rows and bytes of one */
} dl_kb_table;

typedef struct dl_kb { /* shared */
    dl_model_file   file;
    dl_kb_table     names, strings, places, people, spells, orgs, neighbours;
    const uint32_t *names_at;   /* [2^bucket_bits + 1] */
    const uint32_t *strings_at; /* [(n_strings + 15) / 16] */
    const uint32_t *admin1;     /* [n][2] name, row of the place */
    const uint32_t *admin2;     /* [n] row of the place */
    const uint32_t *countries;  /* [n][12] */
    const uint32_t *labels[3];  /* [n][4] norps, metonyms, titles */
    const uint32_t *codes, *org_codes, *offices, *org_types, *kinds; /* strings */
    uint32_t n_strings, n_admin1, n_admin2, n_countries, n_labels[3], n_codes, n_org_codes, n_offices, n_org_types, n_kinds;
    uint32_t bucket_bits, n_buckets;
    uint8_t  levels[256]; /* by kind */
    const dl_kb_extra *extra; /* NULL: none; borrows */
} dl_kb;

/* kb.dlm of models_dir. Gives: dl_kb_close. DL_FATAL where it cannot be used. */
dl_code dl_kb_open(dl_kb *out, const char *models_dir, dl_error *err);
dl_code dl_kb_init(dl_kb *out, dl_model_file *file, dl_error *err); /* takes the file */
void    dl_kb_close(dl_kb *kb);

/* ---- look-up --------------------------------------------------------------------------------------------------------- */

/* Words of a name, folded, without apostrophes and dots, cut at hyphens, without a leading "the". */
typedef struct dl_name_words {
    dl_str   word[DL_KB_MOST_WORDS]; /* borrow bytes */
    uint32_t n;
    bool     cut; /* there were more words, or longer ones */
    char     bytes[512];
} dl_name_words;

void dl_name_words_of(dl_name_words *out, dl_str name);

/* The key of the words [first, end); 0 for none. */
uint64_t dl_kb_key(const dl_name_words *w, uint32_t first, uint32_t end);

/* All readings of a key, the user's own first, then the likeliest; at most `most`. Returns how many. */
uint32_t dl_kb_find_key(const dl_kb *kb, uint64_t key, dl_kb_ref *out, uint32_t most);

/* The same by a name as it stands in a text. */
uint32_t dl_kb_find(const dl_kb *kb, dl_str name, dl_kb_ref *out, uint32_t most);

/* Persons whose name in another transliteration this may be. */
uint32_t dl_kb_find_skeleton(const dl_kb *kb, dl_str name, dl_kb_ref *out, uint32_t most);

/* The longest name that begins at word `first`: how many words it has, 0 for none, and its readings. */
uint32_t dl_kb_longest(const dl_kb *kb, const dl_name_words *w, uint32_t first, dl_kb_ref *out, uint32_t most, uint32_t *n_out);

/* The row with an id; DL_KB_NO_ROW. type: place, person or org. */
uint32_t dl_kb_row_of(const dl_kb *kb, dl_kb_type type, dl_kb_id id);

/* The country by its ISO 3166 code of two or three letters; DL_KB_NO_COUNTRY. */
uint8_t dl_kb_country_of(const dl_kb *kb, dl_str code);

/* The number of a string, DL_KB_NO_ROW where no record has it. For ids of DL_KB_ID_OWN. */
uint32_t dl_kb_string_of(const dl_kb *kb, dl_str text);

/* ---- records: false where there is no such row ------------------------------------------------------------------------- */

bool dl_kb_get_place(const dl_kb *kb, uint32_t row, dl_kb_place *out);
bool dl_kb_get_person(const dl_kb *kb, uint32_t row, dl_kb_person *out);
bool dl_kb_get_spell(const dl_kb *kb, uint32_t row, dl_kb_spell *out);
bool dl_kb_get_org(const dl_kb *kb, uint32_t row, dl_kb_org *out);
bool dl_kb_get_country(const dl_kb *kb, uint32_t row, dl_kb_country *out);
bool dl_kb_get_label(const dl_kb *kb, dl_kb_type type, uint32_t row, dl_kb_label *out);
bool dl_kb_are_neighbours(const dl_kb *kb, uint8_t a, uint8_t b);

uint32_t dl_kb_admin1_name(const dl_kb *kb, uint16_t admin1);  /* string; 0: none */
uint32_t dl_kb_admin1_place(const dl_kb *kb, uint16_t admin1); /* row; DL_KB_NO_ROW */
uint32_t dl_kb_admin2_place(const dl_kb *kb, uint16_t admin2);
uint32_t dl_kb_kind_name(const dl_kb *kb, uint8_t kind); /* string: "P.PPLC" */

/* The bytes of a string; 0 of an unknown one. */
size_t dl_kb_string(const dl_kb *kb, uint32_t s, char out[static DL_KB_STRING_MAX]);

/* The id as it is published: "1526273", "Q9458", "kb:..."; name of the scheme in *scheme ("geonames", "wikidata", "kb"), static. */
size_t dl_kb_id_text(const dl_kb *kb, dl_kb_id id, char out[static DL_KB_STRING_MAX], const char **scheme);


#endif
