/* json: append JSON to a buffer, in an arena or on the heap. Commas are put in by the writer; nesting is the caller's business.
 *
 *     dl_json w;
 *     dl_json_init(&w, doc->a, 4096);
 *     dl_json_open(&w, '{');
 *     dl_json_key(&w, DL_LIT("n"));
 *     dl_json_int(&w, 3);
 *     dl_json_close(&w, '}');                 {"n":3}
 *
 * After a failed allocation the writer swallows what follows; `failed` is asked once, at the end. Numbers are written with the fewest
 * decimals that read back as the same value, whatever the locale. */
#ifndef DL_JSON_H
#define DL_JSON_H

#include "arena.h"
#include "str.h"

typedef struct dl_json {
    char     *p;
    size_t    n, cap;
    dl_arena *a;     /* NULL: on the heap */
    bool      comma; /* a value stands before */
    bool      failed;
} dl_json;

/* a may be NULL: the buffer is then on the heap, and dl_json_free frees it. hint_bytes: how much is probably needed. */
void dl_json_init(dl_json *w, dl_arena *a, size_t hint_bytes);
void dl_json_free(dl_json *w); /* nothing to do for a buffer in an arena */

static inline dl_str dl_json_str(const dl_json *w)
{
    return (dl_str){w->p, w->n};
}

void dl_json_open(dl_json *w, char bracket);  /* '{' or '[' */
void dl_json_close(dl_json *w, char bracket); /* '}' or ']' */

/* Member name: plain ASCII without anything to escape, as our own names are. Names from outside: dl_json_key_any. */
void dl_json_key(dl_json *w, dl_str key);
void dl_json_key_any(dl_json *w, dl_str key);

void dl_json_text(dl_json *w, dl_str s); /* well-formed UTF-8; .p == NULL writes null */
void dl_json_int(dl_json *w, int64_t v);
void dl_json_float(dl_json *w, float v);   /* NAN and infinities write null */
void dl_json_double(dl_json *w, double v);
void dl_json_bool(dl_json *w, bool v);
void dl_json_null(dl_json *w);

/* `json` (one value) again, with line breaks and two spaces a level. It must be valid, as what this writer made is. */
void dl_json_pretty(dl_json *w, dl_str json);

/* `json` (one value) as a line, or prettily, with a newline behind it: an element of JSON Lines, so no comma before it. */
void dl_json_line(dl_json *w, dl_str json, bool pretty);

#endif
