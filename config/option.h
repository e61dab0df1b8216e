/* option: the rows of options.def at run time: how a value is read from text, kept in dl_config and written back. */
#ifndef DL_OPTION_H
#define DL_OPTION_H

#include "config.h"

typedef enum dl_option_type { DL_OPT_STR, DL_OPT_BOOL, DL_OPT_U32, DL_OPT_BYTES, DL_OPT_MS, DL_OPT_LIST, DL_OPT_CHOICE } dl_option_type;

typedef struct dl_option {
    const char    *key, *def, *unit, *doc;
    const char    *choices; /* "a|b|c|"; NULL where any value will do */
    dl_option_type type;
    size_t         at; /* of the field in dl_config */
    uint64_t       min, max;
} dl_option;

typedef struct dl_option_group {
    const char *key, *doc;
} dl_option_group;

extern const dl_option dl_options[DL_N_OPTIONS];

/* The groups, in the order of options.def; the last has a NULL key. */
extern const dl_option_group dl_option_groups[];

/* The group that an option stands in: the longest that begins its key; NULL where it stands in none. */
const dl_option_group *dl_option_group_of(const dl_option *opt);

/* Index of a key; DL_N_OPTIONS where there is none. */
uint32_t dl_option_find(dl_str key);

/* Read a scalar (a LIST splits it at commas) or the items of a list into the field. DL_BAD_INPUT with what is wrong and what is
 * allowed. Strings are copied into cfg->arena. */
dl_code dl_option_set(dl_config *cfg, const dl_option *opt, dl_str value, dl_error *err);
dl_code dl_option_set_items(dl_config *cfg, const dl_option *opt, const dl_str *items, uint32_t n, dl_error *err);

/* "a whole number, 0 to 1024", "one of: json, text" */
void dl_option_allowed(const dl_option *opt, dl_buf *out);

/* The field as YAML: 16MiB, 1s, [id, guid], "". */
void dl_option_write(const dl_config *cfg, const dl_option *opt, dl_buf *out);

/* Well-formed UTF-8 as a YAML scalar that reads back as the same: quoted where it must be, and ${ as $${. */
void dl_yaml_scalar(dl_str s, dl_buf *out);

/* The start of s as it may stand in a message, with a final NUL: '?' for control characters and malformed bytes, "..." where it is cut.
 * Needs cap >= 16. */
void dl_show(dl_str s, char *out, size_t cap);

#endif
