#include "curl.h"

#include "chars.h"
#include "pipeline/view.h"

typedef enum shape { NO_MARK, STRAIGHT, LEFT, RIGHT, LOW, TICKS, APOSTROPHES } shape; /* LOW: the German opener; TICKS: ``  APOSTROPHES: '' */

static shape shape_at(dl_str s, uint32_t at, uint32_t *len)
{
    const char c = s.p[at];

    *len = 1;
    if (c == '"')
        return STRAIGHT;
    *len = 2;
    if (at + 1 < s.n && c == '`' && s.p[at + 1] == '`')
        return TICKS;
    if (at + 1 < s.n && c == '\'' && s.p[at + 1] == '\'')
        return APOSTROPHES;
    *len = 3;
    if (at + 2 < s.n && c == '\xE2' && s.p[at + 1] == '\x80' && s.p[at + 2] == '\x9C')
        return LEFT;
    if (at + 2 < s.n && c == '\xE2' && s.p[at + 1] == '\x80' && s.p[at + 2] == '\x9D')
        return RIGHT;
    if (at + 2 < s.n && c == '\xE2' && s.p[at + 1] == '\x80' && s.p[at + 2] == '\x9E')
        return LOW;
    *len = 1;
    return NO_MARK;
}

static bool is_space_or_edge(dl_str s, uint32_t at, bool before, uint32_t also)
{
    uint32_t len;

    if (before ? at == 0 : at >= s.n)
        return true;
    return ((before ? dl_ch_before(s, at, &len) : dl_ch_at(s, at, &len)) & (DL_CH_SPACE | also)) != 0;
}

typedef struct mark {
    uint32_t from, at, len; /* from: where its double begins that was taken out, else at */
    shape    shape;
    bool     by_state; /* what stands around it tells nothing */
    bool     opens;
} mark;

static void read_role(dl_str s, mark *m, bool inside)
{
    uint32_t len;
    const uint32_t after = m->at + m->len < s.n ? dl_ch_at(s, m->at + m->len, &len) : DL_CH_SPACE;
    const bool space_before = is_space_or_edge(s, m->from, true, DL_CH_OPEN);
    const bool space_after = (after & DL_CH_SPACE) || ((after & DL_CH_PUNCT) && !(after & (DL_CH_OPEN | DL_CH_QUOTE)));
    const bool dash_before = m->from > 2 && (dl_ch_before(s, m->from, &len) & DL_CH_PUNCT) && len == 3 && !(dl_ch_before(s, m->from, &len) & (DL_CH_QUOTE | DL_CH_STOP));

    m->by_state = space_before == space_after || dash_before;
    m->opens = m->by_state ? !inside : space_before;
    if (space_before && space_after && (m->shape == LEFT || m->shape == RIGHT))
        m->opens = m->shape == LEFT;
}

/* A straight mark behind a digit, outside of a quotation, is inches. */
static bool is_inches(dl_str s, const mark *m, bool inside)
{
    return !inside && m->shape == STRAIGHT && m->at > 0 && dl_is_digit(s.p[m->at - 1]);
}

static void repair_mark(dl_edits *e, dl_str s, const mark *m)
{
    static const dl_str left = {"\xE2\x80\x9C", 3}, right = {"\xE2\x80\x9D", 3};
    const dl_span span = {m->at, m->at + m->len};
    uint32_t len;
    bool wrong = m->shape == TICKS || m->shape == APOSTROPHES;

    if (m->shape == LEFT)
        wrong = !m->opens;
    else if (m->shape == RIGHT)
        wrong = m->opens;
    else if (m->shape == STRAIGHT) /* the tokenizer takes a mark before a space for a closing one */
        wrong = m->opens ? is_space_or_edge(s, m->at + m->len, false, 0) || !is_space_or_edge(s, m->from, true, DL_CH_OPEN)
                         : is_space_or_edge(s, m->from, true, DL_CH_OPEN) && !is_space_or_edge(s, m->at + m->len, false, 0);
    if (m->shape == STRAIGHT && wrong && m->from > 0 && m->at + m->len < s.n && (dl_ch_before(s, m->from, &len) & DL_CH_WORD) &&
        (dl_ch_at(s, m->at + m->len, &len) & DL_CH_WORD))
        return; /* within a word: nothing to go by */
    if (wrong)
        dl_edits_add(e, span, m->opens ? left : right, DL_REPAIR_QUOTE);
}

static void read_paragraph(dl_edits *e, dl_str s, uint32_t start, uint32_t end)
{
    bool inside = false, low = false; /* low: opened the German way, which “ closes */
    uint32_t len, doubled = UINT32_MAX;

    for (uint32_t i = start; i < end; i += len) {
        len = 1;
        if (s.p[i] != '"' && s.p[i] != '\xE2' && s.p[i] != '`' && s.p[i] != '\'')
            continue;
        mark m = {.from = doubled < i ? doubled : i, .at = i, .shape = shape_at(s, i, &len)};
        uint32_t next;

        if (m.shape == LOW || (low && m.shape != NO_MARK)) {
            inside = low = m.shape == LOW;
            continue;
        }
        if (m.shape == NO_MARK)
            continue;
        m.len = len;
        if (i + len < end && m.shape != APOSTROPHES && shape_at(s, i + len, &next) == m.shape) { /* doubled */
            bool emptied = m.shape == STRAIGHT && is_space_or_edge(s, i, true, 0) && is_space_or_edge(s, i + len + next, false, 0);

            if (!emptied) {
                dl_edits_add(e, (dl_span){i, i + len}, (dl_str){"", 0}, DL_REPAIR_QUOTE);
                doubled = doubled < i ? doubled : i;
            }
            continue;
        }
        doubled = UINT32_MAX;
        read_role(s, &m, inside);
        if (is_inches(s, &m, inside))
            continue;
        if (m.shape == APOSTROPHES && !inside && !m.opens)
            continue;
        repair_mark(e, s, &m);
        inside = m.opens;
    }
}

void dl_curl_find(dl_edits *e)
{
    const dl_str s = dl_view(e->doc);

    for (uint32_t at = 0; at < s.n;) {
        const char *newline = memchr(s.p + at, '\n', s.n - at);
        uint32_t end = newline ? (uint32_t)(newline - s.p) : (uint32_t)s.n;

        read_paragraph(e, s, at, end);
        at = end + 1;
    }
}
