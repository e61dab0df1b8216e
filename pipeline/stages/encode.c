#include "encode.h"

#include "decode_date.h"
#include "encode_offsets.h"
#include "pipeline/base/json.h"
#include "pipeline/base/utf8.h"

#include <math.h>
#include <stdio.h>

typedef struct out {
    dl_json          w;
    const dl_encode *e;
    const dl_doc    *doc;
    dl_offsets       offsets;
} out;

#define KEY(o, name) dl_json_key(&(o)->w, DL_LIT(name))

/* ---- pieces --------------------------------------------------------------------------------------------------------- */

static void text_field(out *o, dl_str key, dl_str value)
{
    dl_json_key(&o->w, key);
    dl_json_text(&o->w, value);
}

#define TEXT(o, name, value) text_field((o), DL_LIT(name), (value))

static void name_field(out *o, dl_str key, const char *value)
{
    text_field(o, key, dl_str_of(value));
}

#define NAME(o, name, value) name_field((o), DL_LIT(name), (value))

static void int_field(out *o, dl_str key, int64_t value)
{
    dl_json_key(&o->w, key);
    dl_json_int(&o->w, value);
}

#define INT(o, name, value) int_field((o), DL_LIT(name), (value))

static void float_field(out *o, dl_str key, float value)
{
    dl_json_key(&o->w, key);
    dl_json_float(&o->w, value);
}

#define FLOAT(o, name, value) float_field((o), DL_LIT(name), (value))

static void double_field(out *o, dl_str key, double value)
{
    dl_json_key(&o->w, key);
    dl_json_double(&o->w, value);
}

#define DOUBLE(o, name, value) double_field((o), DL_LIT(name), (value))

/* A probability with four decimals: more would be noise. What is none (NAN, too) is brought into [0, 1]. */
static void probability(out *o, dl_str key, float p)
{
    dl_json_key(&o->w, key);
    dl_json_double(&o->w, p > 0 ? (p < 1 ? floor((double)p * 1e4 + 0.5) / 1e4 : 1) : 0);
}

#define PROBABILITY(o, name, p) probability((o), DL_LIT(name), (p))

/* "e1" is entity 0; null for DL_NONE. */
static void id_field(out *o, dl_str key, char kind, uint32_t index)
{
    char b[12], *end = b + sizeof b, *p = end;
    uint64_t v = (uint64_t)index + 1;

    dl_json_key(&o->w, key);
    if (index == DL_NONE) {
        dl_json_null(&o->w);
        return;
    }
    do
        *--p = (char)('0' + v % 10);
    while (v /= 10);
    *--p = kind;
    dl_json_text(&o->w, (dl_str){p, (size_t)(end - p)});
}

#define ID(o, name, kind, index) id_field((o), DL_LIT(name), (kind), (index))

static void range(out *o, dl_span span)
{
    INT(o, "start", dl_offsets_at(&o->offsets, span.start));
    INT(o, "end", dl_offsets_at(&o->offsets, span.end));
}

static void span_text(out *o, dl_span span)
{
    range(o, span);
    TEXT(o, "text", dl_doc_str(o->doc, span));
}

/* {"start", "end", "text"}, or null where the span is empty. */
static void mention_or_null(out *o, dl_str key, dl_span span)
{
    dl_json_key(&o->w, key);
    if (span.start == span.end) {
        dl_json_null(&o->w);
        return;
    }
    dl_json_open(&o->w, '{');
    span_text(o, span);
    dl_json_close(&o->w, '}');
}

static void texts(out *o, dl_str key, const dl_str *p, uint32_t n)
{
    dl_json_key(&o->w, key);
    dl_json_open(&o->w, '[');
    for (uint32_t i = 0; i < n; i++)
        dl_json_text(&o->w, p[i]);
    dl_json_close(&o->w, ']');
}

static void open_list(out *o, dl_str key)
{
    dl_json_key(&o->w, key);
    dl_json_open(&o->w, '[');
}

#define LIST(o, name) open_list((o), DL_LIT(name))

/* ---- where it came from --------------------------------------------------------------------------------------------- */

static bool kafka(out *o, dl_arena *a)
{
    const dl_record *rec = &o->doc->record;
    char b[48];
    dl_datetime t;

    if (!rec->topic.n)
        return true;
    KEY(o, "kafka");
    dl_json_open(&o->w, '{');
    TEXT(o, "topic", rec->topic);
    INT(o, "partition", rec->partition);
    KEY(o, "offset"); /* a string: readers with doubles for numbers lose digits beyond 2^53 */
    (void)snprintf(b, sizeof b, "%lld", (long long)(rec->offset < 0 ? 0 : rec->offset));
    dl_json_text(&o->w, dl_str_of(b));
    dl_str key = rec->key.p ? dl_utf8_repair(a, rec->key, NULL) : rec->key;

    TEXT(o, "key", key);
    if (rec->timestamp_ms >= 0 && dl_date_from_epoch_ms(&t, rec->timestamp_ms)) {
        (void)snprintf(b, sizeof b, "%04d-%02u-%02uT%02u:%02u:%02u.%03uZ", t.year, t.month, t.day, t.hour, t.minute, t.second,
                       (unsigned)(rec->timestamp_ms % 1000));
        NAME(o, "timestamp", b);
    }
    dl_json_close(&o->w, '}');
    return key.p || !rec->key.p;
}

static void article(out *o)
{
    static const char *const from[] = {NULL, "metadata", "text", "record"};
    const dl_article *art = &o->doc->article;

    KEY(o, "article");
    dl_json_open(&o->w, '{');
    TEXT(o, "title", art->title);
    TEXT(o, "url", art->url);
    TEXT(o, "source", art->source);
    texts(o, DL_LIT("authors"), art->authors.p, art->authors.n);
    TEXT(o, "published_at", art->published_at);
    NAME(o, "published_at_from", from[art->published_from]);
    NAME(o, "language", art->language);
    if (art->language_confidence > 0)
        PROBABILITY(o, "language_confidence", art->language_confidence);
    dl_json_close(&o->w, '}');
}

/* ---- the text in pieces --------------------------------------------------------------------------------------------- */

static void sections(out *o)
{
    LIST(o, "sections");
    for (uint32_t i = 0; i < o->doc->sections.n; i++) {
        dl_json_open(&o->w, '{');
        range(o, o->doc->sections.p[i].span);
        NAME(o, "kind", dl_section_kind_name(o->doc->sections.p[i].kind));
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
}

static void sentences(out *o)
{
    LIST(o, "sentences");
    for (uint32_t i = 0; i < o->doc->sents.n; i++) {
        dl_json_open(&o->w, '{');
        range(o, o->doc->sents.p[i].span);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
}

static void token(out *o, const dl_token *tok)
{
    const dl_encode *e = o->e;

    dl_json_open(&o->w, '{');
    range(o, tok->span);
    if (tok->upos) {
        NAME(o, "pos", dl_upos_name((dl_upos)tok->upos));
        if (tok->xpos < e->n_xpos)
            NAME(o, "xpos", e->xpos_names[tok->xpos]);
    }
    if (tok->lemma.p)
        TEXT(o, "lemma", tok->lemma);
    KEY(o, "head");
    if (tok->head == DL_NONE)
        dl_json_null(&o->w);
    else
        dl_json_int(&o->w, tok->head);
}

static void tokens(out *o)
{
    const dl_doc *doc = o->doc;

    LIST(o, "tokens");
    for (uint32_t i = 0; i < doc->sents.n; i++) {
        const dl_sentence *sent = &doc->sents.p[i];
        bool parsed = (sent->flags & DL_SENT_PARSED) && o->e->n_deprels;

        for (uint32_t t = sent->first_tok; t < sent->first_tok + sent->n_toks; t++) {
            const dl_token *tok = &doc->toks.p[t];

            token(o, tok);
            NAME(o, "deprel", parsed && tok->deprel < o->e->n_deprels ? o->e->deprel_names[tok->deprel] : NULL);
            dl_json_close(&o->w, '}');
        }
    }
    dl_json_close(&o->w, ']');
}

/* ---- who and where -------------------------------------------------------------------------------------------------- */

static void entity_mention(out *o, const dl_mention *m)
{
    dl_json_open(&o->w, '{');
    span_text(o, m->span);
    NAME(o, "form", dl_form_name(m->form));
    INT(o, "sentence", m->sent);
    PROBABILITY(o, "confidence", m->confidence);
    dl_json_close(&o->w, '}');
}

static void place(out *o, const dl_place *p)
{
    KEY(o, "place");
    if (!p->known) {
        dl_json_null(&o->w);
        return;
    }
    dl_json_open(&o->w, '{');
    FLOAT(o, "lat", p->lat);
    FLOAT(o, "lon", p->lon);
    if (p->kind.p)
        TEXT(o, "kind", p->kind);
    TEXT(o, "admin1", p->admin1);
    if (p->country[0])
        TEXT(o, "country", ((dl_str){p->country, strnlen(p->country, sizeof p->country)}));
    if (p->population >= 0)
        INT(o, "population", p->population);
    dl_json_close(&o->w, '}');
}

static void link(out *o, const dl_entity *ent)
{
    KEY(o, "link");
    if (!ent->link_id.p) {
        dl_json_null(&o->w);
        return;
    }
    dl_json_open(&o->w, '{');
    TEXT(o, "kb", ent->link_kb.p ? ent->link_kb : DL_LIT("dateline"));
    TEXT(o, "id", ent->link_id);
    PROBABILITY(o, "confidence", ent->link_confidence);
    dl_json_close(&o->w, '}');
}

static void entities(out *o)
{
    const dl_doc *doc = o->doc;

    LIST(o, "entities");
    for (uint32_t i = 0; i < doc->ents.n; i++) {
        const dl_entity *ent = &doc->ents.p[i];

        dl_json_open(&o->w, '{');
        ID(o, "id", 'e', i);
        NAME(o, "type", dl_ent_type_name(ent->type));
        TEXT(o, "subtype", ent->subtype);
        TEXT(o, "name", ent->name);
        KEY(o, "named");
        dl_json_bool(&o->w, ent->named);
        LIST(o, "mentions");
        for (uint32_t k = 0; k < ent->mentions.n; k++)
            entity_mention(o, &doc->mentions.p[ent->mentions.p[k]]);
        dl_json_close(&o->w, ']');
        link(o, ent);
        TEXT(o, "country", ent->country);
        TEXT(o, "sector", ent->sector);
        texts(o, DL_LIT("roles"), ent->roles.p, ent->roles.n);
        place(o, &ent->place);
        PROBABILITY(o, "salience", ent->salience);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
}

/* ---- when, how many, who says so ------------------------------------------------------------------------------------ */

static void times(out *o)
{
    LIST(o, "times");
    for (uint32_t i = 0; i < o->doc->times.n; i++) {
        const dl_time *t = &o->doc->times.p[i];

        dl_json_open(&o->w, '{');
        ID(o, "id", 't', i);
        span_text(o, t->span);
        NAME(o, "type", dl_time_type_name(t->type));
        TEXT(o, "value", t->value.p ? t->value : DL_LIT(""));
        TEXT(o, "mod", t->mod);
        TEXT(o, "begin", t->begin);
        TEXT(o, "end_date", t->end);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
}

static void quantities(out *o)
{
    LIST(o, "quantities");
    for (uint32_t i = 0; i < o->doc->quantities.n; i++) {
        const dl_quantity *q = &o->doc->quantities.p[i];

        dl_json_open(&o->w, '{');
        ID(o, "id", 'n', i);
        span_text(o, q->span);
        DOUBLE(o, "min", q->min);
        DOUBLE(o, "max", q->max);
        TEXT(o, "unit", q->unit);
        TEXT(o, "kind", q->kind);
        TEXT(o, "of", q->of);
        ID(o, "entity", 'e', q->ent);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
}

static void quotes(out *o)
{
    LIST(o, "quotes");
    for (uint32_t i = 0; i < o->doc->quotes.n; i++) {
        const dl_quote *q = &o->doc->quotes.p[i];

        dl_json_open(&o->w, '{');
        ID(o, "id", 'q', i);
        span_text(o, q->span);
        NAME(o, "kind", dl_quote_kind_name(q->kind));
        ID(o, "speaker", 'e', q->speaker);
        mention_or_null(o, DL_LIT("speaker_span"), q->speaker_span);
        mention_or_null(o, DL_LIT("cue"), q->cue);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
}

/* ---- what happened -------------------------------------------------------------------------------------------------- */

static void participants(out *o, dl_str key, const dl_participant *p, uint32_t n)
{
    open_list(o, key);
    for (uint32_t i = 0; i < n; i++) {
        dl_json_open(&o->w, '{');
        ID(o, "entity", 'e', p[i].ent);
        if (p[i].span.start < p[i].span.end)
            TEXT(o, "text", dl_doc_str(o->doc, p[i].span));
        if (p[i].code.p)
            TEXT(o, "code", p[i].code);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
}

static void event_date(out *o, const dl_event *ev)
{
    KEY(o, "date");
    if (!ev->date.p) {
        dl_json_null(&o->w);
        return;
    }
    dl_json_open(&o->w, '{');
    TEXT(o, "value", ev->date);
    if (ev->date_precision.p)
        TEXT(o, "precision", ev->date_precision);
    TEXT(o, "time", ev->time);
    NAME(o, "from", ev->date_from_text ? "text" : "published_at");
    dl_json_close(&o->w, '}');
}

static void event_place(out *o, const dl_event *ev)
{
    KEY(o, "place");
    if (ev->place == DL_NONE) {
        dl_json_null(&o->w);
        return;
    }
    const dl_entity *ent = &o->doc->ents.p[ev->place];

    dl_json_open(&o->w, '{');
    ID(o, "entity", 'e', ev->place);
    TEXT(o, "name", ent->name);
    TEXT(o, "country", ent->country);
    if (ent->place.known) {
        FLOAT(o, "lat", ent->place.lat);
        FLOAT(o, "lon", ent->place.lon);
    }
    dl_json_close(&o->w, '}');
}

static void magnitudes(out *o, const dl_event *ev)
{
    KEY(o, "magnitude");
    dl_json_open(&o->w, '{');
    for (uint32_t i = 0; i < ev->magnitudes.n; i++) {
        const dl_magnitude *m = &ev->magnitudes.p[i];

        dl_json_key_any(&o->w, m->kind);
        dl_json_open(&o->w, '{');
        DOUBLE(o, "min", m->min);
        DOUBLE(o, "max", m->max);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, '}');
}

static void attribution(out *o, const dl_event *ev)
{
    KEY(o, "attribution");
    if (ev->attribution == DL_NONE && ev->attribution_span.start == ev->attribution_span.end) {
        dl_json_null(&o->w);
        return;
    }
    dl_json_open(&o->w, '{');
    ID(o, "entity", 'e', ev->attribution);
    if (ev->attribution_span.start < ev->attribution_span.end)
        TEXT(o, "text", dl_doc_str(o->doc, ev->attribution_span));
    ID(o, "quote", 'q', ev->attribution_quote);
    dl_json_close(&o->w, '}');
}

static void event(out *o, uint32_t i)
{
    static const char *const tenses[] = {NULL, "past", "present", "future"};
    const dl_event *ev = &o->doc->events.p[i];

    dl_json_open(&o->w, '{');
    ID(o, "id", 'v', i);
    TEXT(o, "type", ev->type.p ? ev->type : DL_LIT(""));
    TEXT(o, "mode", ev->mode);
    texts(o, DL_LIT("contexts"), ev->contexts.p, ev->contexts.n);
    TEXT(o, "cameo", ev->cameo);
    KEY(o, "quad_class");
    if (ev->quad_class)
        dl_json_int(&o->w, ev->quad_class);
    else
        dl_json_null(&o->w);
    FLOAT(o, "goldstein", ev->goldstein);
    LIST(o, "triggers");
    for (uint32_t k = 0; k < ev->triggers.n; k++) {
        dl_json_open(&o->w, '{');
        span_text(o, ev->triggers.p[k]);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
    INT(o, "sentence", ev->sent);
    participants(o, DL_LIT("actors"), ev->actors.p, ev->actors.n);
    participants(o, DL_LIT("recipients"), ev->recipients.p, ev->recipients.n);
    event_date(o, ev);
    event_place(o, ev);
    magnitudes(o, ev);
    NAME(o, "modality", dl_modality_name(ev->modality));
    NAME(o, "tense", tenses[ev->tense]);
    attribution(o, ev);
    if (ev->key.p)
        TEXT(o, "key", ev->key);
    PROBABILITY(o, "confidence", ev->confidence);
    TEXT(o, "rule", ev->rule);
    dl_json_close(&o->w, '}');
}

static void events(out *o)
{
    LIST(o, "events");
    for (uint32_t i = 0; i < o->doc->events.n; i++)
        event(o, i);
    dl_json_close(&o->w, ']');
}

/* ---- how it was made ------------------------------------------------------------------------------------------------ */

static void pipeline(out *o)
{
    const dl_encode *e = o->e;

    KEY(o, "pipeline");
    dl_json_open(&o->w, '{');
    NAME(o, "version", e->version ? e->version : DL_VERSION);
    KEY(o, "resources");
    dl_json_open(&o->w, '{');
    for (uint32_t i = 0; i < e->n_resources; i++) {
        dl_json_key_any(&o->w, dl_str_of(e->resources[i].name));
        dl_json_text(&o->w, dl_str_of(e->resources[i].version));
    }
    dl_json_close(&o->w, '}');
    if (e->opts.stage_us) {
        KEY(o, "stage_us");
        dl_json_open(&o->w, '{');
        for (uint32_t i = 0; i < e->n_stages; i++) { /* encode is not done yet, so it has no time */
            if (o->doc->stage_ns[i])
                int_field(o, dl_str_of(e->stages[i]), (int64_t)((o->doc->stage_ns[i] + 500) / 1000));
        }
        dl_json_close(&o->w, '}');
    }
    LIST(o, "notes");
    for (uint32_t i = 0; i < o->doc->notes.n; i++) {
        const dl_note *note = &o->doc->notes.p[i];

        dl_json_open(&o->w, '{');
        NAME(o, "stage", note->stage);
        NAME(o, "code", note->code);
        TEXT(o, "message", note->message);
        dl_json_close(&o->w, '}');
    }
    dl_json_close(&o->w, ']');
    dl_json_close(&o->w, '}');
}

/* ---- the stage ------------------------------------------------------------------------------------------------------ */

dl_encode_opts dl_encode_defaults(void)
{
    return (dl_encode_opts){.offset_unit = DL_OFFSET_CODEPOINT};
}

dl_code dl_encode_init(dl_encode *e, const dl_encode_opts *opts, dl_error *err)
{
    if (opts->offset_unit > DL_OFFSET_BYTE)
        return dl_fail(err, DL_FATAL, "encode", DL_NO_PLACE, "offset_unit: allowed: codepoint, utf16, byte");
    *e = (dl_encode){.opts = *opts};
    return DL_OK;
}

void dl_encode_free(dl_encode *e)
{
    *e = (dl_encode){0};
}

/* Room for a usual record, so that the buffer seldom moves. */
static size_t size_hint(const dl_encode *e, const dl_doc *doc)
{
    return 2048 + doc->text.n + doc->text.n / 8 + doc->sents.n * 32 + doc->mentions.n * 120 + doc->ents.n * 220 + doc->events.n * 900 +
           (e->opts.tokens ? doc->toks.n * 110 : 0);
}

dl_code dl_encode_run(const dl_encode *e, dl_doc *doc, dl_error *err)
{
    static const char *const units[] = {"codepoint", "utf16", "byte"};
    out o = {.e = e, .doc = doc};
    bool ok = dl_offsets_init(&o.offsets, doc->a, doc->text, e->opts.offset_unit);

    dl_json_init(&o.w, doc->a, size_hint(e, doc));
    if (ok) {
        dl_json_open(&o.w, '{');
        NAME(&o, "schema_version", "1");
        TEXT(&o, "id", doc->article.id);
        ok = kafka(&o, doc->a);
        article(&o);
        TEXT(&o, "text", doc->text);
        NAME(&o, "offset_unit", units[e->opts.offset_unit]);
        sections(&o);
        sentences(&o);
        if (e->opts.tokens)
            tokens(&o);
        entities(&o);
        times(&o);
        quantities(&o);
        quotes(&o);
        events(&o);
        pipeline(&o);
        dl_json_close(&o.w, '}');
    }
    if (!ok || o.w.failed)
        return dl_fail(err, DL_LIMIT, "encode", DL_NO_PLACE, "too_large: the enriched record needs more memory than one may have");
    doc->out = dl_json_str(&o.w);
    return DL_OK;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_encode_run(self, doc, err);
}

const dl_stage_ops dl_encode_ops = {"encode", DL_LAYER_TEXT, DL_LAYER_OUTPUT, true, run};
