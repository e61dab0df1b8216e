/* check: cmocka with the headers it wants, and assertions that print wanted against got. */
#ifndef DL_TEST_CHECK_H
#define DL_TEST_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pipeline/base/err.h"
#include "pipeline/base/str.h"

/* Fails with `name`, wanted and got where they differ. */
void check_str(const char *name, dl_str got, const char *want);
void check_u64(const char *name, uint64_t got, uint64_t want);

/* Fails with the error's text where code is not DL_OK. */
void check_ok(const char *name, dl_code code, const dl_error *err);

/* The path of a file of ../shared/data where that folder is there, else NULL: the test then says so and skips. */
const char *shared_data(const char *relative);

#endif
