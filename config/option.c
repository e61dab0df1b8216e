#include "option.h"

#include "pipeline/base/utf8.h"

#include <stdio.h>

enum { SHOWN_BYTES = 55 };

#define WORD(id, word) word "|"
const dl_option dl_options[DL_N_OPTIONS] = {
#define DL_GROUP(key, doc)
#define DL_OPTION(t, name, k, d, lo, hi, u, text) \
    {.key = k, .def = d, .unit = u, .doc = text, .type = DL_OPT_##t, .at = offsetof(dl_config, name), .min = lo, .max = hi},
#define DL_CHOICE(t, name, k, d, list, text) \
    {.key = k, .def = d, .unit = "", .doc = text, .choices = list(WORD), .type = DL_OPT_CHOICE, .at = offsetof(dl_config, name)},
#include "options.def"
};

const dl_option_group dl_option_groups[] = {
#define DL_GROUP(key, doc) {#key, doc},
#define DL_OPTION(t, name, k, d, lo, hi, u, text)
#define DL_CHOICE(t, name, k, d, list, text)
#include "options.def"
    {NULL, NULL},
};

const dl_option_group *dl_option_group_of(const dl_option *opt)
{
    const dl_option_group *best = NULL;

    for (const dl_option_group *g = dl_option_groups; g->key; g++) {
        const dl_str key = dl_str_of(g->key);

        if (dl_str_starts(dl_str_of(opt->key), key) && opt->key[key.n] == '.' && (!best || key.n > strlen(best->key)))
            best = g;
    }
    return best;
}

uint32_t dl_option_find(dl_str key)
{
    uint32_t i = 0;

    while (i < DL_N_OPTIONS && !dl_str_eq(key, dl_str_of(dl_options[i].key)))
        i++;
    return i;
}

/* ---- numbers and their units ---------------------------------------------------------------------------------------- */

typedef struct unit {
    const char *name;
    uint64_t    factor;
} unit;

/* The first that divides a value is the one it is written in. */
static const unit byte_units[] = {{"GiB", 1u << 30}, {"MiB", 1u << 20}, {"KiB", 1u << 10}, {"", 1},
                                  {"GB", 1000000000}, {"MB", 1000000}, {"kB", 1000}, {"B", 1}};
static const unit time_units[] = {{"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};

static bool read_number(dl_str s, const unit *units, size_t n_units, uint64_t *out)
{
    uint64_t v = 0;
    size_t i = 0;

    for (; i < s.n && dl_is_digit(s.p[i]); i++) {
        const uint64_t digit = (uint64_t)(s.p[i] - '0');

        if (__builtin_mul_overflow(v, 10u, &v) || __builtin_add_overflow(v, digit, &v))
            return false;
    }
    if (i == 0)
        return false;
    const dl_str suffix = dl_str_sub(s, i, s.n);

    for (size_t u = 0; u < n_units; u++)
        if (dl_str_eq(suffix, dl_str_of(units[u].name)))
            return !__builtin_mul_overflow(v, units[u].factor, out);
    return false;
}

static const unit plain[] = {{"", 1}};

static bool read_value(dl_option_type type, dl_str s, uint64_t *out)
{
    switch (type) {
    case DL_OPT_BYTES: return read_number(s, byte_units, sizeof byte_units / sizeof *byte_units, out);
    case DL_OPT_MS: return read_number(s, time_units, sizeof time_units / sizeof *time_units, out);
    default: return read_number(s, plain, 1, out);
    }
}

static void write_value(dl_option_type type, uint64_t v, dl_buf *out)
{
    const unit *u = plain;

    if (type == DL_OPT_BYTES || type == DL_OPT_MS) {
        u = type == DL_OPT_BYTES ? byte_units : time_units;
        while (v == 0 ? u->factor != 1 : v % u->factor != 0)
            u++;
    }
    dl_buf_printf(out, "%llu%s", (unsigned long long)(v / u->factor), u->name);
}

/* ---- what is allowed ------------------------------------------------------------------------------------------------ */

static void write_choices(const dl_option *opt, dl_buf *out)
{
    for (const char *c = opt->choices; *c; c++)
        if (*c != '|')
            dl_buf_byte(out, *c);
        else if (c[1])
            dl_buf_add(out, DL_LIT(", "));
}

void dl_option_allowed(const dl_option *opt, dl_buf *out)
{
    static const char *const what[] = {
        [DL_OPT_U32] = "a whole number", [DL_OPT_BYTES] = "a size such as 64KiB or 16MiB", [DL_OPT_MS] = "a duration such as 250ms, 5s or 2m"};

    switch (opt->type) {
    case DL_OPT_BOOL: dl_buf_add(out, DL_LIT("true or false")); break;
    case DL_OPT_CHOICE:
        dl_buf_add(out, DL_LIT("one of "));
        write_choices(opt, out);
        break;
    case DL_OPT_STR:
        dl_buf_printf(out, "text of %llu to %llu bytes", (unsigned long long)opt->min, (unsigned long long)opt->max);
        break;
    case DL_OPT_LIST:
        dl_buf_printf(out, "a list of %llu to %llu %s", (unsigned long long)opt->min, (unsigned long long)opt->max, opt->unit);
        break;
    default:
        dl_buf_printf(out, "%s, ", what[opt->type]);
        write_value(opt->type, opt->min, out);
        dl_buf_add(out, DL_LIT(" to "));
        write_value(opt->type, opt->max, out);
    }
}

void dl_show(dl_str s, char *out, size_t cap)
{
    size_t n = 0, i = 0;

    for (uint32_t len; i < s.n && n + 4 < cap - 3; i += len) { /* room for one more character, and for "..." */
        const int32_t cp = dl_utf8_at(s, i, &len);

        if (cp < 0x20 || (cp >= 0x7F && cp < 0xA0))
            out[n++] = '?';
        else {
            memcpy(out + n, s.p + i, len);
            n += len;
        }
    }
    (void)snprintf(out + n, cap - n, "%s", i < s.n ? "..." : "");
}

static dl_code refuse(const dl_option *opt, dl_str value, dl_error *err)
{
    char shown[SHOWN_BYTES];
    dl_buf allowed = {0};

    dl_show(value, shown, sizeof shown);
    dl_option_allowed(opt, &allowed);
    (void)dl_fail(err, DL_BAD_INPUT, "config", DL_NO_PLACE, "\"%s\" will not do; allowed: %.*s", shown, DL_ARG(dl_buf_str(&allowed)));
    dl_buf_free(&allowed);
    return DL_BAD_INPUT;
}

static dl_code no_memory(dl_error *err)
{
    return dl_fail(err, DL_FATAL, "config", DL_NO_PLACE, "out of memory");
}

/* ---- setting -------------------------------------------------------------------------------------------------------- */

static bool find_choice(const char *choices, dl_str value, unsigned *index)
{
    *index = 0;
    for (const char *c = choices; *c; (*index)++) {
        const char *const end = strchr(c, '|');

        if (dl_str_eq(value, (dl_str){c, (size_t)(end - c)}))
            return true;
        c = end + 1;
    }
    return false;
}

static dl_code set_str(dl_config *cfg, const dl_option *opt, dl_str value, dl_error *err)
{
    if (value.n < opt->min || value.n > opt->max)
        return refuse(opt, value, err);
    const dl_str copy = dl_arena_str(&cfg->arena, value);

    if (!copy.p)
        return no_memory(err);
    memcpy((char *)cfg + opt->at, &copy.p, sizeof copy.p);
    return DL_OK;
}

static dl_code set_number(dl_config *cfg, const dl_option *opt, dl_str value, dl_error *err)
{
    uint64_t v;

    if (!read_value(opt->type, value, &v) || v < opt->min || v > opt->max)
        return refuse(opt, value, err);
    const uint32_t small = (uint32_t)v;

    if (opt->type == DL_OPT_BYTES)
        memcpy((char *)cfg + opt->at, &v, sizeof v);
    else
        memcpy((char *)cfg + opt->at, &small, sizeof small);
    return DL_OK;
}

/* Split at commas; white space around items does not count; an empty value is an empty list. */
static dl_code set_split(dl_config *cfg, const dl_option *opt, dl_str value, dl_error *err)
{
    DL_VEC(dl_str) items = {0};

    for (size_t start = 0; dl_str_trim(value).n && start <= value.n;) {
        const char *const comma = memchr(value.p + start, ',', value.n - start);
        const size_t end = comma ? (size_t)(comma - value.p) : value.n;
        dl_str *const item = DL_PUSH(&cfg->arena, &items);

        if (!item)
            return no_memory(err);
        *item = dl_str_trim(dl_str_sub(value, start, end));
        start = end + 1;
    }
    return dl_option_set_items(cfg, opt, items.p, items.n, err);
}

dl_code dl_option_set_items(dl_config *cfg, const dl_option *opt, const dl_str *items, uint32_t n, dl_error *err)
{
    if (opt->type != DL_OPT_LIST)
        return refuse(opt, DL_LIT("a list"), err);
    if (n < opt->min || n > opt->max)
        return refuse(opt, n ? items[0] : DL_LIT("[]"), err);
    const char **const copies = dl_arena_alloc(&cfg->arena, (n ? n : 1) * sizeof *copies);

    if (!copies)
        return no_memory(err);
    for (uint32_t i = 0; i < n; i++) {
        if (items[i].n == 0)
            return dl_fail(err, DL_BAD_INPUT, "config", DL_NO_PLACE, "item %u is empty", i + 1);
        copies[i] = dl_arena_str(&cfg->arena, items[i]).p;
        if (!copies[i])
            return no_memory(err);
    }
    const dl_str_list list = {copies, n};

    memcpy((char *)cfg + opt->at, &list, sizeof list);
    return DL_OK;
}

dl_code dl_option_set(dl_config *cfg, const dl_option *opt, dl_str value, dl_error *err)
{
    char *const field = (char *)cfg + opt->at;

    switch (opt->type) {
    case DL_OPT_STR: return set_str(cfg, opt, value, err);
    case DL_OPT_LIST: return set_split(cfg, opt, value, err);
    case DL_OPT_BOOL: {
        const bool on = dl_str_eq(value, DL_LIT("true"));

        if (!on && !dl_str_eq(value, DL_LIT("false")))
            return refuse(opt, value, err);
        memcpy(field, &on, sizeof on);
        return DL_OK;
    }
    case DL_OPT_CHOICE: {
        unsigned choice;

        if (!find_choice(opt->choices, value, &choice))
            return refuse(opt, value, err);
        memcpy(field, &choice, sizeof choice);
        return DL_OK;
    }
    default: return set_number(cfg, opt, value, err);
    }
}

/* ---- writing -------------------------------------------------------------------------------------------------------- */

/* May it stand as it is, in a list too? Anything that another reader could take for a number, a bool, null or syntax is quoted. */
static bool is_plain(dl_str s)
{
    static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};

    if (s.n == 0 || !(dl_is_alpha(s.p[0]) || s.p[0] == '/' || s.p[0] == '^' || s.p[0] == '_'))
        return false;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dl_str_eq_nocase(s, dl_str_of(words[i])))
            return false;
    for (size_t i = 0; i < s.n; i++)
        if (!dl_is_alnum(s.p[i]) && (s.p[i] == 0 || !strchr("._-/^:@+", s.p[i])))
            return false;
    return s.p[s.n - 1] != ':';
}

/* Controls, and what YAML takes for a line break or a byte order mark, or does not take at all. */
static bool needs_escape(int32_t cp)
{
    return cp < 0x20 || (cp >= 0x7F && cp <= 0xA0) || cp == 0x2028 || cp == 0x2029 || cp == 0xFEFF || cp == 0xFFFE || cp == 0xFFFF;
}

void dl_yaml_scalar(dl_str s, dl_buf *out)
{
    if (is_plain(s)) {
        dl_buf_add(out, s);
        return;
    }
    dl_buf_byte(out, '"');
    for (size_t i = 0; i < s.n;) {
        uint32_t len;
        const int32_t cp = dl_utf8_at(s, i, &len);

        if (needs_escape(cp))
            dl_buf_printf(out, "\\u%04X", (unsigned)cp);
        else {
            if (cp == '"' || cp == '\\')
                dl_buf_byte(out, '\\');
            if (dl_str_starts(dl_str_sub(s, i, s.n), DL_LIT("${"))) /* not a variable when it is read again */
                dl_buf_byte(out, '$');
            dl_buf_add(out, dl_str_sub(s, i, i + len));
        }
        i += len;
    }
    dl_buf_byte(out, '"');
}

static void write_list(const dl_str_list *list, dl_buf *out)
{
    dl_buf_byte(out, '[');
    for (uint32_t i = 0; i < list->n; i++) {
        if (i)
            dl_buf_add(out, DL_LIT(", "));
        dl_yaml_scalar(dl_str_of(list->p[i]), out);
    }
    dl_buf_byte(out, ']');
}

static void write_choice(const char *choices, unsigned index, dl_buf *out)
{
    for (; index; index--)
        choices = strchr(choices, '|') + 1;
    dl_buf_add(out, (dl_str){choices, strcspn(choices, "|")});
}

void dl_option_write(const dl_config *cfg, const dl_option *opt, dl_buf *out)
{
    const void *const field = (const char *)cfg + opt->at;

    switch (opt->type) {
    case DL_OPT_STR: dl_yaml_scalar(dl_str_of(*(const char *const *)field), out); break;
    case DL_OPT_BOOL: dl_buf_add(out, *(const bool *)field ? DL_LIT("true") : DL_LIT("false")); break;
    case DL_OPT_BYTES: write_value(opt->type, *(const uint64_t *)field, out); break;
    case DL_OPT_LIST: write_list(field, out); break;
    case DL_OPT_CHOICE: write_choice(opt->choices, *(const unsigned *)field, out); break;
    default: write_value(opt->type, *(const uint32_t *)field, out);
    }
}
