#include "tests/support/check.h"

#include "pipeline/stages/decode_html.h"

#include <stdio.h>
#include <time.h>

static const struct {
    const char *name, *html, *want;
} texts[] = {
    {"paragraphs", "<p>a</p><p>b</p>", "a\n\nb"},
    {"paragraphs that are not closed", "<p>a<p>b", "a\n\nb"},
    {"text before and after", "x<p>a</p>y", "x\n\na\n\ny"},
    {"divs in divs make one gap", "<div><div><p>a</p></div></div><div>b</div>", "a\n\nb"},
    {"white space is folded", "<p> a \n\t b </p>\n\n <p>c</p>", "a b\n\nc"},
    {"inline elements do not part words", "<p>a<b>b</b><i>c</i> <a href='x'>d</a></p>", "abc d"},
    {"one line break", "a<br>b<br/>c", "a\nb\nc"},
    {"two line breaks are a paragraph", "a<br><br>b<br> <br/>c", "a\n\nb\n\nc"},
    {"five line breaks are one", "a<br><br><br><br><br>b", "a\n\nb"},
    {"headings, lists, quotes", "<h1>h</h1><ul><li>a<li>b</ul><blockquote>q</blockquote>", "h\n\na\n\nb\n\nq"},
    {"table cells are parted by a space, rows are paragraphs", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"},
    {"a caption is a paragraph", "<figure><img src=x alt='not this'><figcaption>c</figcaption></figure><p>t</p>", "c\n\nt"},
    {"pre keeps its lines", "<pre>a\n  b</pre>", "a\n  b"},
    {"entities", "&amp; &lt; &gt; &quot; &#8217; &#x2019; &eacute; &mdash; &hellip;", "& < > \" \xE2\x80\x99 \xE2\x80\x99 \xC3\xA9 \xE2\x80\x94 \xE2\x80\xA6"},
    {"a no-break space is a character", "a&nbsp;b", "a\xC2\xA0" "b"},
    {"script and style are dropped", "<p>a</p><script>var x = '<p>no</p>';</script><style>p{}</style><p>b</p>", "a\n\nb"},
    {"head is dropped", "<html><head><title>no</title><meta charset=latin1></head><body><p>\xC3\xA9</p></body></html>", "\xC3\xA9"},
    {"noscript, template, iframe, svg are dropped",
     "a<noscript>n</noscript><template><p>t</p></template><iframe>i</iframe><svg><text>s</text></svg> b", "a b"},
    {"comments are dropped", "a<!-- <p>no</p> -->b<!---->c", "abc"},
    {"a word across elements", "<p>Ka<wbr>zakhstan</p>", "Kazakhstan"},
    /* hostile */
    {"nothing", "", ""},
    {"only tags", "<p><div><span>", ""},
    {"a lone bracket", "a < b", "a < b"},
    {"a bracket at the end", "a<", "a<"},
    {"a tag without an end", "a<p", "a"},
    {"an attribute without an end", "<p>a<a href=\"x>b</a> c", "a"},
    {"a comment without an end", "a<!-- b", "a"},
    {"an entity without its stop stays", "a &amp b", "a &amp b"},
    {"an entity that nobody knows", "a &nosuch; b", "a &nosuch; b"},
    {"a bare ampersand", "AT&T & co", "AT&T & co"},
    {"a character reference too large", "a&#x110000;b", "ab"},
    {"a reference to NUL", "a&#0;b", "ab"},
    {"a reference to a surrogate", "a&#xD800;b", "ab"},
    {"wrong nesting: text outside of all elements is a paragraph", "<b><i>a</b>b</i><p>c</b>", "a\n\nb\n\nc"},
    {"end tags without a start", "</p></div>a</span></li>b", "ab"},
    {"upper case", "<P>a</P><SCRIPT>no</SCRIPT><BR>b", "a\n\nb"},
    {"an element that nobody knows", "<o:p>a</o:p><custom-tag>b</custom-tag>", "ab"},
    {"script without an end", "a<script>b</p>c", "a"},
    {"an SGML declaration and an instruction", "<!DOCTYPE html><?php echo ?>a", "a"},
};

static void html_becomes_text(void **state)
{
    dl_arena a;
    dl_error err;
    dl_str out;

    (void)state;
    dl_arena_init(&a, 1 << 20);
    dl_html_init();
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        check_ok(texts[i].name, dl_html_to_text(&out, &a, dl_str_of(texts[i].html), &err), &err);
        check_str(texts[i].name, out, texts[i].want);
    }
    dl_arena_free(&a);
}

static const struct {
    const char *text;
    bool        want;
} tags[] = {
    {"<p>a</p>", true},
    {"a<br>b", true},
    {"a<br/>b", true},
    {"<DIV CLASS=\"x\">a", true},
    {"<!-- c -->", true},
    {"<!DOCTYPE html>", true},
    {"see <a href=\"x\">this</a>", true},
    {"<b>bold</b>", true},
    {"<img src=\"x\">", true},
    {"</p>", true},
    {"", false},
    {"a < b and c > d", false},
    {"a<b", false},
    {"if (a<b && c>d)", false},
    {"the <b tag", false},
    {"x <b> y", false},
    {"<3 <3 <3", false},
    {"<user@example.com>", false},
    {"<https://example.com/p>", false},
    {"<pp>", false},
    {"<p", false},
    {"a <", false},
    {"&lt;p&gt;", false},
    {"<name> and <value>", false},
    {"</b>", false},
    {"<->", false},
};

static void tags_are_told_from_brackets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof tags / sizeof *tags; i++)
        if (dl_html_has_tags(dl_str_of(tags[i].text)) != tags[i].want)
            fail_msg("%s: wanted %d", tags[i].text, tags[i].want);
}

static dl_str repeat(dl_arena *a, const char *unit, size_t n)
{
    size_t len = strlen(unit);
    char *p = dl_arena_alloc(a, n * len);

    for (size_t i = 0; i < n; i++)
        memcpy(p + i * len, unit, len);
    return (dl_str){p, n * len};
}

static double seconds(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A megabyte made to hurt is read in linear time, or refused. */
static void bombs_do_not_go_off(void **state)
{
    static const char *const units[] = {"<b>",   "<div>",     "</x>",  "<p>",      "<b></x>", "<table><tr><td>", "<a b=\">\" ", "<a ",
                                        "&amp;", "<!--",      "<",     "<script>", "<br>",    "<b>a",            "a=\"",        "&#x",
                                        " a=b",  "<p a=\"\"", "<li>a", "]]>",      "<i></b>", "<font><p>",       "<a href=x>",  "</p>"};
    dl_arena a;

    (void)state;
    dl_html_init();
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        dl_error err;
        dl_str out;

        dl_arena_init(&a, 1 << 26);
        dl_str bomb = repeat(&a, units[i], (1 << 20) / strlen(units[i]));
        double before = seconds();
        dl_code code = dl_html_to_text(&out, &a, bomb, &err);

        if (seconds() - before > 5)
            fail_msg("%s: %.1f s", units[i], seconds() - before);
        assert_true(code == DL_OK || code == DL_LIMIT);
        before = seconds();
        (void)dl_html_has_tags(bomb);
        if (seconds() - before > 1)
            fail_msg("has_tags %s: %.1f s", units[i], seconds() - before);
        dl_arena_free(&a);
    }
}

static void many_attributes_are_refused(void **state)
{
    dl_arena a;
    dl_error err;
    dl_str out;

    (void)state;
    dl_arena_init(&a, 1 << 26);
    dl_html_init();
    for (int quoted = 0; quoted < 2; quoted++) { /* distinct names, so that each is compared with all before it */
        char *p = dl_arena_alloc(&a, 1 << 20);
        size_t n = (size_t)snprintf(p, 64, quoted ? "<a x=\">\" " : "<a ");

        for (uint32_t i = 0; n < (1 << 20) - 16; i++)
            n += (size_t)snprintf(p + n, 16, "a%u ", i);
        p[n++] = '>';
        assert_int_equal(dl_html_to_text(&out, &a, (dl_str){p, n}, &err), DL_LIMIT);
        assert_memory_equal(err.msg, "html_too_complex", 16);
    }
    dl_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(html_becomes_text),
        cmocka_unit_test(tags_are_told_from_brackets),
        cmocka_unit_test(bombs_do_not_go_off),
        cmocka_unit_test(many_attributes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
