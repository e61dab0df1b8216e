#include "tests/support/check.h"

#include "pipeline/engine.h"
#include "pipeline/stages/quotes_cue.h"
#include "pipeline/stages/quotes_mark.h"

#include <stdio.h>

/* One line a quotation: kind: content | source | cue | speaker. Words of the text; "-" where there is none. */
static const struct {
    const char *name, *text, *want;
} cases[] = {
    {"source before", "Anna Smith said, \"We will win this election.\"", "direct: We will win this election. | Anna Smith | said | Anna Smith\n"},
    {"source behind", "\"We will win this election,\" Anna Smith said.", "direct: We will win this election, | Anna Smith | said | Anna Smith\n"},
    {"inverted", "\"We will win,\" said Anna Smith, a spokeswoman for the party.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"apposition", "Anna Smith, a spokeswoman for the party, said: \"We will win.\"", "direct: We will win. | Anna Smith | said | Anna Smith\n"},
    {"source within", "\"The talks,\" Anna Smith said, \"were a failure from the start.\"",
     "direct: The talks, | Anna Smith | said | Anna Smith\ndirect: were a failure from the start. | Anna Smith | said | Anna Smith\n"},
    {"curly marks", "\xE2\x80\x9CWe will win,\xE2\x80\x9D Anna Smith said.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"pronoun", "Anna Smith came to Berlin on Monday. \"We will win,\" she said.", "direct: We will win, | she | said | Anna Smith\n"},
    {"goes on behind its attribution", "\"We will win,\" Anna Smith said. \"We have always won in this city.\"",
     "direct: We will win, | Anna Smith | said | Anna Smith\ndirect: We have always won in this city. | Anna Smith | said | Anna Smith\n"},
    {"indirect, with that", "Anna Smith said that the talks had failed.", "indirect: that the talks had failed | Anna Smith | said | Anna Smith\n"},
    {"indirect, without that", "Anna Smith said the talks had failed.", "indirect: the talks had failed | Anna Smith | said | Anna Smith\n"},
    {"told somebody", "Anna Smith told reporters on Monday that the talks had failed.",
     "indirect: that the talks had failed | Anna Smith | told | Anna Smith\n"},
    {"according to", "According to Anna Smith, the talks had failed.", "indirect: the talks had failed | Anna Smith | According to | Anna Smith\n"},
    {"according to, at the end", "The talks had failed, according to Anna Smith.", "indirect: The talks had failed | Anna Smith | according to | Anna Smith\n"},
    {"attribution at the end", "The talks had failed, Anna Smith said.", "indirect: The talks had failed | Anna Smith | said | Anna Smith\n"},
    {"mixed", "Anna Smith said the talks had been \"a complete and utter waste\" of everybody's time.",
     "mixed: the talks had been \"a complete and utter waste\" of everybody's time | Anna Smith | said | Anna Smith\n"},
    {"two that speak", "Anna Smith said the talks had failed, but John Brown said they would go on.",
     "indirect: the talks had failed | Anna Smith | said | Anna Smith\nindirect: they would go on | John Brown | said | John Brown\n"},
    {"paragraphs without a closing mark",
     "\xE2\x80\x9CWe will win this,\xE2\x80\x9D Anna Smith said. \xE2\x80\x9CWe always have.\n\n\xE2\x80\x9CNobody will stop us now.\xE2\x80\x9D\n",
     "direct: We will win this, | Anna Smith | said | Anna Smith\ndirect: We always have. | Anna Smith | said | Anna Smith\n"
     "direct: Nobody will stop us now. | Anna Smith | - | Anna Smith\n"},
    {"a description for a person", "Prime Minister Anna Smith came to Berlin. \"We will win,\" the prime minister said.",
     "direct: We will win, | the prime minister | said | Anna Smith\n"},

    {"she, of two", "John Brown met Anna Smith in Berlin. \"We will win,\" she said.", "direct: We will win, | she | said | Anna Smith\n"},
    {"he, of two", "Anna Smith met John Brown in Berlin. \"We will win,\" he said.", "direct: We will win, | he | said | John Brown\n"},
    {"as somebody told", "As Anna Smith told reporters, the talks had failed.", "indirect: the talks had failed | Anna Smith | told | Anna Smith\n"},
    {"a spokesman's name", "The spokesman for the ministry, John Brown, said the talks had failed.",
     "indirect: the talks had failed | John Brown | said | John Brown\n"},
    {"a quotation of", "There is a line by Anna Smith: \"We will win this election.\"", "direct: We will win this election. | Anna Smith | - | Anna Smith\n"},
    {"went on to say", "The party met. Anna Smith went on to say, \"We will win this election.\"", "direct: We will win this election. | Anna Smith | say | Anna Smith\n"},
    {"a signature", "\"We will win this election.\" - Anna Smith", "direct: We will win this election. | Anna Smith | - | Anna Smith\n"},
    {"said, in the paragraph before", "Anna Smith wrote:\n\n\"We will win this election.\"", "direct: We will win this election. | Anna Smith | wrote | Anna Smith\n"},

    /* hostile */
    {"dots alone", ". . .", ""},
    {"no quotation", "Anna Smith came to Berlin on Monday.", ""},
    {"a mark alone", "\"", ""},
    {"marks alone", "\"\" \"\" \" \"", ""},
    {"marks around nothing", "Anna Smith said \"\".", ""},
    {"marks around marks", "\"\"\"\"\"\"\"", ""},
    {"scare quotes", "The so-called \"experts\" were wrong about everything in the report.", ""},
    {"a title", "He bought the novel \"War and Peace\" in Berlin on Monday.", ""},
    {"a song called", "A song called \"Yellow Submarine\" was played in Berlin.", ""},
    {"inches", "The door is 6'2\" high and 3'4\" wide, and it is made of wood.", ""},
    {"apostrophes", "The workers' rights and the players' wages weren't on the ministers' agenda.", ""},
    {"a clipped year", "It happened in the '90s and the '80s, of course.", ""},
    {"lost closing mark", "\"We will win, Anna Smith said.\n\nThe talks go on.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"wrong-way marks", "\xE2\x80\x9DWe will win,\xE2\x80\x9C Anna Smith said.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"doubled marks", "\xE2\x80\x9C\xE2\x80\x9CWe will win,\xE2\x80\x9D\xE2\x80\x9D Anna Smith said.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"two single marks for a double one", "``We will win,'' Anna Smith said.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"guillemets", "\xC2\xABWe will win,\xC2\xBB Anna Smith said.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"German marks", "\xE2\x80\x9EWe will win,\xE2\x80\x9C Anna Smith said.", "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"single marks", "\xE2\x80\x98We\xE2\x80\x99ll win this election,\xE2\x80\x99 Anna Smith said.",
     "direct: We\xE2\x80\x99ll win this election, | Anna Smith | said | Anna Smith\n"},
    {"a single mark closes a double one", "\xE2\x80\x9CWe will win,\xE2\x80\x99 Anna Smith said. \xE2\x80\x9CWe always have.\xE2\x80\x9D",
     "direct: We will win, | Anna Smith | said | Anna Smith\ndirect: We always have. | Anna Smith | said | Anna Smith\n"},
    {"the speaker's clause is not said", "\"We will win,\" said Anna Smith, one of the women that called the march.",
     "direct: We will win, | Anna Smith | said | Anna Smith\n"},
    {"nested in marks of its kind", "\"If we knew it, it wouldn't be called \"research\", would it?\" Anna Smith said.",
     "direct: If we knew it, it wouldn't be called \"research\", would it? | Anna Smith | said | Anna Smith\n"},
    {"nested", "\"He told me 'never again' last year,\" Anna Smith said.", "direct: He told me 'never again' last year, | Anna Smith | said | Anna Smith\n"},
    {"white space on the wrong side", "Anna Smith said,\" We will win this election\".", "direct: We will win this election | Anna Smith | said | Anna Smith\n"},
    {"a cue as a noun", "The report of the company was long.", ""},
    {"a cue without content", "Anna Smith said nothing.", ""},
    {"a cue at the very end", "That is what Anna Smith said", ""},
    {"an object, no clause", "Anna Smith declared her independence from the party and drafted a letter.", ""},
    {"an object and its relative clause", "Anna Smith wrote a poem, which she read to the children.", ""},
    {"a participle in a phrase", "The stated goals of the proposed change are not clear.", ""},
    {"an order to the reader", "Note that the shop is closed on Monday.", ""},
    {"a passive's subject hears", "Anna Smith was told that the talks had failed.", "indirect: that the talks had failed | - | told | -\n"},
    {"a title that nobody has", "Anna Smith, the health minister, came to Berlin. \"We will win,\" the foreign minister said.",
     "direct: We will win, | the foreign minister | said | -\n"},
    {"a ministry that has no name", "NATO met in Berlin. \"We will win,\" Russia's ministry said.", "direct: We will win, | Russia's ministry | said | -\n"},
    {"a passive and the main clause", "After the result was reported, Anna Smith was very happy.", ""},
    {"a cue alone", "Said.", ""},
    {"that as a pronoun", "Anna Smith said that.", ""},
    {"according to nobody", "according to", ""},
    {"nothing before according", ", according to Anna Smith.", ""},
};

typedef struct fixture {
    dl_engine *engine;
    dl_session session;
} fixture;

static int open_engine(void **state)
{
    static fixture f;
    dl_engine_opts opts = dl_engine_defaults();
    dl_error err;

    opts.models_dir = "models";
    opts.decode.message = DL_MESSAGE_TEXT;
    check_ok("open", dl_engine_open(&f.engine, &opts, &err), &err);
    dl_session_init(&f.session, f.engine);
    *state = &f;
    return 0;
}

static int close_engine(void **state)
{
    fixture *f = *state;

    dl_session_free(&f->session);
    dl_engine_close(f->engine);
    return 0;
}

static dl_str or_dash(const dl_doc *doc, dl_span span)
{
    return span.end > span.start ? dl_doc_str(doc, span) : DL_LIT("-");
}

static dl_str said(fixture *f, dl_str text)
{
    static char buf[1 << 16];
    size_t n = 0;
    dl_error err;
    dl_str out;
    const dl_doc *doc = &f->session.doc;

    check_ok("run", dl_session_run(&f->session, NULL, text, &out, &err), &err);
    dl_doc_check(doc);
    for (uint32_t i = 0; i < doc->quotes.n; i++) {
        const dl_quote *q = &doc->quotes.p[i];
        dl_str name = q->speaker == DL_NONE ? DL_LIT("-") : doc->ents.p[q->speaker].name;
        int wrote = snprintf(buf + n, sizeof buf - n, "%s: %.*s | %.*s | %.*s | %.*s\n", dl_quote_kind_name(q->kind),
                             DL_ARG(dl_doc_str(doc, q->span)), DL_ARG(or_dash(doc, q->speaker_span)), DL_ARG(or_dash(doc, q->cue)), DL_ARG(name));

        assert_true(wrote > 0 && (size_t)wrote < sizeof buf - n);
        n += (size_t)wrote;
    }
    return (dl_str){buf, n};
}

static void who_says_what(void **state)
{
    int failed = 0;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        dl_str got = said(*state, dl_str_of(cases[i].text));

        if (!dl_str_eq(got, dl_str_of(cases[i].want))) {
            print_error("%s:\nwant %s\ngot  %.*s\n", cases[i].name, cases[i].want, DL_ARG(got));
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

/* Any mixture of marks, cues and names keeps the document's promises, and the text cut anywhere does. */
static void any_mixture_holds(void **state)
{
    static const char *const bits[] = {"\"", "'", "\xE2\x80\x9C", "\xE2\x80\x9D", "``", "''", "said", " ", " ", ", ", ". ", "Anna Smith", "that", "he",
                                       "according to", "\n\n", "(", ")", "- ", "6'2\"", ": ", "told", "which", "and", "of the", "is", "\xC2\xAB", "\xC2\xBB"};
    uint32_t seed = 12345;
    fixture *f = *state;

    for (uint32_t round = 0; round < 300; round++) {
        char text[600];
        size_t n = 0;

        while (n < sizeof text - 20) {
            seed = seed * 1664525u + 1013904223u;
            dl_str bit = dl_str_of(bits[(seed >> 16) % (sizeof bits / sizeof *bits)]);

            memcpy(text + n, bit.p, bit.n);
            n += bit.n;
        }
        (void)said(f, (dl_str){text, n});
    }
}

static void cues_have_their_forms(void **state)
{
    static const struct {
        const char *word;
        dl_cue_class want;
    } forms[] = {
        {"say", DL_CUE_SPEECH}, {"says", DL_CUE_SPEECH}, {"said", DL_CUE_SPEECH}, {"saying", DL_CUE_SPEECH}, {"replied", DL_CUE_SPEECH}, {"replies", DL_CUE_SPEECH},
        {"argued", DL_CUE_SPEECH}, {"arguing", DL_CUE_SPEECH}, {"agreeing", DL_CUE_SPEECH}, {"quipped", DL_CUE_SPEECH}, {"quipping", DL_CUE_SPEECH}, {"stresses", DL_CUE_SPEECH},
        {"told", DL_CUE_TELL}, {"asks", DL_CUE_QUESTION}, {"thought", DL_CUE_BELIEF}, {"knew", DL_CUE_FACT},
        {"sayed", DL_CUE_NONE}, {"replyed", DL_CUE_NONE}, {"argueing", DL_CUE_NONE}, {"quiped", DL_CUE_NONE}, {"", DL_CUE_NONE}, {"confident", DL_CUE_NONE},
        {"run", DL_CUE_NONE}, {"Said", DL_CUE_NONE}, {"saidd", DL_CUE_NONE},
    };
    static dl_cues cues;

    (void)state;
    dl_cues_init(&cues);
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        dl_str word = dl_str_of(forms[i].word);

        check_u64(forms[i].word, dl_cues_find(&cues, dl_hash(word.p, word.n, 0)).class, forms[i].want);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_says_what),
        cmocka_unit_test(any_mixture_holds),
        cmocka_unit_test(cues_have_their_forms),
    };

    return cmocka_run_group_tests(tests, open_engine, close_engine);
}
