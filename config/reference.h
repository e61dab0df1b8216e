/* reference: options.def and a loaded configuration as text for people. */
#ifndef DL_REFERENCE_H
#define DL_REFERENCE_H

#include "config.h"

/* One line a key, for --help. */
void dl_reference_help(dl_buf *out);

/* config/default.yaml: every key with its default and what it does. */
void dl_reference_yaml(dl_buf *out);

/* config/OPTIONS.md */
void dl_reference_markdown(dl_buf *out);

/* The configuration in effect as YAML, each value with where it came from; secrets are masked. */
void dl_config_write(const dl_config *cfg, dl_buf *out);

/* "default", "news.yaml:3:10", "environment DATELINE_LOG__LEVEL", "--set" */
void dl_origin_write(const dl_origin *origin, dl_buf *out);

#endif
