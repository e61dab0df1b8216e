/* link: through the whole pipeline, as what it reads is what the stages before it find. */
#include "tests/support/check.h"

#include "pipeline/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static dl_engine *engine;
static dl_session session;

static int open_engine(void **state)
{
    dl_engine_opts opts = dl_engine_defaults();
    dl_error err;

    (void)state;
    opts.models_dir = "models";
    check_ok("open", dl_engine_open(&engine, &opts, &err), &err);
    dl_session_init(&session, engine);
    return 0;
}

static int close_engine(void **state)
{
    (void)state;
    dl_session_free(&session);
    dl_engine_close(engine);
    return 0;
}

static const dl_doc *run(const char *text, const char *date)
{
    char json[2048];
    dl_str out;
    dl_error err;

    (void)snprintf(json, sizeof json, "{\"id\":\"t\",\"text\":\"%s\",\"published_at\":\"%s\"}", text, date);
    check_ok(text, dl_session_run(&session, NULL, dl_str_of(json), &out, &err), &err);
    return &session.doc;
}

/* The entity one of whose mentions is `text`; NULL. */
static const dl_entity *entity(const dl_doc *doc, const char *text)
{
    for (uint32_t i = 0; i < doc->mentions.n; i++)
        if (dl_str_eq(dl_doc_str(doc, doc->mentions.p[i].span), dl_str_of(text)))
            return &doc->ents.p[doc->mentions.p[i].ent];
    return NULL;
}

static const char *or_none(dl_str s, char *b, size_t room)
{
    (void)snprintf(b, room, "%.*s", s.p ? (int)s.n : 1, s.p ? s.p : "-");
    return b;
}

/* "kind/country/link" of a place, "country/sector/link" of an actor; - for what is not known. */
static void check_entity(const char *name, const dl_doc *doc, const char *mention, const char *want)
{
    const dl_entity *ent = entity(doc, mention);
    char got[200], a[64], b[64], c[64];

    if (!ent)
        fail_msg("%s: no mention \"%s\"", name, mention);
    bool place = ent->type == DL_ENT_LOC;

    (void)snprintf(got, sizeof got, "%s/%s/%s", or_none(place ? ent->place.kind : ent->country, a, sizeof a),
                   or_none(place ? ent->country : ent->sector, b, sizeof b), or_none(ent->link_id, c, sizeof c));
    check_str(name, dl_str_of(got), want);
}

static const struct {
    const char *name, *text, *mention, *want;
} places[] = {
    {"country", "Kazakhstan has declared a state of emergency.", "Kazakhstan", "country/KAZ/1522867"},
    {"the country, among its neighbours", "Officials from Georgia, Armenia and Azerbaijan met in Tbilisi.", "Georgia", "country/GEO/614540"},
    {"the state, inside its country", "Police in Atlanta, Georgia, said the man came from Alabama and lived in Savannah.", "Georgia", "admin1/USA/4197000"},
    {"a river's country", "Refugees fled Jordan for Syria and Iraq.", "Jordan", "country/JOR/248816"},
    {"Niger is not Nigeria", "Troops from Niger crossed into Mali and Burkina Faso.", "Niger", "country/NER/2440476"},
    {"Nigeria is not Niger", "Gunmen in Nigeria abducted pupils near Kaduna.", "Nigeria", "country/NGA/2328926"},
    {"Congo with its capital", "Health workers in Kinshasa, Democratic Republic of the Congo, were attacked.", "Democratic Republic of the Congo", "country/COD/203312"},
    {"Paris alone", "Protesters marched in Paris on Saturday against the French government.", "Paris", "city/FRA/2988507"},
    {"Paris with its state", "The fire broke out in Paris, Texas, on Saturday.", "Paris", "city/USA/4717560"},
    {"the capital", "Senators returned to Washington for talks on the budget.", "Washington", "city/USA/4140963"},
    {"the state by its cue", "Voters in Washington state and Oregon sent ballots by mail.", "Washington", "admin1/USA/5815135"},
    {"province with its word", "A bomb exploded in Helmand province in southern Afghanistan.", "Helmand", "admin1/AFG/1140043"},
    {"city over the state of its name", "The stock exchange in New York closed higher.", "New York", "city/USA/5128581"},
    {"region without a country", "Peace in the Middle East is far off.", "Middle East", "region/-/K:middleeast"},
    {"nothing of the kind", "The village of Qqzyxwort was flooded in Kenya.", "Kenya", "country/KEN/192950"},
};

static void places_are_found(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        check_entity(places[i].name, run(places[i].text, "2022-01-06"), places[i].mention, places[i].want);
}

static const struct {
    const char *name, *text, *date, *mention, *want;
} actors[] = {
    {"head of state", "Russian President Vladimir Putin spoke in Moscow.", "2022-01-06", "Vladimir Putin", "RUS/GOV/Q7747"},
    {"another spelling", "President Qasim Jomart Tokayev said on Thursday that order had been restored in Almaty and other cities of Kazakhstan.", "2022-01-06", "Qasim Jomart Tokayev", "KAZ/GOV/Q200881"},
    {"no longer in office", "The former Kazakh President Nursultan Nazarbayev, who led the country for three decades, has not been seen in public.", "2022-01-06", "Nursultan Nazarbayev", "KAZ/ELI/Q57394"},
    {"before he was born", "The writer Vladimir Putin visited Ghana.", "1950-01-06", "Vladimir Putin", "GHA/MED/-"},
    {"unknown, with a nationality", "Ghanaian Finance Minister Kwabena Qqzyx resigned after protests in Kenya and Togo.", "2022-01-06", "Kwabena Qqzyx", "GHA/GOV/-"},
    {"people", "The Kazakh government resigned.", "2022-01-06", "Kazakh", "KAZ/-/KAZ"},
    {"body of states", "The United Nations condemned the attack in Mali.", "2022-01-06", "United Nations", "IGOUNO/IGO/Q1065"},
    {"alliance", "NATO sent troops to Poland.", "2022-01-06", "NATO", "IGOWSTNAT/IGO/Q7184"},
    {"who acts for a body", "The NATO Secretary General Jens Stoltenberg said on Monday that Russia and Norway would talk.", "2022-01-06", "Jens Stoltenberg", "IGOWSTNAT/IGO/Q57665"},
    {"a body of no named country is not that of a far one", "The Philippines sent ships, and the Coast Guard of the country searched near Manila for survivors.", "2022-01-06", "Coast Guard", "PHL/MIL/-"},
    {"its acronym is its code", "The CSTO sent troops to Kazakhstan.", "2022-01-06", "CSTO", "IGOCSTO/IGO/Q318693"},
    {"seat for its holder", "The Kremlin denied the report on Ukraine.", "2022-01-06", "Kremlin", NULL},
};

static void actors_are_coded(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof actors / sizeof *actors; i++) {
        const dl_doc *doc = run(actors[i].text, actors[i].date);

        if (actors[i].want)
            check_entity(actors[i].name, doc, actors[i].mention, actors[i].want);
        else {
            const dl_entity *ent = entity(doc, actors[i].mention);

            assert_non_null(ent);
            check_str(actors[i].name, ent->country, "RUS");
        }
    }
}

static void own_tables_are_used(void **state)
{
    static const char table[] = "id\tname\talts\tiso3\tlat\tlon\nour:7\tOuagadorf\tKenya\tBFA\t12.5\t-1.5\n";
    char path[] = "/tmp/link_extra_XXXXXX";
    const char *paths[] = {path};
    dl_engine_opts opts = dl_engine_defaults();
    dl_engine *own;
    dl_session s;
    dl_error err;
    dl_str out;
    int fd = mkstemp(path);
    uint32_t n;
    bool named = false;

    (void)state;
    assert_true(fd >= 0 && write(fd, table, sizeof table - 1) == (ssize_t)(sizeof table - 1) && close(fd) == 0);
    opts.models_dir = "models";
    opts.knowledge_extra = paths;
    opts.n_knowledge_extra = 1;
    check_ok("open", dl_engine_open(&own, &opts, &err), &err);
    const dl_resource *r = dl_engine_resources(own, &n);

    for (uint32_t i = 0; i < n; i++)
        named |= strcmp(r[i].name, "knowledge.extra") == 0 && strlen(r[i].version) == 16;
    assert_true(named);
    dl_session_init(&s, own);
    check_ok("run", dl_session_run(&s, NULL, DL_LIT("{\"id\":\"t\",\"text\":\"Police said on Monday that two men had been arrested in Ouagadorf, a town in "
                                                    "the north of Burkina Faso.\"}"), &out, &err), &err);
    check_entity("own place", &s.doc, "Ouagadorf", "city/BFA/our:7");
    dl_session_free(&s);
    dl_engine_close(own);
    opts.knowledge_extra = (const char *const[]){"/nonexistent/own.tsv"};
    assert_int_equal(dl_engine_open(&own, &opts, &err), DL_FATAL);
    (void)unlink(path);
}

static void documents_without_names_pass(void **state)
{
    (void)state;
    assert_int_equal(run("It rained.", "2022-01-06")->ents.n, 0);
    assert_int_equal(run(".", "2022-01-06")->ents.n, 0);
    assert_true(run("Kwabena Qqzyx slept.", "")->ents.n > 0);
}

static void salience_is_a_share(void **state)
{
    const dl_doc *doc = run("Kazakhstan and Russia met. Kazakhstan agreed. Later Ghana wrote.", "2022-01-06");
    const dl_entity *first = entity(doc, "Kazakhstan"), *last = entity(doc, "Ghana");

    (void)state;
    assert_true(first && last && first->salience > last->salience);
    for (uint32_t i = 0; i < doc->ents.n; i++)
        assert_true(doc->ents.p[i].salience >= 0 && doc->ents.p[i].salience <= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_are_found),
        cmocka_unit_test(actors_are_coded),
        cmocka_unit_test(own_tables_are_used),
        cmocka_unit_test(documents_without_names_pass),
        cmocka_unit_test(salience_is_a_share),
    };

    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
