#include "fault.h"

#include <cjson/cJSON.h>
#include <libxml/xmlerror.h>
#include <libxml/xmlmemory.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t n);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *p, size_t n);
void *__wrap_malloc(size_t n);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *p, size_t n);

static _Thread_local size_t fail_at, counted;
static _Thread_local bool   armed, hit;

static bool fails(void)
{
    if (!armed || ++counted != fail_at)
        return false;
    return hit = true;
}

void *__wrap_malloc(size_t n)
{
    return fails() ? NULL : __real_malloc(n);
}

void *__wrap_calloc(size_t n, size_t size)
{
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *p, size_t n)
{
    return fails() ? NULL : __real_realloc(p, n);
}

void fault_begin(size_t n)
{
    fail_at = n;
    counted = 0;
    hit = false;
    armed = true;
}

bool fault_end(void)
{
    armed = false;
    return hit;
}

size_t fault_counted(void)
{
    return counted;
}

static char *copy(const char *s)
{
    char *p = malloc(strlen(s) + 1);

    return p ? memcpy(p, s, strlen(s) + 1) : NULL;
}

static void keep_quiet(void *self, const char *fmt, ...)
{
    (void)self, (void)fmt;
}

void fault_hook_libraries(void)
{
    cJSON_Hooks hooks = {__wrap_malloc, free};

    cJSON_InitHooks(&hooks);
    (void)xmlMemSetup(free, __wrap_malloc, __wrap_realloc, copy);
    xmlSetGenericErrorFunc(NULL, keep_quiet);
}

/* LeakSanitizer asks for this. libxml2 2.9.14 loses its handler table (256 bytes) where memory ends inside htmlNewParserCtxt; only a
 * test that fails an allocation gets there. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:htmlNewParserCtxt\n";
}
