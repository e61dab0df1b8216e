#include "sections.h"

#include "chars.h"

static dl_code add(const dl_sections *s, dl_doc *doc, dl_span span, dl_section_kind kind, dl_error *err)
{
    dl_section *section;

    span = dl_ch_trim(doc->text, span);
    if (span.start == span.end)
        return DL_OK;
    if (doc->sections.n == s->opts.max_sections)
        return dl_fail(err, DL_LIMIT, "sections", span.start, "more than %u sections", (unsigned)s->opts.max_sections);
    section = DL_PUSH(doc->a, &doc->sections);
    if (!section)
        return dl_fail(err, DL_LIMIT, "sections", span.start, "no memory left for sections");
    *section = (dl_section){.span = span, .kind = kind};
    return DL_OK;
}

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
    return DL_OK;
}

void dl_sections_free(dl_sections *s)
{
    *s = (dl_sections){0};
}

dl_code dl_sections_run(const dl_sections *s, dl_doc *doc, dl_error *err)
{
    dl_code code = add(s, doc, (dl_span){0, doc->body_start}, DL_SECTION_HEADLINE, err);

    if (code == DL_OK)
        code = add(s, doc, (dl_span){doc->body_start, (uint32_t)doc->text.n}, DL_SECTION_BODY, err);
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_sections_run(self, doc, err);
}

const dl_stage_ops dl_sections_ops = {
    .name = "sections", .reads = DL_LAYER_TEXT, .writes = DL_LAYER_SECTIONS, .any_language = true, .run = run};
