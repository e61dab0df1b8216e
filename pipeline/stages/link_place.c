#include "linking.h"

#include "../lexicon/fold.h"

#include <math.h>

/* Weights of the score, in units of the prior: ten times the people, about 1.4. Set by hand on geowebnews_dev and geovirus, where doubling
 * or halving one moves the share of right places by two points at most, mostly down. */
static const float w_country = 7.0F;    /* share of the votes for the candidate's country */
static const float w_top = 2.5F;        /* the country with most votes */
static const float w_neighbour = 0.7F;  /* a neighbour of it */
static const float w_inside = 9.0F;     /* "Paris, Texas" */
static const float w_around = 4.0F;     /* the Texas of it */
static const float w_cue = 4.0F;        /* "the Washington River": kind and cue agree */
static const float w_cue_other = -3.0F; /* ... and disagree */
static const float w_exact = 1.0F;      /* the canonical name itself, not another name of it */
static const float w_near[] = {2.5F, 1.5F, 0.7F}; /* another place of the article within 60, 200, 600 km */
static const float w_dateline = 2.0F;   /* country of the dateline */
static const float w_namesake = 3.0F;   /* a city against the admin unit of its name */
static const float w_admin1 = 1.8F;     /* another place of the article in the same admin1 */

static const float prior_by_level[DL_N_KB_LEVELS] = {
    [DL_KB_LEVEL_COUNTRY] = 3.0F, [DL_KB_LEVEL_ADMIN1] = 0.5F, [DL_KB_LEVEL_ADMIN2] = -1.5F, [DL_KB_LEVEL_CAPITAL] = 1.5F,
    [DL_KB_LEVEL_SEAT] = 0.5F,    [DL_KB_LEVEL_PART] = -1.5F,
};

enum { ROUNDS = 3, CLOSE_CALLS = 12, COMPANY = 100 }; /* a gazetteer is an article, too: the first hundred places speak for all */

/* ---- words around a mention --------------------------------------------------------------------------------------------- */

static const struct {
    char    word[12];
    uint8_t level;
} cues[] = {
    {"airport", DL_KB_LEVEL_CITY},      {"bay", DL_KB_LEVEL_WATER},        {"canton", DL_KB_LEVEL_ADMIN1},  {"city", DL_KB_LEVEL_CITY},
    {"county", DL_KB_LEVEL_ADMIN2},     {"department", DL_KB_LEVEL_ADMIN1}, {"desert", DL_KB_LEVEL_LAND},    {"district", DL_KB_LEVEL_ADMIN2},
    {"governorate", DL_KB_LEVEL_ADMIN1}, {"gulf", DL_KB_LEVEL_WATER},       {"island", DL_KB_LEVEL_LAND},    {"islands", DL_KB_LEVEL_LAND},
    {"lake", DL_KB_LEVEL_WATER},        {"mayor", DL_KB_LEVEL_CITY},       {"mountains", DL_KB_LEVEL_LAND}, {"municipality", DL_KB_LEVEL_CITY},
    {"oblast", DL_KB_LEVEL_ADMIN1},     {"parish", DL_KB_LEVEL_ADMIN2},    {"prefecture", DL_KB_LEVEL_ADMIN1}, {"province", DL_KB_LEVEL_ADMIN1},
    {"region", DL_KB_LEVEL_ADMIN1},     {"republic", DL_KB_LEVEL_COUNTRY}, {"river", DL_KB_LEVEL_WATER},    {"sea", DL_KB_LEVEL_WATER},
    {"state", DL_KB_LEVEL_ADMIN1},      {"strait", DL_KB_LEVEL_WATER},     {"suburb", DL_KB_LEVEL_CITY},    {"town", DL_KB_LEVEL_CITY},
    {"village", DL_KB_LEVEL_CITY},
};

static const dl_token *token_at(const dl_doc *doc, uint32_t sent, uint32_t tok)
{
    const dl_sentence *s = &doc->sents.p[sent];

    return tok >= s->first_tok && tok < s->first_tok + s->n_toks ? &doc->toks.p[tok] : NULL;
}

static int cue_level(const dl_token *tok)
{
    char b[DL_FOLD_MAX];

    if (!tok || tok->form.n > 15)
        return -1;
    dl_str word = {b, dl_fold_word(tok->form, b)};

    for (size_t i = 0; i < sizeof cues / sizeof *cues; i++)
        if (dl_str_eq(word, dl_str_of(cues[i].word)))
            return cues[i].level;
    return -1;
}

static bool is_word(const dl_token *tok, const char *word)
{
    return tok && dl_str_eq_nocase(tok->form, dl_str_of(word));
}

/* The level that the words beside the mention speak of, or its own first or last word; -1: none. */
static int cue_of(const dl_linking *k, const dl_mention *m)
{
    const dl_doc *doc = k->doc;
    uint32_t end = m->first_tok + m->n_toks;
    int level = cue_level(token_at(doc, m->sent, end));

    if (level < 0 && m->first_tok > 1 && is_word(token_at(doc, m->sent, m->first_tok - 1), "of")) /* the province of X */
        level = cue_level(token_at(doc, m->sent, m->first_tok - 2));
    if (level < 0 && m->n_toks > 1)
        level = cue_level(&doc->toks.p[end - 1]);
    return level;
}

static bool levels_agree(int cue, uint8_t level)
{
    bool town = level == DL_KB_LEVEL_CITY || level == DL_KB_LEVEL_CAPITAL || level == DL_KB_LEVEL_SEAT || level == DL_KB_LEVEL_PART;

    switch (cue) {
    case DL_KB_LEVEL_CITY:
        return town;
    case DL_KB_LEVEL_ADMIN1:
        return level == DL_KB_LEVEL_ADMIN1 || level == DL_KB_LEVEL_ADMIN2 || level == DL_KB_LEVEL_REGION;
    case DL_KB_LEVEL_ADMIN2:
        return level == DL_KB_LEVEL_ADMIN2 || level == DL_KB_LEVEL_ADMIN1;
    default:
        return cue == (int)level;
    }
}

/* ---- candidates --------------------------------------------------------------------------------------------------------- */

static bool is_drop(dl_str word)
{
    static const char *const dropped[] = {"north",   "south",    "east",    "west",      "northern",     "southern", "eastern",  "western",  "central",
                                          "greater", "downtown", "northwest", "northeast", "southwest",    "southeast", "northwestern", "northeastern",
                                          "southwestern", "southeastern", "upstate", "mainland", "city", "town", "village", "province", "district",
                                          "region",  "county",   "state",   "municipality", "governorate", "prefecture", "oblast", "port", "of"};

    for (size_t i = 0; i < sizeof dropped / sizeof *dropped; i++)
        if (dl_str_eq(word, dl_str_of(dropped[i])))
            return true;
    return false;
}

static bool is_building(dl_str word)
{
    static const char *const words[] = {"street",  "avenue", "road",    "square",  "park",     "hospital", "school", "church", "airport", "stadium",
                                        "library", "theatre", "theater", "centre", "center",   "station",  "bridge", "plaza",  "prison",  "hotel",
                                        "mall",    "museum", "cathedral", "mosque", "boulevard", "highway", "estate", "tower",  "college", "arena",
                                        "market",  "hall",   "embassy", "campus", "jail",     "cemetery", "palace", "lane",   "drive"};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (dl_str_eq(word, dl_str_of(words[i])))
            return true;
    return false;
}

/* A word that names a kind of thing, though some village has it for a name. */
static bool is_generic(dl_str word)
{
    return is_drop(word) || is_building(word) || dl_str_eq(word, DL_LIT("valley")) || dl_str_eq(word, DL_LIT("island")) ||
           dl_str_eq(word, DL_LIT("river")) || dl_str_eq(word, DL_LIT("lake")) || dl_str_eq(word, DL_LIT("bay"));
}

/* Places that words [first, end) name, those with a prior below `least` left out. */
static bool try_words(dl_linking *k, uint32_t ent, const dl_name_words *w, uint32_t first, uint32_t end, uint8_t least)
{
    dl_link_ent *le = &k->ents[ent];
    dl_kb_ref refs[DL_LINK_MOST];
    uint32_t n = end - first == 1 && is_generic(w->word[first]) ? 0 : dl_kb_find_key(k->kb, dl_kb_key(w, first, end), refs, DL_LINK_MOST);

    if (!n || !(le->cand = DL_NEW_N(k->doc->a, dl_candidate, n)))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        dl_candidate c = {.ref = refs[i], .country = DL_KB_NO_COUNTRY};

        if (refs[i].type == DL_KB_PLACE && refs[i].prior >= least && dl_kb_get_place(k->kb, refs[i].row, &c.place)) {
            c.country = c.place.country;
            le->cand[le->n++] = c;
        }
    }
    le->by_part = le->n > 0;
    return le->by_part;
}

/* What a name says of its place where the whole is not known: without "northern" in front or "province" behind; the city of
 * "British Embassy Tokyo" or "Dubai World Trade Centre". */
static void find_part(dl_linking *k, uint32_t ent)
{
    enum { WELL_KNOWN = 9 };
    dl_name_words w;

    dl_name_words_of(&w, k->doc->ents.p[ent].name);
    uint32_t first = 0, end = w.n;

    while (first + 1 < end && is_drop(w.word[first]))
        first++;
    while (first + 1 < end && is_drop(w.word[end - 1]))
        end--;
    if ((first || end < w.n) && try_words(k, ent, &w, first, end, 0))
        return;
    for (uint32_t n = w.n; n-- > 1;)
        if (try_words(k, ent, &w, 0, n, WELL_KNOWN) || try_words(k, ent, &w, w.n - n, w.n, WELL_KNOWN))
            return;
}

/* Only places stay; a place without a point only where it is a country. */
static void keep_places(dl_link_ent *le)
{
    uint32_t n = 0;

    for (uint32_t i = 0; i < le->n; i++)
        if (le->cand[i].ref.type == DL_KB_PLACE && le->cand[i].place.has_point)
            le->cand[n++] = le->cand[i];
    le->n = n;
}

static bool same_name(const dl_linking *k, uint32_t string, dl_str text)
{
    char b[DL_KB_STRING_MAX];
    dl_str name = {b, dl_kb_string(k->kb, string, b)};

    return dl_str_eq_nocase(name, text);
}

/* ---- what stands around a mention: "Paris, Texas", "Houston in Texas" ----------------------------------------------------- */

static bool holds(const dl_candidate *outer, const dl_candidate *inner)
{
    if (outer->country != inner->country || outer->country == DL_KB_NO_COUNTRY || outer->ref.row == inner->ref.row)
        return false;
    if (outer->place.level == DL_KB_LEVEL_COUNTRY)
        return inner->place.level != DL_KB_LEVEL_COUNTRY;
    if (outer->place.level == DL_KB_LEVEL_ADMIN1)
        return inner->place.admin1 == outer->place.admin1 && inner->place.level != DL_KB_LEVEL_ADMIN1;
    return outer->place.level == DL_KB_LEVEL_ADMIN2 && inner->place.admin2 == outer->place.admin2 && inner->place.admin2 != UINT16_MAX &&
           inner->place.level != DL_KB_LEVEL_ADMIN2;
}

static void fit(dl_link_ent *inner, dl_link_ent *outer)
{
    float around[DL_LINK_MOST] = {0};

    for (uint32_t i = 0; i < inner->n; i++) {
        bool inside = false;

        for (uint32_t j = 0; j < outer->n; j++)
            if (holds(&outer->cand[j], &inner->cand[i])) {
                inside = true;
                around[j] = w_around;
            }
        if (inside && inner->cand[i].fixed < 100)
            inner->cand[i].fixed += w_inside;
    }
    for (uint32_t j = 0; j < outer->n; j++)
        outer->cand[j].fixed += around[j];
}

static void look_around(dl_linking *k)
{
    const dl_doc *doc = k->doc;
    uint32_t done_inner = DL_NONE, done_outer = DL_NONE;

    for (uint32_t i = 0; i + 1 < doc->mentions.n; i++) {
        const dl_mention *a = &doc->mentions.p[i], *b = a + 1;

        if (a->type != DL_ENT_LOC || b->type != DL_ENT_LOC || a->ent == b->ent || a->sent != b->sent)
            continue;
        uint32_t gap = b->first_tok - (a->first_tok + a->n_toks);
        const dl_token *between = &doc->toks.p[a->first_tok + a->n_toks];

        if (gap != 1 || (a->ent == done_inner && b->ent == done_outer))
            continue;
        if (dl_str_eq(between->form, DL_LIT(",")) || is_word(between, "in")) {
            fit(&k->ents[a->ent], &k->ents[b->ent]);
            done_inner = a->ent;
            done_outer = b->ent;
        }
    }
}

/* ---- score ---------------------------------------------------------------------------------------------------------------- */

/* Country of the first place of the dateline. */
static uint32_t dateline_ent(const dl_linking *k)
{
    const dl_doc *doc = k->doc;

    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        const dl_mention *m = &doc->mentions.p[i];

        if (m->type == DL_ENT_LOC && doc->sections.p[doc->sents.p[m->sent].section].kind == DL_SECTION_DATELINE)
            return m->ent;
    }
    return DL_NONE;
}

/* "New York", "Buenos Aires": a city that holds a quarter of the people of its namesake is meant, unless a word says otherwise. */
static void prefer_cities(dl_link_ent *le)
{
    for (uint32_t i = 0; i < le->n; i++)
        for (uint32_t j = 0; j < le->n; j++) {
            const dl_kb_place *city = &le->cand[i].place, *state = &le->cand[j].place;

            if (state->level == DL_KB_LEVEL_ADMIN1 && city->admin1 == state->admin1 && levels_agree(DL_KB_LEVEL_CITY, city->level) &&
                le->cand[i].country == le->cand[j].country && city->population * 4 > state->population) {
                le->cand[i].fixed += w_namesake;
                break;
            }
        }
}

static void score_fixed(dl_linking *k, uint32_t ent)
{
    const dl_doc *doc = k->doc;
    dl_link_ent *le = &k->ents[ent];
    int cue = -1;

    for (uint32_t i = 0; cue < 0 && i < doc->ents.p[ent].mentions.n; i++)
        cue = cue_of(k, &doc->mentions.p[doc->ents.p[ent].mentions.p[i]]);
    for (uint32_t i = 0; i < le->n; i++) {
        dl_candidate *c = &le->cand[i];

        c->fixed = (float)c->ref.prior + prior_by_level[c->place.level];
        if (same_name(k, c->place.name, doc->ents.p[ent].name))
            c->fixed += w_exact;
        if (cue >= 0)
            c->fixed += levels_agree(cue, c->place.level) ? w_cue : w_cue_other;
    }
    prefer_cities(le);
}

static float km_between(const dl_kb_place *a, const dl_kb_place *b)
{
    const float rad = 0.017453293F, km_per_degree = 111.2F;
    float y = a->lat - b->lat, x = fabsf(a->lon - b->lon);

    x = x > 180 ? 360 - x : x;
    x *= cosf((a->lat + b->lat) * 0.5F * rad);
    return km_per_degree * sqrtf(x * x + y * y);
}

static bool is_point(const dl_kb_place *p)
{
    return p->level != DL_KB_LEVEL_COUNTRY && p->level != DL_KB_LEVEL_WATER && p->level != DL_KB_LEVEL_LAND;
}

/* What the other places of the article, as decided so far, say for a candidate. */
static float company(const dl_linking *k, uint32_t ent, const dl_candidate *c)
{
    float nearest = INFINITY;
    bool admin1 = false;
    uint32_t asked = 0;

    if (!is_point(&c->place))
        return 0;
    for (uint32_t i = 0; i < k->doc->ents.n && asked < COMPANY; i++) {
        const dl_link_ent *other = &k->ents[i];

        if (i == ent || k->doc->ents.p[i].type != DL_ENT_LOC || other->best == DL_NONE)
            continue;
        const dl_candidate *o = &other->cand[other->best];

        if (!is_point(&o->place) || o->ref.row == c->ref.row)
            continue;
        float km = km_between(&c->place, &o->place);

        asked++;
        nearest = km < nearest ? km : nearest;
        admin1 |= o->place.admin1 == c->place.admin1 && c->place.admin1 != UINT16_MAX && o->country == c->country;
    }
    float near = nearest < 60 ? w_near[0] : nearest < 200 ? w_near[1] : nearest < 600 ? w_near[2] : 0;

    return near + (admin1 ? w_admin1 : 0);
}

static void choose(dl_linking *k, uint32_t ent, uint8_t dateline, bool with_company)
{
    dl_link_ent *le = &k->ents[ent];
    uint8_t own = le->best != DL_NONE ? le->cand[le->best].country : DL_KB_NO_COUNTRY;
    float total = k->n_votes;

    le->best = DL_NONE;
    for (uint32_t i = 0; i < le->n; i++) {
        dl_candidate *c = &le->cand[i];
        float votes = c->country != DL_KB_NO_COUNTRY ? k->votes[c->country] : 0;

        if (c->country == own && votes >= 1) /* it does not vote for itself */
            votes -= 1;
        c->score = c->fixed + w_country * (total > 1 ? votes / total : 0);
        if (c->country != DL_KB_NO_COUNTRY && c->country == k->top && votes > 0)
            c->score += w_top;
        else if (dl_kb_are_neighbours(k->kb, c->country, k->top))
            c->score += w_neighbour;
        if (c->country != DL_KB_NO_COUNTRY && c->country == dateline)
            c->score += w_dateline;
        if (with_company && i < CLOSE_CALLS)
            c->score += company(k, ent, c);
        if (le->best == DL_NONE || c->score > le->cand[le->best].score)
            le->best = i;
    }
}

/* ---- votes ---------------------------------------------------------------------------------------------------------------- */

static void clear_votes(dl_linking *k)
{
    memset(k->votes, 0, sizeof k->votes);
    k->n_votes = 0;
    k->top = DL_KB_NO_COUNTRY;
}

/* A people or nationality: one vote for its country. */
static void vote_by_name(dl_linking *k, uint32_t ent, float weight)
{
    const dl_link_ent *le = &k->ents[ent];

    for (uint32_t i = 0; i < le->n; i++)
        if (le->cand[i].ref.type == DL_KB_COUNTRY) {
            dl_link_vote(k, le->cand[i].country, weight);
            return;
        }
}

/* Before anything is decided: names with one likely reading. */
static void first_votes(dl_linking *k)
{
    clear_votes(k);
    for (uint32_t i = 0; i < k->doc->ents.n; i++) {
        const dl_link_ent *le = &k->ents[i];

        if (k->doc->ents.p[i].type == DL_ENT_MISC)
            vote_by_name(k, i, 1);
        if (k->doc->ents.p[i].type != DL_ENT_LOC || !le->n)
            continue;
        const dl_candidate *first = &le->cand[0];
        int other = 0;

        for (uint32_t j = 1; j < le->n; j++)
            if (le->cand[j].country != first->country && le->cand[j].ref.prior > other)
                other = le->cand[j].ref.prior;
        if (first->ref.prior >= other + 5)
            dl_link_vote(k, first->country, 1);
        else if (first->ref.prior >= other + 3)
            dl_link_vote(k, first->country, 0.4F);
    }
}

static void votes_again(dl_linking *k)
{
    clear_votes(k);
    for (uint32_t i = 0; i < k->doc->ents.n; i++) {
        const dl_link_ent *le = &k->ents[i];

        if (k->doc->ents.p[i].type == DL_ENT_MISC)
            vote_by_name(k, i, 1);
        else if (k->doc->ents.p[i].type == DL_ENT_LOC && le->best != DL_NONE)
            dl_link_vote(k, le->cand[le->best].country, 1);
    }
}

/* ---- the record ------------------------------------------------------------------------------------------------------------ */

static dl_str kind_name(uint8_t level)
{
    static const char *const names[DL_N_KB_LEVELS] = {
        [DL_KB_LEVEL_COUNTRY] = "country", [DL_KB_LEVEL_ADMIN1] = "admin1", [DL_KB_LEVEL_ADMIN2] = "admin2", [DL_KB_LEVEL_CAPITAL] = "city",
        [DL_KB_LEVEL_SEAT] = "city",       [DL_KB_LEVEL_CITY] = "city",     [DL_KB_LEVEL_PART] = "district", [DL_KB_LEVEL_REGION] = "region",
        [DL_KB_LEVEL_LAND] = "land",       [DL_KB_LEVEL_WATER] = "water",   [DL_KB_LEVEL_FACILITY] = "facility"};

    return dl_str_of(names[level]);
}

static dl_str subtype_of(uint8_t level)
{
    return level == DL_KB_LEVEL_WATER || level == DL_KB_LEVEL_LAND || level == DL_KB_LEVEL_REGION ? DL_LIT("REGION")
           : level == DL_KB_LEVEL_FACILITY                                                           ? DL_LIT("FAC")
                                                                                                     : DL_LIT("GPE");
}

static float confidence_of(const dl_link_ent *le)
{
    const dl_candidate *best = &le->cand[le->best];
    float next = -INFINITY;

    for (uint32_t i = 0; i < le->n; i++)
        if (i != le->best && km_between(&le->cand[i].place, &best->place) > 161 && le->cand[i].score > next)
            next = le->cand[i].score;
    return 1 / (1 + expf(-0.5F - 0.35F * (best->score - next)));
}

static void fill(dl_linking *k, uint32_t i)
{
    dl_entity *ent = &k->doc->ents.p[i];
    const dl_link_ent *le = &k->ents[i];
    const dl_candidate *c = &le->cand[le->best];
    char id[DL_KB_STRING_MAX];
    const char *scheme = NULL;
    dl_str iso3 = dl_link_iso3(k, c->country), name = dl_link_string(k, c->place.name);
    size_t id_n = dl_kb_id_text(k->kb, c->place.id, id, &scheme);

    ent->place = (dl_place){.known = true,
                            .lat = c->place.lat,
                            .lon = c->place.lon,
                            .kind = kind_name(c->place.level),
                            .admin1 = c->place.level == DL_KB_LEVEL_COUNTRY ? (dl_str){NULL, 0}
                                                                            : dl_link_string(k, dl_kb_admin1_name(k->kb, c->place.admin1)),
                            .population = c->place.population ? c->place.population : -1};
    if (iso3.p)
        memcpy(ent->place.country, iso3.p, 3);
    ent->country = iso3;
    ent->subtype = subtype_of(c->place.level);
    if (le->by_part)
        return;
    if (id_n) {
        ent->link_id = dl_arena_str(k->doc->a, (dl_str){id, id_n});
        ent->link_kb = dl_str_of(scheme);
        ent->link_confidence = confidence_of(le);
    }
    if (name.p)
        ent->name = name;
}

/* ---- streets and buildings --------------------------------------------------------------------------------------------------- */

static bool is_facility(dl_str name)
{
    dl_name_words w;

    dl_name_words_of(&w, name);
    return w.n > 1 && is_building(w.word[w.n - 1]);
}

/* The entity that a mention names, where that is a city; else DL_NONE. */
static uint32_t city_of(const dl_linking *k, const dl_mention *m)
{
    const dl_link_ent *le = &k->ents[m->ent];

    if (m->type != DL_ENT_LOC || le->best == DL_NONE)
        return DL_NONE;
    return levels_agree(DL_KB_LEVEL_CITY, le->cand[le->best].place.level) ? m->ent : DL_NONE;
}

/* An unknown street or building stands in the city last named before it, else in the first one named behind it. */
static void place_facility(dl_linking *k, uint32_t ent)
{
    const dl_doc *doc = k->doc;
    uint32_t first = doc->ents.p[ent].mentions.p[0], city = DL_NONE;

    for (uint32_t i = first; i-- > 0 && city == DL_NONE;)
        city = city_of(k, &doc->mentions.p[i]);
    for (uint32_t i = first + 1; i < doc->mentions.n && city == DL_NONE; i++)
        city = city_of(k, &doc->mentions.p[i]);
    if (city == DL_NONE)
        return;
    dl_entity *to = &k->doc->ents.p[ent];

    to->place = k->doc->ents.p[city].place;
    to->place.kind = DL_LIT("facility");
    to->place.population = -1;
    to->country = k->doc->ents.p[city].country;
    to->subtype = DL_LIT("FAC");
}

void dl_link_places(dl_linking *k)
{
    const dl_doc *doc = k->doc;
    uint32_t dateline = dateline_ent(k);

    for (uint32_t i = 0; i < doc->ents.n; i++)
        if (doc->ents.p[i].type == DL_ENT_LOC) {
            keep_places(&k->ents[i]);
            if (!k->ents[i].n)
                find_part(k, i);
            keep_places(&k->ents[i]);
            score_fixed(k, i);
        }
    look_around(k);
    first_votes(k);
    for (int round = 0; round < ROUNDS; round++) {
        uint8_t there = DL_KB_NO_COUNTRY;

        if (round > 0)
            votes_again(k);
        if (round > 0 && dateline != DL_NONE && k->ents[dateline].best != DL_NONE)
            there = k->ents[dateline].cand[k->ents[dateline].best].country;
        for (uint32_t i = 0; i < doc->ents.n; i++)
            if (doc->ents.p[i].type == DL_ENT_LOC)
                choose(k, i, i == dateline ? DL_KB_NO_COUNTRY : there, round > 0);
    }
    votes_again(k);
    for (uint32_t i = 0; i < doc->ents.n; i++)
        if (doc->ents.p[i].type == DL_ENT_LOC && k->ents[i].best != DL_NONE)
            fill(k, i);
    for (uint32_t i = 0; i < doc->ents.n; i++)
        if (doc->ents.p[i].type == DL_ENT_LOC && k->ents[i].best == DL_NONE && doc->ents.p[i].mentions.n && is_facility(doc->ents.p[i].name))
            place_facility(k, i);
}
