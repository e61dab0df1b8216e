#include "linking.h"

#include "../base/civil.h"

/* Countries and sectors of persons, organisations and peoples: from their record where one fits, else from the words beside their name,
 * else, where most of the article is about one country, that one. */

enum { TITLE_TOKENS = 4, APPOSITION_TOKENS = 8, MOST_ROLES = 4 };

static const float focus = 0.3F; /* share of the votes that makes a country the article's */

static const struct {
    char word[14], sector[4];
} by_type[] = {
    {"armed_group", "REB"}, {"bank", "BUS"},   {"brand", "BUS"},      {"centralbank", "GOV"}, {"company", "BUS"}, {"court", "JUD"},
    {"gov", "GOV"},         {"hospital", "HLH"}, {"igo", "IGO"},      {"intel", "SPY"},       {"legislature", "LEG"}, {"media", "MED"},
    {"military", "MIL"},    {"ngo", "NGO"},    {"party", "PTY"},      {"police", "COP"},      {"thinktank", "NGO"}, {"transit", "BUS"},
    {"un", "IGO"},          {"union", "LAB"},  {"university", "EDU"}, {"utility", "BUS"},
};
static const struct {
    char word[14], sector[4];
} by_word[] = { /* the last word of a name that tells; the first fitting word from behind */
    {"agency", "GOV"},   {"airlines", "BUS"}, {"army", "MIL"},       {"assembly", "LEG"},  {"bank", "BUS"},      {"broadcasting", "MED"},
    {"bureau", "GOV"},   {"cabinet", "GOV"},  {"college", "EDU"},    {"commission", "GOV"}, {"company", "BUS"},  {"congress", "LEG"},
    {"corp", "BUS"},     {"corporation", "BUS"}, {"court", "JUD"},   {"department", "GOV"}, {"force", "MIL"},    {"forces", "MIL"},
    {"government", "GOV"}, {"group", "BUS"},  {"guard", "MIL"},      {"hospital", "HLH"},  {"inc", "BUS"},       {"institute", "EDU"},
    {"journal", "MED"},  {"ltd", "BUS"},      {"militia", "REB"},    {"ministry", "GOV"},  {"navy", "MIL"},      {"news", "MED"},
    {"parliament", "LEG"}, {"party", "PTY"},  {"police", "COP"},     {"prosecutor", "JUD"}, {"radio", "MED"},    {"school", "EDU"},
    {"senate", "LEG"},   {"service", "GOV"},  {"television", "MED"}, {"times", "MED"},     {"tribunal", "JUD"},  {"troops", "MIL"},
    {"university", "EDU"},
};

/* ---- codes ---------------------------------------------------------------------------------------------------------------- */

/* The first three letters of a CAMEO role: the sector. */
static dl_str sector_of(const dl_linking *k, uint32_t code)
{
    dl_str s = dl_link_string(k, code);

    return s.n >= 3 ? dl_str_sub(s, 0, 3) : (dl_str){NULL, 0};
}

/* The whole code of an organisation of states, as CAMEO's actor files have it today. */
static dl_str igo_code(const dl_linking *k, dl_str code, uint32_t acronym)
{
    static const struct {
        char old[12], now[16];
    } renamed[] = {{"IGOEEC", "IGOEUREEC"}, {"IGOOAU", "IGOAFRAFU"}, {"IGONAT", "IGOWSTNAT"},      {"IGOOIC", "IGOMOSOIC"},
                   {"IGOIMF", "IGOBUSIMF"}, {"IGOITP", "IGOCOPITP"}, {"IGOUNOWHO", "IGOUNOHLHWHO"}, {"IGOARL", "IGOMEAARL"},
                   {"IGOASN", "IGOSEAASN"}, {"IGOSCE", "IGOEURSCE"}};

    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (dl_str_eq(code, dl_str_of(renamed[i].old)))
            return dl_str_of(renamed[i].now);
    if (code.n == 3) {
        dl_str short_name = dl_link_string(k, acronym);

        return short_name.n ? dl_arena_printf(k->doc->a, "IGO%.*s", DL_ARG(short_name)) : (dl_str){NULL, 0};
    }
    return code;
}

static uint8_t focus_country(const dl_linking *k)
{
    return k->top != DL_KB_NO_COUNTRY && k->votes[k->top] >= focus * k->n_votes ? k->top : DL_KB_NO_COUNTRY;
}

static float share(const dl_linking *k, uint8_t country)
{
    return country == DL_KB_NO_COUNTRY || k->n_votes <= 0 ? 0 : k->votes[country] / k->n_votes;
}

/* ---- words beside a name ---------------------------------------------------------------------------------------------------- */

static dl_str text_of(const dl_doc *doc, uint32_t first, uint32_t end)
{
    return dl_doc_str(doc, (dl_span){doc->toks.p[first].span.start, doc->toks.p[end - 1].span.end});
}

/* A title that tokens [first, end) are, whole. */
static bool title_of(const dl_linking *k, uint32_t first, uint32_t end, dl_kb_label *out)
{
    dl_kb_ref refs[DL_LINK_MOST];
    uint32_t n = dl_kb_find(k->kb, text_of(k->doc, first, end), refs, DL_LINK_MOST);

    for (uint32_t i = 0; i < n; i++)
        if (refs[i].type == DL_KB_TITLE && dl_kb_get_label(k->kb, DL_KB_TITLE, refs[i].row, out))
            return true;
    return false;
}

typedef struct title {
    dl_kb_label label;
    uint32_t    first, end; /* tokens; equal: none */
    bool        former;
} title;

/* The longest title that ends where the mention begins. */
static title title_before(const dl_linking *k, const dl_mention *m)
{
    const dl_doc *doc = k->doc;
    uint32_t start = doc->sents.p[m->sent].first_tok, most = m->first_tok - start;

    for (uint32_t n = most < TITLE_TOKENS ? most : TITLE_TOKENS; n > 0; n--) {
        title t = {.first = m->first_tok - n, .end = m->first_tok};

        if (!title_of(k, t.first, t.end, &t.label))
            continue;
        for (uint32_t i = t.first > start + 2 ? t.first - 2 : start; i < t.first; i++) {
            dl_str form = doc->toks.p[i].form;

            t.former |= dl_str_eq_nocase(form, DL_LIT("former")) || dl_str_eq_nocase(form, DL_LIT("ex")) || dl_str_eq_nocase(form, DL_LIT("late"));
        }
        return t;
    }
    return (title){.first = m->first_tok, .end = m->first_tok};
}

/* Country of the mention that ends where token `end` begins, a possessive between them allowed. */
static uint8_t country_ending_at(const dl_linking *k, uint32_t mention, uint32_t end)
{
    const dl_doc *doc = k->doc;

    if (end > 0 && dl_str_starts(doc->toks.p[end - 1].form, DL_LIT("'")))
        end--;
    for (uint32_t i = mention; i-- > 0;) {
        const dl_mention *p = &doc->mentions.p[i];

        if (p->sent != doc->mentions.p[mention].sent || p->first_tok + p->n_toks < end)
            break;
        if (p->first_tok + p->n_toks == end)
            return dl_link_mention_country(k, i);
    }
    return DL_KB_NO_COUNTRY;
}

/* Country of the first mention behind, within `most` tokens; stops at the end of the apposition. */
static uint8_t country_behind(const dl_linking *k, uint32_t mention, uint32_t most)
{
    const dl_doc *doc = k->doc;
    const dl_mention *m = &doc->mentions.p[mention];
    uint32_t from = m->first_tok + m->n_toks;

    if (mention + 1 >= doc->mentions.n)
        return DL_KB_NO_COUNTRY;
    const dl_mention *next = m + 1;

    if (next->sent != m->sent || next->first_tok - from > most)
        return DL_KB_NO_COUNTRY;
    for (uint32_t i = from + 1; i < next->first_tok; i++)
        if (doc->toks.p[i].kind == DL_TOK_PUNCT || doc->toks.p[i].upos == DL_UPOS_VERB)
            return DL_KB_NO_COUNTRY;
    return dl_link_mention_country(k, mention + 1);
}

static bool token_is(const dl_doc *doc, uint32_t tok, const char *word)
{
    return tok < doc->toks.n && dl_str_eq_nocase(doc->toks.p[tok].form, dl_str_of(word));
}

/* "Kazakh President X", "X, president of Kazakhstan"; of an organisation "Russian Y", "the Y of Ghana". */
static uint8_t country_beside(const dl_linking *k, uint32_t mention)
{
    const dl_doc *doc = k->doc;
    const dl_mention *m = &doc->mentions.p[mention];
    uint32_t behind = m->first_tok + m->n_toks;
    uint8_t country = DL_KB_NO_COUNTRY;

    if (m->type == DL_ENT_PER) {
        title t = title_before(k, m);

        if (t.first < t.end)
            country = country_ending_at(k, mention, t.first);
        if (country == DL_KB_NO_COUNTRY && token_is(doc, behind, ","))
            country = country_behind(k, mention, APPOSITION_TOKENS);
        return country;
    }
    country = country_ending_at(k, mention, m->first_tok);
    if (country == DL_KB_NO_COUNTRY && (token_is(doc, behind, "of") || token_is(doc, behind, "in")))
        country = country_behind(k, mention, 3);
    return country;
}

static uint8_t country_beside_any(const dl_linking *k, const dl_entity *ent)
{
    for (uint32_t i = 0; i < ent->mentions.n; i++) {
        uint8_t country = country_beside(k, ent->mentions.p[i]);

        if (country != DL_KB_NO_COUNTRY)
            return country;
    }
    return DL_KB_NO_COUNTRY;
}

/* ---- the record --------------------------------------------------------------------------------------------------------------- */

static void link_to(const dl_linking *k, dl_entity *ent, dl_kb_id id, uint32_t name, float confidence)
{
    char b[DL_KB_STRING_MAX];
    const char *scheme = NULL;
    size_t n = dl_kb_id_text(k->kb, id, b, &scheme);
    dl_str canonical = dl_link_string(k, name);

    if (!n)
        return;
    ent->link_id = dl_arena_str(k->doc->a, (dl_str){b, n});
    ent->link_kb = dl_str_of(scheme);
    ent->link_confidence = confidence;
    if (canonical.p)
        ent->name = canonical;
}

static void add_role(const dl_linking *k, dl_entity *ent, dl_str role)
{
    for (uint32_t i = 0; i < ent->roles.n; i++)
        if (dl_str_eq_nocase(ent->roles.p[i], role))
            return;
    if (!role.p || !role.n || ent->roles.n >= MOST_ROLES)
        return;
    dl_str *to = DL_PUSH(k->doc->a, &ent->roles);

    if (to)
        *to = role;
}

static void set_country(const dl_linking *k, dl_entity *ent, uint8_t country)
{
    ent->country = dl_link_iso3(k, country);
}

/* ---- persons -------------------------------------------------------------------------------------------------------------------- */

/* Days since 1900 of the article; 0: no date. */
static uint32_t day_of(const dl_doc *doc)
{
    const dl_datetime *d = &doc->article.published;

    if (d->year < 1901 || d->year > 2078)
        return 0;
    return (uint32_t)(dl_days_from_civil(d->year, d->month ? d->month : 1, d->day ? d->day : 1) - dl_days_from_civil(1900, 1, 1));
}

static bool could_act(const dl_kb_person *p, int32_t year)
{
    enum { GROWN_UP = 15, REMEMBERED = 3 };

    return !year || ((!p->born || p->born + GROWN_UP <= year) && (!p->died || p->died + REMEMBERED >= year));
}

/* How well a person of the knowledge base fits; below 0 not at all. A name alone is shared by many: someone little known must be of a country
 * that the article is about. */
static float fits(const dl_linking *k, const dl_candidate *c, const dl_kb_person *p, uint8_t beside)
{
    enum { WELL_KNOWN = 30, KNOWN = 20 };
    float votes = share(k, p->country[0]) + share(k, p->country[1]);

    if (!could_act(p, k->doc->article.published.year))
        return -1;
    if (beside != DL_KB_NO_COUNTRY && beside != p->country[0] && beside != p->country[1] && c->ref.form == DL_KB_SURNAME)
        return -1;
    if (c->ref.form == DL_KB_SURNAME || c->ref.form == DL_KB_SKELETON ? votes <= 0 || p->score < KNOWN : votes <= 0 && p->score < WELL_KNOWN)
        return -1;
    return (float)p->score / 10 + 4 * votes + (c->ref.form == DL_KB_NAME ? 1.0F : 0) + (beside == p->country[0] ? 2.0F : 0);
}

static bool add_skeletons(dl_linking *k, uint32_t ent)
{
    dl_link_ent *le = &k->ents[ent];
    dl_kb_ref refs[DL_LINK_MOST];
    uint32_t n = dl_kb_find_skeleton(k->kb, k->doc->ents.p[ent].name, refs, DL_LINK_MOST);

    if (!n)
        return true;
    if (!(le->cand = DL_NEW_N(k->doc->a, dl_candidate, n)))
        return false;
    for (le->n = 0; le->n < n; le->n++)
        le->cand[le->n] = (dl_candidate){.ref = refs[le->n], .country = DL_KB_NO_COUNTRY};
    return true;
}

static bool best_person(dl_linking *k, uint32_t ent, uint8_t beside, dl_kb_person *out)
{
    dl_link_ent *le = &k->ents[ent];
    float best = -1;

    for (uint32_t i = 0; i < le->n; i++) {
        dl_kb_person p;

        if (le->cand[i].ref.type != DL_KB_PERSON || !dl_kb_get_person(k->kb, le->cand[i].ref.row, &p))
            continue;
        float f = fits(k, &le->cand[i], &p, beside);

        if (f > best) {
            best = f;
            *out = p;
            le->best = i;
        }
    }
    return best >= 0;
}

/* Offices held on the day of the article. */
static void fill_offices(const dl_linking *k, dl_entity *ent, const dl_kb_person *p)
{
    uint32_t today = day_of(k->doc);

    for (uint32_t i = 0; today && i < p->n_spells; i++) {
        dl_kb_spell s;

        if (!dl_kb_get_spell(k->kb, p->spells + i, &s) || !s.start || s.start > today || (s.end && s.end < today) || (!s.end && p->last))
            continue;
        add_role(k, ent, dl_link_string(k, s.office));
        if (!ent->sector.p && s.code)
            ent->sector = sector_of(k, s.code);
    }
}

/* "NATO Secretary General X": he acts for the body. The code of a body of states; .p NULL: none. */
static dl_str body_beside(const dl_linking *k, const dl_entity *ent)
{
    const dl_doc *doc = k->doc;

    for (uint32_t i = 0; i < ent->mentions.n; i++) {
        uint32_t at = ent->mentions.p[i];
        title t = title_before(k, &doc->mentions.p[at]);

        if (t.first == t.end || at == 0)
            continue;
        const dl_mention *p = &doc->mentions.p[at - 1];

        if (p->type == DL_ENT_ORG && p->sent == doc->mentions.p[at].sent && p->first_tok + p->n_toks >= t.first &&
            dl_str_starts(doc->ents.p[p->ent].country, DL_LIT("IGO")))
            return doc->ents.p[p->ent].country;
    }
    return (dl_str){NULL, 0};
}

static void fill_person(dl_linking *k, uint32_t i)
{
    dl_entity *ent = &k->doc->ents.p[i];
    uint8_t beside = country_beside_any(k, ent);
    int32_t year = k->doc->article.published.year;
    dl_kb_person p = {.country = {DL_KB_NO_COUNTRY, DL_KB_NO_COUNTRY}};
    bool found = best_person(k, i, beside, &p);
    uint8_t country = found ? p.country[0] : beside;

    for (uint32_t m = 0; m < ent->mentions.n; m++) {
        title t = title_before(k, &k->doc->mentions.p[ent->mentions.p[m]]);

        if (t.first == t.end)
            continue;
        add_role(k, ent, text_of(k->doc, t.first, t.end));
        if (!ent->sector.p && t.label.code)
            ent->sector = t.former ? DL_LIT("ELI") : sector_of(k, t.label.code);
    }
    if (found) {
        link_to(k, ent, p.id, p.name, p.score >= 30 ? 0.95F : p.score >= 20 ? 0.9F : 0.75F);
        if (p.country[1] != DL_KB_NO_COUNTRY && (beside == p.country[1] || (beside != country && share(k, p.country[1]) > share(k, country))))
            country = p.country[1];
        fill_offices(k, ent, &p);
        if (!ent->sector.p && (!p.last || !year || p.last >= year))
            ent->sector = sector_of(k, p.code);
    }
    if (country == DL_KB_NO_COUNTRY)
        country = focus_country(k);
    ent->country = body_beside(k, ent);
    if (!ent->country.p)
        set_country(k, ent, country);
}

/* ---- organisations ---------------------------------------------------------------------------------------------------------------- */

/* A country or its adjective within the name: "Bank of Ghana", "Russian Railways". */
static uint8_t country_within(const dl_linking *k, dl_str name)
{
    enum { CAPITALS = 11 };
    dl_name_words w;

    dl_name_words_of(&w, name);
    for (uint32_t first = 0; first < w.n; first++)
        for (uint32_t n = w.n - first < 4 ? w.n - first : 4; n > 0; n--) {
            dl_kb_ref ref;
            dl_kb_place place;

            if (!dl_kb_find_key(k->kb, dl_kb_key(&w, first, first + n), &ref, 1))
                continue;
            if (ref.type == DL_KB_COUNTRY)
                return (uint8_t)ref.row;
            if (ref.type == DL_KB_PLACE && ref.prior >= CAPITALS && dl_kb_get_place(k->kb, ref.row, &place) && place.country != DL_KB_NO_COUNTRY)
                return place.country;
        }
    return DL_KB_NO_COUNTRY;
}

static dl_str sector_by_word(dl_str name)
{
    dl_name_words w;

    dl_name_words_of(&w, name);
    for (uint32_t i = w.n; i-- > 0;)
        for (size_t j = 0; j < sizeof by_word / sizeof *by_word; j++)
            if (dl_str_eq(w.word[i], dl_str_of(by_word[j].word)))
                return dl_str_of(by_word[j].sector);
    return (dl_str){NULL, 0};
}

static dl_str sector_by_type(dl_str type)
{
    for (size_t i = 0; i < sizeof by_type / sizeof *by_type; i++)
        if (dl_str_eq(type, dl_str_of(by_type[i].word)))
            return dl_str_of(by_type[i].sector);
    return (dl_str){NULL, 0};
}

/* A body of a state: "National Police" is that of the country the article is about. */
static bool is_of_state(const dl_linking *k, const dl_candidate *c)
{
    static const char *const types[] = {"gov", "military", "police", "intel", "legislature", "court"};
    char b[DL_KB_STRING_MAX];
    dl_kb_org o;

    if (c->ref.type != DL_KB_ORG || !dl_kb_get_org(k->kb, c->ref.row, &o))
        return false;
    dl_str type = {b, dl_kb_string(k->kb, o.type, b)};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (dl_str_eq(type, dl_str_of(types[i])))
            return true;
    return false;
}

/* The reading that fits best; DL_NONE. */
static uint32_t best_org(const dl_linking *k, const dl_link_ent *le, uint8_t beside)
{
    uint32_t best = DL_NONE;
    float most = 0;

    for (uint32_t i = 0; i < le->n; i++) {
        const dl_candidate *c = &le->cand[i];
        bool own = c->country != DL_KB_NO_COUNTRY && c->country == beside;
        float f = (float)c->ref.prior + 6 * share(k, c->country) + (own ? 5.0F : 0) + (c->ref.form == DL_KB_NAME ? 1.0F : 0);

        if (c->ref.type == DL_KB_METONYM)
            f += 2;
        else if (c->ref.type == DL_KB_PLACE)
            f -= 6;
        else if (c->ref.type != DL_KB_ORG)
            continue;
        if (!own && share(k, c->country) <= 0 && dl_link_iso3(k, c->country).p && is_of_state(k, c))
            continue;
        if (f > most) {
            most = f;
            best = i;
        }
    }
    return best;
}

static void fill_org_record(dl_linking *k, dl_entity *ent, const dl_kb_org *o, uint8_t *country)
{
    dl_str type = dl_link_string(k, o->type), code = dl_link_string(k, o->code);

    ent->sector = sector_by_type(type);
    if (dl_str_eq(type, DL_LIT("generic")))
        return;
    link_to(k, ent, o->id, o->name, 0.85F);
    if (dl_str_starts(code, DL_LIT("IGO"))) {
        ent->sector = DL_LIT("IGO");
        ent->subtype = DL_LIT("IGO");
        ent->country = igo_code(k, code, o->acronym);
        return;
    }
    if (dl_str_starts(code, DL_LIT("NGO")))
        ent->sector = DL_LIT("NGO");
    else if (!ent->sector.p && code.n >= 6)
        ent->sector = dl_str_sub(code, 3, 6);
    if (dl_link_iso3(k, o->country).p)
        *country = o->country;
}

static void fill_org(dl_linking *k, uint32_t i)
{
    dl_entity *ent = &k->doc->ents.p[i];
    dl_link_ent *le = &k->ents[i];
    uint8_t beside = country_beside_any(k, ent), country = DL_KB_NO_COUNTRY, within = country_within(k, ent->name);
    dl_kb_org o;
    dl_kb_label label;

    le->best = best_org(k, le, beside);
    if (le->best != DL_NONE) {
        const dl_candidate *c = &le->cand[le->best];

        if (c->ref.type == DL_KB_ORG && dl_kb_get_org(k->kb, c->ref.row, &o))
            fill_org_record(k, ent, &o, &country);
        else if (c->ref.type == DL_KB_METONYM && dl_kb_get_label(k->kb, DL_KB_METONYM, c->ref.row, &label)) {
            dl_str code = dl_link_string(k, label.code);

            country = c->country;
            ent->sector = code.n >= 6 ? dl_str_sub(code, 3, 6) : ent->sector;
        } else
            country = c->country;
    }
    if (ent->country.p)
        return;
    if (!ent->sector.p)
        ent->sector = sector_by_word(ent->name);
    if (country == DL_KB_NO_COUNTRY)
        country = within != DL_KB_NO_COUNTRY ? within : beside != DL_KB_NO_COUNTRY ? beside : focus_country(k);
    set_country(k, ent, country);
}

/* ---- peoples ------------------------------------------------------------------------------------------------------------------------ */

static void fill_people(dl_linking *k, uint32_t i)
{
    dl_entity *ent = &k->doc->ents.p[i];
    dl_link_ent *le = &k->ents[i];

    for (uint32_t j = 0; j < le->n && le->best == DL_NONE; j++)
        if (le->cand[j].ref.type == DL_KB_COUNTRY || le->cand[j].ref.type == DL_KB_NORP)
            le->best = j;
    if (le->best == DL_NONE)
        return;
    ent->subtype = DL_LIT("NORP");
    set_country(k, ent, le->cand[le->best].country);
    if (le->cand[le->best].ref.type == DL_KB_COUNTRY && ent->country.p) {
        ent->link_kb = DL_LIT("iso3166");
        ent->link_id = ent->country;
        ent->link_confidence = 0.97F;
    }
}

bool dl_link_actors(dl_linking *k)
{
    const dl_doc *doc = k->doc;

    for (uint32_t i = 0; i < doc->ents.n; i++)
        if (doc->ents.p[i].type == DL_ENT_MISC)
            fill_people(k, i);
    for (uint32_t i = 0; i < doc->ents.n; i++)
        if (doc->ents.p[i].type == DL_ENT_ORG)
            fill_org(k, i);
    for (uint32_t i = 0; i < doc->ents.n; i++)
        if (doc->ents.p[i].type == DL_ENT_LOC && k->ents[i].best == DL_NONE && !doc->ents.p[i].country.p)
            set_country(k, &doc->ents.p[i], focus_country(k));
    for (uint32_t i = 0; i < doc->ents.n; i++) {
        if (doc->ents.p[i].type != DL_ENT_PER)
            continue;
        bool known = false;

        for (uint32_t j = 0; j < k->ents[i].n; j++)
            known |= k->ents[i].cand[j].ref.type == DL_KB_PERSON;
        if (!known && !add_skeletons(k, i))
            return false;
        fill_person(k, i);
    }
    return true;
}
