/* main: which verb is it? */
#include "commands.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *what;
} verbs[] = {
    {"run", NULL, "the service: Kafka in, Kafka out (--embedded: with a broker of its own)"},
};

int main(int argc, char **argv)
{
    (void)argc, (void)argv;
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
        printf("  %-10s %s\n", verbs[i].name, verbs[i].what);
    return DL_EXIT_USAGE;
}
