#include "tests/support/check.h"

#include "pipeline/lexicon/kb.h"
#include "pipeline/lexicon/kb_extra.h"
#include "pipeline/lexicon/skeleton.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static dl_kb kb;

static int open_kb(void **state)
{
    dl_error err;

    (void)state;
    check_ok("open", dl_kb_open(&kb, "models", &err), &err);
    return 0;
}

static int close_kb(void **state)
{
    (void)state;
    dl_kb_close(&kb);
    dl_kb_close(&kb);
    return 0;
}

/* "place:Georgia/GEO": a reading of a name, as type, canonical name and country. */
static const char *reading(dl_kb_ref ref, char *out, size_t room)
{
    static const char *const types[] = {"place", "person", "org", "country", "norp", "metonym", "title"};
    char name[DL_KB_STRING_MAX];
    uint32_t string = 0, country = DL_KB_NO_COUNTRY;
    dl_kb_place place;
    dl_kb_person person;
    dl_kb_org org;
    dl_kb_country c;
    dl_kb_label label;

    if (ref.type == DL_KB_PLACE && dl_kb_get_place(&kb, ref.row, &place))
        string = place.name, country = place.country;
    else if (ref.type == DL_KB_PERSON && dl_kb_get_person(&kb, ref.row, &person))
        string = person.name, country = person.country[0];
    else if (ref.type == DL_KB_ORG && dl_kb_get_org(&kb, ref.row, &org))
        string = org.name, country = org.country;
    else if (ref.type == DL_KB_COUNTRY && dl_kb_get_country(&kb, ref.row, &c))
        string = c.name, country = ref.row;
    else if (dl_kb_get_label(&kb, (dl_kb_type)ref.type, ref.row, &label))
        string = label.text, country = label.country;
    size_t n = dl_kb_string(&kb, string, name);
    const char *iso = dl_kb_get_country(&kb, country, &c) ? c.iso3 : "-";

    (void)snprintf(out, room, "%s:%.*s/%s", ref.type < 7 ? types[ref.type] : "?", (int)n, name, iso);
    return out;
}

static const struct {
    const char *name, *text, *want, *wont; /* a reading that is there, one that is not; NULL: none at all, or any */
} names[] = {
    {"country", "Kazakhstan", "place:Kazakhstan/KAZ", NULL},
    {"country by its official name", "Republic of Kazakhstan", "place:Kazakhstan/KAZ", NULL},
    {"article in front", "the Netherlands", "place:Netherlands/NLD", NULL},
    {"country and state, one", "Georgia", "place:Georgia/GEO", "person:Georgia/GEO"},
    {"country and state, the other", "GEORGIA", "place:Georgia/USA", NULL},
    {"country, and a given name", "Jordan", "place:Jordan/JOR", NULL},
    {"state", "Washington", "place:Washington/USA", NULL},
    {"capital under a short name", "D.C.", "place:District of Columbia/USA", NULL},
    {"two Congos, one", "Congo", "place:Republic of the Congo/COG", NULL},
    {"the other", "DR Congo", "place:Democratic Republic of the Congo/COD", NULL},
    {"not its neighbour", "Niger", "place:Niger/NER", "place:Nigeria/NGA"},
    {"nor the other way", "Nigeria", "place:Nigeria/NGA", "place:Niger/NER"},
    {"city", "Almaty", "place:Almaty/KAZ", NULL},
    {"city by its old name", "Alma-Ata", "place:Almaty/KAZ", NULL},
    {"hyphen and space are one", "alma ata", "place:Almaty/KAZ", NULL},
    {"city named for a man: the city", "Nur-Sultan", "place:Astana/KAZ", NULL},
    {"the man", "Nursultan Nazarbayev", "person:Nursultan Nazarbayev/KAZ", NULL},
    {"diacritics", "São Paulo", "place:São Paulo/BRA", NULL},
    {"the same without, in capitals", "SAO PAULO", "place:São Paulo/BRA", NULL},
    {"dotless i", "Diyarbakır", "place:Diyarbakır/TUR", NULL},
    {"apostrophe left out", "Sanaa", "place:Sanaa/YEM", NULL},
    {"apostrophe of another kind", "Sana\xE2\x80\x99" "a", "place:Sanaa/YEM", NULL},
    {"province", "Helmand Province", "place:Helmand/AFG", NULL},
    {"the same without its kind", "Helmand", "place:Helmand/AFG", NULL},
    {"Paris in Texas is there", "Paris", "place:Paris/USA", NULL},
    {"and the other one", "Paris", "place:Paris/FRA", NULL},
    {"surname of a head of state", "Tokayev", "person:Kassym-Jomart Tokayev/KAZ", NULL},
    {"family name first", "Xi", "person:Xi Jinping/CHN", NULL},
    {"acronym", "CSTO", "org:Collective Security Treaty Organization/INT", NULL},
    {"acronym with dots", "U.N.", "org:United Nations/INT", NULL},
    {"adjective", "Kazakh", "country:Kazakhstan/KAZ", NULL},
    {"people of a country", "Belgians", "country:Belgium/BEL", NULL},
    {"people of none", "Kurds", "norp:Kurd/-", NULL},
    {"metonym", "the Kremlin", "metonym:Kremlin/RUS", NULL},
    {"title", "prime minister", "title:Prime Minister/-", NULL},
    {"quotation marks around it", "\"Kazakhstan\"", "place:Kazakhstan/KAZ", NULL},
    {"quotation marks, curled", "\xE2\x80\x9CKazakhstan\xE2\x80\x9D", "place:Kazakhstan/KAZ", NULL},
    {"half of a name", "Trinidad and", NULL, "place:Trinidad and Tobago/TTO"},
    {"empty", "", NULL, NULL},
    {"white space", " \t\n ", NULL, NULL},
    {"punctuation", "-- ... '", NULL, NULL},
    {"only an article", "the", NULL, "place:Netherlands/NLD"},
    {"no such name", "Qqzyx Vwpfnord", NULL, NULL},
    {"bytes that are no UTF-8", "\xFF\xFE\xC3", NULL, NULL},
    {"more words than a name has", "a b c d e f g h i j k l m n o p q r s t u v", NULL, NULL},
};

static void names_have_their_readings(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dl_kb_ref refs[DL_KB_MOST_READINGS];
        uint32_t n = dl_kb_find(&kb, dl_str_of(names[i].text), refs, DL_KB_MOST_READINGS);
        bool found = false;
        char got[320], all[2000] = "";

        for (uint32_t r = 0; r < n; r++) {
            (void)reading(refs[r], got, sizeof got);
            size_t used = strlen(all);
            (void)snprintf(all + used, sizeof all - used, "%s ", got);
            found |= names[i].want && strcmp(got, names[i].want) == 0;
            if (names[i].wont && strcmp(got, names[i].wont) == 0)
                fail_msg("%s: has the reading %s", names[i].name, got);
        }
        if (names[i].want && !found)
            fail_msg("%s: wanted %s, got %s", names[i].name, names[i].want, all);
        if (!names[i].want && !names[i].wont && n)
            fail_msg("%s: wanted nothing, got %s", names[i].name, all);
    }
}

static void an_overlong_word_is_no_name(void **state)
{
    enum { N = 4000 };
    char text[N];
    dl_kb_ref ref;

    (void)state;
    memset(text, 'a', sizeof text);
    assert_int_equal(dl_kb_find(&kb, (dl_str){text, N}, &ref, 1), 0);
    memcpy(text, "Kazakhstan ", 11);
    assert_int_equal(dl_kb_find(&kb, (dl_str){text, N}, &ref, 1), 0);
}

static void strangers_are_not_found(void **state)
{
    enum { STRANGERS = 200000 };
    uint32_t hits = 0;

    (void)state;
    for (uint32_t i = 0; i < STRANGERS; i++) {
        char text[32];
        dl_kb_ref ref;
        int n = snprintf(text, sizeof text, "zq%uxv wj%u", i, i * 7919u);

        hits += dl_kb_find(&kb, (dl_str){text, (size_t)n}, &ref, 1);
    }
    assert_in_range(hits, 0, 2);
}

static void no_more_readings_than_there_is_room_for(void **state)
{
    dl_kb_ref refs[3] = {{0}, {0}, {.row = 77}};

    (void)state;
    assert_int_equal(dl_kb_find(&kb, DL_LIT("San Antonio"), refs, 2), 2);
    assert_int_equal(refs[2].row, 77);
    assert_true(refs[0].prior >= refs[1].prior);
    assert_int_equal(dl_kb_find(&kb, DL_LIT("San Antonio"), refs, 0), 0);
}

static void the_longest_name_is_found(void **state)
{
    static const struct {
        const char *text, *want;
        uint32_t    words;
    } rows[] = {{"New York City mayor", "place:New York City/USA", 3},
                {"New York was", "place:New York/USA", 2},
                {"United Nations Security Council resolution", "org:United Nations Security Council/INT", 4},
                {"the Kazakhstan border", "place:Kazakhstan/KAZ", 1},
                {"qqzyx New York", NULL, 0},
                {"", NULL, 0}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dl_name_words w;
        dl_kb_ref refs[DL_KB_MOST_READINGS];
        uint32_t n;
        char got[320] = "";
        bool found = false;

        dl_name_words_of(&w, dl_str_of(rows[i].text));
        check_u64(rows[i].text, dl_kb_longest(&kb, &w, 0, refs, DL_KB_MOST_READINGS, &n), rows[i].words);
        for (uint32_t r = 0; r < n; r++)
            found |= rows[i].want && strcmp(reading(refs[r], got, sizeof got), rows[i].want) == 0;
        if (rows[i].want && !found)
            fail_msg("%s: wanted %s", rows[i].text, rows[i].want);
    }
}

static void transliterations_have_one_skeleton(void **state)
{
    static const struct {
        const char *a, *b;
        bool        same;
    } rows[] = {
        {"Qasim Jomart Tokayev", "Kassym-Zhomart Tokaev", true},
        {"Qasim Jomarat Tokayev", "Kassym-Jomart Tokayev", true},
        {"Muammar Qaddafi", "Moammar Gadhafi", true},
        {"Muammar Kadhafi", "Moammar Gaddafi", true},
        {"Volodymyr Zelensky", "Volodymyr Zelenskiy", true},
        {"Nikita Khrushchev", "Nikita Khruschev", true},
        {"Mohammed al-Baradei", "Muhammad Baradei", true},
        {"Viktor Yanukovych", "Victor Ianukovich", true},
        {"Sergey Rachmaninoff", "Sergei Rachmaninov", true},
        {"Vladimir Putin", "Vladimir Medinsky", false},
        {"Hassan Rouhani", "Hassan Nasrallah", false},
        {"Joseph Biden", "Jill Biden", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dl_name_words a, b;

        dl_name_words_of(&a, dl_str_of(rows[i].a));
        dl_name_words_of(&b, dl_str_of(rows[i].b));
        uint64_t x = dl_skeleton_key(a.word, a.n), y = dl_skeleton_key(b.word, b.n);

        if (!x || !y || (x == y) != rows[i].same)
            fail_msg("%s, %s: %s skeleton", rows[i].a, rows[i].b, rows[i].same ? "another" : "one");
    }
    dl_str word = DL_LIT("putin");

    assert_true(dl_skeleton_key(&word, 1) == 0); /* a word alone is no name to go by */
    assert_true(dl_skeleton_key(NULL, 0) == 0);
}

static void other_spellings_find_the_person(void **state)
{
    static const struct {
        const char *text, *want;
    } rows[] = {{"Qasim Jomart Tokayev", "person:Kassym-Jomart Tokayev/KAZ"},
                {"Kasym-Zhomart Tokaev", "person:Kassym-Jomart Tokayev/KAZ"},
                {"Moammar Gadhafi", "person:Muammar Gaddafi/LBY"}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dl_kb_ref refs[DL_KB_MOST_READINGS];
        char got[320] = "";
        bool found = false;
        uint32_t n = dl_kb_find_skeleton(&kb, dl_str_of(rows[i].text), refs, DL_KB_MOST_READINGS);

        for (uint32_t r = 0; r < n; r++)
            found |= strcmp(reading(refs[r], got, sizeof got), rows[i].want) == 0;
        if (!found)
            fail_msg("%s: wanted %s", rows[i].text, rows[i].want);
    }
    assert_int_equal(dl_kb_find_skeleton(&kb, DL_LIT("Tokayev"), NULL, 0), 0);
}

static void records_by_id(void **state)
{
    dl_kb_place place;
    dl_kb_person person;
    char b[DL_KB_STRING_MAX];
    const char *scheme = "";
    uint32_t row = dl_kb_row_of(&kb, DL_KB_PLACE, dl_kb_id_of(DL_KB_ID_GEONAMES, 1526384));

    (void)state;
    assert_true(dl_kb_get_place(&kb, row, &place));
    check_str("name", (dl_str){b, dl_kb_string(&kb, place.name, b)}, "Almaty");
    check_str("id", (dl_str){b, dl_kb_id_text(&kb, place.id, b, &scheme)}, "1526384");
    assert_string_equal(scheme, "geonames");
    assert_true(place.has_point && place.lat > 43.2F && place.lat < 43.3F && place.lon > 76.8F && place.lon < 77);
    assert_true(place.population > 1900000 && place.population < 2100000);
    row = dl_kb_row_of(&kb, DL_KB_PERSON, dl_kb_id_of(DL_KB_ID_WIKIDATA, 57394));
    assert_true(dl_kb_get_person(&kb, row, &person));
    check_str("person", (dl_str){b, dl_kb_string(&kb, person.name, b)}, "Nursultan Nazarbayev");
    assert_int_equal(dl_kb_row_of(&kb, DL_KB_PLACE, 0), DL_KB_NO_ROW);
    assert_int_equal(dl_kb_row_of(&kb, DL_KB_PLACE, UINT32_MAX), DL_KB_NO_ROW);
    assert_int_equal(dl_kb_row_of(&kb, DL_KB_TITLE, 1), DL_KB_NO_ROW);
    assert_false(dl_kb_get_place(&kb, DL_KB_NO_ROW, &place));
    assert_int_equal(dl_kb_string(&kb, UINT32_MAX, b), 0);
    assert_int_equal(dl_kb_id_text(&kb, UINT32_MAX, b, &scheme), 0);
}

static void offices_have_their_dates(void **state)
{
    dl_kb_ref refs[DL_KB_MOST_READINGS];
    dl_kb_person p = {0};
    dl_kb_spell s;
    char b[DL_KB_STRING_MAX];
    bool president = false;

    (void)state;
    assert_true(dl_kb_find(&kb, DL_LIT("Nursultan Nazarbayev"), refs, DL_KB_MOST_READINGS) > 0);
    assert_true(dl_kb_get_person(&kb, refs[0].row, &p));
    assert_true(p.score >= 30 && p.gender == 'm' && p.born == 1940);
    for (uint32_t i = 0; i < p.n_spells; i++) {
        assert_true(dl_kb_get_spell(&kb, p.spells + i, &s));
        president |= strstr((b[dl_kb_string(&kb, s.office, b)] = 0, b), "resident") != NULL && s.end > 43000 && s.end < 44000;
    }
    assert_true(president); /* until 2019 */
    assert_false(dl_kb_get_spell(&kb, UINT32_MAX, &s));
}

static void countries_and_neighbours(void **state)
{
    dl_kb_country c;
    dl_kb_place place;
    uint8_t kaz = dl_kb_country_of(&kb, DL_LIT("KAZ")), rus = dl_kb_country_of(&kb, DL_LIT("RU")), bra = dl_kb_country_of(&kb, DL_LIT("BRA"));

    (void)state;
    assert_true(dl_kb_are_neighbours(&kb, kaz, rus) && dl_kb_are_neighbours(&kb, rus, kaz));
    assert_false(dl_kb_are_neighbours(&kb, kaz, bra) || dl_kb_are_neighbours(&kb, DL_KB_NO_COUNTRY, kaz));
    assert_int_equal(dl_kb_country_of(&kb, DL_LIT("QQQ")), DL_KB_NO_COUNTRY);
    assert_int_equal(dl_kb_country_of(&kb, DL_LIT("")), DL_KB_NO_COUNTRY);
    assert_true(dl_kb_get_country(&kb, kaz, &c) && dl_kb_get_place(&kb, c.capital, &place));
    assert_int_equal(place.level, DL_KB_LEVEL_CAPITAL);
    assert_false(dl_kb_get_country(&kb, DL_KB_NO_COUNTRY, &c));
}

static void strings_come_back_from_their_bytes(void **state)
{
    char b[DL_KB_STRING_MAX];

    (void)state;
    for (uint32_t s = 1; s < kb.n_strings; s += 997)
        check_u64("string", dl_kb_string_of(&kb, (dl_str){b, dl_kb_string(&kb, s, b)}), s);
    assert_int_equal(dl_kb_string_of(&kb, DL_LIT("no record has this")), DL_KB_NO_ROW);
}

/* ---- the user's own ---------------------------------------------------------------------------------------------------- */

static const char *write_table(char *path, const char *text)
{
    const char template[] = "/tmp/kb_extra_XXXXXX";

    memcpy(path, template, sizeof template);
    int fd = mkstemp(path);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    assert_int_equal(close(fd), 0);
    return path;
}

static void own_tables_are_asked_first(void **state)
{
    static const char *const tables[] = {
        "id\tkind\tname\talts\tiso3\tlat\tlon\tpop\nmy:1\tP.PPL\tNordbruck\tNord Bruck|Nordbr\303\274ck\tDEU\t52.5\t13.25\t1200\n",
        "name\tid\ttype\tacronym\tiso3\tcameo\r\nGuild of Testers\tQ99\tngo\tGOTX\tFRA\tFRANGO\r\n\r\n",
        "id\tname\tvariants\tiso3\tscore\nmy:2\tAnna-Maria Vossberg\tA. M. Vossberg\tAUT\t30\n",
    };
    char paths[3][32];
    const char *list[3];
    dl_kb_extra *x = NULL;
    dl_error err;
    static const struct {
        const char *text, *want;
    } rows[] = {{"Nordbruck", "place:Nordbruck/DEU"}, {"nord-bruck", "place:Nordbruck/DEU"}, {"Nordbr\xC3\xBC" "ck", "place:Nordbruck/DEU"},
                {"GOTX", "org:Guild of Testers/FRA"}, {"Anna Maria Vossberg", "person:Anna-Maria Vossberg/AUT"}};

    (void)state;
    for (int i = 0; i < 3; i++)
        list[i] = write_table(paths[i], tables[i]);
    check_ok("load", dl_kb_extra_load(&x, &kb, list, 3, &err), &err);
    kb.extra = x;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dl_kb_ref ref = {0};
        char got[320];

        assert_true(dl_kb_find(&kb, dl_str_of(rows[i].text), &ref, 1) == 1);
        check_str(rows[i].text, dl_str_of(reading(ref, got, sizeof got)), rows[i].want);
    }
    char b[DL_KB_STRING_MAX];
    const char *scheme = "";
    dl_kb_place p;
    dl_kb_ref ref;

    assert_true(dl_kb_find(&kb, DL_LIT("Nordbruck"), &ref, 1) == 1 && dl_kb_get_place(&kb, ref.row, &p));
    check_str("own id", (dl_str){b, dl_kb_id_text(&kb, p.id, b, &scheme)}, "my:1");
    assert_string_equal(scheme, "kb");
    assert_int_equal(dl_kb_row_of(&kb, DL_KB_PLACE, p.id), ref.row);
    assert_true(dl_kb_row_of(&kb, DL_KB_ORG, dl_kb_id_of(DL_KB_ID_WIKIDATA, 99)) >= kb.orgs.n);
    assert_int_equal(strlen(dl_kb_extra_version(x)), 16);
    assert_true(dl_kb_find(&kb, DL_LIT("Kazakhstan"), &ref, 1) == 1); /* what the file has is still there */
    kb.extra = NULL;
    dl_kb_extra_free(x);
    for (int i = 0; i < 3; i++)
        (void)unlink(paths[i]);
}

static void own_tables_are_refused_by_line(void **state)
{
    static const struct {
        const char *name, *text, *want;
    } rows[] = {
        {"no header", "", ":1: the first line names the columns; missing: \"id\""},
        {"no name column", "id\tlat\n", ":1: the first line names the columns; missing: \"name\""},
        {"a column twice", "id\tname\tid\n", ":1: a column that stands twice: \"id\""},
        {"row without a name", "id\tname\nQ1\t\n", ":2: a row without \"name\""},
        {"row without an id", "id\tname\n\tx\n", ":2: a row without \"id\""},
        {"latitude beyond the pole", "id\tname\tlat\tlon\n1\tx\t91\t0\n", ":2: out of range or no number: \"91\""},
        {"latitude that is no number", "id\tname\tlat\tlon\n1\tx\tnorth\t0\n", ":2: out of range or no number: \"north\""},
        {"no such country", "id\tname\tiso3\n\n1\tx\tQQQ\n", ":3: no country of ISO 3166: \"QQQ\""},
        {"no such kind", "id\tname\tkind\tlat\n1\tx\tZ.ZZZ\t1\n", ":2: no kind of place: \"Z.ZZZ\""},
        {"not UTF-8", "id\tname\n1\t\xFFx\n", ":2: not UTF-8 \"\""},
        {"score beyond a byte", "id\tname\tscore\n1\tx\t300\n", ":2: out of range or no number: \"300\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[32], want[200];
        const char *list[] = {write_table(path, rows[i].text)};
        dl_kb_extra *x = NULL;
        dl_error err = {0};

        if (dl_kb_extra_load(&x, &kb, list, 1, &err) != DL_FATAL || x)
            fail_msg("%s: loaded", rows[i].name);
        (void)snprintf(want, sizeof want, "%s%s", path, rows[i].want);
        check_str(rows[i].name, dl_str_of(err.msg), want);
        (void)unlink(path);
    }
    const char *none[] = {"/nonexistent/extra.tsv"};
    dl_kb_extra *x = NULL;

    assert_int_equal(dl_kb_extra_load(&x, &kb, none, 1, NULL), DL_FATAL);
}

static void foreign_files_are_refused(void **state)
{
    dl_kb other;
    dl_model_file file = {0};
    dl_error err;

    (void)state;
    assert_int_equal(dl_kb_open(&other, "models/none", &err), DL_FATAL);
    assert_int_equal(dl_model_open(&file, "models", "words.dlm", "kb", &err), DL_FATAL);
    check_ok("another model", dl_model_open(&file, "models", "gazetteer.dlm", "gazetteer", &err), &err);
    assert_int_equal(dl_kb_init(&other, &file, &err), DL_FATAL);
    check_str("says what is missing", dl_str_of(err.msg), "section counts is missing");
    dl_model_close(&file);
    assert_int_equal(dl_model_parse(&file, kb.file.p, kb.file.n - 1, "cut", "kb", &err), DL_FATAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_have_their_readings),
        cmocka_unit_test(an_overlong_word_is_no_name),
        cmocka_unit_test(strangers_are_not_found),
        cmocka_unit_test(no_more_readings_than_there_is_room_for),
        cmocka_unit_test(the_longest_name_is_found),
        cmocka_unit_test(transliterations_have_one_skeleton),
        cmocka_unit_test(other_spellings_find_the_person),
        cmocka_unit_test(records_by_id),
        cmocka_unit_test(offices_have_their_dates),
        cmocka_unit_test(countries_and_neighbours),
        cmocka_unit_test(strings_come_back_from_their_bytes),
        cmocka_unit_test(own_tables_are_asked_first),
        cmocka_unit_test(own_tables_are_refused_by_line),
        cmocka_unit_test(foreign_files_are_refused),
    };

    return cmocka_run_group_tests(tests, open_kb, close_kb);
}
