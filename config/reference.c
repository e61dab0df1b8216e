#include "reference.h"

#include "option.h"

enum { HELP_COLUMN = 31, ORIGIN_COLUMN = 56 };

/* ---- keys as nested maps -------------------------------------------------------------------------------------------- */

static void indent(size_t depth, dl_buf *out)
{
    dl_buf_printf(out, "%*s", (int)(2 * depth), "");
}

/* How many parts of `key` before its last are those of `before`, too. */
static size_t shared_depth(dl_str before, dl_str key)
{
    size_t depth = 0;

    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] != '.')
            continue;
        if (i >= before.n || memcmp(before.p, key.p, i + 1) != 0)
            break;
        depth++;
    }
    return depth;
}

/* Write the sections that `key` opens when it follows `before`, and then its own name; returns its depth. */
static size_t open_key(dl_str before, dl_str key, dl_buf *out, void (*heading)(dl_str section, size_t depth, dl_buf *out))
{
    const size_t open = shared_depth(before, key);
    size_t depth = 0, start = 0;

    for (size_t i = 0; i < key.n; i++) {
        if (key.p[i] != '.')
            continue;
        if (depth >= open) {
            if (heading)
                heading(dl_str_sub(key, 0, i), depth, out);
            indent(depth, out);
            dl_buf_printf(out, "%.*s:\n", DL_ARG(dl_str_sub(key, start, i)));
        }
        depth++;
        start = i + 1;
    }
    return depth;
}

static dl_str last_part(dl_str key)
{
    size_t i = key.n;

    while (i > 0 && key.p[i - 1] != '.')
        i--;
    return dl_str_sub(key, i, key.n);
}

/* ---- the configuration in effect ------------------------------------------------------------------------------------ */

void dl_origin_write(const dl_origin *origin, dl_buf *out)
{
    switch (origin->kind) {
    case DL_FROM_DEFAULT: dl_buf_add(out, DL_LIT("default")); break;
    case DL_FROM_FILE: dl_buf_printf(out, "%s:%u:%u", origin->name, origin->line, origin->col); break;
    case DL_FROM_ENV: dl_buf_printf(out, "environment %s", origin->name); break;
    case DL_FROM_SET: dl_buf_add(out, DL_LIT("--set")); break;
    }
}

static void end_line(size_t line_start, const dl_origin *origin, dl_buf *out)
{
    const size_t width = out->n - line_start;

    dl_buf_printf(out, "%*s# ", width < ORIGIN_COLUMN ? (int)(ORIGIN_COLUMN - width) : 1, "");
    dl_origin_write(origin, out);
    dl_buf_byte(out, '\n');
}

static void write_props(const dl_config *cfg, dl_kafka_side side, size_t depth, dl_buf *out)
{
    for (uint32_t i = 0; i < cfg->kafka.n; i++) {
        const dl_kafka_prop *const prop = &cfg->kafka.p[i];
        const size_t start = out->n;

        if (prop->side != side)
            continue;
        indent(depth, out);
        dl_yaml_scalar(dl_str_of(prop->name), out);
        dl_buf_add(out, DL_LIT(": "));
        if (dl_config_is_secret(dl_str_of(prop->name)))
            dl_buf_add(out, DL_LIT("\"(secret)\""));
        else
            dl_yaml_scalar(dl_str_of(prop->value), out);
        end_line(start, &prop->origin, out);
    }
}

static bool has_props(const dl_config *cfg, dl_kafka_side side)
{
    for (uint32_t i = 0; i < cfg->kafka.n; i++)
        if (cfg->kafka.p[i].side == side)
            return true;
    return false;
}

static void write_all_props(const dl_config *cfg, dl_buf *out)
{
    write_props(cfg, DL_KAFKA_BOTH, 1, out);
    if (has_props(cfg, DL_KAFKA_CONSUMER))
        dl_buf_add(out, DL_LIT("  consumer:\n"));
    write_props(cfg, DL_KAFKA_CONSUMER, 2, out);
    if (has_props(cfg, DL_KAFKA_PRODUCER))
        dl_buf_add(out, DL_LIT("  producer:\n"));
    write_props(cfg, DL_KAFKA_PRODUCER, 2, out);
}

void dl_config_write(const dl_config *cfg, dl_buf *out)
{
    dl_str before = {0};

    for (uint32_t i = 0; i < DL_N_OPTIONS; i++) {
        const dl_str key = dl_str_of(dl_options[i].key);

        if (dl_str_starts(before, DL_LIT("kafka.")) && !dl_str_starts(key, DL_LIT("kafka.")))
            write_all_props(cfg, out);
        const size_t depth = open_key(before, key, out, NULL);
        const size_t start = out->n;

        indent(depth, out);
        dl_buf_printf(out, "%.*s: ", DL_ARG(last_part(key)));
        if (dl_config_is_secret(key))
            dl_buf_add(out, DL_LIT("\"(secret)\""));
        else
            dl_option_write(cfg, &dl_options[i], out);
        end_line(start, &cfg->origins[i], out);
        before = key;
    }
}

/* ---- the reference -------------------------------------------------------------------------------------------------- */

/* The default as it is written in a file. */
static void write_default(const dl_option *opt, dl_buf *out)
{
    dl_config cfg = {0};

    dl_arena_init(&cfg.arena, 1 << 20);
    if (dl_option_set(&cfg, opt, dl_str_of(opt->def), NULL) == DL_OK)
        dl_option_write(&cfg, opt, out);
    dl_arena_free(&cfg.arena);
}

static void write_allowed(const dl_option *opt, dl_buf *out)
{
    dl_option_allowed(opt, out);
    if (*opt->unit && opt->type != DL_OPT_LIST)
        dl_buf_printf(out, " %s", opt->unit);
}

static const char *group_doc(dl_str section)
{
    for (const dl_option_group *g = dl_option_groups; g->key; g++)
        if (dl_str_eq(section, dl_str_of(g->key)))
            return g->doc;
    return NULL;
}

void dl_reference_help(dl_buf *out)
{
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++) {
        const dl_option *const opt = &dl_options[i];

        dl_buf_printf(out, "  %-*s %s (", HELP_COLUMN, opt->key, opt->doc);
        write_default(opt, out);
        dl_buf_add(out, DL_LIT(")\n"));
    }
    dl_buf_printf(out, "  %-*s any property of librdkafka, for both sides\n", HELP_COLUMN, "kafka.PROPERTY");
    dl_buf_printf(out, "  %-*s ... for one side; kafka.producer.PROPERTY\n", HELP_COLUMN, "kafka.consumer.PROPERTY");
}

static void yaml_heading(dl_str section, size_t depth, dl_buf *out)
{
    const char *const doc = group_doc(section);

    if (depth == 0)
        dl_buf_byte(out, '\n');
    if (doc) {
        indent(depth, out);
        dl_buf_printf(out, "# %s\n", doc);
    }
}

void dl_reference_yaml(dl_buf *out)
{
    dl_str before = {0};

    dl_buf_add(out, DL_LIT("# Every key of dateline with its default. Made from config/options.def by `dateline generate default.yaml`.\n"
                           "# A file of your own needs only what differs. ${VAR} and ${VAR:-default} take a value from the environment.\n"));
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++) {
        const dl_option *const opt = &dl_options[i];
        const dl_str key = dl_str_of(opt->key);
        const size_t depth = open_key(before, key, out, yaml_heading);

        indent(depth, out);
        dl_buf_printf(out, "# %s; ", opt->doc);
        write_allowed(opt, out);
        dl_buf_byte(out, '\n');
        indent(depth, out);
        dl_buf_printf(out, "%.*s: ", DL_ARG(last_part(key)));
        write_default(opt, out);
        dl_buf_byte(out, '\n');
        before = key;
    }
}

static void env_name(const char *key, dl_buf *out)
{
    dl_buf_add(out, DL_LIT("DATELINE_"));
    for (; *key; key++)
        if (*key == '.')
            dl_buf_add(out, DL_LIT("__"));
        else
            dl_buf_byte(out, dl_is_lower(*key) ? (char)(*key - 32) : *key);
}

static void markdown_row(const dl_option *opt, dl_buf *out)
{
    dl_buf_printf(out, "| `%s` | `", opt->key);
    write_default(opt, out);
    dl_buf_add(out, DL_LIT("` | "));
    write_allowed(opt, out);
    dl_buf_printf(out, " | %s |\n", opt->doc);
}

void dl_reference_markdown(dl_buf *out)
{
    const dl_option_group *group = NULL;

    dl_buf_add(out, DL_LIT("# Keys of the configuration\n\nMade from `config/options.def` by `dateline generate OPTIONS.md`; "
                           "[docs/configuration.md](../docs/configuration.md) says how the layers work.\nThe environment variable of `"));
    dl_buf_printf(out, "%s` is `", dl_options[0].key);
    env_name(dl_options[0].key, out);
    dl_buf_add(out, DL_LIT("`, and so on: `__` for each dot.\n"));
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++) {
        const dl_option_group *const g = dl_option_group_of(&dl_options[i]);

        if (g != group && g)
            dl_buf_printf(out, "\n## %s\n\n%c%s.\n\n| key | default | allowed | what it does |\n|---|---|---|---|\n", g->key,
                          g->doc[0] >= 'a' && g->doc[0] <= 'z' ? g->doc[0] - 32 : g->doc[0], g->doc + 1);
        group = g;
        markdown_row(&dl_options[i], out);
    }
}
