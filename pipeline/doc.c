#include "doc.h"

#include "base/utf8.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

void dl_doc_init(dl_doc *doc, dl_arena *a)
{
    *doc = (dl_doc){.a = a, .record = {.offset = -1, .timestamp_ms = -1}};
    memcpy(doc->article.language, "und", sizeof "und");
}

dl_str dl_doc_str(const dl_doc *doc, dl_span span)
{
    assert(span.start <= span.end && span.end <= doc->text.n);
    return (dl_str){doc->text.p + span.start, span.end - span.start};
}

void dl_doc_note(dl_doc *doc, const char *stage, const char *code, const char *fmt, ...)
{
    enum { MAX_ALIKE = 8 };
    uint32_t alike = 0;
    char msg[256];
    va_list ap;

    for (uint32_t i = 0; i < doc->notes.n; i++)
        alike += strcmp(doc->notes.p[i].stage, stage) == 0 && strcmp(doc->notes.p[i].code, code) == 0;
    if (alike >= MAX_ALIKE)
        return;
    va_start(ap, fmt);
    (void)vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    dl_str copy = dl_arena_str(doc->a, dl_str_of(msg));
    dl_note *note = copy.p ? DL_PUSH(doc->a, &doc->notes) : NULL;

    if (note)
        *note = (dl_note){stage, code, copy};
}

static void check_span(const dl_doc *doc, dl_span s)
{
    assert(s.start <= s.end && s.end <= doc->text.n);
    assert(s.start == doc->text.n || !dl_utf8_is_cont(doc->text.p[s.start]));
    assert(s.end == doc->text.n || !dl_utf8_is_cont(doc->text.p[s.end]));
}

static void check_repairs(const dl_doc *doc)
{
    uint32_t at = 0, view_at = 0;

    assert(!doc->view.p || dl_utf8_check(doc->view) == doc->view.n);
    assert(doc->view.p || doc->repairs.n == 0);
    for (uint32_t i = 0; i < doc->repairs.n; i++) {
        const dl_repair *r = &doc->repairs.p[i];

        check_span(doc, r->span);
        assert(r->view.start <= r->view.end && r->view.end <= doc->view.n);
        assert(r->span.end - r->span.start + (r->view.end - r->view.start) > 0);
        assert(r->span.start >= at && r->span.start - at == r->view.start - view_at); /* between repairs nothing changes */
        at = r->span.end;
        view_at = r->view.end;
    }
    assert(!doc->view.p || doc->text.n - at == doc->view.n - view_at);
}

static void check_tokens(const dl_doc *doc)
{
    uint32_t next = 0, at = 0;

    for (uint32_t i = 0; i < doc->sents.n; i++) {
        const dl_sentence *sent = &doc->sents.p[i];

        check_span(doc, sent->span);
        assert(sent->span.start >= at && sent->span.start < sent->span.end);
        assert(sent->section < doc->sections.n);
        if (doc->toks.n) {
            assert(sent->first_tok == next && sent->n_toks > 0);
            for (uint32_t t = next; t < next + sent->n_toks; t++) {
                const dl_token *tok = &doc->toks.p[t];

                check_span(doc, tok->span);
                assert(tok->span.start >= at && tok->span.start < tok->span.end && tok->span.end <= sent->span.end);
                assert(tok->form.n > 0 && dl_utf8_check(tok->form) == tok->form.n);
                assert(tok->head == DL_NONE || (tok->head >= next && tok->head < next + sent->n_toks && tok->head != t));
                at = tok->span.end;
            }
            next += sent->n_toks;
        }
        at = sent->span.end;
    }
    assert(doc->toks.n == next);
}

static void check_entities(const dl_doc *doc)
{
    for (uint32_t i = 0; i < doc->mentions.n; i++) {
        const dl_mention *m = &doc->mentions.p[i];

        check_span(doc, m->span);
        assert(m->span.start < m->span.end && m->sent < doc->sents.n && m->first_tok + m->n_toks <= doc->toks.n);
        assert(m->ent == DL_NONE || m->ent < doc->ents.n);
        assert(m->confidence >= 0 && m->confidence <= 1);
    }
    for (uint32_t i = 0; i < doc->ents.n; i++) {
        assert(doc->ents.p[i].mentions.n > 0);
        for (uint32_t k = 0; k < doc->ents.p[i].mentions.n; k++) {
            assert(doc->ents.p[i].mentions.p[k] < doc->mentions.n);
            assert(doc->mentions.p[doc->ents.p[i].mentions.p[k]].ent == i);
        }
    }
}

void dl_doc_check(const dl_doc *doc)
{
    uint32_t at = 0;

    assert(dl_utf8_check(doc->text) == doc->text.n);
    assert(doc->body_start <= doc->text.n);
    check_repairs(doc);
    for (uint32_t i = 0; i < doc->sections.n; i++) {
        check_span(doc, doc->sections.p[i].span);
        assert(doc->sections.p[i].span.start >= at && doc->sections.p[i].span.start < doc->sections.p[i].span.end);
        at = doc->sections.p[i].span.end;
    }
    check_tokens(doc);
    check_entities(doc);
    for (uint32_t i = 0; i < doc->times.n; i++)
        check_span(doc, doc->times.p[i].span);
    for (uint32_t i = 0; i < doc->quantities.n; i++)
        check_span(doc, doc->quantities.p[i].span);
    for (uint32_t i = 0; i < doc->quotes.n; i++) {
        check_span(doc, doc->quotes.p[i].span);
        check_span(doc, doc->quotes.p[i].speaker_span);
        check_span(doc, doc->quotes.p[i].cue);
    }
    for (uint32_t i = 0; i < doc->events.n; i++) {
        assert(doc->events.p[i].triggers.n > 0);
        for (uint32_t k = 0; k < doc->events.p[i].triggers.n; k++)
            check_span(doc, doc->events.p[i].triggers.p[k]);
    }
}

const char *dl_section_kind_name(dl_section_kind kind)
{
    static const char *const names[] = {
#define X(id, name) name,
        DL_SECTION_KINDS(X)
#undef X
    };
    return names[kind];
}

const char *dl_repair_kind_name(dl_repair_kind kind)
{
    static const char *const names[] = {
#define X(id, name) name,
        DL_REPAIR_KINDS(X)
#undef X
    };
    return names[kind];
}

const char *dl_upos_name(dl_upos upos)
{
    static const char *const names[] = {"_",
#define X(id) #id,
                                        DL_UPOS_TAGS(X)
#undef X
    };
    return names[upos];
}

const char *dl_ent_type_name(dl_ent_type type)
{
    static const char *const names[] = {"PER", "ORG", "LOC", "MISC"};

    return names[type];
}

const char *dl_form_name(dl_form form)
{
    static const char *const names[] = {"name", "nominal", "pronoun"};

    return names[form];
}

const char *dl_time_type_name(dl_time_type type)
{
    static const char *const names[] = {"DATE", "TIME", "DURATION", "SET"};

    return names[type];
}

const char *dl_quote_kind_name(dl_quote_kind kind)
{
    static const char *const names[] = {"direct", "indirect", "mixed"};

    return names[kind];
}

const char *dl_modality_name(dl_modality modality)
{
    static const char *const names[] = {
#define X(id, name) name,
        DL_MODALITIES(X)
#undef X
    };
    return names[modality];
}
