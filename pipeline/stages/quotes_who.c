#include "quotes_who.h"

#include "../base/wordset.h"
#include "../lexicon/fold.h"
#include "quotes_mark.h"
#include "tag.h"

#include "quotes_given_names.inc"

static const dl_wordset_word he_titles[] = {"king", "lord", "mr", "mr.", "prince", "sir"};
static const dl_wordset_word she_titles[] = {"lady", "madam", "miss", "mrs", "mrs.", "ms", "ms.", "princess", "queen"};
static const dl_wordset_word groups[] = {"agency", "bank", "body", "club", "commission", "company", "department", "firm", "group", "ministry", "network",
                                         "newspaper", "organisation", "organization", "party"};

static dl_str folded(const dl_token *tok, char out[static DL_FOLD_MAX])
{
    return (dl_str){out, dl_fold_word(tok->form, out)};
}

static dl_gender gender_of(const dl_doc *doc, const dl_mention *m)
{
    const dl_token *first = &doc->toks.p[m->first_tok];

    if (m->first_tok > 0) {
        const dl_token *title = first - 1;

        if (DL_WORDSET_HAS(he_titles, title->form))
            return DL_GENDER_HE;
        if (DL_WORDSET_HAS(she_titles, title->form))
            return DL_GENDER_SHE;
    }
    if (m->n_toks < 2)
        return DL_GENDER_UNKNOWN;
    char buf[DL_FOLD_MAX];
    dl_str name = folded(first, buf);

    return DL_WORDSET_HAS(she_names, name) ? DL_GENDER_SHE : DL_WORDSET_HAS(he_names, name) ? DL_GENDER_HE : DL_GENDER_UNKNOWN;
}

bool dl_who_init(dl_who *w, dl_quotes_view v)
{
    const dl_doc *doc = v.doc;

    w->v = v;
    w->gender = dl_arena_zalloc(doc->a, doc->ents.n + 1);
    if (!w->gender)
        return false;
    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        const dl_mention *m = &doc->mentions.p[i];

        if (m->ent != DL_NONE && m->type == DL_ENT_PER && m->form == DL_FORM_NAME && w->gender[m->ent] == DL_GENDER_UNKNOWN)
            w->gender[m->ent] = (uint8_t)gender_of(doc, m);
    }
    return true;
}

/* ---- pronouns ------------------------------------------------------------------------------------------------------- */

enum { WINDOW_SENTS = 8, WINDOW_MENTIONS = 60, WINDOW_TOKENS = 100 };

/* Index of the first mention at or behind a token. */
static uint32_t mention_from(const dl_doc *doc, uint32_t tok)
{
    uint32_t lo = 0, hi = doc->mentions.n;

    while (lo < hi) {
        uint32_t mid = (lo + hi) / 2;

        if (doc->mentions.p[mid].first_tok < tok)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Whether a verb of the sentence stands before the mention: then it is no subject. */
static bool is_subject(const dl_doc *doc, const dl_mention *m)
{
    uint32_t lo = doc->sents.p[m->sent].first_tok;

    if (m->first_tok - lo > WINDOW_TOKENS)
        return false;
    for (uint32_t t = lo; t < m->first_tok; t++)
        if (dl_is_finite(&doc->toks.p[t]))
            return false;
    return true;
}

static bool is_possessive(const dl_doc *doc, const dl_mention *m)
{
    uint32_t next = m->first_tok + m->n_toks;

    return next < doc->toks.n && doc->toks.p[next].xpos == DL_XPOS_POS;
}

/* The likeliest antecedent of one of two types before the token. */
static uint32_t antecedent(const dl_who *w, uint32_t tok, uint32_t types, dl_gender gender, uint32_t speaker)
{
    const dl_doc *doc = w->v.doc;
    uint32_t sent = dl_sent_of(doc, tok), best = DL_NONE, n = 0;
    double best_score = -1e9;

    for (uint32_t i = mention_from(doc, tok); i-- > 0 && n < WINDOW_MENTIONS; n++) {
        const dl_mention *m = &doc->mentions.p[i];

        if (m->sent + WINDOW_SENTS < sent)
            break;
        if (m->ent == DL_NONE || m->form != DL_FORM_NAME || !(types >> m->type & 1u))
            continue;
        uint8_t known = w->gender[m->ent];
        const dl_entity *ent = &doc->ents.p[m->ent];
        double score = -0.7 * (sent - m->sent);

        score += is_subject(doc, m) ? 0.9 : 0;
        score += m->ent == speaker ? 1.2 : 0;
        score -= is_possessive(doc, m) ? 0.5 : 0;
        score -= w->v.quoted[m->first_tok] ? 1.0 : 0;
        score += 0.08 * (ent->mentions.n < 6 ? ent->mentions.n : 6);
        if (gender != DL_GENDER_UNKNOWN && known != DL_GENDER_UNKNOWN)
            score += known == gender ? 0.8 : -5.0;
        if (score > best_score) {
            best_score = score;
            best = m->ent;
        }
    }
    return best_score > -5.0 ? best : DL_NONE;
}

static uint32_t who_pronoun(const dl_who *w, uint32_t tok, uint32_t speaker)
{
    const dl_token *t = &w->v.doc->toks.p[tok];
    bool he = dl_tok_is(t, "he") || dl_tok_is(t, "him"), she = dl_tok_is(t, "she") || dl_tok_is(t, "her");
    uint32_t ent = DL_NONE;

    if (he || she) {
        dl_gender gender = he ? DL_GENDER_HE : DL_GENDER_SHE;

        ent = antecedent(w, tok, 1u << DL_ENT_PER, gender, speaker);
        if (ent != DL_NONE && w->gender[ent] == DL_GENDER_UNKNOWN)
            w->gender[ent] = (uint8_t)gender;
    } else if (dl_tok_is(t, "it"))
        ent = antecedent(w, tok, 1u << DL_ENT_ORG, DL_GENDER_UNKNOWN, speaker);
    else if (dl_tok_is(t, "they") && speaker != DL_NONE && w->v.doc->ents.p[speaker].type == DL_ENT_ORG)
        ent = speaker;
    return ent;
}

/* ---- descriptions --------------------------------------------------------------------------------------------------- */

/* The person's description around the mention has a word of this key: before it in its phrase, or behind it between commas. */
static bool described(const dl_who *w, const dl_mention *m, uint64_t key)
{
    const dl_doc *doc = w->v.doc;
    const dl_sentence *sent = &doc->sents.p[m->sent];
    uint32_t end = sent->first_tok + sent->n_toks, at = m->first_tok + m->n_toks;
    dl_np np = dl_np_ending(&w->v, sent->first_tok, at - 1);

    for (uint32_t i = np.end ? np.first : m->first_tok; i < m->first_tok; i++)
        if (doc->toks.p[i].key == key)
            return true;
    if (m->first_tok > sent->first_tok + 1 && dl_tok_is_char(&doc->toks.p[m->first_tok - 1], ',')) { /* the prime minister, X, */
        np = dl_np_ending(&w->v, sent->first_tok, m->first_tok - 2);
        if (np.end && doc->toks.p[dl_np_head(doc, np)].key == key)
            return true;
    }
    if (at >= end || !dl_tok_is_char(&doc->toks.p[at], ','))
        return false;
    for (uint32_t i = at + 1; i < end && i < at + 10 && !dl_tok_is_char(&doc->toks.p[i], ',') && !dl_is_finite(&doc->toks.p[i]); i++)
        if (doc->toks.p[i].key == key)
            return true;
    return false;
}

/* "the local health minister" is not every minister: one of the words before the head has to be said of the person, too. */
static bool agrees(const dl_who *w, const dl_mention *m, dl_np np, uint32_t head)
{
    const dl_token *toks = w->v.doc->toks.p;
    uint32_t n = 0;

    for (uint32_t i = np.first; i < head; i++) {
        if (toks[i].upos != DL_UPOS_NOUN && toks[i].upos != DL_UPOS_PROPN && toks[i].upos != DL_UPOS_ADJ)
            continue;
        if (described(w, m, toks[i].key))
            return true;
        n++;
    }
    return n == 0;
}

static uint32_t who_described(const dl_who *w, dl_np np, uint32_t head, uint32_t speaker)
{
    const dl_doc *doc = w->v.doc;
    const dl_token *h = &doc->toks.p[head];
    uint32_t from = mention_from(doc, np.first);

    if (np.end + 1 < doc->toks.n && dl_tok_is_char(&doc->toks.p[np.end], ',') && w->v.mention_at[np.end + 1]) {
        const dl_mention *m = &doc->mentions.p[w->v.mention_at[np.end + 1] - 1];

        if (m->type == DL_ENT_PER)
            return m->ent;
    }
    if (h->xpos == DL_XPOS_NNS || h->kind != DL_TOK_WORD || dl_tok_is(&doc->toks.p[np.first], "a") || dl_tok_is(&doc->toks.p[np.first], "an") ||
        dl_tok_is(&doc->toks.p[np.first], "another"))
        return DL_NONE;
    for (uint32_t i = from, n = 0; i-- > 0 && n < 400; n++)
        if (doc->mentions.p[i].type == DL_ENT_PER && doc->mentions.p[i].ent != DL_NONE && described(w, &doc->mentions.p[i], h->key) &&
            agrees(w, &doc->mentions.p[i], np, head))
            return doc->mentions.p[i].ent;
    if (np.end == np.first + 2 && dl_tok_is(&doc->toks.p[np.first], "the") && DL_WORDSET_HAS(groups, h->form))
        return antecedent(w, np.first, 1u << DL_ENT_ORG, DL_GENDER_UNKNOWN, speaker);
    return DL_NONE;
}

uint32_t dl_who_is(const dl_who *w, dl_np np, uint32_t speaker)
{
    const dl_doc *doc = w->v.doc;

    if (np.end == 0)
        return DL_NONE;
    uint32_t head = dl_np_head(doc, np);

    if (w->v.mention_at[head])
        return doc->mentions.p[w->v.mention_at[head] - 1].ent;
    if (doc->toks.p[head].upos == DL_UPOS_PRON)
        return who_pronoun(w, head, speaker);
    for (uint32_t t = np.end; t-- > np.first;)
        if (w->v.mention_at[t]) {
            const dl_mention *m = &doc->mentions.p[w->v.mention_at[t] - 1];

            if (m->type == DL_ENT_PER && !is_possessive(doc, m))
                return m->ent;
        }
    return who_described(w, np, head, speaker);
}
