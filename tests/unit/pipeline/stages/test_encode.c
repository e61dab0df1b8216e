#include "tests/support/check.h"

#include "pipeline/base/utf8.h"
#include "pipeline/stages/encode.h"
#include "pipeline/stages/encode_offsets.h"

#include <cjson/cJSON.h>
#include <math.h>

/* The plain way to count: one code point after the other. */
static uint32_t count_plainly(dl_str text, uint32_t byte, dl_offset_unit unit)
{
    uint32_t n = 0, len;

    for (uint32_t at = 0; at < byte; at += len) {
        int32_t cp = dl_utf8_at(text, at, &len);

        n += unit == DL_OFFSET_BYTE ? len : unit == DL_OFFSET_UTF16 && cp > 0xFFFF ? 2 : 1;
    }
    return n;
}

static void offsets_agree_with_counting(void **state)
{
    static const char *const texts[] = {
        "", "a", "plain ASCII, longer than one step of the table by a good deal", "\xC3\xA9", "\xF0\x9F\x98\x80",
        "1234567890123456789012345678901\xC3\xA9 behind an edge", ("\xE2\x80\x9CWe will\xE2\x80\x9D, said \xC5\xBB" "aneta \xF0\x9F\x87\xB0\xF0\x9F\x87\xBF of \xD2\x9A\xD0\xB0\xD0\xB7\xD0\xB0\xD2\x9B\xD1\x81\xD1\x82\xD0\xB0\xD0\xBD, \xE5\x8C\x97\xE4\xBA\xAC"),
    };
    dl_arena a;

    (void)state;
    dl_arena_init(&a, 1 << 20);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        for (int unit = 0; unit < 3; unit++) {
            dl_str text = dl_str_of(texts[i]);
            dl_offsets o;

            assert_true(dl_offsets_init(&o, &a, text, (dl_offset_unit)unit));
            for (uint32_t at = 0; at <= text.n; at++)
                if (at == text.n || !dl_utf8_is_cont(text.p[at]))
                    check_u64(texts[i], dl_offsets_at(&o, at), count_plainly(text, at, (dl_offset_unit)unit));
        }
    dl_arena_free(&a);
}

/* A document with something in every layer, most of it at its edges. */
static void fill(dl_doc *doc, dl_arena *a)
{
    static const char text[] = "\xC3\x89" "mile \xF0\x9F\x98\x80 met \"them\".";

    dl_doc_init(doc, a);
    doc->text = dl_str_of(text);
    doc->record = (dl_record){DL_LIT("news.raw"), 3, 9007199254740993, DL_LIT("k\xFF"), 1641477900007};
    doc->article.id = DL_LIT("id\n1");
    doc->article.published_at = DL_LIT("2022-01-06");
    doc->article.published_from = DL_DATE_TEXT;
    doc->article.language_confidence = 0.98766f;
    *DL_PUSH(a, &doc->sections) = (dl_section){{0, 23}, DL_SECTION_CAPTION};
    *DL_PUSH(a, &doc->sents) = (dl_sentence){{0, 23}, 0, 0, 2, DL_SENT_PARSED};
    *DL_PUSH(a, &doc->toks) = (dl_token){.span = {0, 6}, .form = DL_LIT("x"), .lemma = DL_LIT("l"), .head = DL_NONE, .upos = DL_UPOS_PROPN, .xpos = 1, .deprel = 1};
    *DL_PUSH(a, &doc->toks) = (dl_token){.span = {7, 11}, .form = DL_LIT("x"), .head = 0};
    *DL_PUSH(a, &doc->mentions) = (dl_mention){{0, 6}, 0, 0, 1, 0, DL_ENT_PER, DL_FORM_NAME, 0.123456f};
    dl_entity *ent = DL_PUSH(a, &doc->ents);

    *ent = (dl_entity){.type = DL_ENT_LOC, .name = DL_LIT("N"), .named = true, .link_id = DL_LIT("Q1"), .link_kb = DL_LIT("wikidata"), .link_confidence = 1,
                       .salience = NAN, .place = {.known = true, .lat = 51.1694f, .lon = -71.5f, .country = "KAZ", .population = -1}};
    *DL_PUSH(a, &ent->mentions) = 0;
    *DL_PUSH(a, &doc->times) = (dl_time){.span = {7, 11}, .type = DL_TIME_SET, .value = DL_LIT("P1D")};
    *DL_PUSH(a, &doc->quantities) = (dl_quantity){.span = {7, 11}, .min = 24, .max = NAN, .ent = 0};
    *DL_PUSH(a, &doc->quotes) = (dl_quote){.span = {17, 21}, .kind = DL_QUOTE_MIXED, .speaker = DL_NONE};
    dl_event *ev = DL_PUSH(a, &doc->events);

    *ev = (dl_event){.type = DL_LIT("CONSULT"), .goldstein = NAN, .date = DL_LIT("2022-W01"), .date_precision = DL_LIT("week"), .place = 0,
                     .modality = DL_MODALITY_PLANNED, .attribution = DL_NONE, .attribution_quote = 0, .attribution_span = {7, 11}, .confidence = 2};
    *DL_PUSH(a, &ev->triggers) = (dl_span){12, 15};
    *DL_PUSH(a, &ev->actors) = (dl_participant){0, {0, 6}, DL_LIT("KAZGOV")};
    *DL_PUSH(a, &ev->recipients) = (dl_participant){DL_NONE, {0, 0}, {0}};
    *DL_PUSH(a, &ev->magnitudes) = (dl_magnitude){DL_LIT("deaths"), 1, NAN};
    dl_doc_note(doc, "decode", "bad_utf8", "%d", 1);
    doc->stage_ns[0] = 1499;
}

static const char *const tag_names[] = {"A", "NNP"};
static const char *const stage_names[] = {"decode", "encode"};
static const dl_resource resources[] = {{"tagger", "1:ab\"c"}};

static void every_layer_is_written(void **state)
{
    static const char want[] =
        "{\"schema_version\":\"1\",\"id\":\"id\\n1\","
        "\"kafka\":{\"topic\":\"news.raw\",\"partition\":3,\"offset\":\"9007199254740993\",\"key\":\"k\xEF\xBF\xBD\",\"timestamp\":\"2022-01-06T14:05:00.007Z\"},"
        "\"article\":{\"title\":null,\"url\":null,\"source\":null,\"authors\":[],\"published_at\":\"2022-01-06\",\"published_at_from\":\"text\","
        "\"language\":\"und\",\"language_confidence\":0.9877},"
        "\"text\":\"\xC3\x89" "mile \xF0\x9F\x98\x80 met \\\"them\\\".\",\"offset_unit\":\"utf16\","
        "\"sections\":[{\"start\":0,\"end\":20,\"kind\":\"caption\"}],\"sentences\":[{\"start\":0,\"end\":20}],"
        "\"tokens\":[{\"start\":0,\"end\":5,\"pos\":\"PROPN\",\"xpos\":\"NNP\",\"lemma\":\"l\",\"head\":null,\"deprel\":\"NNP\"},"
        "{\"start\":6,\"end\":8,\"head\":0,\"deprel\":\"A\"}],"
        "\"entities\":[{\"id\":\"e1\",\"type\":\"LOC\",\"subtype\":null,\"name\":\"N\",\"named\":true,"
        "\"mentions\":[{\"start\":0,\"end\":5,\"text\":\"\xC3\x89" "mile\",\"form\":\"name\",\"sentence\":0,\"confidence\":0.1235}],"
        "\"link\":{\"kb\":\"wikidata\",\"id\":\"Q1\",\"confidence\":1},\"country\":null,\"sector\":null,\"roles\":[],"
        "\"place\":{\"lat\":51.1694,\"lon\":-71.5,\"admin1\":null,\"country\":\"KAZ\"},\"salience\":0}],"
        "\"times\":[{\"id\":\"t1\",\"start\":6,\"end\":8,\"text\":\"\xF0\x9F\x98\x80\",\"type\":\"SET\",\"value\":\"P1D\",\"mod\":null,\"begin\":null,\"end_date\":null}],"
        "\"quantities\":[{\"id\":\"n1\",\"start\":6,\"end\":8,\"text\":\"\xF0\x9F\x98\x80\",\"min\":24,\"max\":null,\"unit\":null,\"kind\":null,\"of\":null,\"entity\":\"e1\"}],"
        "\"quotes\":[{\"id\":\"q1\",\"start\":14,\"end\":18,\"text\":\"them\",\"kind\":\"mixed\",\"speaker\":null,\"speaker_span\":null,\"cue\":null}],"
        "\"events\":[{\"id\":\"v1\",\"type\":\"CONSULT\",\"mode\":null,\"contexts\":[],\"cameo\":null,\"quad_class\":null,\"goldstein\":null,"
        "\"triggers\":[{\"start\":9,\"end\":12,\"text\":\"met\"}],\"sentence\":0,"
        "\"actors\":[{\"entity\":\"e1\",\"text\":\"\xC3\x89" "mile\",\"code\":\"KAZGOV\"}],\"recipients\":[{\"entity\":null}],"
        "\"date\":{\"value\":\"2022-W01\",\"precision\":\"week\",\"time\":null,\"from\":\"published_at\"},"
        "\"place\":{\"entity\":\"e1\",\"name\":\"N\",\"country\":null,\"lat\":51.1694,\"lon\":-71.5},"
        "\"magnitude\":{\"deaths\":{\"min\":1,\"max\":null}},\"modality\":\"planned\",\"tense\":null,"
        "\"attribution\":{\"entity\":null,\"text\":\"\xF0\x9F\x98\x80\",\"quote\":\"q1\"},\"confidence\":1,\"rule\":null}],"
        "\"pipeline\":{\"version\":\"9.9\",\"resources\":{\"tagger\":\"1:ab\\\"c\"},\"stage_us\":{\"decode\":1},"
        "\"notes\":[{\"stage\":\"decode\",\"code\":\"bad_utf8\",\"message\":\"1\"}]}}";
    dl_encode_opts opts = {.offset_unit = DL_OFFSET_UTF16, .tokens = true, .stage_us = true};
    dl_encode e;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    check_ok("init", dl_encode_init(&e, &opts, &err), &err);
    e.version = "9.9";
    e.resources = resources, e.n_resources = 1;
    e.stages = stage_names, e.n_stages = 2;
    e.xpos_names = tag_names, e.n_xpos = 2;
    e.deprel_names = tag_names, e.n_deprels = 2;
    dl_arena_init(&a, 1 << 20);
    fill(&doc, &a);
    dl_doc_check(&doc);
    check_ok("run", dl_encode_run(&e, &doc, &err), &err);
    for (size_t at = 0; at < doc.out.n || at < sizeof want - 1; at += 200) /* in pieces: cmocka cuts long messages */
        check_str("record", at < doc.out.n ? dl_str_sub(doc.out, at, at + 200 < doc.out.n ? at + 200 : doc.out.n) : DL_LIT("nothing"),
                  dl_arena_printf(&a, "%.200s", at < sizeof want - 1 ? want + at : "").p);
    cJSON *parsed = cJSON_ParseWithLengthOpts(doc.out.p, doc.out.n, NULL, false);

    assert_non_null(parsed);
    cJSON_Delete(parsed);
    dl_arena_free(&a);
}

static void an_empty_document_is_a_record(void **state)
{
    static const char want[] =
        "{\"schema_version\":\"1\",\"id\":\"\",\"article\":{\"title\":null,\"url\":null,\"source\":null,\"authors\":[],\"published_at\":null,"
        "\"published_at_from\":null,\"language\":\"und\"},\"text\":\"\",\"offset_unit\":\"codepoint\",\"sections\":[],\"sentences\":[],"
        "\"entities\":[],\"times\":[],\"quantities\":[],\"quotes\":[],\"events\":[],\"pipeline\":{\"version\":\"9.9\",\"resources\":{},\"notes\":[]}}";
    dl_encode_opts opts = dl_encode_defaults();
    dl_encode e;
    dl_arena a;
    dl_doc doc;
    dl_error err;

    (void)state;
    check_ok("init", dl_encode_init(&e, &opts, &err), &err);
    e.version = "9.9";
    dl_arena_init(&a, 1 << 20);
    dl_doc_init(&doc, &a);
    doc.text = doc.article.id = (dl_str){"", 0};
    check_ok("run", dl_encode_run(&e, &doc, &err), &err);
    check_str("record", doc.out, want);
    dl_arena_free(&a);
}

static void the_ceiling_is_an_error_not_half_a_record(void **state)
{
    dl_encode_opts opts = {.tokens = true};
    dl_encode e;
    dl_error err;
    dl_str whole = {0};

    (void)state;
    check_ok("init", dl_encode_init(&e, &opts, &err), &err);
    for (size_t max = 1 << 16; max > 0; max -= max > 4096 ? 4096 : 256) { /* from what suffices down to nothing */
        dl_arena a, room;
        dl_doc doc;

        dl_arena_init(&room, 1 << 20);
        fill(&doc, &room);
        dl_arena_init(&a, max);
        doc.a = &a;
        if (dl_encode_run(&e, &doc, &err) != DL_OK) {
            assert_int_equal(err.code, DL_LIMIT);
            assert_null(doc.out.p);
        } else {
            if (whole.n)
                assert_int_equal(doc.out.n, whole.n);
            whole.n = doc.out.n;
        }
        dl_arena_free(&a);
        dl_arena_free(&room);
    }
    assert_true(whole.n > 1000);
    opts.offset_unit = (dl_offset_unit)3;
    assert_int_equal(dl_encode_init(&e, &opts, &err), DL_FATAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_agree_with_counting),
        cmocka_unit_test(every_layer_is_written),
        cmocka_unit_test(an_empty_document_is_a_record),
        cmocka_unit_test(the_ceiling_is_an_error_not_half_a_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
