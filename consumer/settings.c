#include "settings.h"

#include "cores.h"

/* Both sides keep the words in the same order; a test names each pair. */
static const dl_body_format body_formats[] = {
    [DL_CONF_BODY_AUTO] = DL_BODY_AUTO, [DL_CONF_BODY_TEXT] = DL_BODY_TEXT, [DL_CONF_BODY_HTML] = DL_BODY_HTML};
static const dl_message_format message_formats[] = {[DL_CONF_MESSAGE_JSON] = DL_MESSAGE_JSON, [DL_CONF_MESSAGE_TEXT] = DL_MESSAGE_TEXT};
static const dl_offset_unit offset_units[] = {
    [DL_CONF_OFFSETS_CODEPOINT] = DL_OFFSET_CODEPOINT, [DL_CONF_OFFSETS_UTF16] = DL_OFFSET_UTF16, [DL_CONF_OFFSETS_BYTE] = DL_OFFSET_BYTE};
static const dl_day_order day_orders[] = {
    [DL_CONF_DAYS_AUTO] = DL_ORDER_AUTO, [DL_CONF_DAYS_MDY] = DL_ORDER_MDY, [DL_CONF_DAYS_DMY] = DL_ORDER_DMY};

/* The names with '|' between them, as dl_decode_opts and stages_off want them; NULL after an error. */
static const char *join(const char *key, dl_str_list names, dl_arena *a, dl_error *err)
{
    dl_str joined = dl_arena_str(a, (dl_str){"", 0});

    for (uint32_t i = 0; i < names.n && joined.p; i++) {
        if (strchr(names.p[i], '|')) {
            (void)dl_fail(err, DL_FATAL, "config", DL_NO_PLACE, "%s: a name cannot hold a |", key);
            return NULL;
        }
        joined = dl_arena_printf(a, "%s%s%s", joined.p, i ? "|" : "", names.p[i]);
    }
    if (!joined.p)
        (void)dl_fail(err, DL_FATAL, "config", DL_NO_PLACE, "out of memory");
    return joined.p;
}

static dl_code copy_fields(dl_decode_opts *to, const dl_config *cfg, dl_arena *a, dl_error *err)
{
    const struct {
        const char  *key;
        dl_str_list  names;
        const char **to;
    } fields[] = {
        {"article.fields.id", cfg->article_fields_id, &to->id},
        {"article.fields.title", cfg->article_fields_title, &to->title},
        {"article.fields.body", cfg->article_fields_body, &to->body},
        {"article.fields.published_at", cfg->article_fields_published_at, &to->published},
        {"article.fields.url", cfg->article_fields_url, &to->url},
        {"article.fields.source", cfg->article_fields_source, &to->source},
        {"article.fields.language", cfg->article_fields_language, &to->language},
        {"article.fields.authors", cfg->article_fields_authors, &to->authors},
    };

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        *fields[i].to = join(fields[i].key, fields[i].names, a, err);
        if (!*fields[i].to)
            return DL_FATAL;
    }
    return DL_OK;
}

dl_code dl_settings_engine(dl_engine_opts *out, const dl_config *cfg, dl_clock_fn *clock, dl_arena *a, dl_error *err)
{
    dl_engine_opts opts = dl_engine_defaults();
    const dl_code code = copy_fields(&opts.decode, cfg, a, err);

    if (code != DL_OK)
        return code;
    opts.stages_off = join("pipeline.disable", cfg->pipeline_disable, a, err);
    if (!opts.stages_off)
        return DL_FATAL;
    opts.arena_max_bytes = cfg->limits_arena_bytes;
    if (*cfg->pipeline_models)
        opts.models_dir = cfg->pipeline_models;
    opts.knowledge_extra = (const char *const *)cfg->knowledge_extra.p;
    opts.n_knowledge_extra = cfg->knowledge_extra.n;
    opts.now_ns = cfg->output_stages ? clock : NULL;
    opts.decode.message = message_formats[cfg->article_message];
    opts.decode.body_format = body_formats[cfg->article_body_format];
    opts.decode.article_max_bytes = (uint32_t)cfg->limits_article_bytes; /* options.def bounds it */
    opts.decode.text_max_bytes = opts.decode.article_max_bytes;
    opts.times.order = day_orders[cfg->article_day_order];
    opts.encode.offset_unit = offset_units[cfg->output_offset_unit];
    opts.encode.tokens = cfg->output_tokens;
    opts.encode.stage_us = cfg->output_stages;
    *out = opts;
    return DL_OK;
}

uint32_t dl_settings_workers(const dl_config *cfg)
{
    return cfg->pipeline_workers ? cfg->pipeline_workers : dl_cores();
}
