#include "decode.h"

#include "decode_date.h"
#include "decode_html.h"
#include "decode_json.h"
#include "pipeline/base/utf8.h"

#include <assert.h>
#include <cjson/cJSON.h>

enum field { F_ID, F_TITLE, F_BODY, F_PUBLISHED, F_URL, F_SOURCE, F_LANGUAGE, F_AUTHORS };
_Static_assert(F_AUTHORS + 1 == DL_DECODE_N_FIELDS, "one list of paths a field");

enum { MAX_MESSAGE = 1 << 30, MAX_ID = 512 };

dl_decode_opts dl_decode_defaults(void)
{
    return (dl_decode_opts){
        .id = "id|guid|url",
        .title = "title|headline",
        .body = "text|body|content|article",
        .published = "published_at|date|pubDate|published|publishedAt|date_published|created_at",
        .url = "url|link",
        .source = "source|publisher|feed",
        .language = "language|lang",
        .authors = "authors|author|byline|creator",
        .body_format = DL_BODY_AUTO,
        .message = DL_MESSAGE_JSON,
        .article_max_bytes = 1 << 20,
        .text_max_bytes = 1 << 20,
        .max_depth = 64,
        .max_values = 100000,
    };
}

static dl_code no_room(dl_error *err)
{
    return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "too_large: the article needs more memory than one may have");
}

/* ---- paths to the fields -------------------------------------------------------------------------------------------- */

/* One step of a pointer: ~1 is "/", ~0 is "~" (RFC 6901). */
static dl_code compile_step(dl_decode *d, dl_str *out, dl_str raw, dl_error *err)
{
    char *p = dl_arena_alloc(&d->names, raw.n + 1);
    size_t n = 0;

    if (!p)
        return dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "out of memory");
    for (size_t i = 0; i < raw.n; i++) {
        char c = raw.p[i];

        if (c == '~') {
            i++;
            if (i == raw.n || (raw.p[i] != '0' && raw.p[i] != '1'))
                return dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "in a JSON Pointer \"~\" stands as ~0 and \"/\" in a name as ~1");
            c = raw.p[i] == '0' ? '~' : '/';
        }
        p[n++] = c;
    }
    *out = (dl_str){p, n};
    return DL_OK;
}

static dl_code compile_path(dl_decode *d, dl_field_path *path, dl_str name, dl_error *err)
{
    DL_VEC(dl_str) steps = {0};
    bool pointer = name.p[0] == '/';
    size_t at = pointer ? 1 : 0;

    for (;;) {
        const char *slash = pointer ? memchr(name.p + at, '/', name.n - at) : NULL;
        size_t end = slash ? (size_t)(slash - name.p) : name.n;
        dl_str *step = DL_PUSH(&d->names, &steps);

        if (!step)
            return dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "out of memory");
        *step = dl_str_sub(name, at, end);
        dl_code code = pointer ? compile_step(d, step, *step, err) : DL_OK;

        if (code != DL_OK)
            return code;
        if (!slash)
            break;
        at = end + 1;
    }
    *path = (dl_field_path){steps.p, steps.n};
    return DL_OK;
}

static dl_code compile_field(dl_decode *d, enum field f, const char *names, dl_error *err)
{
    DL_VEC(dl_field_path) paths = {0};
    dl_str all = dl_arena_str(&d->names, dl_str_of(names ? names : ""));

    if (!all.p)
        return dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "out of memory");
    for (size_t at = 0; at < all.n;) {
        const char *bar = memchr(all.p + at, '|', all.n - at);
        size_t end = bar ? (size_t)(bar - all.p) : all.n;
        dl_str name = dl_str_trim(dl_str_sub(all, at, end));

        if (name.n) {
            dl_field_path *path = DL_PUSH(&d->names, &paths);
            dl_code code = path ? compile_path(d, path, name, err) : dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "out of memory");

            if (code != DL_OK)
                return code;
        }
        at = end + 1;
    }
    d->fields[f].paths = paths.p;
    d->fields[f].n = paths.n;
    return DL_OK;
}

dl_code dl_decode_init(dl_decode *d, const dl_decode_opts *opts, dl_error *err)
{
    const char *const names[DL_DECODE_N_FIELDS] = {opts->id,  opts->title,  opts->body,     opts->published,
                                                   opts->url, opts->source, opts->language, opts->authors};
    dl_decode made = {.opts = *opts};
    dl_code code = DL_OK;

    if (opts->max_depth < 1 || opts->max_depth > DL_JSON_MAX_DEPTH)
        return dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "max_depth is %u; allowed: 1 to %d", opts->max_depth, DL_JSON_MAX_DEPTH);
    if (opts->article_max_bytes < 1 || opts->article_max_bytes > MAX_MESSAGE || opts->text_max_bytes < 1 ||
        opts->text_max_bytes > MAX_MESSAGE)
        return dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "article_max_bytes and text_max_bytes: allowed: 1 to %d", MAX_MESSAGE);
    dl_arena_init(&made.names, 1 << 24);
    for (int f = 0; f < DL_DECODE_N_FIELDS && code == DL_OK; f++)
        code = compile_field(&made, (enum field)f, names[f], err);
    if (code == DL_OK && made.fields[F_BODY].n == 0 && opts->message == DL_MESSAGE_JSON)
        code = dl_fail(err, DL_FATAL, "decode", DL_NO_PLACE, "no name for the body");
    if (code != DL_OK) {
        dl_arena_free(&made.names);
        return code;
    }
    dl_html_init();
    *d = made;
    return DL_OK;
}

void dl_decode_free(dl_decode *d)
{
    dl_arena_free(&d->names);
    *d = (dl_decode){0};
}

/* ---- looking fields up ---------------------------------------------------------------------------------------------- */

/* The member of that name, case and all (cJSON's plain look-up ignores case); of two the last, as most JSON readers have it. */
static const cJSON *member(const cJSON *object, dl_str name, bool *twice)
{
    const cJSON *found = NULL;

    for (const cJSON *item = object->child; item; item = item->next)
        if (dl_str_eq(dl_str_of(item->string), name)) {
            *twice |= found != NULL;
            found = item;
        }
    return found;
}

static const cJSON *element(const cJSON *array, dl_str index)
{
    size_t at = 0;

    if (index.n == 0 || index.n > 7 || (index.n > 1 && index.p[0] == '0'))
        return NULL;
    for (size_t i = 0; i < index.n; i++) {
        if (!dl_is_digit(index.p[i]))
            return NULL;
        at = at * 10 + (size_t)(index.p[i] - '0');
    }
    const cJSON *item = array->child;

    while (item && at--)
        item = item->next;
    return item;
}

static const cJSON *follow(const cJSON *root, const dl_field_path *path, bool *twice)
{
    const cJSON *at = root;

    for (uint32_t i = 0; at && i < path->n; i++)
        at = cJSON_IsObject(at) ? member(at, path->steps[i], twice) : cJSON_IsArray(at) ? element(at, path->steps[i]) : NULL;
    return at;
}

static bool is_blank(dl_str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t len;
        int32_t cp = dl_utf8_at(s, at, &len);

        if (!(cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0xA0 || cp == 0xFEFF || cp == 0x3000 || (cp >= 0x2000 && cp <= 0x200F) ||
              cp == 0x2028 || cp == 0x2029 || cp == 0x2060))
            return false;
        at += len;
    }
    return true;
}

/* A value as text, .p NULL where it has none: a string, or what feeds wrap one in ({"name": ...} for a source or an author,
 * {"#text": ...} and {"value": ...} from XML). Borrows the tree. */
static dl_str text_of(const cJSON *item)
{
    static const dl_str wraps[] = {{"name", 4}, {"#text", 5}, {"value", 5}};
    bool twice = false;

    if (cJSON_IsObject(item)) {
        const cJSON *inner = NULL;

        for (size_t i = 0; i < sizeof wraps / sizeof *wraps && !inner; i++)
            inner = member(item, wraps[i], &twice);
        item = inner;
    }
    if (!cJSON_IsString(item))
        return (dl_str){0};
    dl_str s = dl_str_of(item->valuestring);

    return is_blank(s) ? (dl_str){0} : s;
}

/* The characters of a number, .p NULL where it is none: small integers are numbers still, the others were wrapped by dl_decode_json. */
static dl_str number_of(dl_arena *a, const cJSON *item)
{
    bool twice = false;

    if (cJSON_IsNumber(item))
        return dl_arena_printf(a, "%.0f", item->valuedouble);
    item = cJSON_IsObject(item) ? member(item, DL_LIT("#number"), &twice) : NULL;
    return cJSON_IsString(item) ? dl_str_of(item->valuestring) : (dl_str){0};
}

typedef struct reader {
    const dl_decode *d;
    dl_doc          *doc;
    const cJSON     *root;
    bool             failed; /* the arena is full */
} reader;

/* A number is no text: not as title or body. */
static bool may_be_number(enum field f)
{
    return f == F_ID || f == F_PUBLISHED;
}

static bool lists_text(const cJSON *array)
{
    for (const cJSON *item = cJSON_IsArray(array) ? array->child : NULL; item; item = item->next)
        if (text_of(item).p)
            return true;
    return false;
}

static bool may_be_list(enum field f)
{
    return f == F_BODY || f == F_AUTHORS;
}

/* The first value of a field that holds something; NULL where none does. */
static const cJSON *find(reader *r, enum field f)
{
    static const char *const names[] = {"id", "title", "body", "date", "url", "source", "language", "authors"};
    bool twice = false;
    const cJSON *found = NULL;

    for (uint32_t i = 0; i < r->d->fields[f].n && !found; i++) {
        const cJSON *item = follow(r->root, &r->d->fields[f].paths[i], &twice);

        if (item && ((may_be_list(f) && lists_text(item)) || text_of(item).p || (may_be_number(f) && number_of(r->doc->a, item).p)))
            found = item;
    }
    if (twice)
        dl_doc_note(r->doc, "decode", "duplicate_key", "the %s is there more than once; the last one counts", names[f]);
    return found;
}

/* The field's text, copied, white space at its ends dropped. */
static dl_str find_text(reader *r, enum field f)
{
    const cJSON *item = find(r, f);
    dl_str s = item ? text_of(item) : (dl_str){0};

    if (item && !s.p && may_be_number(f))
        s = number_of(r->doc->a, item);
    if (!s.p)
        return s;
    s = dl_arena_str(r->doc->a, dl_str_trim(s));
    r->failed |= !s.p;
    return s;
}

/* The body: one text, or an array of paragraphs. Borrows the tree, or in arena. */
static dl_str find_body(reader *r)
{
    const cJSON *item = find(r, F_BODY);
    char *p = NULL;
    size_t n = 0;

    if (!item || !cJSON_IsArray(item))
        return item ? text_of(item) : (dl_str){0};
    for (item = item->child; item; item = item->next) {
        dl_str s = text_of(item);

        if (!s.p)
            continue;
        char *grown = dl_arena_grow(r->doc->a, p, n, n + s.n + 2);

        if (!grown) {
            r->failed = true;
            return (dl_str){0};
        }
        p = grown;
        if (n) {
            memcpy(p + n, "\n\n", 2);
            n += 2;
        }
        memcpy(p + n, s.p, s.n);
        n += s.n;
    }
    return (dl_str){p, n};
}

static void add_author(reader *r, dl_str name)
{
    if (!name.p)
        return;
    dl_str copy = dl_arena_str(r->doc->a, dl_str_trim(name));
    dl_str *slot = copy.p ? DL_PUSH(r->doc->a, &r->doc->article.authors) : NULL;

    if (slot)
        *slot = copy;
    else
        r->failed = true;
}

static void read_authors(reader *r)
{
    const cJSON *item = find(r, F_AUTHORS);

    if (!item)
        return;
    if (!cJSON_IsArray(item)) {
        add_author(r, text_of(item));
        return;
    }
    for (item = item->child; item; item = item->next)
        add_author(r, text_of(item));
}

/* "en", "en-GB", "pt_BR": what can be a BCP 47 tag is kept as a hint, in its usual case. */
static void read_language(dl_article *art, dl_str tag)
{
    size_t primary = 0;

    if (tag.n < 2 || tag.n >= sizeof art->language)
        return;
    for (size_t i = 0; i < tag.n; i++)
        if (!dl_is_alnum(tag.p[i]) && tag.p[i] != '-' && tag.p[i] != '_')
            return;
    while (primary < tag.n && dl_is_alpha(tag.p[primary]))
        primary++;
    if (primary < 2 || primary > 3 || (primary < tag.n && dl_is_alnum(tag.p[primary])))
        return;
    for (size_t i = 0; i < tag.n; i++)
        art->language[i] = i < primary ? dl_to_lower(tag.p[i]) : tag.p[i] == '_' ? '-' : tag.p[i];
    art->language[tag.n] = '\0';
}

/* ---- the article ---------------------------------------------------------------------------------------------------- */

static dl_code read_published(dl_doc *doc, dl_str metadata, dl_error *err)
{
    dl_article *art = &doc->article;

    if (metadata.n && dl_date_parse(&art->published, metadata))
        art->published_from = DL_DATE_METADATA;
    else if (dl_date_from_epoch_ms(&art->published, doc->record.timestamp_ms) && doc->record.timestamp_ms >= 0)
        art->published_from = DL_DATE_RECORD;
    else
        art->published = (dl_datetime){0};
    if (metadata.n && art->published_from != DL_DATE_METADATA)
        dl_doc_note(doc, "decode", "bad_date", "the publication date is in no form that is known");
    if (art->published_from == DL_DATE_UNKNOWN)
        return DL_OK;
    art->published_at = dl_date_iso(doc->a, &art->published);
    return art->published_at.p ? DL_OK : no_room(err);
}

/* Given, else topic-partition-offset, else the content's hash: the same article always has the same id. */
static dl_code make_id(dl_doc *doc, dl_str given, dl_error *err)
{
    const dl_record *rec = &doc->record;
    dl_str id = given;

    if (given.n > MAX_ID) {
        dl_doc_note(doc, "decode", "long_id", "the id has %zu bytes; its hash stands for it", given.n);
        id = dl_arena_printf(doc->a, "%016llx%016llx", (unsigned long long)dl_hash(given.p, given.n, 1),
                             (unsigned long long)dl_hash(given.p, given.n, 2));
    } else if (!given.n && rec->topic.n) {
        id = dl_arena_printf(doc->a, "%.*s-%d-%lld", DL_ARG(rec->topic), rec->partition, (long long)rec->offset);
    } else if (!given.n) {
        id = dl_arena_printf(doc->a, "%016llx%016llx", (unsigned long long)dl_hash(doc->raw.p, doc->raw.n, 1),
                             (unsigned long long)dl_hash(doc->raw.p, doc->raw.n, 2));
    }
    if (!id.p)
        return no_room(err);
    doc->article.id = id;
    return DL_OK;
}

/* HTML to its text, other text as it is. */
static dl_code plain_text(const dl_decode *d, dl_str *s, dl_arena *a, dl_error *err)
{
    if (!s->p || d->opts.body_format == DL_BODY_TEXT || (d->opts.body_format == DL_BODY_AUTO && !dl_html_has_tags(*s)))
        return DL_OK;
    return dl_html_to_text(s, a, *s, err);
}

/* text: the title, a blank line, the body. */
static dl_code make_text(const dl_decode *d, dl_doc *doc, dl_str title, dl_str body, dl_error *err)
{
    dl_code code = plain_text(d, &title, doc->a, err);

    if (code == DL_OK)
        code = plain_text(d, &body, doc->a, err);
    if (code != DL_OK)
        return code;
    if (!body.p || is_blank(body))
        return dl_fail(err, DL_BAD_INPUT, "decode", DL_NO_PLACE, "empty_body: the article has no text");
    if (title.p && is_blank(title))
        title = (dl_str){0};
    size_t start = title.p ? title.n + 2 : 0;

    if (start + body.n > d->opts.text_max_bytes)
        return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "text_too_large: %zu bytes of text, %u are allowed", start + body.n,
                       d->opts.text_max_bytes);
    char *p = dl_arena_alloc(doc->a, start + body.n + 1);

    if (!p)
        return no_room(err);
    if (start) {
        memcpy(p, title.p, title.n);
        memcpy(p + title.n, "\n\n", 2);
        doc->article.title = (dl_str){p, title.n};
    }
    memcpy(p + start, body.p, body.n);
    p[start + body.n] = '\0';
    doc->text = (dl_str){p, start + body.n};
    doc->body_start = (uint32_t)start;
    return DL_OK;
}

static void note_damage(dl_doc *doc, const dl_json_damage *damage)
{
    if (damage->bad_utf8)
        dl_doc_note(doc, "decode", "bad_utf8", "%u ill-formed UTF-8 sequences stand as U+FFFD", damage->bad_utf8);
    if (damage->nuls)
        dl_doc_note(doc, "decode", "nul_character", "%u U+0000 stand as U+FFFD", damage->nuls);
    if (damage->lone_surrogates)
        dl_doc_note(doc, "decode", "lone_surrogate", "%u lone surrogates stand as U+FFFD", damage->lone_surrogates);
}

static dl_code read_object(const dl_decode *d, dl_doc *doc, const cJSON *root, dl_error *err)
{
    reader r = {.d = d, .doc = doc, .root = root};

    doc->article.url = find_text(&r, F_URL);
    doc->article.source = find_text(&r, F_SOURCE);
    read_language(&doc->article, find_text(&r, F_LANGUAGE));
    read_authors(&r);
    dl_code code = make_id(doc, find_text(&r, F_ID), err);

    if (code == DL_OK)
        code = read_published(doc, find_text(&r, F_PUBLISHED), err);
    if (code == DL_OK) {
        const cJSON *title = find(&r, F_TITLE);

        dl_str body = find_body(&r);

        code = r.failed ? no_room(err) : make_text(d, doc, title ? text_of(title) : (dl_str){0}, body, err);
    }
    return code;
}

static dl_code decode_object(const dl_decode *d, dl_doc *doc, dl_str raw, dl_error *err)
{
    dl_json_damage damage;
    dl_str json;
    dl_code code = dl_decode_json(&json, &damage, doc->a, raw, (dl_json_limits){d->opts.max_depth, d->opts.max_values}, err);

    if (code != DL_OK)
        return code;
    if (dl_str_trim(raw).p[0] != '{')
        return dl_fail(err, DL_BAD_INPUT, "decode", 0, "not_an_object: the message is JSON, but no object");
    cJSON *root = cJSON_ParseWithLength(json.p, json.n);

    if (!root) /* the grammar was checked: what is left is memory */
        return no_room(err);
    note_damage(doc, &damage);
    code = read_object(d, doc, root, err);
    cJSON_Delete(root);
    return code;
}

/* The message is the body. */
static dl_code decode_plain(const dl_decode *d, dl_doc *doc, dl_str raw, dl_error *err)
{
    dl_json_damage damage = {0};
    dl_str body = dl_utf8_repair(doc->a, raw, &damage.bad_utf8);
    const char *nul = body.p ? memchr(body.p, '\0', body.n) : NULL;

    if (nul) { /* 0xFF is never well-formed, so the repairer turns it into the U+FFFD that we want */
        dl_str copy = dl_arena_str(doc->a, body);

        if (!copy.p)
            return no_room(err);
        for (char *p = (char *)(uintptr_t)copy.p; (size_t)(p - copy.p) < copy.n; p++)
            if (*p == '\0')
                *p = (char)0xFF;
        body = dl_utf8_repair(doc->a, copy, &damage.nuls);
    }
    if (!body.p)
        return no_room(err);
    note_damage(doc, &damage);
    dl_str key = doc->record.key.p ? dl_utf8_repair(doc->a, doc->record.key, NULL) : (dl_str){0};
    dl_code code = make_id(doc, dl_str_trim(key), err);

    if (code == DL_OK)
        code = read_published(doc, (dl_str){0}, err);
    return code == DL_OK ? make_text(d, doc, (dl_str){0}, body, err) : code;
}

dl_code dl_decode_run(const dl_decode *d, dl_doc *doc, dl_error *err)
{
    dl_str raw = doc->raw;

    if (raw.n > d->opts.article_max_bytes)
        return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "too_large: %zu bytes, %u are allowed", raw.n, d->opts.article_max_bytes);
    if (dl_str_starts(raw, DL_LIT("\xEF\xBB\xBF")))
        raw = dl_str_sub(raw, 3, raw.n);
    if (raw.n == 0)
        return dl_fail(err, DL_BAD_INPUT, "decode", DL_NO_PLACE, "empty_message: no bytes at all");
    if (raw.n >= 2 && (dl_str_starts(raw, DL_LIT("\xFF\xFE")) || dl_str_starts(raw, DL_LIT("\xFE\xFF")) ||
                       (d->opts.message == DL_MESSAGE_JSON && (raw.p[0] == '\0' || raw.p[1] == '\0'))))
        return dl_fail(err, DL_BAD_INPUT, "decode", 0, "utf16_input: the message is UTF-16 or UTF-32; UTF-8 is read");
    return d->opts.message == DL_MESSAGE_JSON ? decode_object(d, doc, raw, err) : decode_plain(d, doc, raw, err);
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_decode_run(self, doc, err);
}

const dl_stage_ops dl_decode_ops = {"decode", DL_LAYER_RAW, DL_LAYER_TEXT, true, run};
