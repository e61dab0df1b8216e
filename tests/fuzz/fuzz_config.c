/* Any bytes as a configuration file, and what stands behind a byte 0xFF as --set: refused with a report, or loaded with every value in
 * its bounds; what is written of a loaded configuration loads again as the same. */
#include "config/option.h"
#include "config/reference.h"

#include <stdlib.h>
#include <string.h>

static char *env[] = {(char *)"HOST=kafka:9092", (char *)"EMPTY=", (char *)"DATELINE_LOG__LEVEL=warn", NULL};

static dl_code load(dl_config *cfg, dl_str yaml, const char *set, char *const *vars, dl_buf *report)
{
    const dl_config_text text = {"f.yaml", yaml};
    const dl_config_sources from = {.texts = &text, .n_texts = 1, .env = vars, .sets = &set, .n_sets = set != NULL};
    dl_error err;

    return dl_config_load(cfg, &from, report, &err);
}

static void expect_same(const dl_config *a, const dl_config *b, const dl_option *opt)
{
    dl_buf x = {0}, y = {0};

    dl_option_write(a, opt, &x);
    dl_option_write(b, opt, &y);
    if (!dl_str_eq(dl_buf_str(&x), dl_buf_str(&y)))
        abort();
    dl_buf_free(&x);
    dl_buf_free(&y);
}

/* The value written, read alone, is within the bounds of options.def: that is what reading checks. */
static void expect_reads_back(const dl_config *cfg)
{
    dl_buf written = {0}, report = {0};
    dl_config again;

    dl_config_write(cfg, &written);
    if (load(&again, dl_buf_str(&written), NULL, NULL, &report) != DL_OK)
        abort();
    for (uint32_t i = 0; i < DL_N_OPTIONS; i++)
        expect_same(cfg, &again, &dl_options[i]);
    if (cfg->kafka.n != again.kafka.n)
        abort();
    dl_config_free(&again);
    dl_buf_free(&written);
    dl_buf_free(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    const uint8_t *const cut = n ? memchr(data, 0xFF, n) : NULL;
    const size_t yaml_n = cut ? (size_t)(cut - data) : n;
    char *const set = cut ? strndup((const char *)cut + 1, n - yaml_n - 1) : NULL;
    dl_buf report = {0};
    dl_config cfg;

    if (load(&cfg, (dl_str){(const char *)data, yaml_n}, set, env, &report) == DL_OK) {
        if (report.n)
            abort();
        expect_reads_back(&cfg);
        dl_config_free(&cfg);
    } else if (report.n == 0 || report.p[report.n - 1] != '\n')
        abort();
    dl_buf_free(&report);
    free(set);
    return 0;
}
