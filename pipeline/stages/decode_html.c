#include "decode_html.h"

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>

enum { MAX_OPEN = 256, MAX_ATTRS = 1000 };

/* What an element means for the text. */
typedef enum element {
    EL_INLINE, /* its text goes on */
    EL_BLOCK,  /* a paragraph of its own */
    EL_CELL,   /* parted by a space */
    EL_BREAK,
    EL_PRE,  /* a block that keeps its white space */
    EL_DROP, /* with all it holds */
    EL_UNKNOWN
} element;

static element element_of(dl_str name)
{
    static const struct {
        element     what;
        const char *names; /* each between spaces */
    } table[] = {
        {EL_BLOCK, " address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure footer "
                   "form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p picture section summary table tbody "
                   "tfoot thead tr ul "},
        {EL_INLINE, " a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q rp rt ruby s samp small "
                    "source span strike strong sub sup time tt u var wbr "},
        {EL_CELL, " td th "},
        {EL_BREAK, " br "},
        {EL_PRE, " pre listing xmp textarea "},
        {EL_DROP, " applet audio button canvas embed frameset head iframe math meta link noframes noscript object script select style "
                  "svg template title video "},
    };
    char key[20];

    if (name.n == 0 || name.n > sizeof key - 3)
        return EL_UNKNOWN;
    key[0] = ' ';
    for (size_t i = 0; i < name.n; i++)
        key[i + 1] = dl_to_lower(name.p[i]);
    key[name.n + 1] = ' ';
    key[name.n + 2] = '\0';
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strstr(table[i].names, key))
            return table[i].what;
    return EL_UNKNOWN;
}

/* ---- is it HTML? ---------------------------------------------------------------------------------------------------- */

static dl_str tag_name(dl_str s, size_t at)
{
    size_t end = at;

    while (end < s.n && dl_is_alnum(s.p[end]))
        end++;
    return dl_str_sub(s, at, end);
}

static bool closed_later(dl_str s, size_t at, dl_str name)
{
    for (const char *p; (p = memchr(s.p + at, '<', s.n - at)) != NULL;) {
        at = (size_t)(p - s.p) + 1;
        if (at < s.n && s.p[at] == '/' && dl_str_eq_nocase(tag_name(s, at + 1), name))
            return true;
    }
    return false;
}

static bool is_among(const dl_str *names, size_t n, dl_str name)
{
    for (size_t i = 0; i < n; i++)
        if (dl_str_eq_nocase(names[i], name))
            return true;
    return false;
}

bool dl_html_has_tags(dl_str s)
{
    enum { MAX_TAG = 4096, MAX_UNCLOSED = 64 };
    dl_str unclosed[MAX_UNCLOSED]; /* a look for a closing tag reads on to the end: once a name, or hostile text makes it quadratic */
    size_t n_unclosed = 0;

    for (const char *p = s.n ? memchr(s.p, '<', s.n) : NULL; p; p = memchr(p + 1, '<', s.n - (size_t)(p + 1 - s.p))) {
        size_t at = (size_t)(p - s.p) + 1;
        dl_str rest = dl_str_sub(s, at, s.n);

        if (dl_str_starts(rest, DL_LIT("!--")) || dl_str_starts(rest, DL_LIT("![CDATA[")))
            return true;
        if (rest.n >= 8 && dl_str_eq_nocase(dl_str_sub(rest, 0, 8), DL_LIT("!doctype")))
            return true;
        bool closing = rest.n && rest.p[0] == '/';
        dl_str name = tag_name(s, at + closing);
        size_t end = at + closing + name.n;

        if (!name.n || end >= s.n || !(dl_is_space(s.p[end]) || s.p[end] == '>' || s.p[end] == '/'))
            continue;
        if (!memchr(s.p + end, '>', s.n - end < MAX_TAG ? s.n - end : MAX_TAG))
            continue;
        element what = element_of(name);

        if (what == EL_UNKNOWN || (what == EL_INLINE && closing))
            continue;
        if (what != EL_INLINE || dl_str_eq_nocase(name, DL_LIT("img")))
            return true;
        if (n_unclosed == MAX_UNCLOSED || is_among(unclosed, n_unclosed, name))
            continue;
        if (closed_later(s, end, name))
            return true;
        unclosed[n_unclosed++] = name;
    }
    return false;
}

/* ---- SAX to text ---------------------------------------------------------------------------------------------------- */

typedef enum gap { GAP_NONE, GAP_SPACE, GAP_LINE, GAP_PARAGRAPH } gap;

typedef struct writer {
    htmlParserCtxtPtr parser;
    char             *p;
    size_t            n, cap;
    gap               owed; /* written before the next character, never at the start or the end */
    uint32_t          n_open, n_pre, n_dropped;
    bool              too_deep, no_room;
    bool              ended; /* libxml2 came to the end of its input */
} writer;

static void put(writer *w, const char *p, size_t n)
{
    if (w->cap - w->n < n) {
        w->no_room = true;
        xmlStopParser(w->parser);
        return;
    }
    memcpy(w->p + w->n, p, n);
    w->n += n;
}

static void owe(writer *w, gap g)
{
    if (w->n && !w->n_dropped && g > w->owed)
        w->owed = g;
}

static void pay(writer *w)
{
    static const dl_str gaps[] = {{"", 0}, {" ", 1}, {"\n", 1}, {"\n\n", 2}};

    put(w, gaps[w->owed].p, gaps[w->owed].n);
    w->owed = GAP_NONE;
}

static void on_text(void *self, const xmlChar *chars, int len)
{
    writer *w = self;
    dl_str s = {(const char *)chars, (size_t)len};

    if (w->n_dropped)
        return;
    for (size_t at = 0; at < s.n;) {
        size_t end = at;

        if (dl_is_space(s.p[at]) && w->n_pre) {
            if (s.p[at] == '\n') {
                owe(w, w->owed == GAP_LINE ? GAP_PARAGRAPH : GAP_LINE);
            } else if (w->n && s.p[at] != '\r') {
                pay(w);
                put(w, &s.p[at], 1);
            }
            at++;
            continue;
        }
        while (end < s.n && dl_is_space(s.p[end]))
            end++;
        if (end > at) {
            owe(w, GAP_SPACE);
            at = end;
            continue;
        }
        while (end < s.n && !dl_is_space(s.p[end]))
            end++;
        pay(w);
        put(w, s.p + at, end - at);
        at = end;
    }
}

static void on_edge(writer *w, element what, int step)
{
    switch (what) {
    case EL_PRE:
        w->n_pre = step > 0 ? w->n_pre + 1 : w->n_pre - (w->n_pre > 0);
        owe(w, GAP_PARAGRAPH);
        break;
    case EL_BLOCK: owe(w, GAP_PARAGRAPH); break;
    case EL_CELL: owe(w, GAP_SPACE); break;
    case EL_DROP:
        owe(w, GAP_SPACE);
        w->n_dropped = step > 0 ? w->n_dropped + 1 : w->n_dropped - (w->n_dropped > 0);
        break;
    case EL_BREAK:
        if (step > 0)
            owe(w, w->owed == GAP_LINE ? GAP_PARAGRAPH : GAP_LINE);
        break;
    case EL_INLINE:
    case EL_UNKNOWN: break;
    }
}

static void on_start(void *self, const xmlChar *name, const xmlChar **attrs)
{
    writer *w = self;

    (void)attrs;
    if (++w->n_open > MAX_OPEN) {
        w->too_deep = true;
        xmlStopParser(w->parser);
        return;
    }
    on_edge(w, element_of(dl_str_of((const char *)name)), +1);
}

static void on_end(void *self, const xmlChar *name)
{
    writer *w = self;

    w->n_open -= w->n_open > 0;
    on_edge(w, element_of(dl_str_of((const char *)name)), -1);
}

static void on_end_of_document(void *self)
{
    ((writer *)self)->ended = true;
}

/* libxml2 2.9.14 compares each attribute of a tag with all before it. The count of words in a tag bounds them; a ">" may or may not
 * stand in a quoted value, so words are counted both ways. */
static bool tags_are_short(dl_str s)
{
    for (int quoted = 0; quoted < 2; quoted++) {
        uint32_t words = 0;
        char quote = '\0';
        bool in_tag = false;

        for (size_t i = 0; i < s.n; i++) {
            char c = s.p[i];

            if (!in_tag) {
                in_tag = c == '<' && i + 1 < s.n && dl_is_alpha(s.p[i + 1]);
                words = 0;
                quote = '\0';
            } else if (quoted && quote) {
                quote = c == quote ? '\0' : quote;
            } else if (quoted && (c == '"' || c == '\'') && s.p[i - 1] == '=') {
                quote = c;
            } else if (c == '>') {
                in_tag = false;
            } else if ((dl_is_space(c) || c == '"' || c == '\'' || c == '/') && ++words > 4 * MAX_ATTRS) {
                return false;
            }
        }
    }
    return true;
}

void dl_html_init(void)
{
    xmlInitParser();
}

dl_code dl_html_to_text(dl_str *out, dl_arena *a, dl_str html, dl_error *err)
{
    static const htmlSAXHandler no_handlers;
    htmlSAXHandler sax = no_handlers;
    writer w = {.cap = html.n * 2 + 16}; /* a two-byte gap for a tag of three bytes or more; entities shrink (but &lt; etc. never grow) */

    if (html.n > INT32_MAX / 4 || !tags_are_short(html))
        return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "html_too_complex: a tag with too many attributes");
    w.p = dl_arena_alloc(a, w.cap);
    w.parser = w.p ? htmlNewParserCtxt() : NULL; /* htmlCreateMemoryParserCtxt of 2.9 leaks where memory ends */
    if (!w.parser)
        return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "too_large: no memory for the text of HTML");
    sax.startElement = on_start;
    sax.endElement = on_end;
    sax.endDocument = on_end_of_document;
    sax.characters = on_text;
    sax.cdataBlock = on_text;
    sax.ignorableWhitespace = on_text;
    *w.parser->sax = sax;
    w.parser->userData = &w;
    xmlDocPtr tree = htmlCtxtReadMemory(w.parser, html.p, (int)html.n, NULL, "UTF-8",
                                        HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                                            HTML_PARSE_NOIMPLIED | HTML_PARSE_IGNORE_ENC);

    bool cut_short = w.parser->disableSAX || !w.ended; /* by us, or because memory ended: it does not say */

    if (tree)
        xmlFreeDoc(tree);
    htmlFreeParserCtxt(w.parser);
    if (w.too_deep)
        return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "html_too_complex: more than %d open elements", MAX_OPEN);
    if (w.no_room)
        return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "html_too_complex: the text outgrows its HTML");
    if (cut_short)
        return dl_fail(err, DL_LIMIT, "decode", DL_NO_PLACE, "too_large: no memory for the text of HTML");
    *out = (dl_str){w.p, w.n};
    return DL_OK;
}
