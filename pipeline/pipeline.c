#include "pipeline.h"

void dl_pipeline_init(dl_pipeline *p, dl_clock_fn *now_ns)
{
    *p = (dl_pipeline){.layers = DL_LAYER_RAW, .now_ns = now_ns};
}

dl_code dl_pipeline_add(dl_pipeline *p, const dl_stage_ops *ops, const void *self, dl_error *err)
{
    if (p->n == DL_MAX_STAGES)
        return dl_fail(err, DL_FATAL, "pipeline", DL_NO_PLACE, "more than %d stages", DL_MAX_STAGES);
    if (ops->reads & ~p->layers)
        return dl_fail(err, DL_FATAL, "pipeline", DL_NO_PLACE, "stage \"%s\" reads what no stage before it writes (layers %#x)",
                       ops->name, (unsigned)(ops->reads & ~p->layers));
    p->stages[p->n].ops = ops;
    p->stages[p->n++].self = self;
    p->layers |= ops->writes;
    return DL_OK;
}

dl_code dl_pipeline_run(const dl_pipeline *p, dl_doc *doc, dl_error *err)
{
    uint64_t before = p->now_ns ? p->now_ns() : 0;

    for (uint32_t i = 0; i < p->n; i++) {
        const dl_stage_ops *ops = p->stages[i].ops;

        if (doc->unsupported && !ops->any_language)
            continue;
        dl_code code = ops->run(p->stages[i].self, doc, err);

        if (p->now_ns) {
            uint64_t after = p->now_ns();

            doc->stage_ns[i] = after - before;
            before = after;
        }
        if (code != DL_OK)
            return code;
    }
    return DL_OK;
}
