#include "cores.h"

#include "pipeline/base/buf.h"

#include <sched.h>
#include <stdio.h>

enum { FILE_MAX_BYTES = 65536, MAX_CPUS = 4096, PATH_BYTES = 4096 };

static bool read_text(dl_buf *out, const char *root, const char *dir, dl_str group, const char *file)
{
    char path[PATH_BYTES];
    const int n = snprintf(path, sizeof path, "%s%s%.*s/%s", root, dir, DL_ARG(group), file);

    return n > 0 && n < PATH_BYTES && dl_file_read(out, path, FILE_MAX_BYTES, NULL) == DL_OK;
}

/* The number at the start of s; false for "max", "-1" and anything else. */
static bool number(dl_str s, uint64_t *out)
{
    uint64_t v = 0;
    size_t i = 0;

    for (; i < s.n && i < 18 && dl_is_digit(s.p[i]); i++)
        v = v * 10 + (uint64_t)(s.p[i] - '0');
    *out = v;
    return i > 0;
}

static uint32_t cores(uint64_t quota_us, uint64_t period_us)
{
    const uint64_t n = period_us ? quota_us / period_us + (quota_us % period_us != 0) : UINT32_MAX;

    return n == 0 ? 1 : n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
}

/* cpu.max of version 2: "200000 100000" or "max 100000". */
static uint32_t quota_v2(const char *root, dl_str group)
{
    dl_buf text = {0};
    uint32_t n = UINT32_MAX;

    if (read_text(&text, root, "/sys/fs/cgroup", group, "cpu.max")) {
        const dl_str s = dl_buf_str(&text);
        const char *const gap = memchr(s.p, ' ', s.n);
        uint64_t quota, period;

        if (gap && number(s, &quota) && number(dl_str_sub(s, (size_t)(gap + 1 - s.p), s.n), &period))
            n = cores(quota, period);
    }
    dl_buf_free(&text);
    return n;
}

static uint32_t quota_v1(const char *root, dl_str group)
{
    static const char dir[] = "/sys/fs/cgroup/cpu";
    dl_buf quota_text = {0}, period_text = {0};
    uint64_t quota, period;
    uint32_t n = UINT32_MAX;

    if (read_text(&quota_text, root, dir, group, "cpu.cfs_quota_us") && read_text(&period_text, root, dir, group, "cpu.cfs_period_us") &&
        number(dl_buf_str(&quota_text), &quota) && number(dl_buf_str(&period_text), &period))
        n = cores(quota, period);
    dl_buf_free(&quota_text);
    dl_buf_free(&period_text);
    return n;
}

/* The group and those above it: a limit holds for all below. Inside a container the path of the host leads nowhere, and the root is the
 * container's own group. */
static uint32_t quota_upwards(const char *root, dl_str group, uint32_t (*quota)(const char *root, dl_str group))
{
    uint32_t least = UINT32_MAX;

    for (;;) {
        while (group.n && group.p[group.n - 1] == '/')
            group.n--;
        const uint32_t n = quota(root, group);

        if (n < least)
            least = n;
        if (group.n == 0)
            return least;
        while (group.n && group.p[group.n - 1] != '/')
            group.n--;
    }
}

/* Lines of /proc/self/cgroup: "0::/the/group" (version 2), "4:cpu,cpuacct:/the/group" (version 1). */
static uint32_t quota_of_line(const char *root, dl_str line)
{
    const char *const first = memchr(line.p, ':', line.n);
    const char *const second = first ? memchr(first + 1, ':', (size_t)(line.p + line.n - first - 1)) : NULL;

    if (!second)
        return UINT32_MAX;
    const dl_str controllers = {first + 1, (size_t)(second - first - 1)};
    const dl_str group = {second + 1, (size_t)(line.p + line.n - second - 1)};

    if (controllers.n == 0)
        return quota_upwards(root, group, quota_v2);
    if (dl_str_eq(controllers, DL_LIT("cpu")) || dl_str_starts(controllers, DL_LIT("cpu,")) || dl_str_ends(controllers, DL_LIT(",cpu")))
        return quota_upwards(root, group, quota_v1);
    return UINT32_MAX;
}

uint32_t dl_cores_quota(const char *root)
{
    dl_buf text = {0};
    uint32_t least = UINT32_MAX;

    if (read_text(&text, root, "/proc/self", (dl_str){0}, "cgroup"))
        for (size_t start = 0; start < text.n;) {
            const char *const nl = memchr(text.p + start, '\n', text.n - start);
            const size_t end = nl ? (size_t)(nl - text.p) : text.n;
            const uint32_t n = quota_of_line(root, (dl_str){text.p + start, end - start});

            if (n < least)
                least = n;
            start = end + 1;
        }
    dl_buf_free(&text);
    return least;
}

static uint32_t affinity(void)
{
    cpu_set_t *const set = CPU_ALLOC(MAX_CPUS);
    const size_t size = CPU_ALLOC_SIZE(MAX_CPUS);
    uint32_t n = 1;

    if (set && sched_getaffinity(0, size, set) == 0)
        n = (uint32_t)CPU_COUNT_S(size, set);
    if (set)
        CPU_FREE(set);
    return n ? n : 1;
}

uint32_t dl_cores(void)
{
    const uint32_t allowed = affinity(), quota = dl_cores_quota("");

    return quota < allowed ? quota : allowed;
}
