#include "weblike.h"

#include "chars.h"

enum { LONGEST = 2048 }; /* a longer stretch without white space is no address; also keeps hostile text linear */

/* Leave the stops, commas, quotes and unmatched closing brackets at the end to the sentence. */
static uint32_t without_tail(dl_str text, uint32_t at, uint32_t end)
{
    while (end > at) {
        uint32_t len, ch = dl_ch_before(text, end, &len);
        char c = text.p[end - 1];

        if (c == ')' && memchr(text.p + at, '(', end - at))
            break;
        if (len == 1 ? !memchr(".,;:!?'\")]}>*", c, 13) : !(ch & (DL_CH_PUNCT | DL_CH_SPACE)))
            break;
        end -= len;
    }
    return end;
}

static bool is_scheme(dl_str s)
{
    static const dl_str schemes[] = {{"http", 4}, {"https", 5}, {"ftp", 3}, {"mailto", 6}, {"tel", 3}, {"file", 4}, {"doi", 3}};

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (dl_str_eq_nocase(s, schemes[i]))
            return true;
    return false;
}

static bool is_tld(dl_str s)
{
    static const char known[] = " com org net edu gov mil int info biz io co uk ca au de fr eu ru cn jp br nl es ch se nz za ie "
                                "tv ly ai app dev news blog ua kz pl il ir sg hk kr mx "; /* not: in it me no us be by */
    char key[10] = " ";

    if (s.n < 2 || s.n > 6)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        if (dl_is_upper(s.p[i]) != dl_is_upper(s.p[0])) /* "lost.De Gaulle": a sentence, glued */
            return false;
        key[1 + i] = dl_to_lower(s.p[i]);
    }
    key[1 + s.n] = ' ';
    return strstr(known, key) != NULL;
}

static bool is_host_char(char c)
{
    return dl_is_alnum(c) || c == '-' || c == '_';
}

/* labels "example.com", ending at *host_end; needs a known last label. */
static bool scan_host(dl_str text, uint32_t at, uint32_t end, uint32_t *host_end)
{
    uint32_t i = at, label = at, dots = 0;

    while (i < end && (is_host_char(text.p[i]) || (text.p[i] == '.' && i > label && i + 1 < end && is_host_char(text.p[i + 1])))) {
        if (text.p[i] == '.') {
            dots++;
            label = i + 1;
        }
        i++;
    }
    *host_end = i;
    return dots && i > label && is_tld(dl_str_sub(text, label, i));
}

static bool is_local_char(char c)
{
    return dl_is_alnum(c) || (c && strchr("._%+-&", c));
}

static uint32_t email(dl_str text, uint32_t at, uint32_t end)
{
    uint32_t i = at, host, dots = 0;

    while (i < end && is_local_char(text.p[i]))
        i++;
    if (i == at || i == end || text.p[i] != '@')
        return 0;
    host = ++i;
    while (i < end && (is_host_char(text.p[i]) || text.p[i] == '.')) {
        dots += text.p[i] == '.' && i + 1 < end && dl_is_alnum(text.p[i + 1]);
        i++;
    }
    while (i > host && !dl_is_alnum(text.p[i - 1]))
        i--;
    return i > host + 1 && (dots || dl_is_upper(text.p[host])) ? i : 0;
}

static uint32_t name_end(dl_str text, uint32_t at, uint32_t end)
{
    while (at < end) {
        uint32_t len, ch = dl_ch_at(text, at, &len);

        if (!(ch & DL_CH_WORD) && text.p[at] != '_')
            break;
        at += len;
    }
    return at;
}

uint32_t dl_weblike(dl_str text, uint32_t at, uint32_t end, dl_tok_kind *kind)
{
    uint32_t i = at, host_end;
    char c = text.p[at];

    if (end - at > LONGEST)
        return 0;
    if (c == '@' || c == '#') {
        uint32_t len, stop = name_end(text, at + 1, end);

        if (stop < at + 3 || (dl_ch_at(text, at + 1, &len) & DL_CH_DIGIT))
            return 0;
        *kind = c == '@' ? DL_TOK_HANDLE : DL_TOK_HASHTAG;
        return stop;
    }
    if (!dl_is_alnum(c))
        return 0;
    while (i < end && dl_is_alpha(text.p[i]))
        i++;
    *kind = DL_TOK_URL;
    if (i + 1 < end && text.p[i] == ':' && (is_scheme(dl_str_sub(text, at, i)) || dl_str_starts(dl_str_sub(text, i, end), DL_LIT("://"))) &&
        text.p[i + 1] != ',' && without_tail(text, i + 1, end) > i + 2)
        return without_tail(text, i + 1, end);
    if (i + 1 < end && i == at + 3 && text.p[i] == '.' && dl_str_eq_nocase(dl_str_sub(text, at, i), DL_LIT("www")) &&
        dl_is_alnum(text.p[i + 1]))
        return without_tail(text, at, end);
    if ((i = email(text, at, end))) {
        *kind = DL_TOK_EMAIL;
        return i;
    }
    *kind = DL_TOK_URL;
    if (scan_host(text, at, end, &host_end)) {
        if (host_end < end && (text.p[host_end] == '/' || text.p[host_end] == '?' || text.p[host_end] == '#'))
            return without_tail(text, host_end - 1, end);
        return host_end;
    }
    return 0;
}
