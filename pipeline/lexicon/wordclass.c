#include "wordclass.h"

#include "fold.h"

#include <stdlib.h>

/* The next word of a list; false at its end. */
static bool next_word(const char **list, dl_str *word)
{
    const char *p = *list;

    while (*p == ' ')
        p++;
    word->p = p;
    while (*p && *p != ' ')
        p++;
    word->n = (size_t)(p - word->p);
    *list = p;
    return word->n > 0;
}

static dl_code put(dl_wordclass *w, dl_str word, const dl_wordclass_row *row, dl_error *err)
{
    char folded[DL_FOLD_MAX];
    uint64_t key = dl_hash(folded, dl_fold_word(word, folded), 0);
    uint64_t i = key & w->mask;

    if (dl_wordclass_find(w, key))
        return dl_fail(err, DL_FATAL, "wordclass", DL_NO_PLACE, "the word \"%.*s\" stands twice", DL_ARG(word));
    while (w->cells[i].key)
        i = (i + 1) & w->mask;
    w->cells[i] = (dl_wordclass_cell){key, row->value, row->cls};
    return DL_OK;
}

dl_code dl_wordclass_init(dl_wordclass *w, const dl_wordclass_row *rows, size_t n_rows, dl_error *err)
{
    size_t n = 0, cap = 16;
    dl_code code = DL_OK;
    dl_str word;

    for (size_t i = 0; i < n_rows; i++)
        for (const char *list = rows[i].words; next_word(&list, &word);)
            n++;
    while (cap < 2 * n)
        cap *= 2;
    *w = (dl_wordclass){calloc(cap, sizeof *w->cells), cap - 1};
    if (!w->cells)
        return dl_fail(err, DL_FATAL, "wordclass", DL_NO_PLACE, "out of memory");
    for (size_t i = 0; code == DL_OK && i < n_rows; i++)
        for (const char *list = rows[i].words; code == DL_OK && next_word(&list, &word);)
            code = put(w, word, &rows[i], err);
    if (code != DL_OK)
        dl_wordclass_free(w);
    return code;
}

void dl_wordclass_free(dl_wordclass *w)
{
    free(w->cells);
    *w = (dl_wordclass){0};
}
