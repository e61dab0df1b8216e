#include "line_kind.h"

#include "chars.h"

static bool is_blank_title(const dl_line *l)
{
    return l->n_words >= 1 && l->n_words <= 12 && !l->ends && l->n_quotes < 2;
}

/* ---- by itself ------------------------------------------------------------------------------------------------------ */

static bool is_link(dl_str s)
{
    return dl_str_starts(s, DL_LIT("http://")) || dl_str_starts(s, DL_LIT("https://")) || dl_str_starts(s, DL_LIT("www."));
}

/* "By Jane Doe", "By Jane Doe and John Roe in Almaty" */
static bool is_byline(const dl_line *l, dl_str s)
{
    return s.n > 3 && dl_str_eq_nocase(dl_str_sub(s, 0, 3), DL_LIT("by ")) && l->n_words >= 2 && l->n_words <= 14 && !l->ends && l->n_small <= 3 &&
           l->n_caps >= 2;
}

static bool has_no_letters(const dl_line *l)
{
    return l->n_words == 0 || (l->n_words == 1 && l->n_numbers == 1);
}

/* "Thu 6 Nov 2025 18.41 GMT" */
static bool is_date_line(const dl_line *l)
{
    return l->full_date && l->n_words <= 10 && l->n_small <= 1 && !l->ends && l->n_caps + l->n_numbers >= 2 && l->n_caps <= 4;
}

static bool is_boilerplate(const dl_line *l, dl_str s)
{
    int score = l->boiler - l->body - (l->n_quotes >= 2 ? 4 : 0);

    score += l->n_addresses && l->n_words <= 40 ? (l->n_words <= 14 ? 7 : 5) : 0;
    if (has_no_letters(l) || is_byline(l, s) || is_date_line(l) || (l->bracketed && l->n_words <= 14 && !l->n_picture && !l->n_agency) || (is_link(s) && l->n_words <= 12))
        return true;
    if (l->n_tags * 2 > l->n_words || (l->n_social >= 2 && l->n_social * 2 >= l->n_words && l->n_words <= 16))
        return true;
    if (l->n_bars >= 2 && l->n_words <= 14 && !l->ends)
        return true;
    return score >= 7;
}

bool dl_line_is_caption(const dl_line *l, bool by_credit)
{
    int score = l->caption + (by_credit ? 5 : 0) + (l->credit_at ? 6 : 0);

    score += l->n_shown ? 2 : 0;
    score += l->full_date ? 3 : 0;
    score += l->n_words <= 28 ? 2 : 0;
    score += l->n_stops == 0 ? 1 : l->n_stops >= 3 ? -3 : 0;
    score -= l->n_words > 90 ? 8 : l->n_words > 65 ? 4 : 0;
    score -= l->body + (l->n_quotes >= 2 && !l->credit_at ? 3 : 0) + (l->first ? 3 : 0);
    return score >= (by_credit || l->credit_at ? 7 : 8);
}

static dl_section_kind alone(const dl_line *l, dl_str s)
{
    if (l->caption >= 8 && l->n_words > 5 && dl_line_is_caption(l, false))
        return DL_SECTION_CAPTION;
    if (l->credit_at && dl_line_is_caption(l, false))
        return DL_SECTION_CAPTION;
    if (l->credit >= 9 && !dl_line_is_credit(l) && l->n_words > 6)
        return DL_SECTION_CAPTION; /* "Photo: Divers search the hull." */
    if (is_boilerplate(l, s) && !(l->credit >= 10 && dl_line_is_credit(l)))
        return DL_SECTION_BOILERPLATE;
    if (dl_line_is_credit(l))
        return DL_SECTION_CREDIT;
    return dl_line_is_caption(l, false) ? DL_SECTION_CAPTION : DL_SECTION_BODY;
}

/* ---- among its neighbours ------------------------------------------------------------------------------------------- */

/* "Erik Lund": a name, or "PA Media", alone on its line. */
static bool is_name_line(const dl_line *l)
{
    return l->n_words >= 2 && l->n_words <= 4 && l->n_caps == l->n_words && !l->ends && !l->n_quotes && !l->n_bars;
}

static bool is_one_sentence(const dl_line *l)
{
    return l->n_words >= 4 && l->n_words <= 40 && l->n_stops == 0 && l->n_quotes == 0;
}

static void find_captions(dl_line *lines, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        bool by_credit = i + 1 < n && lines[i + 1].kind == DL_SECTION_CREDIT;
        bool next_has_own = i + 2 < n && !lines[i + 2].after_blank; /* the credit stands above its caption */

        if (lines[i].kind == DL_SECTION_BODY && by_credit && !next_has_own && dl_line_is_caption(&lines[i], true))
            lines[i].kind = DL_SECTION_CAPTION;
    }
    for (uint32_t i = 1; i < n; i++) {
        dl_line *l = &lines[i], *above = &lines[i - 1];

        if (l->after_blank)
            continue;
        if (l->kind == DL_SECTION_BODY && above->kind == DL_SECTION_BODY && above->after_blank && is_name_line(above) && is_one_sentence(l))
            above->kind = DL_SECTION_CREDIT;
        if (l->kind == DL_SECTION_BODY && above->kind == DL_SECTION_CREDIT && l->n_words <= 40)
            l->kind = DL_SECTION_CAPTION;
        if (l->kind == DL_SECTION_CAPTION && above->kind == DL_SECTION_BODY && is_blank_title(above))
            above->kind = DL_SECTION_CAPTION; /* a picture's title */
    }
}

static bool is_paragraph(const dl_line *l)
{
    return l->kind == DL_SECTION_BODY && (l->ends || l->n_words > 15);
}

/* Names, offices and places above the first paragraph: who wrote it. */
static void find_byline(dl_line *lines, uint32_t n)
{
    for (uint32_t i = 0; i < n && !(is_paragraph(&lines[i]) && lines[i].n_words > 8); i++) {
        dl_line *l = &lines[i];
        bool below = i > 0 && !l->after_blank && lines[i - 1].kind == DL_SECTION_BOILERPLATE;

        if (l->kind == DL_SECTION_BODY && !l->ends && l->n_words <= 8 && (below || is_name_line(l)))
            l->kind = DL_SECTION_BOILERPLATE;
    }
}

/* Who wrote it, below the last paragraph: "Jane Doe covers water and farming." */
static void find_bio(dl_line *lines, uint32_t n)
{
    for (uint32_t i = n > 4 ? n - 4 : 1; i < n; i++) {
        dl_line *l = &lines[i];

        if (l->kind == DL_SECTION_BODY && l->boiler >= 4 && l->body == 0 && l->n_quotes == 0 && l->n_words <= 60)
            l->kind = DL_SECTION_BOILERPLATE;
    }
}

/* Links behind a heading that announces them: short, without a stop. */
static void find_lists(dl_line *lines, uint32_t n)
{
    bool inside = false;

    for (uint32_t i = 0; i < n; i++) {
        dl_line *l = &lines[i];

        if (l->kind == DL_SECTION_BOILERPLATE) {
            inside = inside || (l->head_of_list && l->n_words <= 9);
        } else {
            inside = inside && l->kind == DL_SECTION_BODY && l->n_words <= 18 && (!l->ends || l->question || l->ellipsis) && l->n_stops == 0;
            if (inside)
                l->kind = DL_SECTION_BOILERPLATE;
        }
    }
}

/* Below the last paragraph "AFP", "-- PTI" and "mk/rc (AFP, dpa)" are the agencies' own marks: nothing but their names, and a slug. */
static void find_tail(dl_line *lines, uint32_t n)
{
    for (uint32_t i = n; i-- > 1;) {
        dl_line *l = &lines[i];
        bool only_agencies = l->n_agency > 0 && l->n_words <= l->n_agency + 2u && l->n_words <= 7 && l->n_caps <= l->n_agency + l->n_picture;

        if (l->kind == DL_SECTION_BOILERPLATE)
            continue;
        if (only_agencies && !l->ends && (l->kind == DL_SECTION_BODY || l->kind == DL_SECTION_CREDIT) && lines[i - 1].kind != DL_SECTION_CAPTION &&
            !l->n_picture && l->credit < 9)
            l->kind = DL_SECTION_BOILERPLATE;
        break;
    }
}

/* A heading begins with a letter or a quotation mark; what begins otherwise is an item of a list, or a question with its speaker. */
static bool is_list_item(dl_str text, const dl_line *l)
{
    uint32_t len;

    return !(dl_ch_at(text, l->span.start, &len) & (DL_CH_LETTER | DL_CH_QUOTE));
}

/* Many questions are an interview's. */
static bool is_interview(const dl_line *lines, uint32_t n)
{
    enum { MANY = 4 };
    uint32_t questions = 0;

    for (uint32_t i = 0; i < n; i++)
        questions += lines[i].question;
    return questions >= MANY;
}

static void find_subheads(dl_line *lines, uint32_t n, dl_str text)
{
    const bool interview = is_interview(lines, n);

    for (uint32_t i = 1; i < n; i++) {
        dl_line *l = &lines[i];
        uint32_t next = i + 1;

        if (l->kind != DL_SECTION_BODY || !(l->after_blank || is_paragraph(&lines[i - 1])) || l->n_words > 12 || l->n_caps + l->n_numbers == 0 ||
            is_list_item(text, l))
            continue;
        if (l->ellipsis && l->n_words > 3 && l->n_stops == 0) { /* a headline that was cut off */
            l->kind = DL_SECTION_SUBHEAD;
            continue;
        }
        if ((l->ends && !l->question) || l->n_quotes > 2 || (l->n_quotes == 2 && l->n_words > 8) || (l->question && (interview || l->n_words > 9)))
            continue;
        while (next < n && lines[next].kind != DL_SECTION_BODY)
            next++;
        if (next < n && is_paragraph(&lines[next]) && !memchr(":,;-", text.p[l->span.end - 1], 4))
            l->kind = DL_SECTION_SUBHEAD;
    }
}

static void find_headline(dl_line *lines, uint32_t n, dl_str text, dl_str title)
{
    dl_line *l = &lines[0];
    dl_str s = dl_str_sub(text, l->span.start, l->span.end);

    if (title.n ? dl_str_eq_nocase(s, title) : l->kind == DL_SECTION_BODY && n > 1 && lines[1].after_blank && l->n_words >= 3 && l->n_words <= 24 && (!l->ends || l->question) && l->n_caps > 0)
        l->kind = DL_SECTION_HEADLINE;
}

void dl_line_kinds(dl_line *lines, uint32_t n, dl_str text, dl_str title)
{
    if (n == 0)
        return;
    for (uint32_t i = 0; i < n; i++)
        lines[i].kind = (uint8_t)alone(&lines[i], dl_str_sub(text, lines[i].span.start, lines[i].span.end));
    find_headline(lines, n, text, title);
    find_tail(lines, n);
    find_captions(lines, n);
    find_byline(lines, n);
    find_lists(lines, n);
    find_bio(lines, n);
    find_subheads(lines, n, text);
}
