#include "boundary.h"

#include "chars.h"
#include "pipeline/lexicon/abbrev.h"

dl_boundary dl_boundary_begin(dl_str text, uint32_t start, uint32_t end)
{
    return (dl_boundary){.text = text, .start = start, .at = start, .end = end};
}

static bool is_opener(dl_str word)
{
    static const char openers[] = " The He She It They We I You This That These Those In On At But And A An There When While If As However "
                                  "After Before His Her Their Our My What Who How Why Where ";
    char key[12] = " ";

    if (word.n == 0 || word.n > 9)
        return false;
    memcpy(key + 1, word.p, word.n);
    key[word.n + 1] = ' ';
    return strstr(openers, key) != NULL;
}

/* Does a sentence end before `next`, where the stop is at `stop` and closing marks may stand between? */
static bool decide(const dl_boundary *b, uint32_t stop, uint32_t behind, uint32_t next)
{
    dl_str text = b->text;
    uint32_t len, ch, w = stop, e = next;

    while (next < b->end && (dl_ch_at(text, next, &len) & (DL_CH_OPEN | DL_CH_QUOTE)))
        next += len;
    if (next == b->end)
        return true;
    ch = dl_ch_at(text, next, &len);
    if (ch & DL_CH_LOWER)
        return false;
    if (text.p[stop] != '.' || (behind > stop + 1 && text.p[stop + 1] == '.'))
        return true;
    while (w > b->start && (dl_is_alnum(text.p[w - 1]) || text.p[w - 1] == '.'))
        w--;
    for (e = next; e < b->end && dl_is_alpha(text.p[e]); e++)
        ;
    dl_str word = dl_str_sub(text, w, stop), after = dl_str_sub(text, next, e);
    uint32_t abbrev = dl_abbrev_find(word);
    bool dotted = word.n > 1 && memchr(word.p, '.', word.n);

    if (abbrev & DL_ABBREV_NEVER)
        return false;
    if (abbrev & DL_ABBREV_NUMBER)
        return !(ch & DL_CH_DIGIT);
    if (abbrev || dotted)
        return is_opener(after);
    if (word.n == 1 && dl_is_upper(word.p[0]))
        return word.p[0] == 'I' || is_opener(after);
    return true;
}

uint32_t dl_boundary_next(dl_boundary *b)
{
    uint32_t len;

    while (b->at < b->end) {
        uint32_t ch = dl_ch_at(b->text, b->at, &len), stop = b->at, behind, next;

        b->at += len;
        if (!(ch & DL_CH_STOP))
            continue;
        bool cjk = ch & DL_CH_CJK_STOP;

        while (b->at < b->end && ((ch = dl_ch_at(b->text, b->at, &len)) & (DL_CH_STOP | DL_CH_CLOSE | DL_CH_QUOTE | DL_CH_FORMAT)))
            b->at += len;
        behind = next = b->at;
        while (next < b->end && (dl_ch_at(b->text, next, &len) & DL_CH_SPACE))
            next += len;
        if ((next > behind && decide(b, stop, behind, next)) || cjk)
            return b->start = b->at = next;
    }
    return b->start = b->end;
}
