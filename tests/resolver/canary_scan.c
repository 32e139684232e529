/* canary_scan - looks for a word in all the memory that the process can write. */
#include "canary_scan.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAPS_BYTES = 256 * 1024 };

static char maps[MAPS_BYTES];

static size_t read_maps(void)
{
    size_t used = 0;
    int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
    for (ssize_t got = 1; fd >= 0 && got > 0 && used < sizeof maps - 1; used += (size_t)got) {
        got = read(fd, maps + used, sizeof maps - 1 - used);
        if (got < 0)
            got = 0;
    }
    if (fd >= 0)
        close(fd);
    maps[used] = '\0';
    return used;
}

static int is_word(const char *at, const char *changed, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if ((char)(at[i] + 1) != changed[i])
            return 0;
    return 1;
}

/* Read directly: a command that keeps its memory private may not open /proc/self/mem. */
__attribute__((no_sanitize_address)) static int scan(const char *from, const char *to,
                                                     const char *changed, size_t length)
{
    int found = 0;
    for (const char *at = from; at + length <= to; at++)
        if (is_word(at, changed, length)) {
            fprintf(stderr, "canary at %p: %.12s... \n", (const void *)at, at - 12);
            found++;
        }
    return found;
}

int canary_scan(void)
{
    const char *changed = getenv("CANARY");
    size_t length = changed ? strlen(changed) : 0;
    int found = 0;
    if (length == 0 || read_maps() == 0)
        return -1;
    for (char *line = maps; line && *line;
         line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
        char *end = NULL;
        unsigned long from = strtoul(line, &end, 16), to = strtoul(end + 1, &end, 16);
        if (strncmp(end, " rw", 3) == 0)
            found += scan((const char *)from, (const char *)to, changed, length);
    }
    return found;
}
