/* interpolate: ${VAR} and ${VAR:-default} inside one value.
 *
 * ${VAR}            the variable; an error where it is not set
 * ${VAR:-text}      the variable, or `text` (up to the next brace) where it is not set or empty
 * $${               a literal ${
 * What is put in is not looked through again. */
#ifndef DL_INTERPOLATE_H
#define DL_INTERPOLATE_H

#include "pipeline/base/arena.h"
#include "pipeline/base/err.h"

/* *out: `value` itself where nothing is to be replaced, else in arena. env as environ; NULL: nothing is set.
 * DL_BAD_INPUT: a variable that is not set, or a brace that is not closed; the message names the variable and nothing of the value. */
dl_code dl_interpolate(dl_str *out, dl_arena *a, dl_str value, char *const *env, dl_error *err);

/* Value of a variable; NULL where it is not set. Borrows env. */
const char *dl_env_get(char *const *env, dl_str name);

#endif
