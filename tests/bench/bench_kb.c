/* bench_kb [DIR]: how long the knowledge base takes to open, how long a look-up takes, and what it holds in memory.
 *
 * Look-ups: the names of 65,536 records of the file in a shuffled order, each found by key (the hash of its words at hand, as a stage has
 * it) and by text (folded and cut into words, too); the same of names that are not in it. Best and median of 9 rounds. */
#include "pipeline/lexicon/kb.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { NAMES = 1 << 16, ROUNDS = 9 };

static uint64_t now_ns(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

static void report(const char *what, double *t, double unit, const char *name)
{
    qsort(t, ROUNDS, sizeof *t, compare);
    printf("%-28s best %8.1f %s, median %8.1f %s\n", what, t[0] / unit, name, t[ROUNDS / 2] / unit, name);
}

static long resident_kb(const char *what)
{
    FILE *f = fopen("/proc/self/smaps_rollup", "r");
    char line[200];
    long kb = -1;

    while (f && fgets(line, sizeof line, f))
        if (strncmp(line, what, strlen(what)) == 0)
            kb = strtol(line + strlen(what), NULL, 10);
    if (f)
        (void)fclose(f);
    return kb;
}

typedef struct name {
    char     text[DL_KB_STRING_MAX];
    size_t   n;
    uint64_t key;
} name;

static uint64_t next(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return *seed >> 33;
}

static void pick(name *names, const dl_kb *kb)
{
    uint64_t seed = 1;

    for (uint32_t i = 0; i < NAMES; i++) {
        dl_kb_place place = {0};
        dl_kb_person person = {0};
        dl_name_words w;

        if (i % 2)
            (void)dl_kb_get_place(kb, (uint32_t)(next(&seed) % kb->places.n), &place);
        else
            (void)dl_kb_get_person(kb, (uint32_t)(next(&seed) % kb->people.n), &person);
        names[i].n = dl_kb_string(kb, i % 2 ? place.name : person.name, names[i].text);
        dl_name_words_of(&w, (dl_str){names[i].text, names[i].n});
        names[i].key = dl_kb_key(&w, 0, w.n);
    }
}

static uint64_t by_key(const dl_kb *kb, const name *names, uint64_t salt)
{
    uint64_t found = 0;

    for (uint32_t i = 0; i < NAMES; i++) {
        dl_kb_ref refs[DL_KB_MOST_READINGS];

        found += dl_kb_find_key(kb, names[i].key ^ salt, refs, DL_KB_MOST_READINGS) > 0;
    }
    return found;
}

static uint64_t by_text(const dl_kb *kb, const name *names, uint64_t salt)
{
    uint64_t found = salt;

    for (uint32_t i = 0; i < NAMES; i++) {
        dl_kb_ref refs[DL_KB_MOST_READINGS];

        found += dl_kb_find(kb, (dl_str){names[i].text, names[i].n}, refs, DL_KB_MOST_READINGS) > 0;
    }
    return found;
}

static void look_up(const char *what, uint64_t (*run)(const dl_kb *, const name *, uint64_t), const dl_kb *kb, const name *names, uint64_t salt)
{
    double t[ROUNDS];
    uint64_t found = 0;

    for (int r = 0; r < ROUNDS; r++) {
        uint64_t start = now_ns();

        found = run(kb, names, salt);
        t[r] = (double)(now_ns() - start) / NAMES;
    }
    report(what, t, 1, "ns");
    printf("%28s %llu of %d found\n", "", (unsigned long long)found, NAMES);
}

int main(int argc, char **argv)
{
    const char *dir = argc > 1 ? argv[1] : "models";
    double t[ROUNDS];
    dl_kb kb = {0};
    dl_error err;
    name *names = calloc(NAMES, sizeof *names);
    long before = resident_kb("Rss:");

    for (int r = 0; r < ROUNDS; r++) {
        uint64_t start = now_ns();

        dl_kb_close(&kb);
        if (!names || dl_kb_open(&kb, dir, &err) != DL_OK) {
            (void)fprintf(stderr, "%s\n", names ? err.msg : "out of memory");
            return 1;
        }
        t[r] = (double)(now_ns() - start);
    }
    report("open", t, 1e6, "ms");
    printf("%-28s %.1f MB resident, file pages shared by all processes\n", "memory", (double)(resident_kb("Rss:") - before) / 1000);
    pick(names, &kb);
    look_up("look-up by key", by_key, &kb, names, 0);
    look_up("look-up by key, strangers", by_key, &kb, names, 0x9E3779B97F4A7C15u);
    look_up("look-up by text", by_text, &kb, names, 0);
    dl_kb_close(&kb);
    free(names);
    return 0;
}
