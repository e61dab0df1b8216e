#include "dateline_head.h"

#include "chars.h"

enum { MAX_HEAD = 110, MAX_WORDS = 5 };

static bool is_in(dl_str w, const char *const *list)
{
    for (; *list; list++)
        if (dl_str_eq_nocase(w, dl_str_of(*list)))
            return true;
    return false;
}

/* First words of a paragraph that stand before a dash or colon and are no places. */
static bool is_no_place(dl_str w)
{
    static const char *const words[] = {"advertisement", "also", "ambassador", "analysis", "answer", "breaking", "by", "caption", "comment", "commentary", "correction", "credit",
                                        "editorial", "exclusive", "explainer", "fact", "factbox", "factcheck", "file", "gallery", "general", "governor", "however", "image",
                                        "interview", "it", "latest", "listen", "live", "minister", "moderator", "more", "mr", "mrs", "ms", "no", "note", "opinion", "photo", "photos", "picture",
                                        "podcast", "president", "q", "question", "quiz", "read", "related", "reuters", "review", "secretary", "see", "senator", "speaker", "source", "sources", "that", "the", "this",
                                        "today", "tomorrow", "update", "updated", "urgent", "video", "warning", "watch", "what", "yes", "yesterday", NULL};

    return is_in(w, words);
}

static bool is_month(dl_str w)
{
    static const char *const words[] = {"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "january",
                                        "february", "march", "april", "june", "july", "august", "september", "october", "november", "december", NULL};

    return is_in(w, words);
}

static bool is_weekday(dl_str w)
{
    static const char *const words[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday", "friday",
                                        "saturday", "sunday", NULL};

    return is_in(w, words);
}

static bool is_particle(dl_str w)
{
    static const char *const words[] = {"al", "and", "de", "del", "el", "la", "le", "of", "on", "the", "upon", NULL};

    return is_in(w, words);
}

static dl_str next_word(dl_str s, size_t *at)
{
    size_t start;

    while (*at < s.n && (s.p[*at] == ' ' || s.p[*at] == ',' || s.p[*at] == '/'))
        (*at)++;
    start = *at;
    while (*at < s.n && s.p[*at] != ' ' && s.p[*at] != ',' && s.p[*at] != '/')
        (*at)++;
    size_t end = *at;

    while (end > start + 1 && s.p[end - 1] == '.' && end - start > 3)
        end--;
    return dl_str_sub(s, start, end);
}

/* "Jan 7", "7 January 2022", "Friday": months, weekdays and numbers only, one of the first two at least. */
static bool is_date(dl_str piece)
{
    size_t at = 0;
    uint32_t n = 0;
    dl_str w;

    while ((w = next_word(piece, &at)).n) {
        if (is_month(w) || is_weekday(w))
            n++;
        else
            for (size_t i = 0; i < w.n; i++)
                if (!dl_is_digit(w.p[i]))
                    return false;
    }
    return n > 0;
}

static bool is_number(dl_str piece)
{
    for (size_t i = 0; i < piece.n; i++)
        if (!dl_is_digit(piece.p[i]))
            return false;
    return piece.n == 4;
}

/* A name of up to MAX_WORDS words. *caps: all its letters are capitals. */
static bool is_name(dl_str piece, bool *caps)
{
    size_t at = 0;
    uint32_t n = 0, bits = 0, len;
    dl_str w;

    while ((w = next_word(piece, &at)).n) {
        uint32_t ch = dl_ch_at(w, 0, &len);

        if (n++ == MAX_WORDS || (n == 1 && is_no_place(w)) || (!(ch & DL_CH_UPPER) && !is_particle(w)))
            return false;
        for (uint32_t i = 0; i < w.n; i += len) {
            ch = dl_ch_at(w, i, &len);
            if (!(ch & (DL_CH_LETTER | DL_CH_MARK)) && w.p[i] != '-' && w.p[i] != '.' && w.p[i] != '\'' && w.p[i] != '\xE2')
                return false;
            bits |= ch;
        }
    }
    *caps = !(bits & DL_CH_LOWER);
    return n > 0 && piece.n >= 3;
}

/* The group in brackets or slashes at the end of the head; *head loses it. */
static dl_span take_agency(dl_str s, dl_span *head)
{
    uint32_t end = head->end, i;
    char open;

    while (end > head->start && (s.p[end - 1] == ' ' || s.p[end - 1] == '.'))
        end--;
    if (end <= head->start + 3 || (s.p[end - 1] != ')' && s.p[end - 1] != '/'))
        return (dl_span){0, 0};
    open = s.p[end - 1] == ')' ? '(' : '/';
    for (i = end - 1; i > head->start && s.p[i - 1] != open; i--)
        if (end - i > 40)
            return (dl_span){0, 0};
    if (i == head->start || i == end - 1)
        return (dl_span){0, 0};
    head->end = i - 1;
    return (dl_span){i, end - 1};
}

/* Place, region and date between commas. strict: the place must stand in capitals. */
static bool read_pieces(dl_str s, dl_span head, bool strict, dl_dateline *out)
{
    uint32_t n = 0;
    bool caps = false;

    for (uint32_t at = head.start; at < head.end;) {
        const char *comma = memchr(s.p + at, ',', head.end - at);
        uint32_t next = comma ? (uint32_t)(comma - s.p) : head.end;
        dl_span piece = dl_ch_trim(s, (dl_span){at, next});

        while (piece.end > piece.start + 4 && s.p[piece.end - 1] == '.' && !comma)
            piece.end--;
        dl_str w = dl_str_sub(s, piece.start, piece.end);
        bool these_caps;

        at = next + 1;
        if (w.n == 0 || n++ == 5)
            return false;
        if (is_date(w) || (out->date.end && is_number(w))) {
            out->date = (dl_span){out->date.end ? out->date.start : piece.start, piece.end};
        } else if (!out->date.end && is_name(w, &these_caps)) {
            caps = out->place.end ? caps : these_caps;
            out->place = (dl_span){out->place.end ? out->place.start : piece.start, piece.end};
        } else {
            return false;
        }
    }
    return out->place.end ? caps || !strict : out->date.end && out->agency.end;
}

static bool read_head(dl_str s, dl_span head, bool strict, dl_dateline *out)
{
    *out = (dl_dateline){0};
    head = dl_ch_trim(s, head);
    out->agency = take_agency(s, &head);
    head = dl_ch_trim(s, head);
    if (head.start >= head.end)
        return out->agency.end > out->agency.start && s.p[out->agency.end] == ')' && !strict;
    return read_pieces(s, head, strict, out);
}

/* Length of the dash at `at`, with the spaces around it; 0: none. */
static uint32_t dash_at(dl_str s, uint32_t at, uint32_t end)
{
    uint32_t i = at;
    bool wide;

    while (i < end && s.p[i] == ' ')
        i++;
    uint32_t spaces = i - at;

    if (i + 3 <= end && s.p[i] == '\xE2' && s.p[i + 1] == '\x80' && (s.p[i + 2] == '\x93' || s.p[i + 2] == '\x94' || s.p[i + 2] == '\x95')) {
        i += 3;
        wide = true;
    } else if (i + 2 <= end && s.p[i] == '-' && s.p[i + 1] == '-') {
        i += 2;
        wide = true;
    } else if (i < end && s.p[i] == '-') {
        i++;
        wide = false;
    } else {
        return 0;
    }
    if (!wide && (!spaces || i == end || s.p[i] != ' ') && !(at > 0 && s.p[at - 1] == ')'))
        return 0;
    while (i < end && s.p[i] == ' ')
        i++;
    return i - at;
}

/* What follows a dateline begins a sentence: a capital, a digit, a quotation mark. */
static bool begins(dl_str s, uint32_t at, uint32_t end)
{
    uint32_t len;

    return at < end && (dl_ch_at(s, at, &len) & (DL_CH_UPPER | DL_CH_DIGIT | DL_CH_QUOTE | DL_CH_OPEN));
}

uint32_t dl_dateline_head(dl_str s, uint32_t start, uint32_t end, dl_dateline *out)
{
    const uint32_t limit = end - start > MAX_HEAD ? start + MAX_HEAD : end;

    if (start >= end)
        return 0;
    for (uint32_t i = start; i < limit; i++) {
        const char c = s.p[i];
        uint32_t dash = c == ' ' || c == '\xE2' || c == '-' ? dash_at(s, i, end) : 0;

        if (dash && read_head(s, (dl_span){start, i}, false, out)) {
            bool caps = out->agency.end || out->date.end, ok = begins(s, i + dash, end);

            if (!caps && out->place.end)
                (void)is_name(dl_str_sub(s, out->place.start, out->place.end), &caps);
            if (ok || (caps && i + dash < end))
                return i + dash;
        }
        if (c == '\n' || c == '"' || c == ';' || (dash && dash > 2))
            return 0;
        if ((c == ':' || c == '.') && i + 2 < end && s.p[i + 1] == ' ' && begins(s, i + 2, end) && !dl_is_digit(s.p[i + 2]) && i - start >= 4 &&
            !memchr(s.p + start, '.', i - start > 4 ? 4 : i - start) &&
            read_head(s, (dl_span){start, i}, !(i > start && s.p[i - 1] == '/'), out) && (out->place.end - out->place.start > 4 || out->agency.end))
            return i + 2;
    }
    return 0;
}
