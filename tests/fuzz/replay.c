/* replay - runs a harness over the files of a folder, without libFuzzer: the corpus as a test. */
#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>

static int replay_file(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return -1;
    size_t capacity = (size_t)1 << 20;
    char *bytes = malloc(capacity);
    size_t length = bytes ? fread(bytes, 1, capacity, file) : 0;
    fclose(file);
    if (!bytes)
        return -1;
    /* Exactly as large as the input, so that sanitizers see a byte too many. */
    char *exact = realloc(bytes, length > 0 ? length : 1);
    if (exact)
        LLVMFuzzerTestOneInput((const uint8_t *)exact, length);
    free(exact);
    return exact ? 0 : -1;
}

int main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    unsigned count = 0;
    if (!folder)
        return 2;
    for (struct dirent *entry; (entry = readdir(folder));) {
        char path[4096];
        if (entry->d_name[0] == '.')
            continue;
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (replay_file(path) != 0)
            return 1;
        count++;
    }
    closedir(folder);
    printf("%u files\n", count);
    return count > 0 ? 0 : 1;
}
