#include "sections.h"

#include "chars.h"
#include "dateline_head.h"
#include "line_inline.h"
#include "line_kind.h"
#include "pipeline/view.h"

typedef DL_VEC(dl_line) line_list;

typedef struct writer {
    const dl_sections *s;
    dl_doc            *doc;
    dl_str             view;
    dl_view_map        map;
    bool               joins; /* the next body paragraph goes on with the last section */
    dl_error          *err;
} writer;

/* ---- sections ------------------------------------------------------------------------------------------------------- */

static dl_code add(writer *w, dl_span view, dl_section_kind kind)
{
    dl_doc *doc = w->doc;
    dl_span span = dl_view_to_text(&w->map, dl_ch_trim(w->view, view));
    dl_section *section;

    span = dl_ch_trim(doc->text, span);
    if (span.start >= span.end)
        return DL_OK;
    if (w->joins && kind == doc->sections.p[doc->sections.n - 1].kind) {
        doc->sections.p[doc->sections.n - 1].span.end = span.end;
        return DL_OK;
    }
    if (doc->sections.n == w->s->opts.max_sections)
        return dl_fail(w->err, DL_LIMIT, "sections", span.start, "more than %u sections", (unsigned)w->s->opts.max_sections);
    section = DL_PUSH(doc->a, &doc->sections);
    if (!section)
        return dl_fail(w->err, DL_LIMIT, "sections", span.start, "no memory left for sections");
    *section = (dl_section){.span = span, .kind = kind};
    w->joins = kind == DL_SECTION_BODY || kind == DL_SECTION_BOILERPLATE;
    return DL_OK;
}

/* ---- lines ---------------------------------------------------------------------------------------------------------- */

static bool is_empty(dl_span s)
{
    return s.start >= s.end;
}

/* A line that was wrapped goes on in the next: it is long, and ends without a stop while the next begins small, or has lines of a like
 * length around it. */
static bool goes_on(dl_str text, dl_span line, dl_span next)
{
    enum { SHORTEST = 48, LONGEST = 100 };
    const uint32_t n = line.end - line.start;
    uint32_t len, last, first;

    if (n < SHORTEST || n > LONGEST)
        return false;
    last = dl_ch_before(text, line.end, &len);
    first = dl_ch_at(text, next.start, &len);
    if (last & (DL_CH_STOP | DL_CH_CLOSE))
        return false;
    return (first & DL_CH_LOWER) || text.p[line.end - 1] == ',' || ((last & DL_CH_LOWER) && n >= 62 && next.end - next.start <= LONGEST && n <= 84);
}

static dl_code cut_lines(writer *w, dl_span body, line_list *lines)
{
    dl_str text = w->view;
    bool blank = true;

    for (uint32_t at = body.start; at < body.end;) {
        const char *newline = memchr(text.p + at, '\n', body.end - at);
        uint32_t end = newline ? (uint32_t)(newline - text.p) : body.end;
        dl_span span = dl_ch_trim(text, (dl_span){at, end});

        at = end + 1;
        if (is_empty(span)) {
            blank = true;
            continue;
        }
        if (!blank && lines->n && goes_on(text, (dl_span){lines->p[lines->n - 1].span.start, lines->p[lines->n - 1].span.end}, span)) {
            lines->p[lines->n - 1].span.end = span.end;
            continue;
        }
        dl_line *line = DL_PUSH(w->doc->a, lines);

        if (!line)
            return dl_fail(w->err, DL_LIMIT, "sections", span.start, "no memory left for lines");
        *line = (dl_line){.span = span, .after_blank = blank, .first = lines->n == 1};
        blank = false;
    }
    return DL_OK;
}

/* ---- the body ------------------------------------------------------------------------------------------------------- */

static dl_code add_dateline(writer *w, dl_line *line)
{
    dl_dateline d;
    uint32_t end = dl_dateline_head(w->view, line->span.start, line->span.end, &d);
    dl_code code;

    if (!end)
        return DL_OK;
    code = add(w, (dl_span){line->span.start, end}, DL_SECTION_DATELINE);
    if (code != DL_OK)
        return code;
    w->doc->dateline = (dl_dateline){.place = is_empty(d.place) ? d.place : dl_view_to_text(&w->map, d.place),
                                     .date = is_empty(d.date) ? d.date : dl_view_to_text(&w->map, d.date),
                                     .agency = is_empty(d.agency) ? d.agency : dl_view_to_text(&w->map, d.agency)};
    line->span.start = end;
    return DL_OK;
}

/* A body or caption line, with what stands within it of another kind. */
static dl_code add_line(writer *w, const dl_line *line)
{
    const dl_section_kind kind = (dl_section_kind)line->kind;
    uint32_t at = line->span.start;
    dl_piece_of_line piece;
    dl_code code = DL_OK;

    if (kind == DL_SECTION_BODY || kind == DL_SECTION_CAPTION)
        while (code == DL_OK && at < line->span.end && dl_line_next_piece(&w->s->cues, w->view, line, at, &piece)) {
            code = add(w, (dl_span){at, piece.span.start}, kind);
            if (code == DL_OK)
                code = add(w, piece.span, piece.kind);
            w->joins = false;
            at = piece.span.end;
        }
    if (code == DL_OK && at < line->span.end)
        code = add(w, (dl_span){at, line->span.end}, kind);
    return code;
}

static bool is_story(const dl_line *line)
{
    return line->kind == DL_SECTION_BODY;
}

static dl_code write_body(writer *w, dl_span body)
{
    line_list lines = {NULL, 0, 0};
    dl_code code = cut_lines(w, body, &lines);
    uint32_t story = 0; /* body paragraphs so far: a dateline heads the first, or the second behind a summary */

    if (code != DL_OK)
        return code;
    for (uint32_t i = 0; i < lines.n; i++) {
        dl_line_read(&lines.p[i], &w->s->cues, w->view);
        lines.p[i].credit_at = dl_line_credit_tail(&w->s->cues, w->view, &lines.p[i]);
    }
    dl_line_kinds(lines.p, lines.n, w->view, dl_str_trim(dl_str_sub(w->doc->text, 0, w->doc->body_start)));
    for (uint32_t i = 0; i < lines.n && code == DL_OK; i++) {
        if (is_story(&lines.p[i]) && story++ < 2 && is_empty(w->doc->dateline.place))
            code = add_dateline(w, &lines.p[i]);
        if (code == DL_OK && !is_empty(lines.p[i].span))
            code = add_line(w, &lines.p[i]);
    }
    return code;
}

/* ---- the stage ------------------------------------------------------------------------------------------------------ */

dl_sections_opts dl_sections_defaults(void)
{
    return (dl_sections_opts){.max_sections = 10000};
}

dl_code dl_sections_init(dl_sections *s, const dl_sections_opts *opts, dl_error *err)
{
    dl_sections_opts set = opts ? *opts : dl_sections_defaults();

    if (set.max_sections == 0)
        return dl_fail(err, DL_FATAL, "sections", DL_NO_PLACE, "max_sections is 0");
    *s = (dl_sections){.opts = set};
    dl_line_cues_init(&s->cues);
    return DL_OK;
}

void dl_sections_free(dl_sections *s)
{
    *s = (dl_sections){0};
}

dl_code dl_sections_run(const dl_sections *s, dl_doc *doc, dl_error *err)
{
    writer w = {.s = s, .doc = doc, .view = dl_view(doc), .map = {.doc = doc}, .err = err};
    const uint32_t body = dl_view_from_text(&w.map, (dl_span){0, doc->body_start}).end;
    dl_code code = add(&w, (dl_span){0, body}, DL_SECTION_HEADLINE);

    w.joins = false;
    if (code == DL_OK)
        code = write_body(&w, (dl_span){body, (uint32_t)w.view.n});
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_sections_run(self, doc, err);
}

const dl_stage_ops dl_sections_ops = {
    .name = "sections", .reads = DL_LAYER_TEXT, .writes = DL_LAYER_SECTIONS, .any_language = true, .run = run};
