#include "segment.h"

#include "boundary.h"
#include "chars.h"
#include "pipeline/view.h"

typedef struct cutter {
    dl_doc           *doc;
    dl_str            view;
    dl_view_map       map;
    const dl_segment *s;
    uint32_t          section;
    bool              new_paragraph;
    dl_error         *err;
} cutter;

static uint32_t flags_of(dl_str s)
{
    uint32_t words = 0, capitals = 0, letters = 0, bits = 0, len, before = DL_CH_SPACE;

    for (uint32_t i = 0; i < s.n && (words == capitals || !(bits & DL_CH_LOWER)); i += len) { /* else it is neither */
        uint32_t ch = dl_ch_at(s, i, &len);

        if (ch & DL_CH_LETTER) {
            letters++;
            if (before & DL_CH_SPACE) {
                /* short words ("of", "in") are lower case in headline style, too */
                bool is_long = i + 4 < s.n && dl_is_alpha(s.p[i + 1]) && dl_is_alpha(s.p[i + 2]) && dl_is_alpha(s.p[i + 3]);

                words += (ch & DL_CH_UPPER) || is_long;
                capitals += (ch & DL_CH_UPPER) != 0;
            }
        }
        bits |= ch;
        before = ch;
    }
    if (letters > 1 && (bits & DL_CH_UPPER) && !(bits & DL_CH_LOWER))
        return DL_SENT_ALL_CAPS;
    return words > 2 && capitals == words ? DL_SENT_TITLE_CASE : 0;
}

static dl_code emit(cutter *c, uint32_t start, uint32_t end)
{
    dl_doc *doc = c->doc;
    dl_span seen = dl_ch_trim(c->view, (dl_span){start, end}), span = dl_view_to_text(&c->map, seen);
    dl_sentence *sent;

    if (doc->sents.n && span.start < doc->sents.p[doc->sents.n - 1].span.end) /* both within one repair */
        span.start = doc->sents.p[doc->sents.n - 1].span.end;
    if (seen.start == seen.end || span.start >= span.end)
        return DL_OK;
    if (doc->sents.n == c->s->opts.max_sentences)
        return dl_fail(c->err, DL_LIMIT, "segment", start, "more than %u sentences", (unsigned)c->s->opts.max_sentences);
    sent = DL_PUSH(doc->a, &doc->sents);
    if (!sent)
        return dl_fail(c->err, DL_LIMIT, "segment", start, "no memory left for sentences");
    *sent = (dl_sentence){.span = span, .section = c->section, .flags = flags_of(dl_str_sub(c->view, seen.start, seen.end))};
    if (c->new_paragraph)
        sent->flags |= DL_SENT_PARAGRAPH;
    c->new_paragraph = false;
    return DL_OK;
}

/* Where the paragraph that begins at `at` ends: a line without characters, a paragraph separator, or the section's end. */
static uint32_t paragraph_end(dl_str text, uint32_t at, uint32_t end)
{
    for (uint32_t i = at; i < end;) {
        const char *newline = memchr(text.p + i, '\n', end - i);
        uint32_t len;

        if (!newline)
            return end;
        i = (uint32_t)(newline - text.p) + 1;
        while (i < end && text.p[i] != '\n' && (dl_ch_at(text, i, &len) & DL_CH_SPACE))
            i += len;
        if (i < end && text.p[i] == '\n')
            return i;
    }
    return end;
}

/* "if Russia attacks Ur …" */
static bool ends_in_dots(dl_str s)
{
    s = dl_str_trim(s);
    return dl_str_ends(s, DL_LIT("\xE2\x80\xA6")) || dl_str_ends(s, DL_LIT("...")) || dl_str_ends(s, DL_LIT("[\xE2\x80\xA6]")) || dl_str_ends(s, DL_LIT("[...]"));
}

static dl_code cut_paragraph(cutter *c, uint32_t start, uint32_t end)
{
    dl_boundary b = dl_boundary_begin(c->view, start, end);
    dl_code code = DL_OK;

    c->new_paragraph = true;
    while (start < end && code == DL_OK) {
        uint32_t next = dl_boundary_next(&b);

        code = emit(c, start, next);
        start = next;
    }
    if (code == DL_OK && c->doc->sents.n && ends_in_dots(dl_str_sub(c->view, 0, start)))
        c->doc->sents.p[c->doc->sents.n - 1].flags |= DL_SENT_TRUNCATED;
    return code;
}

/* The last sentence of the body, where it ends within its words: the feed cut the article off. */
static void mark_cut_off(dl_doc *doc)
{
    enum { FEWEST = 20 };
    uint32_t i = doc->sents.n, len;

    while (i > 0 && doc->sections.p[doc->sents.p[i - 1].section].kind != DL_SECTION_BODY)
        i--;
    if (i < 2 || doc->sents.p[i - 1].section + 1 != doc->sections.n || doc->sents.p[i - 2].section != doc->sents.p[i - 1].section)
        return;
    dl_sentence *sent = &doc->sents.p[i - 1];

    if (sent->span.end - sent->span.start >= FEWEST && (dl_ch_before(doc->text, sent->span.end, &len) & (DL_CH_LOWER | DL_CH_DIGIT)))
        sent->flags |= DL_SENT_TRUNCATED;
}

dl_segment_opts dl_segment_defaults(void)
{
    return (dl_segment_opts){.max_sentences = 100000};
}

dl_code dl_segment_init(dl_segment *s, const dl_segment_opts *opts, dl_error *err)
{
    dl_segment_opts set = opts ? *opts : dl_segment_defaults();

    if (set.max_sentences == 0)
        return dl_fail(err, DL_FATAL, "segment", DL_NO_PLACE, "max_sentences is 0");
    *s = (dl_segment){.opts = set};
    return DL_OK;
}

void dl_segment_free(dl_segment *s)
{
    *s = (dl_segment){0};
}

dl_code dl_segment_run(const dl_segment *s, dl_doc *doc, dl_error *err)
{
    cutter c = {.doc = doc, .s = s, .view = dl_view(doc), .map = {.doc = doc}, .err = err};
    dl_view_map into = {.doc = doc};
    dl_code code = DL_OK;

    for (; c.section < doc->sections.n && code == DL_OK; c.section++) {
        dl_span span = dl_view_from_text(&into, doc->sections.p[c.section].span);

        while (span.start < span.end && code == DL_OK) {
            uint32_t end = paragraph_end(c.view, span.start, span.end);

            code = cut_paragraph(&c, span.start, end);
            span.start = end;
        }
    }
    if (code == DL_OK)
        mark_cut_off(doc);
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_segment_run(self, doc, err);
}

const dl_stage_ops dl_segment_ops = {.name = "segment",
                                     .reads = DL_LAYER_TEXT | DL_LAYER_SECTIONS,
                                     .writes = DL_LAYER_SENTENCES,
                                     .any_language = true,
                                     .run = run};
