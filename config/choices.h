/* choices: the values of keys that take one of a few words. X(enum suffix, word in the file).
 * settings.c in consumer/ turns them into the types of those who use them. */
#ifndef DL_CHOICES_H
#define DL_CHOICES_H

#define DL_CONF_OFFSET_RESETS(X) X(EARLIEST, "earliest") X(LATEST, "latest") X(ERROR, "error")
#define DL_CONF_MESSAGE_FORMATS(X) X(JSON, "json") X(TEXT, "text")
#define DL_CONF_BODY_FORMATS(X) X(AUTO, "auto") X(TEXT, "text") X(HTML, "html")
#define DL_CONF_DAY_ORDERS(X) X(AUTO, "auto") X(MDY, "mdy") X(DMY, "dmy")
#define DL_CONF_OFFSET_UNITS(X) X(CODEPOINT, "codepoint") X(UTF16, "utf16") X(BYTE, "byte")
#define DL_CONF_LOG_LEVELS(X) X(DEBUG, "debug") X(INFO, "info") X(WARN, "warn") X(ERROR, "error")
#define DL_CONF_LOG_FORMATS(X) X(LOGFMT, "logfmt") X(JSON, "json")

#define X(id, word) DL_CONF_RESET_##id,
typedef enum dl_conf_offset_reset { DL_CONF_OFFSET_RESETS(X) } dl_conf_offset_reset;
#undef X
#define X(id, word) DL_CONF_MESSAGE_##id,
typedef enum dl_conf_message { DL_CONF_MESSAGE_FORMATS(X) } dl_conf_message;
#undef X
#define X(id, word) DL_CONF_BODY_##id,
typedef enum dl_conf_body { DL_CONF_BODY_FORMATS(X) } dl_conf_body;
#undef X
#define X(id, word) DL_CONF_DAYS_##id,
typedef enum dl_conf_day_order { DL_CONF_DAY_ORDERS(X) } dl_conf_day_order;
#undef X
#define X(id, word) DL_CONF_OFFSETS_##id,
typedef enum dl_conf_offsets { DL_CONF_OFFSET_UNITS(X) } dl_conf_offsets;
#undef X
#define X(id, word) DL_CONF_LOG_##id,
typedef enum dl_conf_log_level { DL_CONF_LOG_LEVELS(X) } dl_conf_log_level;
#undef X
#define X(id, word) DL_CONF_LOG_FORMAT_##id,
typedef enum dl_conf_log_format { DL_CONF_LOG_FORMATS(X) } dl_conf_log_format;
#undef X

#endif
