/* loader_cache - which file the dynamic loader's cache has for a bare library name. dlopen would
   answer by the search path of this program itself, so the cache is read. */
#include "loader/loader_cache.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CACHE_FILE "/etc/ld.so.cache"
#define CACHE_MAGIC "glibc-ld.so.cache1.1"
#define CACHE_MAX ((off_t)64 << 20)
#if defined(__x86_64__)
#define OUR_FLAGS 0x0303 /* ELF, libc6, x86-64 */
#elif defined(__aarch64__)
#define OUR_FLAGS 0x0a03 /* ELF, libc6, AArch64 */
#elif defined(__i386__)
#define OUR_FLAGS 0x0003 /* ELF, libc6 */
#endif

/* As glibc writes it (sysdeps/generic/dl-cache.h); offsets count from the header. */
struct cache_header {
    char magic[20];
    uint32_t count;
    uint32_t strings_size;
    uint8_t flags, padding[3];
    uint32_t extension, unused[3];
};
struct cache_entry {
    int32_t flags;
    uint32_t name, path;
    uint32_t os_version;
    uint64_t hwcap; /* 0: for every processor */
};

/* A string of the cache, NULL when it does not end inside the file. */
static const char *string_at(const char *cache, size_t size, uint32_t offset)
{
    if (offset >= size || !memchr(cache + offset, '\0', size - offset))
        return NULL;
    return cache + offset;
}

/* Builds for some processors only (glibc-hwcaps) stand beside the one for all. */
static const char *search(const char *cache, size_t size, const char *name)
{
    struct cache_header header;
    const char *for_some = NULL;
    if (size < sizeof header)
        return NULL;
    memcpy(&header, cache, sizeof header);
    size_t room = (size - sizeof header) / sizeof(struct cache_entry);
    if (memcmp(header.magic, CACHE_MAGIC, sizeof header.magic) != 0 || header.count > room)
        return NULL;
    for (uint32_t i = 0; i < header.count; i++) {
        struct cache_entry entry;
        memcpy(&entry, cache + sizeof header + i * sizeof entry, sizeof entry);
        const char *key = string_at(cache, size, entry.name);
        if (entry.flags != OUR_FLAGS || !key || strcmp(key, name) != 0)
            continue;
        const char *file = string_at(cache, size, entry.path);
        if (file && entry.hwcap == 0)
            return file;
        for_some = for_some ? for_some : file;
    }
    return for_some;
}

/* Not mapped: a file that shrinks under a mapping would kill the program. */
static char *read_cache(size_t *ret_size)
{
    int fd = open(CACHE_FILE, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return NULL;
    off_t size = lseek(fd, 0, SEEK_END);
    char *cache = size > 0 && size <= CACHE_MAX ? malloc((size_t)size) : NULL;
    ssize_t got = cache ? pread(fd, cache, (size_t)size, 0) : 0;
    close(fd);
    *ret_size = got > 0 ? (size_t)got : 0;
    return cache;
}

bool loader_cache_find(const char *name, char *path)
{
    size_t size = 0;
    char *cache = read_cache(&size);
    const char *file = cache ? search(cache, size, name) : NULL;
    bool found = file && snprintf(path, PATH_MAX, "%s", file) < PATH_MAX;
    free(cache);
    return found;
}
