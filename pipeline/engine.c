#include "engine.h"

#include "lexicon/kb_extra.h"
#include "stages/link.h"
#include "stages/mentions.h"
#include "stages/quotes.h"
#include "stages/resolve.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { MAX_RESOURCES = 16 };

struct dl_engine {
    dl_pipeline pipeline;
    size_t      arena_max_bytes;
    dl_decode   decode;
    dl_sections sections;
    dl_segment  segment;
    dl_tokenize tokenize;
    dl_language language;
    dl_wordvec  vectors;
    dl_words    words;
    dl_repairer repair;
    dl_tag      tag;
    dl_parse    parse;
    dl_gazetteer gazetteer;
    dl_names_net names;
    dl_mentions mentions;
    dl_numbers  numbers;
    dl_times    times;
    dl_quantities quantities;
    dl_quotes quotes;
    dl_kb       kb;
    dl_kb_extra *extra;
    dl_link     link;
    dl_encode   encode;
    dl_resource resources[MAX_RESOURCES];
    char        versions[MAX_RESOURCES][17]; /* of those that are model files */
    uint32_t    n_resources;
    const char *stage_names[DL_MAX_STAGES];
};

dl_engine_opts dl_engine_defaults(void)
{
    return (dl_engine_opts){
        .arena_max_bytes = (size_t)256 << 20,
        .decode = dl_decode_defaults(),
        .sections = dl_sections_defaults(),
        .segment = dl_segment_defaults(),
        .tokenize = dl_tokenize_defaults(),
        .language = dl_language_defaults(),
        .times = dl_times_defaults(),
        .encode = dl_encode_defaults(),
    };
}

/* ---- which stages are off ------------------------------------------------------------------------------------------- */

/* The next name of a list parted by "|" or ","; false at its end. */
static bool next_name(dl_str *list, dl_str *name)
{
    while (list->n) {
        size_t n = 0;

        while (n < list->n && list->p[n] != '|' && list->p[n] != ',')
            n++;
        *name = dl_str_trim(dl_str_sub(*list, 0, n));
        *list = dl_str_sub(*list, n + (n < list->n), list->n);
        if (name->n)
            return true;
    }
    return false;
}

static bool is_off(const dl_engine_opts *opts, const char *stage)
{
    dl_str list = dl_str_of(opts->stages_off ? opts->stages_off : ""), name;

    while (next_name(&list, &name))
        if (dl_str_eq(name, dl_str_of(stage)))
            return true;
    return false;
}

/* ---- wiring --------------------------------------------------------------------------------------------------------- */

typedef struct wiring {
    dl_engine            *e;
    const dl_engine_opts *opts;
    uint32_t              n_off; /* stages found in opts->stages_off */
} wiring;

static dl_code add(wiring *w, const dl_stage_ops *ops, const void *self, dl_error *err)
{
    if (is_off(w->opts, ops->name)) {
        if (ops->writes & (DL_LAYER_TEXT | DL_LAYER_OUTPUT))
            return dl_fail(err, DL_FATAL, "engine", DL_NO_PLACE, "stage \"%s\" cannot be turned off", ops->name);
        w->n_off++;
        return DL_OK;
    }
    w->e->stage_names[w->e->pipeline.n % DL_MAX_STAGES] = ops->name;
    return dl_pipeline_add(&w->e->pipeline, ops, self, err);
}

static dl_code check_off(const wiring *w, dl_error *err)
{
    dl_str list = dl_str_of(w->opts->stages_off ? w->opts->stages_off : ""), name;
    uint32_t n = 0;

    while (next_name(&list, &name))
        n++;
    return n == w->n_off ? DL_OK
                         : dl_fail(err, DL_FATAL, "engine", DL_NO_PLACE, "stages_off \"%s\": a name is no stage, or stands twice",
                                   w->opts->stages_off);
}

/* Where the models are: as asked for, else beside the sources where these are still there, else where the program was installed. */
static const char *models_dir(const dl_engine_opts *opts)
{
    if (opts->models_dir)
        return opts->models_dir;
    return access(DL_SOURCE_MODELS_DIR "/words.dlm", R_OK) == 0 ? DL_SOURCE_MODELS_DIR : DL_MODELS_DIR;
}

/* A model's version is the checksum of its file: two builds that differ in one weight are told apart in the records. */
static void name_resource(dl_engine *e, const char *name, const dl_model_file *file)
{
    char *const version = e->versions[e->n_resources];

    (void)snprintf(version, sizeof e->versions[0], "%016" PRIx64, dl_model_checksum(file));
    e->resources[e->n_resources++] = (dl_resource){name, version};
}

/* The knowledge base, with the user's own tables. */
static dl_code init_knowledge(dl_engine *e, const dl_engine_opts *opts, dl_error *err)
{
    dl_code code = dl_kb_open(&e->kb, models_dir(opts), err);

    if (code == DL_OK && opts->n_knowledge_extra)
        code = dl_kb_extra_load(&e->extra, &e->kb, opts->knowledge_extra, opts->n_knowledge_extra, err);
    if (code != DL_OK)
        return code;
    e->kb.extra = e->extra;
    e->link.kb = &e->kb;
    name_resource(e, "kb", &e->kb.file);
    if (e->extra)
        e->resources[e->n_resources++] = (dl_resource){"knowledge.extra", dl_kb_extra_version(e->extra)};
    return DL_OK;
}

/* The word vectors, and the stages that read them. */
static dl_code init_models(dl_engine *e, const dl_engine_opts *opts, dl_error *err)
{
    const char *dir = models_dir(opts);
    dl_parse_opts parse = {.all = opts->parse.all || opts->encode.tokens}; /* tokens that are written are written with their heads */
    dl_code code = dl_wordvec_open(&e->vectors, dir, err);

    if (code == DL_OK)
        code = dl_tag_init(&e->tag, dir, &e->vectors, err);
    if (code == DL_OK)
        code = dl_parse_init(&e->parse, &parse, dir, &e->vectors, err);
    if (code == DL_OK)
        code = dl_gazetteer_open(&e->gazetteer, dir, err);
    if (code == DL_OK)
        code = dl_names_net_open(&e->names, dir, &e->vectors, NULL, err);
    if (code == DL_OK)
        code = dl_mentions_init(&e->mentions, &e->names, &e->gazetteer, err);
    if (code != DL_OK)
        return code;
    dl_words_init(&e->words, &e->vectors);
    dl_quotes_init(&e->quotes);
    dl_repairer_init(&e->repair, &e->vectors, &e->gazetteer);
    e->encode.xpos_names = dl_xpos_names;
    e->encode.n_xpos = DL_N_XPOS;
    e->encode.deprel_names = dl_deprel_names;
    e->encode.n_deprels = DL_N_DEPRELS;
    name_resource(e, "words", &e->vectors.file);
    name_resource(e, "tagger", &e->tag.file);
    name_resource(e, "parser", &e->parse.file);
    name_resource(e, "gazetteer", &e->gazetteer.file);
    name_resource(e, "names", &e->names.file);
    return DL_OK;
}

/* All stages, in running order. */
static dl_code wire(dl_engine *e, const dl_engine_opts *opts, dl_error *err)
{
    wiring w = {.e = e, .opts = opts};
    const struct {
        const dl_stage_ops *ops;
        const void         *self;
    } order[] = {
        {&dl_decode_ops, &e->decode},
        {&dl_repair_ops, &e->repair},
        {&dl_sections_ops, &e->sections},
        {&dl_segment_ops, &e->segment},
        {&dl_tokenize_ops, &e->tokenize},
        {&dl_language_ops, &e->language},
        {&dl_words_ops, &e->words},
        {&dl_tag_ops, &e->tag},
        {&dl_mentions_ops, &e->mentions},
        {&dl_resolve_ops, NULL},
        {&dl_link_ops, &e->link},
        {&dl_times_ops, &e->times},
        {&dl_quantities_ops, &e->quantities},
        {&dl_quotes_ops, &e->quotes},
        {&dl_parse_ops, &e->parse},
        {&dl_encode_ops, &e->encode},
    };
    dl_code code = dl_decode_init(&e->decode, &opts->decode, err);

    if (code == DL_OK)
        code = dl_sections_init(&e->sections, &opts->sections, err);
    if (code == DL_OK)
        code = dl_segment_init(&e->segment, &opts->segment, err);
    if (code == DL_OK)
        code = dl_tokenize_init(&e->tokenize, &opts->tokenize, err);
    if (code == DL_OK)
        code = dl_language_init(&e->language, &opts->language, err);
    if (code == DL_OK)
        code = dl_encode_init(&e->encode, &opts->encode, err);
    if (code == DL_OK)
        code = init_models(e, opts, err);
    if (code == DL_OK)
        code = dl_numbers_init(&e->numbers, err);
    if (code == DL_OK)
        code = dl_times_init(&e->times, &opts->times, &e->numbers, err);
    if (code == DL_OK)
        code = dl_quantities_init(&e->quantities, &e->numbers, err);
    if (code == DL_OK)
        code = init_knowledge(e, opts, err);
    for (size_t i = 0; i < sizeof order / sizeof *order && code == DL_OK; i++)
        code = add(&w, order[i].ops, order[i].self, err);
    if (code == DL_OK)
        code = check_off(&w, err);
    e->encode.resources = e->resources;
    e->encode.n_resources = e->n_resources;
    e->encode.stages = e->stage_names;
    e->encode.n_stages = e->pipeline.n;
    return code;
}

dl_code dl_engine_open(dl_engine **out, const dl_engine_opts *opts, dl_error *err)
{
    dl_engine *e = calloc(1, sizeof *e);

    if (!e)
        return dl_fail(err, DL_FATAL, "engine", DL_NO_PLACE, "out of memory");
    e->arena_max_bytes = opts->arena_max_bytes;
    dl_pipeline_init(&e->pipeline, opts->now_ns);
    dl_code code = wire(e, opts, err);

    if (code != DL_OK)
        dl_engine_close(e);
    else
        *out = e;
    return code;
}

void dl_engine_close(dl_engine *engine)
{
    if (!engine)
        return;
    dl_encode_free(&engine->encode);
    dl_quantities_free(&engine->quantities);
    dl_times_free(&engine->times);
    dl_numbers_free(&engine->numbers);
    dl_parse_free(&engine->parse);
    dl_tag_free(&engine->tag);
    dl_kb_extra_free(engine->extra);
    dl_kb_close(&engine->kb);
    dl_names_net_close(&engine->names);
    dl_gazetteer_close(&engine->gazetteer);
    dl_wordvec_close(&engine->vectors);
    dl_language_free(&engine->language);
    dl_tokenize_free(&engine->tokenize);
    dl_segment_free(&engine->segment);
    dl_sections_free(&engine->sections);
    dl_decode_free(&engine->decode);
    free(engine);
}

const dl_pipeline *dl_engine_pipeline(const dl_engine *engine)
{
    return &engine->pipeline;
}

const dl_resource *dl_engine_resources(const dl_engine *engine, uint32_t *n)
{
    *n = engine->n_resources;
    return engine->resources;
}

/* ---- sessions ------------------------------------------------------------------------------------------------------- */

void dl_session_init(dl_session *s, const dl_engine *engine)
{
    *s = (dl_session){.engine = engine};
    dl_arena_init(&s->arena, engine->arena_max_bytes);
}

void dl_session_free(dl_session *s)
{
    dl_arena_free(&s->arena);
    *s = (dl_session){0};
}

dl_code dl_session_run(dl_session *s, const dl_record *rec, dl_str raw, dl_str *out, dl_error *err)
{
    dl_arena_reset(&s->arena);
    dl_doc_init(&s->doc, &s->arena);
    if (rec)
        s->doc.record = *rec;
    s->doc.raw = raw;
    dl_code code = dl_pipeline_run(&s->engine->pipeline, &s->doc, err);

    if (code == DL_OK)
        *out = s->doc.out;
    return code;
}
