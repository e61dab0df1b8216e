#include "show.h"

#include <cjson/cJSON.h>

enum { N_ENTITIES = 8, N_EVENTS = 6, DEAD_PREVIEW = 60 };

typedef struct style {
    const char *bold, *dim, *red, *off;
} style;

static style style_of(bool color)
{
    return color ? (style){"\033[1m", "\033[2m", "\033[31m", "\033[0m"} : (style){"", "", "", ""};
}

/* Text of a member, or NULL where it is absent, null or no string. */
static const char *text_of(const cJSON *object, const char *name)
{
    return cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
}

static int count_of(const cJSON *object, const char *name)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, name);

    return cJSON_IsArray(list) ? cJSON_GetArraySize(list) : 0;
}

/* What came from outside goes to a terminal without control characters: they could move the cursor or worse. */
static void add_safe(dl_buf *out, const char *z)
{
    for (; *z; z++)
        if ((unsigned char)*z >= 0x20 && *z != 0x7f)
            dl_buf_byte(out, *z);
}

static void add_counts(dl_buf *out, const cJSON *record, style st)
{
    static const struct {
        const char *member, *word;
    } counts[] = {
        {"sentences", "sentences"}, {"entities", "entities"}, {"times", "times"},
        {"quantities", "quantities"}, {"quotes", "quotes"},   {"events", "events"},
    };
    const cJSON *article = cJSON_GetObjectItemCaseSensitive(record, "article");
    const char  *language = text_of(article, "language"), *published = text_of(article, "published_at");

    dl_buf_printf(out, "  %s%s", st.dim, language ? language : "und");
    if (published)
        dl_buf_printf(out, "  %s", published);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
        if (count_of(record, counts[i].member))
            dl_buf_printf(out, "  %d %s", count_of(record, counts[i].member), counts[i].word);
    dl_buf_printf(out, "%s\n", st.off);
}

static void add_entities(dl_buf *out, const cJSON *record, style st)
{
    const cJSON *ent, *list = cJSON_GetObjectItemCaseSensitive(record, "entities");
    int          n = 0;

    cJSON_ArrayForEach(ent, list) {
        const char *name = text_of(ent, "name"), *type = text_of(ent, "type");

        if (!name || !type)
            continue;
        if (n == N_ENTITIES) {
            dl_buf_printf(out, ", %s+%d%s", st.dim, cJSON_GetArraySize(list) - N_ENTITIES, st.off);
            break;
        }
        dl_buf_printf(out, "%s%s%s%s ", n++ ? ", " : "  who and where: ", st.dim, type, st.off);
        add_safe(out, name);
    }
    if (n)
        dl_buf_byte(out, '\n');
}

/* The entity's name where the participant is one, else its words. */
static void add_participants(dl_buf *out, const cJSON *event, const char *side, const cJSON *record)
{
    const cJSON *who, *ent;
    int          n = 0;

    cJSON_ArrayForEach(who, cJSON_GetObjectItemCaseSensitive(event, side)) {
        const char *id = text_of(who, "entity"), *name = text_of(who, "text");

        cJSON_ArrayForEach(ent, cJSON_GetObjectItemCaseSensitive(record, "entities")) {
            const char *other = text_of(ent, "id");

            if (id && other && strcmp(id, other) == 0)
                name = text_of(ent, "name");
        }
        if (!name)
            continue;
        dl_buf_add(out, n++ ? DL_LIT(", ") : (dl_str){"", 0});
        add_safe(out, name);
    }
    if (!n)
        dl_buf_add(out, DL_LIT("?"));
}

static void add_events(dl_buf *out, const cJSON *record, style st)
{
    const cJSON *event;
    int          n = 0;

    cJSON_ArrayForEach(event, cJSON_GetObjectItemCaseSensitive(record, "events")) {
        const char  *type = text_of(event, "type");
        const char  *date = text_of(cJSON_GetObjectItemCaseSensitive(event, "date"), "value");
        const char  *place = text_of(cJSON_GetObjectItemCaseSensitive(event, "place"), "name");
        const char  *modality = text_of(event, "modality");

        if (!type || n++ == N_EVENTS)
            break;
        dl_buf_printf(out, "  %s%s%s ", st.bold, type, st.off);
        add_participants(out, event, "actors", record);
        dl_buf_add(out, DL_LIT(" -> "));
        add_participants(out, event, "recipients", record);
        if (place) {
            dl_buf_add(out, DL_LIT(", in "));
            add_safe(out, place);
        }
        if (date)
            dl_buf_printf(out, ", %s", date);
        if (modality && strcmp(modality, "asserted") != 0)
            dl_buf_printf(out, " %s(%s)%s", st.dim, modality, st.off);
        dl_buf_byte(out, '\n');
    }
}

void dl_show_record(dl_buf *out, dl_str record, bool color)
{
    const style st = style_of(color);
    cJSON      *json = cJSON_ParseWithLength(record.p, record.n);

    if (!json) {
        dl_buf_add(out, record);
        dl_buf_byte(out, '\n');
        return;
    }
    const char *title = text_of(cJSON_GetObjectItemCaseSensitive(json, "article"), "title"), *id = text_of(json, "id");

    dl_buf_add(out, dl_str_of(st.bold));
    add_safe(out, title ? title : "(no title)");
    dl_buf_printf(out, "%s  %s", st.off, st.dim);
    add_safe(out, id ? id : "");
    dl_buf_printf(out, "%s\n", st.off);
    add_counts(out, json, st);
    add_entities(out, json, st);
    add_events(out, json, st);
    cJSON_Delete(json);
}

void dl_show_dead(dl_buf *out, dl_str message, dl_str reason, bool color)
{
    const style st = style_of(color);
    const size_t n = message.n < DEAD_PREVIEW ? message.n : DEAD_PREVIEW;

    dl_buf_printf(out, "%sdead letter%s  %.*s\n  %s", st.red, st.off, DL_ARG(reason), st.dim);
    for (size_t i = 0; i < n; i++) /* may be anything: plain ASCII alone is shown */
        dl_buf_byte(out, message.p[i] >= 0x20 && message.p[i] < 0x7f ? message.p[i] : '.');
    dl_buf_printf(out, "%s%s\n", n < message.n ? "..." : "", st.off);
}
