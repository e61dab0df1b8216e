#include "explain.h"

#include "pipeline/view.h"

static dl_str part(dl_str s, uint32_t start, uint32_t end)
{
    return dl_str_sub(s, start, end);
}

/* Control characters and what shows nothing as \u escapes, so that the listing shows them. */
static void add_quoted(dl_buf *out, dl_str s)
{
    dl_buf_byte(out, '"');
    for (size_t i = 0; i < s.n; i++) {
        const unsigned char c = (unsigned char)s.p[i];

        if (c < 0x20 || c == 0x7F)
            dl_buf_printf(out, "\\u%04X", c);
        else if (c == 0xC2 && i + 1 < s.n && (unsigned char)s.p[i + 1] < 0xA1)
            dl_buf_printf(out, "\\u%04X", (unsigned)(unsigned char)s.p[++i]);
        else if (c == 0xE2 && i + 2 < s.n && (unsigned char)s.p[i + 1] == 0x80 && ((unsigned char)s.p[i + 2] < 0x90 || (unsigned char)s.p[i + 2] > 0xA7)) {
            dl_buf_printf(out, "\\u%04X", 0x2000u + ((unsigned char)s.p[i + 2] & 0x3Fu));
            i += 2;
        } else
            dl_buf_byte(out, (char)c);
    }
    dl_buf_byte(out, '"');
}

static uint32_t word_before(dl_str s, uint32_t at)
{
    while (at > 0 && !dl_is_space(s.p[at - 1]))
        at--;
    return at;
}

static uint32_t word_after(dl_str s, uint32_t at)
{
    while (at < s.n && !dl_is_space(s.p[at]))
        at++;
    return at;
}

void dl_explain_repairs(dl_buf *out, const dl_doc *doc)
{
    uint32_t count[DL_N_REPAIR_KINDS] = {0};
    const char *sep = ": ";

    for (uint32_t i = 0; i < doc->repairs.n; i++)
        count[doc->repairs.p[i].kind]++;
    dl_buf_printf(out, "%.*s: %u repair%s", DL_ARG(doc->article.id), (unsigned)doc->repairs.n, doc->repairs.n == 1 ? "" : "s");
    for (uint32_t k = 0; k < DL_N_REPAIR_KINDS; k++)
        if (count[k]) {
            dl_buf_printf(out, "%s%s %u", sep, dl_repair_kind_name((dl_repair_kind)k), (unsigned)count[k]);
            sep = ", ";
        }
    dl_buf_byte(out, '\n');
    for (uint32_t i = 0; i < doc->repairs.n; i++) {
        const dl_repair *r = &doc->repairs.p[i];

        dl_buf_printf(out, "  %6u-%-6u %-10s ", (unsigned)r->span.start, (unsigned)r->span.end, dl_repair_kind_name(r->kind));
        if (r->span.start == r->span.end) { /* something was put between two words */
            const uint32_t from = word_before(doc->text, r->span.start), to = word_after(doc->text, r->span.end);

            add_quoted(out, part(doc->text, from, to));
            dl_buf_printf(out, " -> \"%.*s%.*s%.*s\"\n", DL_ARG(part(doc->text, from, r->span.start)), DL_ARG(part(doc->view, r->view.start, r->view.end)),
                          DL_ARG(part(doc->text, r->span.end, to)));
        } else {
            add_quoted(out, part(doc->text, r->span.start, r->span.end));
            dl_buf_printf(out, " -> ");
            add_quoted(out, part(doc->view, r->view.start, r->view.end));
            dl_buf_byte(out, '\n');
        }
    }
}
