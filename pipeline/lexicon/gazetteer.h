/* gazetteer: is this phrase a name of a place, a person, an organisation...?
 *
 * It answers for the names recogniser, by hash alone: about one phrase in 500 that is no name is taken for one, so a hit is evidence
 * and no proof. What a name means is the knowledge base's business.
 * A phrase is a sequence of words: folded, without apostrophes and dots ("U.S." is "us"), cut at hyphens. A text is walked word by
 * word: start with DL_GAZETTEER_START, step with each word's hash, ask; without DL_GAZ_PREFIX no longer name begins like this.
 * Cost    a step and a look-up 5 to 20 ns, whether the cells are in cache
 * Source  scripts/train gazetteer, from the tables that models/README.md lists */
#ifndef DL_GAZETTEER_H
#define DL_GAZETTEER_H

#include "fusemap.h"

/* X(bit, what it says): the order is that of scripts/training/gazetteer.py */
#define DL_GAZ_BITS(X)                                                                             \
    X(PLACE, "country, region, admin1, sea, mountain, city above 100,000")                         \
    X(SMALL_PLACE, "other place")                                                                  \
    X(PERSON, "full name of a known person")                                                       \
    X(ORG, "organisation, party, ministry, club")                                                  \
    X(COMPANY, "company, bank, brand")                                                             \
    X(DEMONYM, "adjective or noun of a nation, a people, a religion")                              \
    X(GIVEN, "given name")                                                                         \
    X(SURNAME, "surname")                                                                          \
    X(COMMON_GIVEN, "common given name")                                                           \
    X(COMMON_SURNAME, "common surname")                                                            \
    X(TITLE, "honorific, rank, office")                                                            \
    X(LEGAL, "legal form of companies: Ltd, GmbH")                                                 \
    X(WORD, "a common English word too")                                                           \
    X(PREFIX, "a longer name begins with it")

enum dl_gaz_bit {
#define X(id, what) DL_GAZ_BIT_##id,
    DL_GAZ_BITS(X)
#undef X
        DL_N_GAZ_BITS
};

enum dl_gaz {
#define X(id, what) DL_GAZ_##id = 1 << DL_GAZ_BIT_##id,
    DL_GAZ_BITS(X)
#undef X
};

#define DL_GAZETTEER_START 0x9E3779B97F4A7C15u

typedef struct dl_gazetteer { /* shared */
    dl_model_file   file;
    dl_fusemap      map;
    const uint16_t *classes; /* [n_classes] bit sets */
    uint32_t        n_classes;
} dl_gazetteer;

/* gazetteer.dlm of models_dir. Gives: dl_gazetteer_close. DL_FATAL where it cannot be used. */
dl_code dl_gazetteer_open(dl_gazetteer *out, const char *models_dir, dl_error *err);
dl_code dl_gazetteer_init(dl_gazetteer *out, dl_model_file *file, dl_error *err); /* takes the file */
void    dl_gazetteer_close(dl_gazetteer *g);

/* The phrase `key` lengthened by a word; word_hash is dl_hash(word, n, 0). */
static inline uint64_t dl_gazetteer_step(uint64_t key, uint64_t word_hash)
{
    return dl_fusemap_mix(key ^ word_hash, 0x8ebc6af09c88c6e3u);
}

/* Bits of a phrase; 0: unknown. */
static inline uint32_t dl_gazetteer_find(const dl_gazetteer *g, uint64_t key)
{
    uint32_t i = dl_fusemap_find(&g->map, key);

    return i < g->n_classes ? g->classes[i] : 0;
}

/* Bits of a phrase as it stands in a text; a leading "the" is not left out. */
uint32_t dl_gazetteer_find_text(const dl_gazetteer *g, dl_str text);

/* Hashes of the words of a folded token, at most n; returns how many there are. A token of punctuation has none. */
uint32_t dl_gazetteer_words(dl_str folded, uint64_t *hashes, uint32_t n);

#endif
