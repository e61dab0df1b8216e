#include "tests/support/check.h"

#include "pipeline/stages/resolve.h"

#include <stdio.h>

/* Documents are made by hand: words parted by blanks, a name in brackets behind its type: "PER[Angela Merkel] met LOC[Accra]". */
static void make(dl_doc *doc, dl_arena *a, const char *marked)
{
    dl_str plain = dl_arena_str(a, dl_str_of(marked));
    char *out = (char *)(uintptr_t)plain.p;
    size_t n = 0;
    uint32_t open = DL_NONE;
    dl_ent_type type = DL_ENT_PER;

    dl_doc_init(doc, a);
    dl_sentence *sent = DL_PUSH(a, &doc->sents);

    for (const char *p = marked; *p;) {
        size_t len = strcspn(p, "[] ");
        bool starts = p[len] == '[';

        if (starts) {
            for (uint32_t t = 0; t < DL_N_ENT_TYPES; t++)
                if (dl_str_eq((dl_str){p, len}, dl_str_of(dl_ent_type_name((dl_ent_type)t))))
                    type = (dl_ent_type)t;
            open = doc->toks.n;
        } else if (len) {
            dl_token *tok = DL_PUSH(a, &doc->toks);
            char low[64];

            memcpy(out + n, p, len);
            tok->span = (dl_span){(uint32_t)n, (uint32_t)(n + len)};
            tok->form = (dl_str){out + n, len};
            for (size_t i = 0; i < len && i < sizeof low; i++)
                low[i] = dl_to_lower(p[i]);
            tok->key = dl_hash(low, len, 0);
            sent->n_toks++;
            n += len;
            out[n++] = ' ';
        }
        if (p[len] == ']') {
            dl_mention *m = DL_PUSH(a, &doc->mentions);

            *m = (dl_mention){.span = {doc->toks.p[open].span.start, doc->toks.p[doc->toks.n - 1].span.end},
                              .first_tok = open, .n_toks = doc->toks.n - open, .ent = DL_NONE, .type = type};
        }
        p += len + (p[len] != '\0');
    }
    doc->text = (dl_str){plain.p, n};
}

static const struct {
    const char *name, *text, *want; /* entities of the mentions, in order, then the first one's name */
} cases[] = {
    {"equal names", "LOC[Ghana] and LOC[GHANA]", "0 0 Ghana"},
    {"equal words of other types stay apart", "LOC[Paris] and PER[Paris]", "0 1 Paris"},
    {"later surname", "PER[Angela Merkel] met PER[Macron] ; PER[Merkel] left", "0 1 0 Angela Merkel"},
    {"surname before the full name", "PER[Merkel] left ; PER[Angela Merkel] said", "0 0 Angela Merkel"},
    {"nearest bearer before it", "PER[Bill Clinton] PER[Hillary Clinton] PER[Clinton]", "0 1 1 Bill Clinton"},
    {"a given name alone is not joined", "PER[Angela Merkel] and PER[Angela]", "0 1 Angela Merkel"},
    {"a last word of an organisation is no surname", "ORG[Bank of Ghana] and LOC[Ghana]", "0 1 Bank of Ghana"},
    {"acronym in brackets", "ORG[World Health Organization] ( ORG[WHO] ) and ORG[WHO]", "0 0 0 World Health Organization"},
    {"acronym of small words", "ORG[Organisation of Islamic Cooperation] ( ORG[OIC] )", "0 0 Organisation of Islamic Cooperation"},
    {"brackets that spell something else", "ORG[World Health Organization] ( ORG[UN] )", "0 1 World Health Organization"},
    {"acronym without brackets", "ORG[World Health Organization] , ORG[WHO]", "0 1 World Health Organization"},
    {"bracket that is cut off", "ORG[World Health Organization] ( ORG[WHO]", "0 1 World Health Organization"},
    {"no mentions", "nothing here", ""},
};

static void mentions_become_entities(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char got[256];
        size_t n = 0;
        dl_arena a;
        dl_doc doc;
        dl_error err;

        dl_arena_init(&a, 1 << 20);
        make(&doc, &a, cases[i].text);
        check_ok(cases[i].name, dl_resolve_run(&doc, &err), &err);
        got[0] = '\0';
        for (uint32_t k = 0; k < doc.mentions.n; k++)
            n += (size_t)snprintf(got + n, sizeof got - n, "%u ", doc.mentions.p[k].ent);
        if (doc.ents.n)
            n += (size_t)snprintf(got + n, sizeof got - n, "%.*s", DL_ARG(doc.ents.p[0].name));
        check_str(cases[i].name, (dl_str){got, n}, cases[i].want);
        dl_arena_free(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mentions_become_entities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
