#include "check.h"

#include <stdio.h>
#include <unistd.h>

void check_str(const char *name, dl_str got, const char *want)
{
    if (!dl_str_eq(got, dl_str_of(want)))
        fail_msg("%s\n  want: %s\n  got:  %.*s", name, want, DL_ARG(got));
}

void check_u64(const char *name, uint64_t got, uint64_t want)
{
    if (got != want)
        fail_msg("%s\n  want: %llu\n  got:  %llu", name, (unsigned long long)want, (unsigned long long)got);
}

void check_ok(const char *name, dl_code code, const dl_error *err)
{
    if (code != DL_OK)
        fail_msg("%s: %s: %s", name, err->where, err->msg);
}

const char *shared_data(const char *relative)
{
    static char path[4096];

    (void)snprintf(path, sizeof path, "../shared/data/%s", relative);
    return access(path, R_OK) == 0 ? path : NULL;
}
