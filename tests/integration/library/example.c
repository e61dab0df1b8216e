/* The smallest program that uses libdateline: an article from standard input, its record to standard output. It is C and C++.
 *
 *     cc example.c -o example $(pkg-config --cflags --libs --static dateline)
 *     ./example MODELS_DIR < article.json */
#include <dateline.h>

#include <stdio.h>

int main(int argc, char **argv)
{
    static char article[1 << 20];
    char why[DATELINE_ERROR_BYTES];
    dateline_options options = {sizeof options, argc > 1 ? argv[1] : NULL, NULL, DATELINE_CODEPOINT, 0, 0};
    dateline_engine *engine;
    const char *json;
    size_t n_json, n = fread(article, 1, sizeof article, stdin);

    if (dateline_open(&engine, &options, why) != DATELINE_OK) {
        fprintf(stderr, "%s\n", why);
        return 2;
    }
    dateline_session *session = dateline_session_new(engine);
    int failed = !session || dateline_annotate(session, article, n, &json, &n_json, why) != DATELINE_OK;

    if (!failed)
        puts(json);
    else if (session)
        fprintf(stderr, "%s\n", why);
    dateline_session_free(session);
    dateline_close(engine);
    return failed;
}
