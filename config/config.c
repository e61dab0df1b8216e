#include "config.h"

#include "interpolate.h"
#include "loader.h"
#include "nearest.h"
#include "pipeline/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

enum { ARENA_MAX_BYTES = 64 << 20, FILE_MAX_BYTES = 1 << 20, REPORTED_PROBLEMS = 100, KEY_SHOWN = 96 };

static const char env_prefix[] = "DATELINE_";

/* ---- the report ----------------------------------------------------------------------------------------------------- */

void dl_loader_problem(dl_loader *l, const dl_origin *at, dl_str key, const char *fmt, ...)
{
    char msg[1024];
    va_list ap;

    if (l->n_problems++ >= REPORTED_PROBLEMS)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (at->kind == DL_FROM_FILE && at->line)
        dl_buf_printf(l->report, "%s:%u:%u: ", at->name, at->line, at->col);
    else if (at->kind == DL_FROM_SET)
        dl_buf_add(l->report, DL_LIT("--set: "));
    else if (at->name)
        dl_buf_printf(l->report, "%s: ", at->name);
    if (key.n) {
        char shown[KEY_SHOWN];

        dl_show(key, shown, sizeof shown);
        dl_buf_printf(l->report, "%s: ", shown);
    }
    dl_buf_printf(l->report, "%s\n", msg);
}

/* ---- keys ----------------------------------------------------------------------------------------------------------- */

bool dl_config_is_secret(dl_str key)
{
    static const char *const words[] = {"password", "secret", "jaas", "pem"};
    /* key material in line; ssl.key.location is a path and may be shown */
    static const char *const whole[] = {"sasl.oauthbearer.config", "ssl_key", "ssl.keystore"};

    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        if (memmem(key.p, key.n, words[w], strlen(words[w])))
            return true;
    for (size_t w = 0; w < sizeof whole / sizeof *whole; w++)
        if (dl_str_ends(key, dl_str_of(whole[w])))
            return true;
    return false;
}

bool dl_loader_is_section(dl_str key)
{
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++)
        if (dl_str_starts(dl_str_of(dl_options[i].key), key) && dl_options[i].key[key.n] == '.')
            return true;
    return dl_str_eq(key, DL_LIT("kafka.consumer")) || dl_str_eq(key, DL_LIT("kafka.producer"));
}

/* The option that is a part of this longer key: "workers" for "workers.max". */
static const dl_option *option_above(dl_str key)
{
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++) {
        const dl_str opt = dl_str_of(dl_options[i].key);

        if (opt.n < key.n && dl_str_starts(key, opt) && key.p[opt.n] == '.')
            return &dl_options[i];
    }
    return NULL;
}

static void unknown_key(dl_loader *l, const dl_origin *at, dl_str key)
{
    const dl_option *const above = option_above(key);
    dl_nearest near = dl_nearest_to(key);

    if (above) {
        dl_loader_problem(l, at, key, "no such key: %s is one value and holds no keys", above->key);
        return;
    }
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++)
        dl_nearest_offer(&near, dl_options[i].key);
    if (dl_loader_is_section(key))
        dl_loader_problem(l, at, key, "holds keys, not a value");
    else if (near.best)
        dl_loader_problem(l, at, key, "no such key; did you mean \"%s\"?", near.best);
    else
        dl_loader_problem(l, at, key, "no such key; config/OPTIONS.md and `dateline check` list them all");
}

/* The same key twice in one file is a mistake; in different files, variables or --set it is a layer over another. */
static bool is_repeated(const dl_origin *first, const dl_origin *again)
{
    return first->kind == DL_FROM_FILE && again->kind == DL_FROM_FILE && first->name == again->name;
}

static bool claim(dl_loader *l, const dl_origin *at, dl_str key, dl_origin *origin)
{
    if (is_repeated(origin, at)) {
        dl_loader_problem(l, at, key, "set twice, first in line %u", origin->line);
        return false;
    }
    *origin = *at;
    return true;
}

/* ---- properties of librdkafka --------------------------------------------------------------------------------------- */

static const char *why_owned(dl_str name)
{
    static const struct {
        const char *name, *why;
    } owned[] = {
#define DL_OWNED(name, why) {name, why},
#include "kafka_owned.def"
    };
    const size_t n = sizeof owned / sizeof *owned;
    size_t i = 0;

    while (i < n && !dl_str_eq(name, dl_str_of(owned[i].name)))
        i++;
    if (i < n)
        return owned[i].why;
    return dl_str_ends(name, DL_LIT("_cb")) ? "it cannot be set from text" : NULL;
}

static dl_kafka_prop *find_prop(dl_config *cfg, dl_str name, dl_kafka_side side)
{
    for (uint32_t i = 0; i < cfg->kafka.n; i++)
        if (cfg->kafka.p[i].side == side && dl_str_eq(dl_str_of(cfg->kafka.p[i].name), name))
            return &cfg->kafka.p[i];
    return NULL;
}

/* All properties of librdkafka, present or to come, are spelled so; what is not would not read back as it was written. */
static bool is_prop_name(dl_str name)
{
    for (size_t i = 0; i < name.n; i++)
        if (!dl_is_alnum(name.p[i]) && !memchr("._-", name.p[i], 3))
            return false;
    return name.n > 0;
}

static void assign_prop(dl_loader *l, const dl_origin *at, dl_str key, dl_str value)
{
    static const dl_str prefixes[] = {[DL_KAFKA_BOTH] = {"kafka.", 6}, [DL_KAFKA_CONSUMER] = {"kafka.consumer.", 15}, [DL_KAFKA_PRODUCER] = {"kafka.producer.", 15}};
    dl_kafka_side side = DL_KAFKA_PRODUCER;
    char why[256] = "";

    while (!dl_str_starts(key, prefixes[side]))
        side--;
    const dl_str name = dl_arena_str(&l->cfg.arena, dl_str_sub(key, prefixes[side].n, key.n));
    const dl_str text = dl_arena_str(&l->cfg.arena, value);

    if (!name.p || !text.p) {
        dl_loader_problem(l, at, key, "out of memory");
        return;
    }
    if (!is_prop_name(name)) {
        dl_loader_problem(l, at, key, "no property of that name: letters, digits, \".\", \"_\" and \"-\" are allowed");
        return;
    }
    const char *const owned = why_owned(name);

    if (owned) {
        dl_loader_problem(l, at, key, "librdkafka's %s is not set here: %s", name.p, owned);
        return;
    }
    if (l->from->check_prop && !l->from->check_prop(name.p, text.p, side, why, sizeof why)) {
        if (dl_config_is_secret(key))
            dl_loader_problem(l, at, key, "librdkafka does not take this value");
        else
            dl_loader_problem(l, at, key, "%s", why);
        return;
    }
    dl_kafka_prop *prop = find_prop(&l->cfg, name, side);

    if (!prop) {
        prop = DL_PUSH(&l->cfg.arena, &l->cfg.kafka);
        if (!prop) {
            dl_loader_problem(l, at, key, "out of memory");
            return;
        }
    }
    if (claim(l, at, key, &prop->origin)) {
        prop->name = name.p;
        prop->value = text.p;
        prop->side = side;
    }
}

/* ---- values --------------------------------------------------------------------------------------------------------- */

static bool is_prop(dl_str key)
{
    return dl_str_starts(key, DL_LIT("kafka.")) && !option_above(key) && !dl_loader_is_section(key);
}

static bool is_text(dl_loader *l, const dl_origin *at, dl_str key, dl_str value)
{
    if (memchr(value.p, 0, value.n))
        dl_loader_problem(l, at, key, "a value cannot hold a NUL");
    else if (dl_utf8_check(value) < value.n)
        dl_loader_problem(l, at, key, "a value is UTF-8 text");
    else
        return true;
    return false;
}

void dl_loader_assign(dl_loader *l, const dl_origin *at, dl_str key, dl_str value)
{
    const uint32_t id = dl_option_find(key);
    dl_error err;

    if (!is_text(l, at, key, value))
        return;
    if (id == DL_N_OPTIONS && is_prop(key))
        assign_prop(l, at, key, value);
    else if (id == DL_N_OPTIONS)
        unknown_key(l, at, key);
    else if (claim(l, at, key, &l->cfg.origins[id]) && dl_option_set(&l->cfg, &dl_options[id], value, &err) != DL_OK)
        dl_loader_problem(l, at, key, "%s", err.msg);
}

void dl_loader_assign_items(dl_loader *l, const dl_origin *at, dl_str key, const dl_str *items, uint32_t n)
{
    const uint32_t id = dl_option_find(key);
    dl_error err;

    for (uint32_t i = 0; i < n; i++)
        if (!is_text(l, at, key, items[i]))
            return;
    if (id == DL_N_OPTIONS && is_prop(key))
        dl_loader_problem(l, at, key, "a property of librdkafka is one value, not a list; use commas");
    else if (id == DL_N_OPTIONS)
        unknown_key(l, at, key);
    else if (claim(l, at, key, &l->cfg.origins[id]) && dl_option_set_items(&l->cfg, &dl_options[id], items, n, &err) != DL_OK)
        dl_loader_problem(l, at, key, "%s", err.msg);
}

/* ---- layers --------------------------------------------------------------------------------------------------------- */

static void read_file(dl_loader *l, const char *path)
{
    const dl_origin at = {DL_FROM_FILE, dl_arena_str(&l->cfg.arena, dl_str_of(path)).p, 0, 0};
    dl_buf text = {0};
    dl_error err;

    if (!at.name || dl_file_read(&text, path, FILE_MAX_BYTES, &err) != DL_OK)
        dl_loader_problem(l, &(dl_origin){DL_FROM_FILE, NULL, 0, 0}, (dl_str){0}, "%s", at.name ? err.msg : "out of memory");
    else
        dl_loader_read_yaml(l, at.name, dl_buf_str(&text));
    dl_buf_free(&text);
}

/* Names that others put into the environment: Kubernetes for a service called "dateline", and our own build scripts. */
static bool is_foreign_variable(dl_str name)
{
    static const char *const prefixes[] = {"DATELINE_SERVICE_", "DATELINE_PORT", "DATELINE_DEPS="};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++)
        if (dl_str_starts(name, dl_str_of(prefixes[i])))
            return true;
    return false;
}

static void read_env(dl_loader *l)
{
    for (char *const *e = l->from->env; e && *e; e++) {
        const char *const eq = strchr(*e, '=');
        const dl_str var = {*e, eq ? (size_t)(eq - *e) : 0};
        dl_buf key = {0};

        if (!dl_str_starts(var, DL_LIT(env_prefix)) || is_foreign_variable(dl_str_of(*e)))
            continue;
        for (size_t i = sizeof env_prefix - 1; i < var.n; i++)
            if (i + 1 < var.n && var.p[i] == '_' && var.p[i + 1] == '_') {
                dl_buf_byte(&key, '.');
                i++;
            } else
                dl_buf_byte(&key, dl_to_lower(var.p[i]));
        const dl_origin at = {DL_FROM_ENV, dl_arena_str(&l->cfg.arena, var).p, 0, 0};

        if (key.failed || !at.name)
            dl_loader_problem(l, &at, (dl_str){0}, "out of memory");
        else
            dl_loader_assign(l, &at, dl_buf_str(&key), dl_str_of(eq + 1));
        dl_buf_free(&key);
    }
}

static void read_set(dl_loader *l, const char *set)
{
    const char *const eq = strchr(set, '=');
    const dl_origin at = {DL_FROM_SET, NULL, 0, 0};

    char shown[KEY_SHOWN];

    if (eq && eq != set)
        dl_loader_assign(l, &at, (dl_str){set, (size_t)(eq - set)}, dl_str_of(eq + 1));
    else {
        dl_show(dl_str_of(set), shown, sizeof shown);
        dl_loader_problem(l, &at, (dl_str){0}, "\"%s\" is not key=value", shown);
    }
}

static void set_defaults(dl_loader *l)
{
    dl_error err;

    for (uint32_t i = 0; i < DL_N_OPTIONS; i++)
        if (dl_option_set(&l->cfg, &dl_options[i], dl_str_of(dl_options[i].def), &err) != DL_OK)
            dl_loader_problem(l, &(dl_origin){0}, dl_str_of(dl_options[i].key), "default: %s", err.msg);
}

dl_code dl_config_load(dl_config *out, const dl_config_sources *from, dl_buf *report, dl_error *err)
{
    dl_loader l = {.from = from, .report = report};

    dl_arena_init(&l.cfg.arena, ARENA_MAX_BYTES);
    set_defaults(&l);
    for (uint32_t i = 0; i < from->n_files; i++)
        read_file(&l, from->files[i]);
    for (uint32_t i = 0; i < from->n_texts; i++)
        dl_loader_read_yaml(&l, from->texts[i].name, from->texts[i].text);
    read_env(&l);
    for (uint32_t i = 0; i < from->n_sets; i++)
        read_set(&l, from->sets[i]);
    if (l.n_problems > REPORTED_PROBLEMS)
        dl_buf_printf(report, "... and %u more\n", l.n_problems - REPORTED_PROBLEMS);
    if (l.n_problems) {
        dl_arena_free(&l.cfg.arena);
        return dl_fail(err, DL_FATAL, "config", DL_NO_PLACE, "%u problem%s in the configuration", l.n_problems, l.n_problems == 1 ? "" : "s");
    }
    *out = l.cfg;
    return DL_OK;
}

void dl_config_free(dl_config *cfg)
{
    dl_arena_free(&cfg->arena);
    *cfg = (dl_config){0};
}
