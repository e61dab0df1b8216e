/* Any bytes as a knowledge base: refused or, where the container is sound, every look-up and every record stays within it. */
#include "pipeline/lexicon/kb.h"

#include <stdlib.h>
#include <string.h>

static void seal(uint8_t *p, size_t n)
{
    /* half of the inputs get a right length and checksum, so that what lies behind those checks is reached */
    enum { BYTES = 16, CHECKSUM = 24, HEADER = 64 };
    uint64_t bytes = n, sum = dl_hash(p + HEADER, n - HEADER, DL_MODEL_FORMAT);

    memcpy(p + BYTES, &bytes, sizeof bytes);
    memcpy(p + CHECKSUM, &sum, sizeof sum);
}

static void touch(const dl_kb *kb)
{
    static const char *const names[] = {"Kazakhstan", "Almaty", "Q1", "aa", "the b c", ""};
    char b[DL_KB_STRING_MAX];
    const char *scheme;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        dl_kb_ref refs[DL_KB_MOST_READINGS];
        uint32_t n = dl_kb_find(kb, dl_str_of(names[i]), refs, DL_KB_MOST_READINGS);

        if (n > DL_KB_MOST_READINGS)
            abort();
        (void)dl_kb_find_skeleton(kb, dl_str_of(names[i]), refs, DL_KB_MOST_READINGS);
        (void)dl_kb_string_of(kb, dl_str_of(names[i]));
    }
    for (uint32_t row = 0; row < 8; row++) {
        dl_kb_place place = {0};
        dl_kb_person person = {0};
        dl_kb_spell spell;
        dl_kb_org org = {0};
        dl_kb_country c;
        dl_kb_label label;

        if (dl_kb_get_place(kb, row, &place))
            (void)(dl_kb_string(kb, place.name, b) + dl_kb_id_text(kb, place.id, b, &scheme) + dl_kb_admin1_name(kb, place.admin1) +
                   dl_kb_admin2_place(kb, place.admin2) + dl_kb_kind_name(kb, place.kind));
        if (dl_kb_get_person(kb, row, &person))
            (void)(dl_kb_string(kb, person.name, b) + dl_kb_get_spell(kb, person.spells, &spell));
        if (dl_kb_get_org(kb, row, &org))
            (void)dl_kb_string(kb, org.type, b);
        (void)dl_kb_get_country(kb, row, &c);
        (void)dl_kb_are_neighbours(kb, (uint8_t)row, 1);
        for (int type = 0; type < DL_N_KB_TYPES; type++)
            (void)dl_kb_get_label(kb, (dl_kb_type)type, row, &label);
        (void)dl_kb_row_of(kb, (dl_kb_type)(row % DL_N_KB_TYPES), row << 28 | 5);
        if (dl_kb_string(kb, row, b) >= DL_KB_STRING_MAX)
            abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    uint8_t *p = malloc(n + 1);
    dl_model_file file = {0};
    dl_kb kb = {0};

    if (!p)
        return 0;
    memcpy(p, data, n);
    if (n > 64 && (p[n - 1] & 1))
        seal(p, n);
    if (dl_model_parse(&file, p, n, "input", "kb", NULL) == DL_OK && dl_kb_init(&kb, &file, NULL) == DL_OK)
        touch(&kb);
    dl_kb_close(&kb);
    dl_model_close(&file);
    free(p);
    return 0;
}
