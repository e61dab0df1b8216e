/* cld2: Compact Language Detector 2, a C++ library, for C. It allocates and frees within the call. */
#ifndef DL_CLD2_H
#define DL_CLD2_H

#include <stdbool.h>
#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct dl_cld2_guess {
    const char *code;    /* ISO 639, with script where two are in use ("zh-Hant"); static; NULL: unknown */
    double      share;   /* of the text, 0 to 1 */
    bool        reliable; /* by the library's own measure */
} dl_cld2_guess;

/* text: well-formed UTF-8 without control characters; the 16 bytes behind its n must be readable. hint: language code or NULL.
 * Thread: any. */
dl_cld2_guess dl_cld2_detect(const char *text, size_t n, const char *hint);

#ifdef __cplusplus
}
#endif

#endif
