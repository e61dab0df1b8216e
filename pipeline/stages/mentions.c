#include "mentions.h"

#include "name_rules.h"

dl_code dl_mentions_init(dl_mentions *m, const dl_names_net *net, const dl_gazetteer *gazetteer, dl_error *err)
{
    if (net->n_bits != DL_NAME_N_BITS || net->n_shapes != DL_N_SHAPES || net->n_affixes != DL_NAME_AFFIXES || net->n_buckets != DL_NAME_BUCKETS)
        return dl_fail(err, DL_FATAL, "mentions", DL_NO_PLACE, "names.dlm was trained on other features than this program has");
    *m = (dl_mentions){.net = net, .gazetteer = gazetteer, .rules = true};
    return DL_OK;
}

/* The calibration table read at p, linearly between its points. */
static float calibrated(const dl_names_net *net, float p)
{
    float at = (p < 0 ? 0 : p > 1 ? 1 : p) * (DL_NAMES_N_CALIBRATION - 1);
    uint32_t i = at >= DL_NAMES_N_CALIBRATION - 1 ? DL_NAMES_N_CALIBRATION - 2 : (uint32_t)at;
    float v = net->calibration[i] + (at - (float)i) * (net->calibration[i + 1] - net->calibration[i]);

    return v >= 0 && v <= 1 ? v : v > 1 ? 1 : 0;
}

dl_code dl_mentions_run(const dl_mentions *m, dl_doc *doc, dl_error *err)
{
    dl_name_features f;
    dl_name_spans spans = {0};
    dl_code code = dl_name_features_make(&f, doc, m->gazetteer, err);

    if (code == DL_OK)
        code = dl_name_tag(&spans, m->net, doc, &f, err);
    if (code == DL_OK && m->rules)
        code = dl_name_rules(&spans, doc, &f, err);
    for (uint32_t i = 0; code == DL_OK && i < spans.n; i++) {
        const dl_name_span *s = &spans.p[i];
        dl_mention *mention = DL_PUSH(doc->a, &doc->mentions);

        if (!mention)
            return dl_fail(err, DL_LIMIT, "mentions", DL_NO_PLACE, "the arena is full");
        *mention = (dl_mention){.span = {doc->toks.p[s->first_tok].span.start, doc->toks.p[s->first_tok + s->n_toks - 1].span.end},
                                .sent = s->sent,
                                .first_tok = s->first_tok,
                                .n_toks = s->n_toks,
                                .ent = DL_NONE,
                                .type = (dl_ent_type)s->type,
                                .form = DL_FORM_NAME,
                                .confidence = calibrated(m->net, s->marginal)};
    }
    return code;
}

static dl_code run(const void *self, dl_doc *doc, dl_error *err)
{
    return dl_mentions_run(self, doc, err);
}

const dl_stage_ops dl_mentions_ops = {
    .name = "mentions",
    .reads = DL_LAYER_TOKENS | DL_LAYER_WORDS,
    .writes = DL_LAYER_MENTIONS,
    .run = run,
};
