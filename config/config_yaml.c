/* The file layer: libyaml's events become keys joined by dots and their values. Maps nest; lists hold scalars and stand only where a key
 * takes a list. Anchors, aliases, tags and further documents have no use in a configuration and are refused, which also keeps a file
 * from growing while it is read. */
#include "interpolate.h"
#include "loader.h"

#include <yaml.h>

enum { MAX_DEPTH = 8, MAX_ITEMS = 1024 };

typedef struct yaml_file {
    dl_loader    *l;
    const char   *name;
    yaml_parser_t parser;
    dl_buf        key; /* of the node being read */
    bool          stopped; /* nothing more can be read */
} yaml_file;

static dl_origin place(const yaml_file *f, yaml_mark_t mark)
{
    return (dl_origin){DL_FROM_FILE, f->name, (uint32_t)mark.line + 1, (uint32_t)mark.column + 1};
}

static void syntax_problem(yaml_file *f)
{
    const yaml_parser_t *const p = &f->parser;
    const bool reading = p->error == YAML_READER_ERROR; /* the reader knows only the byte */
    const dl_origin at = reading ? (dl_origin){DL_FROM_FILE, f->name, 0, 0} : place(f, p->problem_mark);

    f->stopped = true;
    if (reading)
        dl_loader_problem(f->l, &at, (dl_str){0}, "byte %zu: %s; a configuration is UTF-8 text", p->problem_offset, p->problem);
    else
        dl_loader_problem(f->l, &at, (dl_str){0}, "%s%s%s", p->context ? p->context : "", p->context ? ": " : "", p->problem ? p->problem : "out of memory");
}

static bool next(yaml_file *f, yaml_event_t *ev)
{
    if (f->stopped)
        return false;
    if (yaml_parser_parse(&f->parser, ev))
        return true;
    syntax_problem(f);
    return false;
}

static dl_str scalar(const yaml_event_t *ev)
{
    return (dl_str){(const char *)ev->data.scalar.value, ev->data.scalar.length};
}

static const unsigned char *anchor_of(const yaml_event_t *ev)
{
    switch (ev->type) {
    case YAML_SCALAR_EVENT: return ev->data.scalar.anchor;
    case YAML_SEQUENCE_START_EVENT: return ev->data.sequence_start.anchor;
    case YAML_MAPPING_START_EVENT: return ev->data.mapping_start.anchor;
    case YAML_ALIAS_EVENT: return ev->data.alias.anchor;
    default: return NULL;
    }
}

static const unsigned char *tag_of(const yaml_event_t *ev)
{
    switch (ev->type) {
    case YAML_SCALAR_EVENT: return ev->data.scalar.tag;
    case YAML_SEQUENCE_START_EVENT: return ev->data.sequence_start.tag;
    case YAML_MAPPING_START_EVENT: return ev->data.mapping_start.tag;
    default: return NULL;
    }
}

/* Read past the rest of a node whose first event is *ev. */
static void skip(yaml_file *f, const yaml_event_t *first)
{
    const bool nested = first->type == YAML_SEQUENCE_START_EVENT || first->type == YAML_MAPPING_START_EVENT;

    for (size_t depth = nested; depth > 0;) {
        yaml_event_t ev;

        if (!next(f, &ev))
            return;
        if (ev.type == YAML_SEQUENCE_START_EVENT || ev.type == YAML_MAPPING_START_EVENT)
            depth++;
        else if (ev.type == YAML_SEQUENCE_END_EVENT || ev.type == YAML_MAPPING_END_EVENT)
            depth--;
        yaml_event_delete(&ev);
    }
}

/* false: what stands here is refused, and has been read past. */
static bool is_welcome(yaml_file *f, const yaml_event_t *ev)
{
    const dl_origin at = place(f, ev->start_mark);
    const char *what = NULL;

    if (anchor_of(ev))
        what = "anchors and aliases (& and *) are not read here; quote a value that begins with one";
    else if (tag_of(ev))
        what = "tags (!) are not read here; quote a value that begins with one";
    if (!what)
        return true;
    dl_loader_problem(f->l, &at, dl_buf_str(&f->key), "%s", what);
    skip(f, ev);
    return false;
}

static bool interpolated(yaml_file *f, const yaml_event_t *ev, dl_str *out)
{
    const dl_origin at = place(f, ev->start_mark);
    dl_error err;

    if (dl_interpolate(out, &f->l->cfg.arena, scalar(ev), f->l->from->env, &err) == DL_OK)
        return true;
    dl_loader_problem(f->l, &at, dl_buf_str(&f->key), "%s", err.msg);
    return false;
}

/* Nothing, ~ or null, not in quotes. */
static bool is_null(const yaml_event_t *ev)
{
    const dl_str s = scalar(ev);

    return ev->data.scalar.style == YAML_PLAIN_SCALAR_STYLE && (s.n == 0 || dl_str_eq(s, DL_LIT("~")) || dl_str_eq_nocase(s, DL_LIT("null")));
}

static void read_scalar(yaml_file *f, const yaml_event_t *ev)
{
    const dl_str key = dl_buf_str(&f->key);
    const dl_origin at = place(f, ev->start_mark);
    dl_str value;

    if (is_null(ev)) {
        if (!dl_loader_is_section(key) && key.n) /* a section whose keys are all commented out is fine, so is an empty file */
            dl_loader_problem(f->l, &at, key, "no value; write \"\" for empty text, or take the line out for the default");
    } else if (key.n == 0)
        dl_loader_problem(f->l, &at, key, "a configuration is a map of keys to values");
    else if (interpolated(f, ev, &value))
        dl_loader_assign(f->l, &at, key, value);
}

static void read_list(yaml_file *f, const dl_origin *at)
{
    dl_arena *const a = &f->l->cfg.arena;
    DL_VEC(dl_str) items = {0};
    bool good = true;
    yaml_event_t ev;

    while (next(f, &ev)) {
        const dl_origin item_at = place(f, ev.start_mark);
        const bool end = ev.type == YAML_SEQUENCE_END_EVENT;
        dl_str value;

        if (!end && !is_welcome(f, &ev))
            good = false;
        else if (!end && (ev.type != YAML_SCALAR_EVENT || is_null(&ev))) {
            dl_loader_problem(f->l, &item_at, dl_buf_str(&f->key), "an item of a list is one value");
            skip(f, &ev);
            good = false;
        } else if (!end && interpolated(f, &ev, &value)) {
            dl_str *const item = items.n < MAX_ITEMS ? DL_PUSH(a, &items) : NULL;

            if (item)
                *item = dl_arena_str(a, value);
            if (!item || !item->p) {
                dl_loader_problem(f->l, &item_at, dl_buf_str(&f->key), "more than %d items", MAX_ITEMS);
                f->stopped = true;
            }
        } else if (!end)
            good = false;
        yaml_event_delete(&ev);
        if (end)
            break;
    }
    if (f->stopped || !good)
        return;
    if (f->key.n)
        dl_loader_assign_items(f->l, at, dl_buf_str(&f->key), items.p, items.n);
    else
        dl_loader_problem(f->l, at, (dl_str){0}, "a configuration is a map of keys to values, not a list");
}

static void read_node(yaml_file *f, yaml_event_t *ev, unsigned depth);

static void read_map(yaml_file *f, const dl_origin *at, unsigned depth)
{
    yaml_event_t ev;

    if (depth > MAX_DEPTH) {
        dl_loader_problem(f->l, at, dl_buf_str(&f->key), "nested deeper than %d", MAX_DEPTH);
        f->stopped = true;
    }
    while (next(f, &ev)) {
        const size_t outer_n = f->key.n;
        const dl_origin key_at = place(f, ev.start_mark);
        const bool end = ev.type == YAML_MAPPING_END_EVENT;
        bool good = !end && is_welcome(f, &ev);

        if (good && (ev.type != YAML_SCALAR_EVENT || scalar(&ev).n == 0 || memchr(scalar(&ev).p, 0, scalar(&ev).n))) {
            dl_loader_problem(f->l, &key_at, dl_buf_str(&f->key), "a key is a name");
            skip(f, &ev);
            good = false;
        }
        if (good) {
            if (outer_n)
                dl_buf_byte(&f->key, '.');
            dl_buf_add(&f->key, scalar(&ev));
        }
        yaml_event_delete(&ev);
        if (end || !next(f, &ev))
            break;
        if (good)
            read_node(f, &ev, depth + 1);
        else
            skip(f, &ev);
        yaml_event_delete(&ev);
        f->key.n = outer_n;
    }
}

/* *ev stays the caller's. */
static void read_node(yaml_file *f, yaml_event_t *ev, unsigned depth)
{
    const dl_origin at = place(f, ev->start_mark);

    if (!is_welcome(f, ev))
        return;
    if (ev->type == YAML_SCALAR_EVENT)
        read_scalar(f, ev);
    else if (ev->type == YAML_SEQUENCE_START_EVENT)
        read_list(f, &at);
    else if (ev->type == YAML_MAPPING_START_EVENT)
        read_map(f, &at, depth);
}

void dl_loader_read_yaml(dl_loader *l, const char *name, dl_str text)
{
    yaml_file f = {.l = l, .name = name};
    yaml_event_t ev;
    uint32_t n_documents = 0;

    if (!yaml_parser_initialize(&f.parser)) {
        dl_loader_problem(l, &(dl_origin){DL_FROM_FILE, name, 0, 0}, (dl_str){0}, "out of memory");
        return;
    }
    yaml_parser_set_input_string(&f.parser, (const unsigned char *)(text.n ? text.p : ""), text.n);
    while (next(&f, &ev)) {
        const yaml_event_type_t type = ev.type;
        const dl_origin at = place(&f, ev.start_mark);

        if (type == YAML_DOCUMENT_START_EVENT && ++n_documents > 1) {
            dl_loader_problem(l, &at, (dl_str){0}, "a second document; a file holds one");
            f.stopped = true;
        } else if (type == YAML_SCALAR_EVENT || type == YAML_SEQUENCE_START_EVENT || type == YAML_MAPPING_START_EVENT || type == YAML_ALIAS_EVENT)
            read_node(&f, &ev, 0);
        yaml_event_delete(&ev);
        if (type == YAML_STREAM_END_EVENT)
            break;
    }
    dl_buf_free(&f.key);
    yaml_parser_delete(&f.parser);
}
