/* handles - what a libcurl handle costs in memory: `handles [COUNT]` makes COUNT handles with a URL
   and a header each, frees them, and does it all again; prints the bytes in use for each live
   handle, and by how much the process grew from the second round to the last. */
#include <curl/curl.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { ROUNDS = 6 };

static size_t resident(void)
{
    unsigned long size, pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");

    if (!file || fscanf(file, "%lu %lu", &size, &pages) != 2)
        exit(2);
    fclose(file);
    return pages * (size_t)sysconf(_SC_PAGESIZE);
}

static size_t in_use(void)
{
    struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

/* Returns the bytes that each live handle takes. */
static size_t make_and_free(CURL **handles, size_t count, struct curl_slist *headers)
{
    size_t before = in_use(), each;

    for (size_t i = 0; i < count; i++) {
        handles[i] = curl_easy_init();
        if (!handles[i])
            exit(2);
        curl_easy_setopt(handles[i], CURLOPT_URL, "https://host.example.org/path");
        curl_easy_setopt(handles[i], CURLOPT_HTTPHEADER, headers);
    }
    each = (in_use() - before) / count;
    for (size_t i = 0; i < count; i++)
        curl_easy_cleanup(handles[i]);
    return each;
}

int main(int argc, char **argv)
{
    size_t count = argc > 1 ? strtoul(argv[1], NULL, 10) : 20000;
    CURL **handles = calloc(count, sizeof(*handles));
    struct curl_slist *headers;
    size_t each = 0, early = 0, late;

    if (!handles || !count)
        return 2;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    headers = curl_slist_append(NULL, "X-Case: handles");
    for (int round = 0; round < ROUNDS; round++) {
        size_t taken = make_and_free(handles, count, headers);
        if (round == 0) /* our tables are made then, and kept */
            each = taken;
        if (round == 1)
            early = resident();
    }
    late = resident();
    printf("%zu bytes each, grown by %ld\n", each, (long)late - (long)early);
    curl_slist_free_all(headers);
    free(handles);
    curl_global_cleanup();
    return 0;
}
