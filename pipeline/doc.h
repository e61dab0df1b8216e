/* doc: the document model. One article on its way through the stages.
 *
 * A document lives in one arena and dies with its reset. `text` is made by decode and never changes afterwards: sections, sentences,
 * tokens and everything above them hold spans into it, in bytes, on code-point edges (dl_doc_check asserts it). What is not in the
 * text (a lemma, a canonical name, a repaired form) is an dl_str in the arena or in a shared resource.
 *
 * Elements refer to one another by index into the arrays of the document; DL_NONE says "nothing". Arrays are in text order unless
 * said otherwise. Spans of sections, sentences and tokens do not overlap within their kind. */
#ifndef DL_DOC_H
#define DL_DOC_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"

enum { DL_NONE = UINT32_MAX };

/* ---- where the record came from, and the article as its feed gave it ------------------------------------------------ */

typedef struct dl_record { /* borrowed from the caller for the run */
    dl_str  topic;         /* .n == 0: not from Kafka */
    int32_t partition;
    int64_t offset;
    dl_str  key;          /* .p == NULL: no key */
    int64_t timestamp_ms; /* since 1970, UTC; -1: none */
} dl_record;

typedef enum dl_date_from { DL_DATE_UNKNOWN, DL_DATE_METADATA, DL_DATE_TEXT, DL_DATE_RECORD } dl_date_from;

typedef struct dl_datetime {
    int32_t year;      /* 0: no date */
    uint8_t month, day; /* 0: unknown */
    uint8_t hour, minute, second;
    bool    has_time, has_zone;
    int16_t zone_min; /* minutes east of UTC */
} dl_datetime;

typedef struct dl_article {
    dl_str       id;
    dl_str       title, url, source; /* .p == NULL: absent */
    DL_VEC(dl_str) authors;
    dl_datetime  published;
    dl_str       published_at; /* ISO 8601; .p == NULL: unknown */
    dl_date_from published_from;
    char         language[12]; /* BCP 47; "und" */
    float        language_confidence;
} dl_article;

/* ---- text, cut into pieces ------------------------------------------------------------------------------------------ */

/* X(enum suffix, name in the record) */
#define DL_SECTION_KINDS(X)                                                                        \
    X(HEADLINE, "headline")                                                                        \
    X(DATELINE, "dateline")                                                                        \
    X(BODY, "body")                                                                                \
    X(CAPTION, "caption")                                                                          \
    X(CREDIT, "credit")                                                                            \
    X(SUBHEAD, "subhead")                                                                          \
    X(BOILERPLATE, "boilerplate")

typedef enum dl_section_kind {
#define X(id, name) DL_SECTION_##id,
    DL_SECTION_KINDS(X)
#undef X
        DL_N_SECTION_KINDS
} dl_section_kind;

typedef struct dl_section { /* sections cover all text but white space; one holds one or more paragraphs */
    dl_span         span;
    dl_section_kind kind;
} dl_section;

typedef struct dl_dateline { /* at the head of the body: "MOSCOW, Jan 7 (Reuters) -"; empty spans: not said */
    dl_span place, date, agency;
} dl_dateline;

/* X(enum suffix, name): what was repaired; see stages/repair.h */
#define DL_REPAIR_KINDS(X)                                                                         \
    X(MOJIBAKE, "mojibake")                                                                        \
    X(INVISIBLE, "invisible")                                                                      \
    X(HYPHEN, "hyphen")                                                                            \
    X(LIGATURE, "ligature")                                                                        \
    X(WIDTH, "width")                                                                              \
    X(HOMOGLYPH, "homoglyph")                                                                      \
    X(SPACED, "spaced")                                                                            \
    X(GLUE, "glue")                                                                                \
    X(QUOTE, "quote")

typedef enum dl_repair_kind {
#define X(id, name) DL_REPAIR_##id,
    DL_REPAIR_KINDS(X)
#undef X
        DL_N_REPAIR_KINDS
} dl_repair_kind;

typedef struct dl_repair { /* these bytes of the text read as those bytes of the view; see view.h */
    dl_span        span, view; /* of doc->text, of doc->view; either may be empty, not both */
    dl_repair_kind kind;
} dl_repair;

enum { /* dl_sentence.flags */
    DL_SENT_PARAGRAPH = 1 << 0,  /* first of its paragraph */
    DL_SENT_TRUNCATED = 1 << 1,  /* cut off by the feed */
    DL_SENT_ALL_CAPS = 1 << 2,   /* no lower-case letter, two letters or more */
    DL_SENT_TITLE_CASE = 1 << 3, /* headline style */
    DL_SENT_WANT_PARSE = 1 << 4, /* a later stage reads the heads of its tokens */
    DL_SENT_PARSED = 1 << 5
};

typedef struct dl_sentence {
    dl_span  span;
    uint32_t section;
    uint32_t first_tok, n_toks;
    uint32_t flags;
} dl_sentence;

typedef enum dl_tok_kind {
    DL_TOK_WORD,   /* letters, with inner apostrophes, periods ("U.S.", "Jr.") or digits ("F16") */
    DL_TOK_NUMBER, /* 3,200.5  1st  20th  1990s  3/4  10:30 */
    DL_TOK_PUNCT,
    DL_TOK_SYMBOL, /* currency, %, +, emoji... */
    DL_TOK_URL,
    DL_TOK_EMAIL,
    DL_TOK_HANDLE, /* @name */
    DL_TOK_HASHTAG
} dl_tok_kind;

enum { /* dl_token.flags */
    DL_TOK_SPACE = 1 << 0,     /* white space stands before it */
    DL_TOK_CAP = 1 << 1,       /* first letter is upper case */
    DL_TOK_ALL_CAPS = 1 << 2,  /* two letters or more, none lower case */
    DL_TOK_MIXED = 1 << 3,     /* upper case behind a lower-case letter: "McDonald", "iPhone" */
    DL_TOK_HAS_DIGIT = 1 << 4,
    DL_TOK_HAS_LOWER = 1 << 5,
    DL_TOK_NON_ASCII = 1 << 6,
    DL_TOK_REPAIRED = 1 << 7,  /* form differs from the text by more than folding */
    DL_TOK_SEAM = 1 << 8,      /* a lost link border stands before it: names and quotes do not cross it */
    DL_TOK_OPENS = 1 << 9,     /* quotation mark or bracket that opens */
    DL_TOK_CLOSES = 1 << 10    /* ... that closes */
};

typedef struct dl_token {
    dl_span  span;
    dl_str   form;  /* what stages read: the text's bytes, or the repaired form in arena */
    dl_str   lemma; /* .p == NULL before tag */
    uint32_t head;  /* token index; DL_NONE at the root and where not parsed */
    uint64_t key;   /* dl_hash of the folded form (lexicon/fold.h): the same word but for case and diacritics; 0 before words */
    uint32_t word;  /* row of the word vectors (lexicon/wordvec.h); DL_NONE: unknown word, or before words */
    uint16_t flags;
    uint8_t  kind;   /* dl_tok_kind */
    uint8_t  upos;   /* dl_upos; 0 before tag */
    uint8_t  xpos;   /* index into the tag names of the model; see stages/tag.h */
    uint8_t  deprel; /* index into the relation names; see stages/parse.h */
    uint16_t morph;  /* dl_morph bits; see stages/tag.h */
} dl_token;

/* X(enum suffix, name): the 17 universal tags, UD version 2 */
#define DL_UPOS_TAGS(X)                                                                            \
    X(ADJ) X(ADP) X(ADV) X(AUX) X(CCONJ) X(DET) X(INTJ) X(NOUN) X(NUM) X(PART) X(PRON) X(PROPN)    \
    X(PUNCT) X(SCONJ) X(SYM) X(VERB) X(X)

typedef enum dl_upos {
    DL_UPOS_NONE,
#define X(id) DL_UPOS_##id,
    DL_UPOS_TAGS(X)
#undef X
        DL_N_UPOS
} dl_upos;

/* ---- who and where -------------------------------------------------------------------------------------------------- */

typedef enum dl_ent_type { DL_ENT_PER, DL_ENT_ORG, DL_ENT_LOC, DL_ENT_MISC, DL_N_ENT_TYPES } dl_ent_type;
typedef enum dl_form { DL_FORM_NAME, DL_FORM_NOMINAL, DL_FORM_PRONOUN } dl_form;

typedef struct dl_mention { /* a span that names an entity */
    dl_span     span;
    uint32_t    sent, first_tok, n_toks;
    uint32_t    ent; /* DL_NONE before resolve */
    dl_ent_type type;
    dl_form     form;
    float       confidence; /* calibrated marginal of span and type */
} dl_mention;

typedef struct dl_place {
    bool    known;
    float   lat, lon;
    dl_str  kind;   /* country, admin1, city, facility, water... */
    dl_str  admin1; /* .p == NULL: none */
    char    country[4];
    int64_t population; /* -1: unknown */
} dl_place;

typedef struct dl_entity {
    dl_ent_type type;
    dl_str      subtype; /* "GPE", "MIL"...; .p == NULL: none */
    dl_str      name;    /* canonical: the knowledge base's where linked, else the fullest mention */
    bool        named;   /* false: a group known only by description */
    DL_VEC(uint32_t) mentions; /* indices, in text order */
    dl_str      link_kb, link_id; /* .p == NULL: not linked */
    float       link_confidence;
    dl_str      country; /* ISO 3166 alpha-3 or an IGO code; .p == NULL: unknown */
    dl_str      sector;  /* PLOVER; .p == NULL: unknown */
    DL_VEC(dl_str) roles; /* as said */
    dl_place    place;
    float       salience;
} dl_entity;

/* ---- when, how many, who says so ------------------------------------------------------------------------------------ */

typedef enum dl_time_type { DL_TIME_DATE, DL_TIME_TIME, DL_TIME_DURATION, DL_TIME_SET } dl_time_type;

typedef struct dl_time {
    dl_span      span;
    uint32_t     sent, first_tok, n_toks;
    dl_time_type type;
    dl_str       value; /* TIMEX3 */
    dl_str       mod;   /* APPROX BEFORE AFTER START MID END...; .p == NULL: none */
    dl_str       begin, end; /* ISO dates, first and last day covered; .p == NULL: not resolved */
} dl_time;

typedef struct dl_quantity {
    dl_span  span;
    uint32_t sent, first_tok, n_toks;
    double   min, max; /* NAN: open */
    dl_str   unit;     /* "person", UCUM unit, ISO 4217; .p == NULL: none */
    dl_str   kind;     /* "deaths"...; .p == NULL: none */
    dl_str   of;       /* the noun counted */
    uint32_t ent;      /* DL_NONE */
    uint8_t  flags;    /* DL_QUANTITY_* */
} dl_quantity;

enum { DL_QUANTITY_NEGATED = 1, DL_QUANTITY_HISTORICAL = 2, DL_QUANTITY_PART = 4 /* of another: "including two children" */ };

typedef enum dl_quote_kind { DL_QUOTE_DIRECT, DL_QUOTE_INDIRECT, DL_QUOTE_MIXED } dl_quote_kind;

typedef struct dl_quote {
    dl_span       span; /* content, quotation marks outside */
    dl_quote_kind kind;
    uint32_t      speaker;      /* entity; DL_NONE */
    dl_span       speaker_span; /* empty: none */
    dl_span       cue;          /* empty: none */
} dl_quote;

/* ---- what happened -------------------------------------------------------------------------------------------------- */

#define DL_MODALITIES(X)                                                                           \
    X(ASSERTED, "asserted")                                                                        \
    X(PLANNED, "planned")                                                                          \
    X(POSSIBLE, "possible")                                                                        \
    X(CONDITIONAL, "conditional")                                                                  \
    X(REQUESTED, "requested")                                                                      \
    X(DENIED, "denied")                                                                            \
    X(NEGATED, "negated")

typedef enum dl_modality {
#define X(id, name) DL_MODALITY_##id,
    DL_MODALITIES(X)
#undef X
        DL_N_MODALITIES
} dl_modality;

typedef enum dl_tense { DL_TENSE_NONE, DL_TENSE_PAST, DL_TENSE_PRESENT, DL_TENSE_FUTURE } dl_tense;

typedef struct dl_participant {
    uint32_t ent;  /* DL_NONE */
    dl_span  span; /* empty: implicit */
    dl_str   code; /* country + sector; .p == NULL: unknown */
} dl_participant;

typedef struct dl_magnitude {
    dl_str kind; /* deaths, injuries... */
    double min, max; /* NAN: open */
} dl_magnitude;

typedef struct dl_event {
    dl_str      type, mode, cameo, rule; /* static or shared; .p == NULL: none */
    DL_VEC(dl_str) contexts;
    uint8_t     quad_class; /* 1 to 4; 0: none */
    float       goldstein;  /* NAN: none */
    DL_VEC(dl_span) triggers;
    uint32_t    sent;
    DL_VEC(dl_participant) actors;
    DL_VEC(dl_participant) recipients;
    dl_str      date, time; /* ISO; .p == NULL: unknown */
    dl_str      date_precision; /* day week month year */
    bool        date_from_text;
    uint32_t    place; /* entity; DL_NONE */
    DL_VEC(dl_magnitude) magnitudes;
    dl_modality modality;
    dl_tense    tense;
    uint32_t    attribution, attribution_quote; /* entity, quote; DL_NONE */
    dl_span     attribution_span;               /* empty: none */
    dl_str      key;
    float       confidence;
} dl_event;

/* ---- the document --------------------------------------------------------------------------------------------------- */

typedef struct dl_note { /* what a stage could not do, or did to the input; travels with the output */
    const char *stage, *code; /* static: "decode", "bad_utf8" */
    dl_str      message;
} dl_note;

typedef enum dl_layer { /* what stages read and write, for the order check */
    DL_LAYER_RAW = 1 << 0,
    DL_LAYER_TEXT = 1 << 1, /* article and text */
    DL_LAYER_SECTIONS = 1 << 2,
    DL_LAYER_SENTENCES = 1 << 3,
    DL_LAYER_TOKENS = 1 << 4,
    DL_LAYER_LANGUAGE = 1 << 5,
    DL_LAYER_TAGS = 1 << 6, /* upos, xpos, morph, lemma */
    DL_LAYER_PARSE = 1 << 7,
    DL_LAYER_MENTIONS = 1 << 8,
    DL_LAYER_ENTITIES = 1 << 9,
    DL_LAYER_LINKS = 1 << 10,
    DL_LAYER_TIMES = 1 << 11,
    DL_LAYER_QUANTITIES = 1 << 12,
    DL_LAYER_QUOTES = 1 << 13,
    DL_LAYER_EVENTS = 1 << 14,
    DL_LAYER_OUTPUT = 1 << 15,
    DL_LAYER_WORDS = 1 << 16, /* tok->key, tok->word */
    DL_LAYER_VIEW = 1 << 17   /* view, repairs */
} dl_layer;

enum { DL_MAX_STAGES = 24 };

typedef struct dl_doc {
    dl_arena  *a;      /* borrows */
    dl_record  record; /* borrows */
    dl_str     raw;    /* borrows: the message value, or the text of --text */
    dl_article article;
    dl_str     text;
    uint32_t   body_start; /* byte of text where the body begins; 0 without a title */
    bool       unsupported; /* not English: stages that need English leave it alone */
    dl_str     view;        /* the text as it was meant, in arena; .p == NULL: as it stands. Read through view.h */
    DL_VEC(dl_repair) repairs; /* in text order, not overlapping */
    dl_dateline dateline;
    DL_VEC(dl_section) sections;
    DL_VEC(dl_sentence) sents;
    DL_VEC(dl_token) toks;
    DL_VEC(dl_mention) mentions;
    DL_VEC(dl_entity) ents;
    DL_VEC(dl_time) times;
    DL_VEC(dl_quantity) quantities;
    DL_VEC(dl_quote) quotes;
    DL_VEC(dl_event) events;
    DL_VEC(dl_note) notes;
    uint64_t stage_ns[DL_MAX_STAGES]; /* by place in the pipeline; 0 where it did not run or no clock was given */
    dl_str   out;                     /* in arena: the enriched record, one line of JSON without a newline */
} dl_doc;

/* A fresh document; the arena is the caller's, reset before. */
void dl_doc_init(dl_doc *doc, dl_arena *a);

/* The text of a span. Borrows doc->text; asserts the bounds. */
dl_str dl_doc_str(const dl_doc *doc, dl_span span);

/* The token's bytes in the text (its form may be a repaired one). */
static inline dl_str dl_tok_text(const dl_doc *doc, const dl_token *tok)
{
    return dl_doc_str(doc, tok->span);
}

/* Add a note; stage and code are static, the message is copied. Repeated (stage, code) pairs beyond 8 are dropped.
 * Errors: none; a note that finds no room is dropped too. */
void dl_doc_note(dl_doc *doc, const char *stage, const char *code, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Assert all that this header promises: spans in bounds, on code-point edges, in order, indices valid. For tests and fuzzers. */
void dl_doc_check(const dl_doc *doc);

const char *dl_section_kind_name(dl_section_kind kind);
const char *dl_repair_kind_name(dl_repair_kind kind);
const char *dl_upos_name(dl_upos upos); /* "_" for none */
const char *dl_ent_type_name(dl_ent_type type);
const char *dl_form_name(dl_form form);
const char *dl_time_type_name(dl_time_type type);
const char *dl_quote_kind_name(dl_quote_kind kind);
const char *dl_modality_name(dl_modality modality);

#endif
