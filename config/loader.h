/* loader: what the layers of one load share. Inside config/ only. */
#ifndef DL_LOADER_H
#define DL_LOADER_H

#include "option.h"

typedef struct dl_loader {
    const dl_config_sources *from;
    dl_config                cfg; /* being filled */
    dl_buf                  *report;
    uint32_t                 n_problems;
} dl_loader;

/* One line of the report; beyond 100 only the number grows. */
void dl_loader_problem(dl_loader *l, const dl_origin *at, dl_str key, const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Give a key its value, or say why not. */
void dl_loader_assign(dl_loader *l, const dl_origin *at, dl_str key, dl_str value);
void dl_loader_assign_items(dl_loader *l, const dl_origin *at, dl_str key, const dl_str *items, uint32_t n);

/* Is it the beginning of known keys ("input", "article.fields", "kafka.sasl")? */
bool dl_loader_is_section(dl_str key);

/* The file layer. `name` for origins; lives as long as the config. */
void dl_loader_read_yaml(dl_loader *l, const char *name, dl_str text);

#endif
