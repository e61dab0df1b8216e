#include "kafka_props.h"

#include "config/nearest.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- librdkafka's own list ------------------------------------------------------------------------------------------ */

/* rd_kafka_conf_properties_show is the only way to learn which side a property is for. Its rows:
 *     fetch.min.bytes        |  C  | 1 .. 100000000  |  1 | low | Minimum number of... */
typedef struct prop_list {
    char  *text;
    size_t n;
} prop_list;

static bool list_read(prop_list *list)
{
    FILE *const f = open_memstream(&list->text, &list->n);

    if (!f)
        return false;
    rd_kafka_conf_properties_show(f);
    return fclose(f) == 0;
}

/* The next row from *at on: the name ('\0' put behind it) and C, P or *. */
static char *list_next(prop_list *list, size_t *at, char *side)
{
    while (*at < list->n) {
        char *const row = list->text + *at;
        const size_t row_n = strcspn(row, "\n");
        char *const bar = memchr(row, '|', row_n);

        *at += row_n + 1;
        if (!bar || row_n - (size_t)(bar - row) < 4 || !strchr("CP*", bar[3]))
            continue;
        *side = bar[3];
        row[strcspn(row, " |")] = 0;
        return row;
    }
    return NULL;
}

/* C, P or *; 0 where there is no such property, with the nearest name in near[]. */
static char side_of(const char *name, char near[static 64])
{
    prop_list list = {0};
    dl_nearest nearest = dl_nearest_to(dl_str_of(name));
    char found = 0, side;
    size_t at = 0;

    near[0] = 0;
    if (!list_read(&list)) {
        free(list.text);
        return '*';
    }
    for (char *row; !found && (row = list_next(&list, &at, &side));)
        if (strcmp(row, name) == 0)
            found = side;
        else
            dl_nearest_offer(&nearest, row);
    if (!found && nearest.best)
        (void)snprintf(near, 64, "%s", nearest.best);
    free(list.text);
    return found;
}

/* ---- the check ------------------------------------------------------------------------------------------------------ */

bool dl_kafka_prop_takes(const char *name, const char *value, dl_kafka_side side, char *why, size_t why_cap)
{
    char near[64];
    const char scope = side_of(name, near);
    rd_kafka_conf_t *const conf = rd_kafka_conf_new();
    const rd_kafka_conf_res_t res = rd_kafka_conf_set(conf, name, value, why, why_cap);

    rd_kafka_conf_destroy(conf);
    if (res == RD_KAFKA_CONF_UNKNOWN) {
        (void)snprintf(why, why_cap, "librdkafka has no property \"%s\"%s%s%s", name, *near ? "; did you mean \"" : "", near, *near ? "\"?" : "");
        return false;
    }
    if (res != RD_KAFKA_CONF_OK) {
        why[strcspn(why, "\n")] = 0; /* some of its messages end in a newline */
        return false;
    }
    if ((side == DL_KAFKA_CONSUMER && scope == 'P') || (side == DL_KAFKA_PRODUCER && scope == 'C')) {
        (void)snprintf(why, why_cap, "%s is a property of %s", name, scope == 'P' ? "producers" : "consumers");
        return false;
    }
    return true;
}

/* ---- applying ------------------------------------------------------------------------------------------------------- */

static dl_code set(rd_kafka_conf_t *conf, const char *name, const char *value, dl_error *err)
{
    char why[256];

    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return DL_OK;
    if (dl_config_is_secret(dl_str_of(name)))
        return dl_fail(err, DL_FATAL, "kafka", DL_NO_PLACE, "librdkafka does not take the value of %s", name);
    return dl_fail(err, DL_FATAL, "kafka", DL_NO_PLACE, "%.*s", (int)strcspn(why, "\n"), why);
}

static dl_code apply_side(rd_kafka_conf_t *conf, const dl_config *cfg, dl_kafka_side from, char other, dl_error *err)
{
    dl_code code = DL_OK;

    for (uint32_t i = 0; i < cfg->kafka.n && code == DL_OK; i++) {
        const dl_kafka_prop *const prop = &cfg->kafka.p[i];
        char near[64];

        if (prop->side == from && side_of(prop->name, near) != other)
            code = set(conf, prop->name, prop->value, err);
    }
    return code;
}

dl_code dl_kafka_props_apply(rd_kafka_conf_t *conf, const dl_config *cfg, dl_kafka_side side, dl_error *err)
{
    const char other = side == DL_KAFKA_CONSUMER ? 'P' : 'C';
    dl_code code = set(conf, "bootstrap.servers", cfg->kafka_brokers, err);

    if (code == DL_OK)
        code = set(conf, "client.id", cfg->kafka_client_id, err);
    if (code == DL_OK)
        code = apply_side(conf, cfg, DL_KAFKA_BOTH, other, err);
    if (code == DL_OK)
        code = apply_side(conf, cfg, side, other, err);
    return code;
}
