#include "view.h"

#include "base/utf8.h"

typedef enum side { TEXT, VIEW } side;

static dl_span of(const dl_repair *r, side s)
{
    return s == TEXT ? r->span : r->view;
}

/* Index of the first repair that ends at `pos` or behind it, on side s. */
static uint32_t seek(dl_view_map *m, side s, uint32_t pos)
{
    const dl_doc *doc = m->doc;
    uint32_t i = m->at;

    if (i > doc->repairs.n || (i > 0 && of(&doc->repairs.p[i - 1], s).end >= pos)) { /* a step back */
        uint32_t low = 0, high = doc->repairs.n;

        while (low < high) {
            uint32_t mid = low + (high - low) / 2;

            if (of(&doc->repairs.p[mid], s).end < pos)
                low = mid + 1;
            else
                high = mid;
        }
        i = low;
    }
    while (i < doc->repairs.n && of(&doc->repairs.p[i], s).end < pos)
        i++;
    return m->at = i;
}

/* Where `pos` outside of all repairs lies on the other side, `i` being the first repair behind it. */
static uint32_t shifted(const dl_doc *doc, uint32_t i, side from, uint32_t pos)
{
    if (i == 0)
        return pos;
    return of(&doc->repairs.p[i - 1], from == TEXT ? VIEW : TEXT).end + (pos - of(&doc->repairs.p[i - 1], from).end);
}

/* `pos` within a, where b is what a stands for: one to one where both are as long and a character begins there, else `edge`. */
static uint32_t within(const dl_doc *doc, side to, dl_span a, dl_span b, uint32_t pos, uint32_t edge)
{
    const dl_str other = to == TEXT ? doc->text : doc->view;
    const uint32_t there = b.start + (pos - a.start);

    if (a.end - a.start != b.end - b.start || (there < other.n && dl_utf8_is_cont(other.p[there])))
        return edge;
    return there;
}

/* A start goes behind what ends at it, so that it leaves out bytes that stand for nothing. */
static uint32_t map_start(dl_view_map *m, side from, uint32_t pos)
{
    const dl_doc *doc = m->doc;
    const side to = from == TEXT ? VIEW : TEXT;
    uint32_t i = seek(m, from, pos);

    while (i < doc->repairs.n && of(&doc->repairs.p[i], from).end == pos)
        i++;
    if (i < doc->repairs.n && of(&doc->repairs.p[i], from).start < pos) {
        dl_span a = of(&doc->repairs.p[i], from), b = of(&doc->repairs.p[i], to);

        return within(doc, to, a, b, pos, b.start);
    }
    return shifted(doc, i, from, pos);
}

static uint32_t map_end(dl_view_map *m, side from, uint32_t pos)
{
    const dl_doc *doc = m->doc;
    const side to = from == TEXT ? VIEW : TEXT;
    uint32_t i = seek(m, from, pos);

    if (i < doc->repairs.n && of(&doc->repairs.p[i], from).start < pos) {
        dl_span a = of(&doc->repairs.p[i], from), b = of(&doc->repairs.p[i], to);

        return within(doc, to, a, b, pos, b.end);
    }
    return shifted(doc, i, from, pos);
}

static dl_span map(dl_view_map *m, side from, dl_span span)
{
    dl_span out = {map_start(m, from, span.start), map_end(m, from, span.end)};

    if (out.end < out.start)
        out.end = out.start;
    return out;
}

dl_span dl_view_to_text_slow(dl_view_map *m, dl_span view)
{
    return map(m, VIEW, view);
}

dl_span dl_view_from_text_slow(dl_view_map *m, dl_span text)
{
    return map(m, TEXT, text);
}

const dl_repair *dl_view_repair_before(dl_view_map *m, uint32_t view_at, dl_repair_kind kind)
{
    const dl_doc *doc = m->doc;

    if (!doc->repairs.n)
        return NULL;
    for (uint32_t i = seek(m, VIEW, view_at); i < doc->repairs.n && doc->repairs.p[i].view.end == view_at; i++)
        if (doc->repairs.p[i].kind == kind)
            return &doc->repairs.p[i];
    return NULL;
}
