#include "line_inline.h"

#include "chars.h"
#include "line_kind.h"

/* ---- "Police stand guard. Photo: Jane Doe/AFP" ---------------------------------------------------------------------- */

static bool is_tail(const dl_line_cues *cues, dl_str text, uint32_t at, uint32_t end, bool behind_bar)
{
    dl_line l = {.span = {at, end}};

    dl_line_read(&l, cues, text);
    if (l.n_words == 0 || l.n_words > 14 || l.body)
        return false;
    return dl_line_is_credit(&l) || (behind_bar && l.n_words <= 4 && l.n_caps == l.n_words && !l.ends);
}

/* Words that a credit may begin with behind words that are not its own. */
static bool begins_credit(dl_str s)
{
    static const char *const words[] = {"Photo:", "Photos:", "PHOTO:", "Photograph:", "Photo by", "Photograph by", "Photo credit", "Photo Credit", "Image:",
                                        "Image credit", "Image Credit", "Picture:", "Picture by", "Pic:", "PIC:", "Credit:", "CREDIT:", "Courtesy", "REUTERS/",
                                        "Reuters/", "AFP/", "AP/", "AP Photo", "EPA/", "EPA-EFE", "Getty Images", "\xC2\xA9", "Handout", "File photo", "FILE PHOTO", NULL};

    if (!s.n || !memchr("PICRAEGHF\xC2", s.p[0], 10))
        return false;
    for (const char *const *w = words; *w; w++)
        if (s.p[0] == **w && dl_str_starts(s, dl_str_of(*w)))
            return true;
    return false;
}

uint32_t dl_line_credit_tail(const dl_line_cues *cues, dl_str text, const dl_line *line)
{
    enum { LONGEST = 110, FEWEST = 6 };
    const dl_span span = line->span;
    const char last = span.end > span.start ? text.p[span.end - 1] : 0;
    uint32_t low = span.end - span.start > LONGEST + FEWEST ? span.end - LONGEST : span.start + FEWEST;
    uint32_t found = 0;

    if (span.end - span.start < FEWEST + 4 || line->n_words > 110 || (line->credit >= 9 && dl_line_is_credit(line)))
        return 0;
    for (uint32_t i = span.end - 2; i >= low; i--) {
        const char c = text.p[i], before = text.p[i - 1];
        const bool fence = text.p[i - 1] == ' ' && (text.p[i - 2] == '.' || text.p[i - 2] == '|' || text.p[i - 2] == '\x9D' || text.p[i - 2] == '?');

        if ((last == ')' && c == '(') || (last == ']' && c == '[')) {
            bool closes = last == ']' || (i > span.start + 2 && before == ' ' && memchr(".?!\"\x9D", text.p[i - 2], 5));

            return dl_line_is_credit_group(cues, text, (dl_span){i + 1, span.end - 1}, closes) ? i : 0;
        }
        if ((fence || ((before == ' ' || before == '.') && begins_credit(dl_str_sub(text, i, span.end)))) && !(c >= 'a' && c <= 'z') &&
            is_tail(cues, text, i, span.end, fence && text.p[i - 2] == '|'))
            found = i;
        if (fence && text.p[i - 2] != '|')
            break;
    }
    return found;
}

/* ---- "(AP Photo/Jane Doe)" ------------------------------------------------------------------------------------------ */

/* Where the sentence that ends at `at` begins. */
static uint32_t sentence_start(dl_str s, uint32_t low, uint32_t at)
{
    uint32_t i = at;

    while (i > low && (s.p[i - 1] == ' ' || s.p[i - 1] == '.'))
        i--;
    for (; i > low + 3; i--)
        if (s.p[i - 1] == ' ' && memchr(".!?", s.p[i - 2], 3) && dl_is_lower(s.p[i - 3]) && dl_is_lower(s.p[i - 4]) && !dl_is_lower(s.p[i]))
            return i;
    return low;
}

static bool credit_piece(const dl_line_cues *cues, dl_str text, const dl_line *line, uint32_t from, uint32_t open, dl_piece_of_line *out)
{
    const bool square = text.p[open] == '[';
    const char *close = memchr(text.p + open, square ? ']' : ')', line->span.end - open);
    uint32_t end;

    if (!close)
        return false;
    end = (uint32_t)(close - text.p) + 1;
    if (!dl_line_is_credit_group(cues, text, (dl_span){open + 1, end - 1}, square || (end == line->span.end && line->kind == DL_SECTION_CAPTION)))
        return false;
    *out = (dl_piece_of_line){{open, end}, DL_SECTION_CREDIT};
    if (line->kind == DL_SECTION_BODY) { /* the sentence before it tells what is to be seen */
        dl_line l = {.span = dl_ch_trim(text, (dl_span){sentence_start(text, from, open), open})};

        if (l.span.start < l.span.end) {
            dl_line_read(&l, cues, text);
            if (dl_line_is_caption(&l, true))
                *out = (dl_piece_of_line){l.span, DL_SECTION_CAPTION};
        }
    }
    return true;
}

/* ---- "Read more: ..." ----------------------------------------------------------------------------------------------- */

static bool is_fence(dl_str s, uint32_t at, uint32_t low)
{
    while (at > low && s.p[at - 1] == ' ')
        at--;
    return at > low && (memchr(".!?\")", s.p[at - 1], 5) || (at >= 3 && s.p[at - 3] == '\xE2' && s.p[at - 2] == '\x80'));
}

static dl_str link_cue(dl_str s)
{
    static const char *const cues[] = {"Read more:", "READ MORE:", "Read More:", "READ MORE |", "Read also:", "READ ALSO:", "Also read:",
                                       "ALSO READ:", "Also Read:", "ALSO READ |", "Also Read |", "Read next:", "READ NEXT:", "See also:",
                                       "SEE ALSO:", "RELATED:", "Related:", "READ |", "WATCH:", "WATCH |", "LISTEN:", "MORE:", NULL};

    for (const char *const *cue = cues; *cue; cue++)
        if (dl_str_starts(s, dl_str_of(*cue)))
            return dl_str_of(*cue);
    return (dl_str){NULL, 0};
}

/* The end of the link's words: a stop, or where the next sentence begins with no stop before it (not to be known), the line's end. */
static uint32_t link_end(dl_str s, uint32_t at, uint32_t end)
{
    enum { MAX_LINK = 160 };
    uint32_t limit = end - at > MAX_LINK ? at + MAX_LINK : end;

    for (uint32_t i = at; i < limit; i++)
        if (memchr(".!?", s.p[i], 3) && (i + 1 == end || (s.p[i + 1] == ' ' && i > at + 2 && dl_is_lower(s.p[i - 2]))))
            return i + 1;
    return limit == end ? end : 0;
}

static bool link_piece(dl_str text, const dl_line *line, uint32_t at, dl_piece_of_line *out)
{
    static const char *const marks[] = {"ADVERTISEMENT", "Advertisement", NULL};
    dl_str rest = dl_str_sub(text, at, line->span.end), cue = link_cue(rest);
    uint32_t end;

    if (cue.n && (end = link_end(text, at + (uint32_t)cue.n, line->span.end)) != 0) {
        *out = (dl_piece_of_line){{at, end}, DL_SECTION_BOILERPLATE};
        return true;
    }
    for (const char *const *mark = marks; *mark; mark++) {
        size_t n = strlen(*mark);

        if (dl_str_starts(rest, dl_str_of(*mark)) && (rest.n == n || (rest.p[n] == ' ' && rest.n > n + 1 && !dl_is_lower(rest.p[n + 1])))) {
            *out = (dl_piece_of_line){{at, at + (uint32_t)n}, DL_SECTION_BOILERPLATE};
            return true;
        }
    }
    return false;
}

bool dl_line_next_piece(const dl_line_cues *cues, dl_str text, const dl_line *line, uint32_t at, dl_piece_of_line *out)
{
    const uint32_t from = at;

    for (; at < line->span.end; at++) {
        const char c = text.p[at];

        if (at == line->credit_at && at > from) {
            *out = (dl_piece_of_line){{at, line->span.end}, DL_SECTION_CREDIT};
            return true;
        }
        if ((c == '(' || c == '[') && credit_piece(cues, text, line, from, at, out))
            return true;
        if ((c == 'R' || c == 'A' || c == 'S' || c == 'W' || c == 'L' || c == 'M') && at > line->span.start && is_fence(text, at, line->span.start) &&
            link_piece(text, line, at, out))
            return true;
    }
    return false;
}
