/* quote_features: what the training of the quotation stage reads. Standard input: texts, each a u32 of its bytes and the bytes. Standard output
 * for each text, little-endian: u32 bytes of the document's text, the text, u32 stretches, and for each: u32 start, u32 end, u32
 * candidates, and for each: u32 start and end of the source and of the cue (0 0: none), u32 n, n features as f32. */
#include "pipeline/engine.h"
#include "pipeline/stages/quotes.h"

#include <stdio.h>
#include <stdlib.h>

static void write_u32(uint32_t v)
{
    (void)fwrite(&v, sizeof v, 1, stdout);
}

static void write_np(const dl_doc *doc, dl_np np)
{
    write_u32(np.end ? doc->toks.p[np.first].span.start : 0);
    write_u32(np.end ? doc->toks.p[np.end - 1].span.end : 0);
}

typedef struct traced {
    uint32_t start, end, n;
    dl_quote_cand cands[DL_QUOTE_CANDS];
} traced;

typedef struct trace {
    traced  *v;
    uint32_t n, cap;
} trace;

static void see(void *arg, const dl_doc *doc, const dl_quoted *q, const dl_quote_cand *cands, uint32_t n)
{
    trace *t = arg;

    if (t->n == t->cap) {
        t->cap = t->cap ? 2 * t->cap : 64;
        t->v = realloc(t->v, t->cap * sizeof *t->v);
        if (!t->v)
            abort();
    }
    traced *one = &t->v[t->n++];

    *one = (traced){.start = doc->toks.p[q->first].span.start, .end = doc->toks.p[q->end - 1].span.end, .n = n};
    memcpy(one->cands, cands, n * sizeof *cands);
}

static void write_doc(const dl_doc *doc, const trace *t)
{
    write_u32((uint32_t)doc->text.n);
    (void)fwrite(doc->text.p, 1, doc->text.n, stdout);
    write_u32(t->n);
    for (uint32_t i = 0; i < t->n; i++) {
        write_u32(t->v[i].start);
        write_u32(t->v[i].end);
        write_u32(t->v[i].n);
        for (uint32_t k = 0; k < t->v[i].n; k++) {
            const dl_quote_cand *c = &t->v[i].cands[k];

            write_np(doc, c->source);
            write_np(doc, c->cue);
            write_u32(DL_N_QF);
            (void)fwrite(c->f, sizeof *c->f, DL_N_QF, stdout);
        }
    }
}

int main(int argc, char **argv)
{
    dl_engine_opts opts = dl_engine_defaults();
    dl_engine *engine = NULL;
    dl_session session;
    dl_quotes quotes;
    dl_error err;
    uint32_t n;

    opts.models_dir = argc > 1 ? argv[1] : "models";
    opts.decode.message = DL_MESSAGE_TEXT;
    if (dl_engine_open(&engine, &opts, &err) != DL_OK) {
        (void)fprintf(stderr, "%s: %s\n", err.where, err.msg);
        return 1;
    }
    dl_quotes_init(&quotes);
    dl_session_init(&session, engine);
    while (fread(&n, sizeof n, 1, stdin) == 1) {
        char *text = malloc(n + 1u);
        trace t = {0};
        dl_str out;

        if (!text || fread(text, 1, n, stdin) != n)
            return 1;
        if (dl_session_run(&session, NULL, (dl_str){text, n}, &out, &err) == DL_OK) {
            session.doc.quotes.n = 0;
            quotes.see = see;
            quotes.see_arg = &t;
            if (dl_quotes_run(&quotes, &session.doc, &err) != DL_OK)
                return 1;
        }
        write_doc(&session.doc, &t);
        free(t.v);
        free(text);
    }
    dl_session_free(&session);
    dl_engine_close(engine);
    return 0;
}
