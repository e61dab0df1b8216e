#include "interpolate.h"

#include "pipeline/base/buf.h"

enum { MAX_VALUE = 1 << 20 };

const char *dl_env_get(char *const *env, dl_str name)
{
    for (; env && *env; env++)
        if (strncmp(*env, name.p, name.n) == 0 && (*env)[name.n] == '=')
            return *env + name.n + 1;
    return NULL;
}

static size_t name_end(dl_str s, size_t at)
{
    if (at < s.n && dl_is_digit(s.p[at]))
        return at;
    while (at < s.n && (dl_is_alnum(s.p[at]) || s.p[at] == '_'))
        at++;
    return at;
}

/* Replace the reference that begins at `at` ("${"); returns the byte behind it, 0 after an error. */
static size_t replace(dl_buf *to, dl_str s, size_t at, char *const *env, dl_error *err)
{
    const size_t end = name_end(s, at + 2);
    const dl_str name = dl_str_sub(s, at + 2, end);
    const dl_str rest = dl_str_sub(s, end, s.n);
    const bool has_default = dl_str_starts(rest, DL_LIT(":-"));
    const char *const close = memchr(rest.p, '}', rest.n);

    if (name.n == 0 || !close || (!has_default && rest.p[0] != '}')) {
        (void)dl_fail(err, DL_BAD_INPUT, "config", at, "${ is not followed by NAME} or NAME:-default}; write $${ for a plain ${");
        return 0;
    }
    const char *const value = dl_env_get(env, name);

    if (!value && !has_default) {
        (void)dl_fail(err, DL_BAD_INPUT, "config", at, "environment variable %.*s is not set; ${%.*s:-default} would give it a default", (int)(name.n < 40 ? name.n : 40),
                      name.p, (int)(name.n < 40 ? name.n : 40), name.p);
        return 0;
    }
    if (value && (*value || !has_default))
        dl_buf_add(to, dl_str_of(value));
    else
        dl_buf_add(to, dl_str_sub(rest, 2, (size_t)(close - rest.p)));
    return (size_t)(close - s.p) + 1;
}

dl_code dl_interpolate(dl_str *out, dl_arena *a, dl_str value, char *const *env, dl_error *err)
{
    dl_buf to = {0};
    dl_code code = DL_OK;

    if (!memchr(value.p, '$', value.n)) {
        *out = value;
        return DL_OK;
    }
    for (size_t i = 0; i < value.n && code == DL_OK;) {
        const dl_str rest = dl_str_sub(value, i, value.n);

        if (dl_str_starts(rest, DL_LIT("$${"))) {
            dl_buf_add(&to, DL_LIT("${"));
            i += 3;
        } else if (dl_str_starts(rest, DL_LIT("${"))) {
            i = replace(&to, value, i, env, err);
            if (i == 0)
                code = DL_BAD_INPUT;
        } else
            dl_buf_byte(&to, value.p[i++]);
        if (to.n > MAX_VALUE)
            code = dl_fail(err, DL_BAD_INPUT, "config", i, "longer than %d bytes once its variables are filled in", MAX_VALUE);
    }
    if (code == DL_OK) {
        const dl_str copy = dl_arena_str(a, dl_buf_str(&to));

        if (to.failed || !copy.p)
            code = dl_fail(err, DL_FATAL, "config", DL_NO_PLACE, "out of memory");
        else
            *out = copy;
    }
    dl_buf_free(&to);
    return code;
}
