#include "language.h"

#include "chars.h"
#include "cld2.h"
#include "pipeline/base/wordset.h"

#include <stdio.h>

/* ---- English at a glance -------------------------------------------------------------------------------------------- */

/* Frequent words of English that its neighbours do not share: no "in", "is", "was", "of" (Dutch), "on", "me" (Romance). */
static bool is_english_word(dl_str w)
{
    static const dl_wordset_word words[] = {
        "about", "after", "against", "also", "an", "and", "are", "as", "at", "be", "been", "before", "being", "but", "by", "could",
        "during", "first", "for", "from", "had", "has", "have", "he", "his", "into", "it", "its", "more", "not", "other", "our",
        "out", "over", "people", "said", "she", "should", "than", "that", "the", "their", "there", "these", "they", "this", "those",
        "to", "we", "were", "what", "when", "which", "who", "will", "with", "would", "you"};

    return w.n >= 2 && w.n <= 6 && DL_WORDSET_HAS(words, w);
}

typedef struct sample { /* of the article's words, evenly over its length */
    uint32_t words, english, foreign; /* foreign: with a letter beyond ASCII */
    uint32_t letters, latin;          /* of the text's letters, where its words were looked at */
} sample;

static sample take_sample(const dl_doc *doc)
{
    enum { MOST = 128 };
    uint32_t step = doc->toks.n / MOST + 1;
    sample s = {0};

    for (uint32_t i = 0; i < doc->toks.n; i += step) {
        const dl_token *tok = &doc->toks.p[i];
        uint32_t len;

        if (tok->kind != DL_TOK_WORD)
            continue;
        s.words++;
        s.english += is_english_word(tok->form);
        if (!(tok->flags & DL_TOK_NON_ASCII)) { /* digits and marks within are few */
            s.letters += (uint32_t)tok->form.n;
            s.latin += (uint32_t)tok->form.n;
            continue;
        }
        s.foreign += !(dl_ch_at(tok->form, 0, &len) & DL_CH_APOS);
        for (uint32_t k = 0; k < tok->form.n; k += len) {
            uint32_t ch = dl_ch_at(tok->form, k, &len);

            s.letters += (ch & DL_CH_LETTER) != 0;
            s.latin += (ch & DL_CH_LETTER) && len <= 2 && (unsigned char)tok->form.p[k] < 0xCD; /* up to U+033F */
        }
    }
    return s;
}

/* ---- what CLD2 says ------------------------------------------------------------------------------------------------- */

static bool same_language(const char *a, const char *b)
{
    size_t n = strcspn(a, "-");

    return n == strcspn(b, "-") && memcmp(a, b, n) == 0;
}

/* CLD2's code in BCP 47. */
static const char *bcp47(const char *code)
{
    static const char *const renamed[][2] = {{"zh", "zh-Hans"}, {"iw", "he"}, {"jw", "jv"}, {"mo", "ro"}, {"sh", "sr-Latn"}, {"tl", "fil"}};

    for (size_t i = 0; i < sizeof renamed / sizeof *renamed; i++)
        if (strcmp(code, renamed[i][0]) == 0)
            return renamed[i][1];
    return strncmp(code, "xx", 2) == 0 ? NULL : code; /* xx-...: a script without a language */
}

static dl_cld2_guess ask(const dl_doc *doc)
{
    enum { MOST = 16384, PADDING = 16 };
    size_t n = doc->text.n < MOST ? doc->text.n : MOST;
    const char *hint = strcmp(doc->article.language, "und") ? doc->article.language : NULL;
    char *copy;

    while (n < doc->text.n && n > 0 && ((unsigned char)doc->text.p[n] & 0xC0) == 0x80)
        n--;
    copy = dl_arena_zalloc(doc->a, n + PADDING);
    if (!copy)
        return (dl_cld2_guess){0};
    for (size_t i = 0; i < n; i++)
        copy[i] = doc->text.p[i] >= 0 && doc->text.p[i] < ' ' ? ' ' : doc->text.p[i];
    return dl_cld2_detect(copy, n, hint);
}

/* A few words in Latin script tell English from the rest, but not the rest apart ("Kyiv" is Javanese to CLD2). */
static bool is_believed(const dl_cld2_guess *guess, const char *code, const dl_doc *doc, const sample *s)
{
    enum { FEW_WORDS = 7 };

    if (same_language(code, doc->article.language) || s->latin * 2 < s->letters)
        return true;
    if (s->words < FEW_WORDS)
        return same_language(code, "en");
    return guess->reliable || guess->share >= 0.5;
}

/* ---- the stage ------------------------------------------------------------------------------------------------------ */

static void set(dl_doc *doc, const char *code, double confidence)
{
    dl_article *art = &doc->article;

    if (!same_language(art->language, code))
        (void)snprintf(art->language, sizeof art->language, "%s", code);
    art->language_confidence = (float)confidence;
    if (!same_language(code, "en") && strcmp(code, "und") != 0) {
        doc->unsupported = true;
        dl_doc_note(doc, "language", "unsupported_language", "the article is in %s; names and events are read in English only", art->language);
    }
}

/* The feed's word stands where the text itself does not tell. */
static void set_unknown(dl_doc *doc, const sample *s)
{
    if (strcmp(doc->article.language, "und") != 0) {
        set(doc, doc->article.language, 0.5);
        return;
    }
    doc->article.language_confidence = 0;
    if (s->letters && s->latin * 2 < s->letters) {
        doc->unsupported = true;
        dl_doc_note(doc, "language", "unsupported_language", "the article's language is unknown, and not in Latin script");
    }
}

dl_language_opts dl_language_defaults(void)
{
    return (dl_language_opts){.min_words = 20};
}

dl_code dl_language_init(dl_language *l, const dl_language_opts *opts, dl_error *err)
{
    dl_language_opts chosen = opts ? *opts : dl_language_defaults();

    if (chosen.min_words == 0)
        return dl_fail(err, DL_FATAL, "language", DL_NO_PLACE, "min_words is 0");
    *l = (dl_language){.opts = chosen};
    return DL_OK;
}

void dl_language_free(dl_language *l)
{
    *l = (dl_language){0};
}

dl_code dl_language_run(const dl_language *l, dl_doc *doc, dl_error *err)
{
    sample s = take_sample(doc);
    dl_cld2_guess guess;
    const char *code;

    (void)err;
    if (s.words >= l->opts.min_words && s.english * 6 >= s.words && s.foreign * 8 <= s.words) {
        set(doc, "en", 0.99);
        return DL_OK;
    }
    if (s.letters == 0) {
        set_unknown(doc, &s);
        return DL_OK;
    }
    guess = ask(doc);
    code = guess.code ? bcp47(guess.code) : NULL;
    if (!code || !is_believed(&guess, code, doc, &s))
        set_unknown(doc, &s);
    else
        set(doc, code, guess.reliable ? 0.6 + 0.38 * guess.share : 0.5);
    return DL_OK;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_language_run(self, doc, err);
}

const dl_stage_ops dl_language_ops = {.name = "language",
                                      .reads = DL_LAYER_TEXT | DL_LAYER_TOKENS,
                                      .writes = DL_LAYER_LANGUAGE,
                                      .any_language = true,
                                      .run = run};
