#include "quotes_cue.h"

#include <assert.h>

enum { Q = DL_CUE_QUOTES, T = DL_CUE_THAT, B = DL_CUE_BARE, W = DL_CUE_WHETHER, O = DL_CUE_OBJECT };

static const struct verb {
    const char *lemma, *past, *participle;
    bool        doubles;
    uint8_t class, frames;
} verbs[] = {
#define DL_CUE_VERB(lemma, past, participle, doubles, class, frames) {lemma, past, participle, doubles, DL_CUE_##class, frames},
#define DL_CUE_NOUN(lemma, plural, frames)
#define DL_CUE_ADJ(word)
#include "quotes_cues.def"
#undef DL_CUE_VERB
#undef DL_CUE_NOUN
#undef DL_CUE_ADJ
};

static const struct other {
    const char *word, *plural;
    uint8_t class, frames;
} others[] = {
#define DL_CUE_VERB(lemma, past, participle, doubles, class, frames)
#define DL_CUE_NOUN(lemma, plural, frames) {lemma, plural, DL_CUE_NOMINAL, frames},
#define DL_CUE_ADJ(word) {word, "", DL_CUE_STATE, T | B},
#include "quotes_cues.def"
#undef DL_CUE_VERB
#undef DL_CUE_NOUN
#undef DL_CUE_ADJ
};

/* A form that is both verb and noun ("claims") has two entries: the key of the noun is salted. */
static const uint64_t noun_salt = 0x9E3779B97F4A7C15u;

static void put(dl_cues *c, dl_str form, uint64_t salt, dl_cue cue)
{
    uint64_t key = dl_hash(form.p, form.n, 0) ^ salt;
    uint32_t at = (uint32_t)key & (DL_CUE_SLOTS - 1);

    if (form.n == 0)
        return;
    while (c->keys[at] && c->keys[at] != key)
        at = (at + 1) & (DL_CUE_SLOTS - 1);
    if (!c->keys[at]) {
        c->keys[at] = key;
        c->cues[at] = cue;
        c->n++;
        assert(c->n < DL_CUE_SLOTS / 2);
    }
}

enum { MAX_FORM = 32 };

/* The stem (its last `cut` bytes left out, its last letter doubled on demand) and an ending. */
static void put_with(dl_cues *c, const struct verb *v, size_t cut, bool doubled, const char *ending)
{
    char form[MAX_FORM];
    size_t n = strlen(v->lemma) - cut, n_ending = strlen(ending);

    assert(n + 1 + n_ending <= sizeof form);
    memcpy(form, v->lemma, n);
    if (doubled) {
        form[n] = form[n - 1];
        n++;
    }
    memcpy(form + n, ending, n_ending);
    put(c, (dl_str){form, n + n_ending}, 0, (dl_cue){v->class, v->frames});
}

static bool is_vowel(char ch)
{
    return ch && strchr("aeiou", ch) != NULL;
}

static void put_verb(dl_cues *c, const struct verb *v)
{
    size_t n = strlen(v->lemma);
    char last = v->lemma[n - 1], before = v->lemma[n - 2];
    bool y = last == 'y' && !is_vowel(before), e = last == 'e';
    bool sibilant = last == 's' || last == 'x' || last == 'z' || (last == 'h' && (before == 'c' || before == 's'));

    put(c, dl_str_of(v->lemma), 0, (dl_cue){v->class, v->frames});
    put_with(c, v, y, v->doubles && last == 'z', y ? "ies" : sibilant ? "es" : "s");
    put_with(c, v, e && before != 'e', v->doubles, "ing");
    if (v->past[0]) {
        put(c, dl_str_of(v->past), 0, (dl_cue){v->class, v->frames});
        put(c, dl_str_of(v->participle), 0, (dl_cue){v->class, v->frames});
    } else
        put_with(c, v, y, v->doubles, y ? "ied" : e ? "d" : "ed");
}

void dl_cues_init(dl_cues *c)
{
    *c = (dl_cues){0};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        put_verb(c, &verbs[i]);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const dl_cue cue = {others[i].class, others[i].frames};

        put(c, dl_str_of(others[i].word), noun_salt, cue);
        put(c, dl_str_of(others[i].plural), noun_salt, cue);
    }
}

dl_cue dl_cues_of(const dl_cues *c, const dl_token *tok)
{
    switch (tok->upos) {
    case DL_UPOS_VERB: {
        dl_cue cue = dl_cues_find(c, tok->key);

        if (cue.class != DL_CUE_NONE)
            return cue;
        cue = dl_cues_find(c, tok->key ^ noun_salt); /* "is convinced that" may be tagged as a verb */
        return cue.class == DL_CUE_STATE ? cue : (dl_cue){0};
    }
    case DL_UPOS_NOUN:
    case DL_UPOS_ADJ: return dl_cues_find(c, tok->key ^ noun_salt);
    default: return (dl_cue){0};
    }
}
