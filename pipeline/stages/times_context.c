#include "times_atoms.h"

#include "tag.h"

#include <math.h>

/* ---- small questions ------------------------------------------------------------------------------------------------ */

static bool is_any(dl_str s, const char *words)
{
    for (const char *p = words; *p;) {
        size_t n = strcspn(p, " ");

        if (dl_str_eq_nocase(s, (dl_str){p, n}))
            return true;
        p += n + (p[n] == ' ');
    }
    return false;
}

static const dl_token *token_before(const dl_doc *doc, const dl_time_match *m, uint32_t n)
{
    return m->first_tok >= doc->sents.p[m->sent].first_tok + n ? &doc->toks.p[m->first_tok - n] : NULL;
}

static const dl_token *token_after(const dl_doc *doc, const dl_time_match *m, uint32_t n)
{
    const dl_sentence *sent = &doc->sents.p[m->sent];
    uint32_t at = m->first_tok + m->n_toks + n - 1;

    return at < sent->first_tok + sent->n_toks ? &doc->toks.p[at] : NULL;
}

static bool before_is(const dl_doc *doc, const dl_time_match *m, const char *words)
{
    const dl_token *tok = token_before(doc, m, 1);

    return tok && is_any(tok->form, words);
}

static bool after_is(const dl_doc *doc, const dl_time_match *m, const char *words)
{
    const dl_token *tok = token_after(doc, m, 1);

    return tok && is_any(tok->form, words);
}

/* ---- forward or back ------------------------------------------------------------------------------------------------ */

typedef enum cue { CUE_NONE, CUE_PAST, CUE_PRESENT, CUE_FUTURE } cue;

static cue verb_cue(const dl_doc *doc, uint32_t first, uint32_t at)
{
    const dl_token *tok = &doc->toks.p[at];

    if (tok->xpos == DL_XPOS_MD || (!tok->xpos && is_any(tok->form, "will shall 'll may could should would can")))
        return is_any(tok->form, "could would might") ? CUE_PRESENT : CUE_FUTURE;
    switch (tok->xpos) {
    case DL_XPOS_VBD:
        return CUE_PAST;
    case DL_XPOS_VBN: /* passive or perfect: by its auxiliary */
        if (is_any(tok->form, "scheduled planned expected slated due set"))
            return CUE_FUTURE;
        for (uint32_t i = at; i > first && at - i < 4; i--)
            if (is_any(doc->toks.p[i - 1].form, "will be to") && !is_any(doc->toks.p[i - 1].form, "been"))
                return CUE_FUTURE;
        return CUE_PAST;
    case DL_XPOS_VB:
        for (uint32_t i = at; i > first && at - i < 4; i--) {
            if (is_any(doc->toks.p[i - 1].form, "did n't"))
                return CUE_PAST;
            if (is_any(doc->toks.p[i - 1].form, "to will shall 'll may can must should"))
                return CUE_FUTURE;
        }
        return CUE_PRESENT;
    case DL_XPOS_VBZ:
    case DL_XPOS_VBP:
        return CUE_PRESENT;
    default:
        return CUE_NONE;
    }
}

/* The verb nearest before the expression, else behind it; not across a semicolon. */
static cue governing_cue(const dl_doc *doc, const dl_time_match *m)
{
    const dl_sentence *sent = &doc->sents.p[m->sent];
    uint32_t end = sent->first_tok + sent->n_toks, after = m->first_tok + m->n_toks;
    cue c;

    for (uint32_t i = m->first_tok; i > sent->first_tok && m->first_tok - i < 14; i--) {
        if (is_any(doc->toks.p[i - 1].form, ";"))
            break;
        if ((c = verb_cue(doc, sent->first_tok, i - 1)) != CUE_NONE)
            return c;
    }
    for (uint32_t i = after; i < end && i < after + 14; i++)
        if ((c = verb_cue(doc, sent->first_tok, i)) != CUE_NONE)
            return c;
    return CUE_NONE;
}

static bool plan_before(const dl_doc *doc, const dl_time_match *m)
{
    const dl_sentence *sent = &doc->sents.p[m->sent];

    for (uint32_t i = m->first_tok; i > sent->first_tok && m->first_tok - i < 12; i--)
        if (is_any(doc->toks.p[i - 1].form, "scheduled planned due expected set slated upcoming plans deadline expires begins starts opens"))
            return true;
    return false;
}

bool dl_time_looks_forward(const dl_doc *doc, const dl_time_match *m, int64_t past, int64_t future)
{
    cue c = governing_cue(doc, m);
    dl_section_kind kind = doc->sections.n ? doc->sections.p[doc->sents.p[m->sent].section].kind : DL_SECTION_BODY;
    /* weights of a logistic unit, set by hand and checked on the dates of GUM (docs/quality.md) */
    double z = -1.30;

    z += c == CUE_FUTURE ? 3.00 : c == CUE_PRESENT ? 0.70 : c == CUE_PAST ? -1.60 : 0;
    z += before_is(doc, m, "by until till through next starting beginning before") ? 1.60 : 0;
    z += before_is(doc, m, "since last from") ? -1.20 : 0;
    z += plan_before(doc, m) ? 1.60 : 0;
    z += kind == DL_SECTION_HEADLINE ? 0.30 : 0;
    z += 0.55 * (log((double)past + 1) - log((double)future + 1));
    return z > 0;
}

/* ---- against ---------------------------------------------------------------------------------------------------------- */

static bool year_rejected(const dl_doc *doc, const dl_time_match *m)
{
    const dl_token *before = token_before(doc, m, 1), *after = token_after(doc, m, 1);
    double year = m->at[m->n - 1].value;
    bool led = before_is(doc, m, "in since by during until till from through early late mid summer fall autumn winter spring");

    if (m->n > 1)
        return false;
    if (m->cls[0] == TC_YEAR2)
        return !led && !before_is(doc, m, "of the and");
    if (year < 1500 || year > 2150 || (year < 1900 && !led && !before_is(doc, m, "of between and to or ( [ the - , – — reigned born died")))
        return true;
    if (before && (before->kind == DL_TOK_SYMBOL || before->xpos == DL_XPOS_DOLLAR || is_any(before->form, "$ # no. nos. number flight model room route than about some nearly almost over least")))
        return true;
    if (after && (after->kind == DL_TOK_SYMBOL || is_any(after->form, "% percent per hours local people men women troops soldiers million billion miles meters metres kilometers kilometres feet km tons")))
        return true;
    if (after && is_any(after->form, "-") && token_after(doc, m, 2) && is_any(token_after(doc, m, 2)->form, "meter metre foot mile pound kilometer year-old"))
        return true;
    return after && !led && !(after->flags & DL_TOK_CAP) &&
           is_any(after->form, "workers employees students children jobs deaths cases votes homes shares members feet copies tonnes kilograms dollars "
                               "euros pounds miles volunteers police officers protesters demonstrators refugees migrants victims units years days");
}

static bool duration_rejected(const dl_doc *doc, const dl_time_match *m)
{
    const dl_token *before = token_before(doc, m, 1), *after = token_after(doc, m, 1), *then = token_after(doc, m, 2);
    uint8_t last = m->cls[m->n - 1];

    if (after && (is_any(after->form, "old old-fashioned") || (is_any(after->form, "- –") && then && is_any(then->form, "old olds"))))
        return true; /* an age */
    if (m->n == 1 && last == TC_UNITS) {
        if (is_any(doc->toks.p[m->first_tok].form, "seconds quarters nights weekends fortnights yrs secs hrs mins minutes"))
            return true;
        return before && (before->xpos == DL_XPOS_DT || before->xpos == DL_XPOS_PRPS || before->xpos == DL_XPOS_POS || before->xpos == DL_XPOS_NNP ||
                          before->xpos == DL_XPOS_CD || before->upos == DL_UPOS_ADJ);
    }
    if (m->cls[0] == TC_A && m->n == 2 && after && is_any(after->form, "-") && then && is_any(then->form, "long"))
        return true; /* a [decade-long] war */
    if (m->cls[0] == TC_A && m->n == 2 && (last == TC_UMI || last == TC_UWE))
        return true;
    if (m->cls[0] == TC_A && m->n == 2 && after && after->xpos == DL_XPOS_NN && !(last == TC_UD && is_any(after->form, "today")) &&
        after->upos == DL_UPOS_NOUN && (last == TC_UD || last == TC_UWE))
        return true; /* a day trip */
    for (uint32_t i = 0; i < m->n; i++)
        if (m->cls[i] == TC_YEAR4 && m->at[i].value > 1900 && m->at[i].value < 2100)
            return true;
    return false;
}

static bool season_rejected(const dl_doc *doc, const dl_time_match *m)
{
    uint32_t season = 0;

    while (m->cls[season] != TC_SEASON)
        season++;
    const dl_token *tok = &doc->toks.p[m->at[season].tok], *after = token_after(doc, m, 1);
    bool bare = m->n == 1;

    if (tok->flags & DL_TOK_CAP && after && after->flags & DL_TOK_CAP && after->xpos == DL_XPOS_NNP)
        return true; /* Winter Olympics, Spring Valley */
    if (m->at[season].value != DL_SEASON_FALL && m->at[season].value != DL_SEASON_SPRING)
        return bare && after && after->xpos == DL_XPOS_NN && before_is(doc, m, "a") ;
    if (season == m->n - 1 && after && is_any(after->form, "of in to from by"))
        return m->cls[0] == TC_THE || bare;
    if (m->n == 2 && m->cls[0] == TC_THE)
        return !before_is(doc, m, "in during by until since of") && dl_str_eq_nocase(tok->form, DL_LIT("fall"));
    return bare && !before_is(doc, m, "in since until by during early late next last of each every");
}

bool dl_time_rejected(const dl_doc *doc, const dl_time_match *m)
{
    const dl_token *before = token_before(doc, m, 1), *after = token_after(doc, m, 1);

    switch (m->action) {
    case TA_YEAR:
        return year_rejected(doc, m);
    case TA_DURATION:
        return duration_rejected(doc, m);
    case TA_SEASON:
        return season_rejected(doc, m);
    case TA_HALF: /* of a match, more often than of a year */
        return m->cls[m->n - 1] == TC_HALF && m->cls[0] != TC_LAST && m->cls[0] != TC_THIS && m->cls[0] != TC_NEXT;
    case TA_NOW:
        return m->n == 1 && after_is(doc, m, "that defunct infamous famous legendary");
    case TA_FUTREF:
        return before_is(doc, m, "as so too very how pretty") || after_is(doc, m, "as");
    case TA_PASTREF:
        if (m->n == 2 && m->cls[1] == TC_PAST) /* the past tense, the past three games */
            return after && (after->upos == DL_UPOS_NOUN || after->upos == DL_UPOS_NUM || after->upos == DL_UPOS_ADJ || after->upos == DL_UPOS_PROPN);
        return m->n == 1 && m->cls[0] == TC_RECENT;
    case TA_TODAY:
    case TA_TONIGHT:
        return before && before->flags & DL_TOK_CAP && before->xpos == DL_XPOS_NNP && doc->toks.p[m->first_tok].flags & DL_TOK_CAP &&
               !is_any(before->form, "- said");
    case TA_REL:
        if (m->n == 2 && m->cls[0] == TC_THE)
            return m->cls[1] == TC_UD || (m->cls[1] != TC_UQ && m->cls[1] != TC_UWE && m->cls[1] != TC_UDE &&
                                          (after_is(doc, m, "of when that after before") || (after && after->xpos == DL_XPOS_NN)));
        if (m->n == 2 && (m->cls[0] == TC_EARLY || m->cls[0] == TC_LATE || m->cls[0] == TC_EARLIER || m->cls[0] == TC_LATER))
            return true;
        if (m->cls[0] == TC_THAT && after && is_any(after->form, "'s"))
            return true;
        return false;
    case TA_DECADE: {
        uint32_t i = m->n - 1;

        if (m->at[i].value < 100 && doc->toks.p[m->at[i].tok].kind == DL_TOK_NUMBER && dl_is_digit(doc->toks.p[m->at[i].tok].form.p[0]))
            return m->at[i].value < 50 || m->n == 1 || (before && before->xpos == DL_XPOS_PRPS);
        return m->at[i].value < 100 && !dl_is_digit(doc->toks.p[m->at[i].tok].form.p[0]) && doc->toks.p[m->at[i].tok].form.p[0] != '\'' &&
               (signed char)doc->toks.p[m->at[i].tok].form.p[0] > 0 && m->cls[0] != TC_THE;
    }
    case TA_NTH: /* weeks and weekdays to the fifth, days to the last */
        for (uint32_t i = 0; i < m->n; i++)
            if ((m->cls[i] == TC_ORDD || m->cls[i] == TC_ORDW) && m->at[i].value > (m->cls[i + 1] == TC_UD ? 31 : 5))
                return true;
        return false;
    case TA_QUARTER:
        for (uint32_t i = 0; i < m->n; i++)
            if ((m->cls[i] == TC_ORDD || m->cls[i] == TC_ORDW) && m->at[i].value > 4)
                return true;
        return false;
    case TA_DATENUM:
        if (m->n == 1 && after_is(doc, m, "of cup cups inch inches mile miles teaspoon full")) /* a fraction */
            return true;
        return m->n == 1 && before && (before->kind == DL_TOK_SYMBOL || is_any(before->form, "$ #"));
    case TA_DATE: /* "March" the first word of a name, "May" a person's */
        if (m->n == 1 && m->at[0].value == 5 && before && before->xpos == DL_XPOS_NNP)
            return true;
        return m->n == 1 && after && after->xpos == DL_XPOS_NNP && (m->at[0].value == 5 || m->at[0].value == 4 || m->at[0].value == 6) &&
               m->at[0].tok == m->first_tok && doc->toks.p[m->first_tok].form.n < 6 && after->kind == DL_TOK_WORD;
    case TA_CLOCK: /* a score or a verse */
        return m->n == 1 && m->cls[0] == TC_CLOCK && before && before->xpos == DL_XPOS_NNP;
    case TA_HOURS: {
        int32_t v = (int32_t)m->at[0].value;

        return v < 0 || v > 2400 || v % 100 > 59;
    }
    default:
        return false;
    }
}
