/* spelling: what the tagger and the parser see of a token beside its word vector: how it is spelled, and its affixes.
 *
 * scripts/training/features.py does the same, value for value; tests/unit/pipeline/lexicon/test_spelling.c holds them together. */
#ifndef DL_SPELLING_H
#define DL_SPELLING_H

#include "../base/str.h"

/* Classes. STOP: ends in a full stop. From LOWER to LOWER_STOP the word has no digit. */
typedef enum dl_spelling {
    DL_SPELL_OTHER,
    DL_SPELL_LOWER,
    DL_SPELL_CAP,
    DL_SPELL_CAP1,
    DL_SPELL_CAPS,
    DL_SPELL_MIXED,
    DL_SPELL_CAPS_STOP,
    DL_SPELL_CAP_STOP,
    DL_SPELL_LOWER_STOP,
    DL_SPELL_DIGIT1,
    DL_SPELL_DIGIT2,
    DL_SPELL_DIGIT4,
    DL_SPELL_NUMBER,
    DL_SPELL_DIGIT_WORD,
    DL_SPELL_ADDRESS,
    DL_SPELL_CLITIC,
    DL_SPELL_PUNCT,
    DL_N_SPELLINGS
} dl_spelling;

enum {
    DL_N_SHAPES = DL_N_SPELLINGS * 8,
    DL_SHAPE_PAD = DL_N_SHAPES, /* what lies outside the sentence */
    DL_N_AFFIXES = 7,
    DL_AFFIX_BUCKETS = 1 << 13
};

/* Lower-case partner of a code point: ASCII and the two-byte Latin, Greek and Cyrillic letters that have a simple one of the same
 * length; all else stays. */
int32_t dl_spell_lower(int32_t cp);

dl_spelling dl_spell_class(dl_str form);

/* Classes of a sentence's tokens to shape rows, in place: class * 8 + mode of the sentence * 2 + 1 for its first word. */
void dl_spell_shapes(uint8_t *classes, uint32_t n);

/* Buckets of the affixes of a folded word (lexicon/fold.h): suffixes of 1 to 4 bytes, prefixes of 1 to 3. Needs folded.n > 0. */
void dl_spell_affixes(dl_str folded, uint16_t out[static DL_N_AFFIXES]);

#endif
