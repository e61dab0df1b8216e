/* Quotas of control groups, read from a tree of files made for each case. */
#include "consumer/cores.h"

#include "support/check.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define V2(group) "/sys/fs/cgroup" group "/cpu.max"
#define V1(group, file) "/sys/fs/cgroup/cpu" group "/cpu.cfs_" file "_us"

static const struct {
    const char *name, *groups;
    struct {
        const char *path, *text;
    } files[4];
    uint32_t want;
} cases[] = {
    {"no control groups", NULL, {{0}}, UINT32_MAX},
    {"version 2, no limit", "0::/\n", {{V2(""), "max 100000\n"}}, UINT32_MAX},
    {"version 2, two cores", "0::/\n", {{V2(""), "200000 100000\n"}}, 2},
    {"a part of a core counts as one", "0::/\n", {{V2(""), "150000 100000\n"}}, 2},
    {"less than a core", "0::/\n", {{V2(""), "1000 100000\n"}}, 1},
    {"own group", "0::/a/b\n", {{V2("/a/b"), "300000 100000\n"}}, 3},
    {"a group above is tighter", "0::/a/b\n", {{V2("/a/b"), "300000 100000\n"}, {V2("/a"), "100000 100000\n"}}, 1},
    {"a group above is wider", "0::/a/b\n", {{V2("/a/b"), "300000 100000\n"}, {V2("/a"), "max 100000\n"}, {V2(""), "900000 100000\n"}}, 3},
    {"the host's path, seen from a container", "0::/docker/1234\n", {{V2(""), "400000 100000\n"}}, 4},
    {"version 1", "4:cpu,cpuacct:/x\n0::/\n", {{V1("/x", "quota"), "250000\n"}, {V1("/x", "period"), "100000\n"}}, 3},
    {"version 1, no limit", "4:cpuacct,cpu:/\n", {{V1("", "quota"), "-1\n"}, {V1("", "period"), "100000\n"}}, UINT32_MAX},
    {"version 1, another controller", "4:cpuset:/\n", {{V1("", "quota"), "100000\n"}, {V1("", "period"), "100000\n"}}, UINT32_MAX},
    {"no period", "0::/\n", {{V2(""), "200000\n"}}, UINT32_MAX},
    {"a period of nothing", "0::/\n", {{V2(""), "200000 0\n"}}, UINT32_MAX},
    {"a quota of nothing", "0::/\n", {{V2(""), "0 100000\n"}}, 1},
    {"words for numbers", "0::/\n", {{V2(""), "many few\n"}}, UINT32_MAX},
    {"a number beyond all", "0::/\n", {{V2(""), "99999999999999999999999999 1\n"}}, UINT32_MAX},
    {"empty limit", "0::/\n", {{V2(""), ""}}, UINT32_MAX},
    {"lines without colons", "zero\n\n:\n", {{V2(""), "200000 100000\n"}}, UINT32_MAX},
    {"no newline at the end", "0::/", {{V2(""), "200000 100000"}}, 2},
};

/* Write a file and the directories above it. */
static void put(const char *root, const char *path, const char *text)
{
    char full[512];

    (void)snprintf(full, sizeof full, "%s%s", root, path);
    for (char *p = full + strlen(root) + 1; *p; p++)
        if (*p == '/') {
            *p = 0;
            (void)mkdir(full, 0700);
            *p = '/';
        }
    FILE *const f = fopen(full, "w");

    assert_non_null(f);
    (void)fputs(text, f);
    (void)fclose(f);
}

static void test_quota(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char root[] = "/tmp/test_cores.XXXXXX";
        char remove[64];

        assert_non_null(mkdtemp(root));
        if (cases[i].groups)
            put(root, "/proc/self/cgroup", cases[i].groups);
        for (size_t k = 0; k < 4 && cases[i].files[k].path; k++)
            put(root, cases[i].files[k].path, cases[i].files[k].text);
        check_u64(cases[i].name, dl_cores_quota(root), cases[i].want);
        (void)snprintf(remove, sizeof remove, "rm -rf %s", root);
        assert_int_equal(system(remove), 0);
    }
}

static void test_at_least_one(void **state)
{
    (void)state;
    assert_in_range(dl_cores(), 1, (uint32_t)sysconf(_SC_NPROCESSORS_CONF));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quota),
        cmocka_unit_test(test_at_least_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
