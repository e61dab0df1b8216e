#include "linking.h"

/* ---- what the parts share ---------------------------------------------------------------------------------------------- */

dl_str dl_link_string(const dl_linking *k, uint32_t string)
{
    char b[DL_KB_STRING_MAX];
    size_t n = dl_kb_string(k->kb, string, b);

    return n ? dl_arena_str(k->doc->a, (dl_str){b, n}) : (dl_str){NULL, 0};
}

dl_str dl_link_iso3(const dl_linking *k, uint8_t country)
{
    dl_kb_country c;

    if (!dl_kb_get_country(k->kb, country, &c) || strlen(c.iso3) != 3 || !c.iso2[0])
        return (dl_str){NULL, 0};
    return dl_arena_str(k->doc->a, dl_str_of(c.iso3));
}

void dl_link_vote(dl_linking *k, uint8_t country, float weight)
{
    if (country == DL_KB_NO_COUNTRY)
        return;
    k->votes[country] += weight;
    k->n_votes += weight;
    if (k->top == DL_KB_NO_COUNTRY || k->votes[country] > k->votes[k->top])
        k->top = country;
}

static uint8_t country_of(const dl_kb *kb, dl_kb_ref ref, dl_kb_place *place)
{
    dl_kb_person person;
    dl_kb_org org;
    dl_kb_label label;

    switch ((dl_kb_type)ref.type) {
    case DL_KB_PLACE:
        return dl_kb_get_place(kb, ref.row, place) ? place->country : DL_KB_NO_COUNTRY;
    case DL_KB_PERSON:
        return dl_kb_get_person(kb, ref.row, &person) ? person.country[0] : DL_KB_NO_COUNTRY;
    case DL_KB_ORG:
        return dl_kb_get_org(kb, ref.row, &org) ? org.country : DL_KB_NO_COUNTRY;
    case DL_KB_COUNTRY:
        return (uint8_t)ref.row;
    case DL_KB_NORP:
    case DL_KB_METONYM:
    case DL_KB_TITLE:
    case DL_N_KB_TYPES:
        break;
    }
    return dl_kb_get_label(kb, (dl_kb_type)ref.type, ref.row, &label) ? label.country : DL_KB_NO_COUNTRY;
}

bool dl_link_candidates(dl_linking *k, uint32_t ent, uint32_t types)
{
    dl_link_ent *le = &k->ents[ent];
    dl_kb_ref refs[DL_LINK_MOST];
    uint32_t n = dl_kb_find(k->kb, k->doc->ents.p[ent].name, refs, DL_LINK_MOST);

    *le = (dl_link_ent){.best = DL_NONE};
    if (n && !(le->cand = DL_NEW_N(k->doc->a, dl_candidate, n)))
        return false;
    for (uint32_t i = 0; i < n; i++) {
        dl_candidate *c = &le->cand[le->n];

        if (types && !(types & 1u << refs[i].type))
            continue;
        c->ref = refs[i];
        c->country = country_of(k->kb, refs[i], &c->place);
        le->n++;
    }
    return true;
}

uint8_t dl_link_mention_country(const dl_linking *k, uint32_t mention)
{
    const dl_mention *m = &k->doc->mentions.p[mention];

    if (m->ent == DL_NONE || m->type == DL_ENT_PER)
        return DL_KB_NO_COUNTRY;
    const dl_link_ent *le = &k->ents[m->ent];

    return le->best != DL_NONE ? le->cand[le->best].country : DL_KB_NO_COUNTRY;
}

/* ---- the record --------------------------------------------------------------------------------------------------------- */

/* How much of the article is about it: how often it is named, and how early. */
static void weigh(dl_doc *doc)
{
    uint32_t most = 1;

    for (uint32_t i = 0; i < doc->ents.n; i++)
        most = doc->ents.p[i].mentions.n > most ? doc->ents.p[i].mentions.n : most;
    for (uint32_t i = 0; i < doc->ents.n; i++) {
        dl_entity *ent = &doc->ents.p[i];
        uint32_t first = ent->mentions.n ? doc->mentions.p[ent->mentions.p[0]].span.start : 0;
        float early = doc->text.n ? 1 - (float)first / (float)doc->text.n : 0;

        ent->salience = 0.6F * (float)ent->mentions.n / (float)most + 0.4F * early * early;
    }
}

dl_code dl_link_run(const dl_link *l, dl_doc *doc, dl_error *err)
{
    dl_linking *k = DL_NEW(doc->a, dl_linking);
    dl_link_ent *ents = DL_NEW_N(doc->a, dl_link_ent, doc->ents.n + 1);

    if (!k || !ents)
        return dl_fail(err, DL_LIMIT, "link", DL_NO_PLACE, "the arena is full");
    *k = (dl_linking){.kb = l->kb, .doc = doc, .ents = ents, .top = DL_KB_NO_COUNTRY};
    for (uint32_t i = 0; i < doc->ents.n; i++)
        if (!dl_link_candidates(k, i, 0))
            return dl_fail(err, DL_LIMIT, "link", DL_NO_PLACE, "the arena is full");
    dl_link_places(k);
    if (!dl_link_actors(k))
        return dl_fail(err, DL_LIMIT, "link", DL_NO_PLACE, "the arena is full");
    weigh(doc);
    return DL_OK;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_link_run(self, doc, err);
}

const dl_stage_ops dl_link_ops = {
    .name = "link",
    .reads = DL_LAYER_ENTITIES | DL_LAYER_MENTIONS,
    .writes = DL_LAYER_LINKS,
    .run = run,
};
