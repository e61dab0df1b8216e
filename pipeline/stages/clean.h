/* clean: characters that show nothing or stand for others, and lines that were broken or spaced for the eye. */
#ifndef DL_CLEAN_H
#define DL_CLEAN_H

#include "edits.h"
#include "pipeline/lexicon/wordvec.h"

/* Soft hyphens, zero-width and direction marks (joiners stay where their script or an emoji needs them), ligatures, full-width forms;
 * Cyrillic and Greek letters that look Latin within Latin words. */
void dl_clean_characters(dl_edits *e);

/* "govern-\nment", where the lexicon knows the whole; "B R E A K I N G". */
void dl_clean_lines(dl_edits *e, const dl_wordvec *words);

#endif
