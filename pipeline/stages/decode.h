/* decode: bytes as received to an article and its text.
 * Reads   doc->raw, doc->record      Writes  doc->article, doc->text, doc->body_start
 * Holds   text is well-formed UTF-8 without U+0000, not blank; a title, a blank line and the body, or the body alone
 * Cost    O(bytes); what cJSON and libxml2 allocate is freed before run returns
 * Source  RFC 8259 (strict; the edges of cJSON: decode_json.h), RFC 6901 pointers, Unicode 15 section 3.9 (maximal subparts)
 *
 * Failures name their cause in the first word of the message, for dead-letter headers and metrics:
 *   empty_message utf16_input bad_json not_an_object empty_body            DL_BAD_INPUT
 *   too_large too_deep too_many_values text_too_large html_too_complex     DL_LIMIT
 * Notes: bad_utf8 nul_character lone_surrogate duplicate_key bad_date long_id */
#ifndef DL_DECODE_H
#define DL_DECODE_H

#include "pipeline/stage.h"

typedef enum dl_body_format {
    DL_BODY_AUTO, /* HTML where tags are really there, else plain text */
    DL_BODY_TEXT,
    DL_BODY_HTML
} dl_body_format;

typedef enum dl_message_format {
    DL_MESSAGE_JSON, /* one object a message */
    DL_MESSAGE_TEXT  /* the message is the body; the record's key is the id */
} dl_message_format;

/* Where each field stands: names of members of the message's object, or JSON Pointers ("/article/body/0"), parted by '|'; the first
 * that holds something counts. "" turns a field off. Borrowed until dl_decode_init returns. */
typedef struct dl_decode_opts {
    const char       *id, *title, *body, *published, *url, *source, *language, *authors;
    dl_body_format    body_format; /* of title and body */
    dl_message_format message;
    uint32_t          article_max_bytes; /* the message; 1 to 1 GiB */
    uint32_t          text_max_bytes;    /* the text made from it */
    uint32_t          max_depth;         /* of JSON, 1 to 999 */
    uint32_t          max_values;        /* in one JSON message: members and elements */
} dl_decode_opts;

dl_decode_opts dl_decode_defaults(void);

enum { DL_DECODE_N_FIELDS = 8 };

typedef struct dl_field_path { /* the steps of one name or pointer */
    dl_str  *steps;
    uint32_t n;
} dl_field_path;

typedef struct dl_decode { /* shared */
    dl_decode_opts opts;   /* its names are not read after init */
    struct {
        dl_field_path *paths;
        uint32_t       n;
    } fields[DL_DECODE_N_FIELDS];
    dl_arena names; /* holds all paths */
} dl_decode;

/* DL_FATAL where an option is out of range or a pointer is malformed. */
dl_code dl_decode_init(dl_decode *d, const dl_decode_opts *opts, dl_error *err);
dl_code dl_decode_run(const dl_decode *d, dl_doc *doc, dl_error *err);
void    dl_decode_free(dl_decode *d);
extern const dl_stage_ops dl_decode_ops;

#endif
