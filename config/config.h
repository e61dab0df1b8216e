/* config: what the service is told, read from four layers, each over the one before it:
 *
 *     default < file < environment (DATELINE_KAFKA__BROKERS: kafka.brokers) < --set kafka.brokers=...
 *
 * dl_config has one field for each key of options.def. Loading reports every problem of every layer, one a line, with its place:
 *
 *     dateline.yaml:3:3: input.topic: no such key; did you mean "input.topics"?
 *
 * ${VAR} and ${VAR:-default} are replaced inside the scalars of a file after it is parsed, so that no value can add keys.
 * Thread: load from one; a loaded dl_config is shared. */
#ifndef DL_CONFIG_H
#define DL_CONFIG_H

#include "choices.h"
#include "pipeline/base/arena.h"
#include "pipeline/base/buf.h"
#include "pipeline/base/vec.h"

typedef struct dl_str_list {
    const char *const *p;
    uint32_t           n;
} dl_str_list;

typedef enum dl_option_id {
#define DL_GROUP(key, doc)
#define DL_OPTION(type, name, key, def, min, max, unit, doc) DL_OPT_##name,
#define DL_CHOICE(type, name, key, def, choices, doc) DL_OPT_##name,
#include "options.def"
    DL_N_OPTIONS
} dl_option_id;

typedef enum dl_layer_kind { DL_FROM_DEFAULT, DL_FROM_FILE, DL_FROM_ENV, DL_FROM_SET } dl_layer_kind;

typedef struct dl_origin {
    dl_layer_kind kind;
    const char   *name;      /* file or environment variable; NULL otherwise. Borrows the config */
    uint32_t      line, col; /* from 1; 0 outside of files */
} dl_origin;

typedef enum dl_kafka_side { DL_KAFKA_BOTH, DL_KAFKA_CONSUMER, DL_KAFKA_PRODUCER } dl_kafka_side;

typedef struct dl_kafka_prop { /* a property of librdkafka, as it is */
    const char   *name, *value;
    dl_kafka_side side;
    dl_origin     origin;
} dl_kafka_prop;

typedef struct dl_config {
#define DL_TYPE_STR const char *
#define DL_TYPE_BOOL bool
#define DL_TYPE_U32 uint32_t
#define DL_TYPE_BYTES uint64_t
#define DL_TYPE_MS uint32_t
#define DL_TYPE_LIST dl_str_list
#define DL_GROUP(key, doc)
#define DL_OPTION(type, name, key, def, min, max, unit, doc) DL_TYPE_##type name;
#define DL_CHOICE(type, name, key, def, choices, doc) type name;
#include "options.def"
    DL_VEC(dl_kafka_prop) kafka; /* what stands under `kafka` and is not ours; a later one for the same side and name replaced the earlier */
    dl_origin origins[DL_N_OPTIONS];
    dl_arena  arena; /* holds all strings */
} dl_config;

/* Is `value` one that librdkafka takes for the property? false: why (a sentence, with the nearest name where the name is unknown).
 * Here as a callback because only consumer/ knows librdkafka. */
typedef bool dl_kafka_prop_check(const char *name, const char *value, dl_kafka_side side, char *why, size_t why_cap);

typedef struct dl_config_text { /* a file that is in memory already; for tests and fuzzers */
    const char *name;
    dl_str      text;
} dl_config_text;

typedef struct dl_config_sources {
    const char *const    *files; /* in order: later over earlier */
    uint32_t              n_files;
    const dl_config_text *texts; /* after the files */
    uint32_t              n_texts;
    char *const          *env; /* as environ; NULL: no environment, and no ${VAR} is set */
    const char *const    *sets; /* key=value */
    uint32_t              n_sets;
    dl_kafka_prop_check  *check_prop; /* NULL: properties are taken unchecked */
} dl_config_sources;

/* Gives: dl_config_free. DL_FATAL where anything is wrong; every problem is then a line of *report (gives: dl_buf_free), and *out is
 * untouched. */
dl_code dl_config_load(dl_config *out, const dl_config_sources *from, dl_buf *report, dl_error *err);
void    dl_config_free(dl_config *cfg);

/* Shall the value of this key or property be kept out of logs and messages? */
bool dl_config_is_secret(dl_str key);

#endif
