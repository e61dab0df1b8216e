#include "edits.h"

#include "pipeline/view.h"

void dl_edits_add(dl_edits *e, dl_span span, dl_str to, dl_repair_kind kind)
{
    dl_edit *edit;

    if (e->list.n && span.start < e->list.p[e->list.n - 1].span.end)
        return;
    if (span.start == span.end && to.n == 0)
        return;
    edit = DL_PUSH(e->doc->a, &e->list);
    if (edit)
        *edit = (dl_edit){span, to, kind};
    else
        e->failed = true;
}

static dl_str apply_text(const dl_edits *e, dl_str from)
{
    size_t n = from.n, at = 0, end = 0;

    for (uint32_t i = 0; i < e->list.n; i++)
        n += e->list.p[i].to.n;
    char *p = dl_arena_alloc(e->doc->a, n + 1);

    if (!p)
        return (dl_str){NULL, 0};
    for (uint32_t i = 0; i < e->list.n; i++) {
        const dl_edit *edit = &e->list.p[i];

        memcpy(p + end, from.p + at, edit->span.start - at);
        end += edit->span.start - at;
        if (edit->to.n)
            memcpy(p + end, edit->to.p, edit->to.n);
        end += edit->to.n;
        at = edit->span.end;
    }
    memcpy(p + end, from.p + at, from.n - at);
    end += from.n - at;
    return (dl_str){p, end};
}

typedef DL_VEC(dl_repair) repair_list;

/* Old repairs (text to the view so far) and edits (to the new view) in one list: an edit that touches an old repair takes it in.
 *
 *     text    [---a---]  [--b--]            old repairs a, b in the coordinates of the view so far
 *     edits        [==1==]        [==2==]   gives {a with 1}, b, 2: the union of a and 1 is copied from the new view as a whole */
typedef struct merger {
    const dl_edits *e;
    repair_list     out;
    int64_t         old_shift, new_shift; /* text - so far; new view - so far, where nothing is repaired */
    bool            failed;
} merger;

static uint32_t moved(uint32_t pos, int64_t shift)
{
    return (uint32_t)((int64_t)pos + shift);
}

static void merge(merger *m)
{
    const dl_doc *doc = m->e->doc;
    uint32_t o = 0, n = 0;

    while (o < doc->repairs.n || n < m->e->list.n) {
        const bool has_old = o < doc->repairs.n, has_new = n < m->e->list.n;
        const bool old_first = has_old && (!has_new || doc->repairs.p[o].view.start <= m->e->list.p[n].span.start);
        uint32_t start = old_first ? doc->repairs.p[o].view.start : m->e->list.p[n].span.start, end = start;
        const dl_repair_kind kind = old_first ? doc->repairs.p[o].kind : m->e->list.p[n].kind;
        dl_repair *r = DL_PUSH(doc->a, &m->out);

        if (!r) {
            m->failed = true;
            return;
        }
        r->kind = kind;
        r->span.start = moved(start, m->old_shift);
        r->view.start = moved(start, m->new_shift);
        for (bool first = true, more = true; more; first = false) {
            more = false;
            if (o < doc->repairs.n && (doc->repairs.p[o].view.start < end || (first && old_first))) {
                const dl_repair *old = &doc->repairs.p[o++];

                end = old->view.end > end ? old->view.end : end;
                m->old_shift = (int64_t)old->span.end - (int64_t)old->view.end;
                more = true;
            } else if (n < m->e->list.n && (m->e->list.p[n].span.start < end || (first && !old_first))) {
                const dl_edit *edit = &m->e->list.p[n++];

                end = edit->span.end > end ? edit->span.end : end;
                m->new_shift += (int64_t)edit->to.n - (int64_t)(edit->span.end - edit->span.start);
                more = true;
            }
        }
        r->span.end = moved(end, m->old_shift);
        r->view.end = moved(end, m->new_shift);
    }
}

dl_code dl_edits_apply(dl_edits *e, dl_error *err)
{
    dl_doc *doc = e->doc;
    merger m = {.e = e};
    dl_str view;

    if (e->list.n == 0 && !e->failed)
        return DL_OK;
    view = apply_text(e, dl_view(doc));
    if (view.p && !e->failed)
        merge(&m);
    if (!view.p || e->failed || m.failed)
        return dl_fail(err, DL_LIMIT, "repair", DL_NO_PLACE, "no memory left for repairs");
    doc->view = view;
    doc->repairs.p = m.out.p;
    doc->repairs.n = m.out.n;
    doc->repairs.cap = m.out.cap;
    e->list.n = 0;
    return DL_OK;
}
