/* line: one line of an article, its shape, and what its words say about it. What sections decides from.
 *
 * A line is a paragraph, or a part of one that stands on a line of its own; hard-wrapped lines are joined before. Everything is counted in
 * one pass over the bytes; words are looked up among the cues (line_cues.def) by their first letter. */
#ifndef DL_LINE_H
#define DL_LINE_H

#include "pipeline/base/str.h"

typedef struct dl_line {
    dl_span  span;         /* trimmed */
    bool     after_blank;  /* a blank line, or nothing, stands before it */
    bool     first;        /* of the body */
    bool     ends;         /* in . ! ? or their like, perhaps with a closing mark behind */
    bool     ellipsis;     /* ends in three dots */
    bool     question;     /* ends in a question mark */
    bool     full_date;    /* holds "January 5, 2022" or "5 January 2022" */
    bool     head_of_list; /* "Related stories" */
    bool     bracketed;    /* all of it */
    uint32_t credit_at;    /* where a credit begins that stands behind the line's sentence; 0: none */
    uint16_t n_words, n_caps, n_lower, n_numbers; /* words that begin with a capital, a small letter, a digit */
    uint16_t n_small;      /* small words that no name holds: all but "of", "for", "the"... */
    uint16_t n_stops;      /* sentence ends within */
    uint16_t n_slashes, n_bars, n_quotes, n_tags, n_addresses; /* "/", "|", double quotation marks, words that begin with #, @ and links */
    uint16_t n_agency, n_picture, n_social, n_shown;
    int16_t  boiler, credit, caption, body; /* scores; 10 decides */
    uint8_t  kind;         /* dl_section_kind, once decided */
} dl_line;

typedef struct dl_line_cues { /* shared */
    uint16_t first[1025];     /* cues whose first two letters fall into bucket c: order[first[c] .. first[c + 1]) */
    uint16_t order[768];
    uint32_t head[768], mask[768]; /* of order's cues: their first four bytes, bit 5 set; which of them count */
} dl_line_cues;

void dl_line_cues_init(dl_line_cues *cues);

/* Fills all but span, after_blank, first and kind. */
void dl_line_read(dl_line *line, const dl_line_cues *cues, dl_str text);

/* Does the line, or a stretch of one that was read as a line, name who gave a picture? */
bool dl_line_is_credit(const dl_line *line);

/* The same for what stands in brackets. closes: behind a sentence, at the end of its line. */
bool dl_line_is_credit_group(const dl_line_cues *cues, dl_str text, dl_span inner, bool closes);

#endif
