#include "err.h"

#include <stdarg.h>
#include <stdio.h>

dl_code dl_fail(dl_error *err, dl_code code, const char *where, size_t at_byte, const char *fmt, ...)
{
    if (err) {
        va_list ap;

        err->code = code;
        err->where = where;
        err->at_byte = at_byte;
        va_start(ap, fmt);
        (void)vsnprintf(err->msg, sizeof err->msg, fmt, ap);
        va_end(ap);
    }
    return code;
}

const char *dl_code_name(dl_code code)
{
    switch (code) {
    case DL_OK: return "ok";
    case DL_BAD_INPUT: return "bad_input";
    case DL_LIMIT: return "limit";
    case DL_RETRY: return "retry";
    case DL_FATAL: return "fatal";
    }
    return "unknown";
}
