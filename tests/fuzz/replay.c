/* replay: a fuzz target without libFuzzer. Runs it over each file of the directories named, so that every compiler's build replays the
 * corpora. */
#include "pipeline/base/buf.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static int replay_file(const char *path)
{
    dl_buf b = {0};
    dl_error err;

    if (dl_file_read(&b, path, (size_t)64 << 20, &err) != DL_OK) {
        (void)fprintf(stderr, "%s\n", err.msg);
        return 1;
    }
    (void)LLVMFuzzerTestOneInput((const uint8_t *)b.p, b.n);
    dl_buf_free(&b);
    return 0;
}

int main(int argc, char **argv)
{
    unsigned n = 0;

    for (int i = 1; i < argc; i++) {
        DIR *dir = opendir(argv[i]);

        for (struct dirent *entry; dir && (entry = readdir(dir)) != NULL;) {
            char path[4096];
            struct stat st;

            (void)snprintf(path, sizeof path, "%s/%s", argv[i], entry->d_name);
            if (stat(path, &st) != 0 || !S_ISREG(st.st_mode))
                continue;
            if (replay_file(path) != 0)
                return 1;
            n++;
        }
        if (dir)
            (void)closedir(dir);
    }
    (void)printf("%u inputs\n", n);
    return n == 0;
}
