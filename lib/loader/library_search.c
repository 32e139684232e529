/* library_search - the file that the dynamic loader would take for the name of a library. */
#include "loader/library_search.h"
#include "loader/loader_cache.h"
#include "loader/native.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ASKERS_MAX 64 /* a chain without an end is a mistake of ours */

static const char *const system_folders =
    "/lib/" NATIVE_TRIPLET ":/usr/lib/" NATIVE_TRIPLET ":/lib64:/usr/lib64:/lib:/usr/lib";

/* Below a folder; "" first. */
static const char *const variants[] = {"",
#if defined(__x86_64__)
                                       "/glibc-hwcaps/x86-64-v2", "/glibc-hwcaps/x86-64-v3",
                                       "/glibc-hwcaps/x86-64-v4"
#endif
};

void library_asker_from(const struct elf_file *file, const char *path,
                        const struct library_asker *loader, struct library_asker *ret)
{
    *ret = (struct library_asker){.loader = loader, .path = path};
    for (const ElfW(Dyn) *entry = file->dynamic; entry && entry->d_tag != DT_NULL; entry++) {
        if (entry->d_tag == DT_RUNPATH)
            ret->runpath = elf_file_string(file, entry);
        else if (entry->d_tag == DT_RPATH)
            ret->rpath = elf_file_string(file, entry);
    }
    if (ret->runpath)
        ret->rpath = NULL;
}

/* The folder (length bytes) with $ORIGIN replaced by that of the file `origin`. */
static bool expand(const char *folder, size_t length, const char *origin, char *ret)
{
    static const char *const marks[] = {"$ORIGIN", "${ORIGIN}"};
    const char *slash = origin ? strrchr(origin, '/') : NULL, *end = folder + length;
    size_t used = 0;

    while (folder < end) {
        const char *from = folder++;
        size_t size = 1;
        for (size_t i = 0; *from == '$' && i < 2; i++) {
            size_t mark = strlen(marks[i]);
            if ((size_t)(end - from) < mark || strncmp(from, marks[i], mark) != 0)
                continue;
            folder = from + mark;
            from = slash ? origin : "";
            size = slash ? (size_t)(slash - origin) : 0;
        }
        if ((size == 1 && *from == '$') || size == 0 || used + size >= PATH_MAX)
            return false; /* $LIB, $PLATFORM */
        memcpy(ret + used, from, size);
        used += size;
    }
    ret[used] = '\0';
    return true;
}

static bool in_folder(const char *folder, size_t length, const char *origin, const char *name,
                      char *path)
{
    size_t used;

    if (!length) /* the working directory */
        snprintf(path, PATH_MAX, ".");
    else if (!expand(folder, length, origin, path))
        return false;
    used = strlen(path);
    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        if (snprintf(path + used, PATH_MAX - used, "%s/%s", variants[i], name) <
                (int)(PATH_MAX - used) &&
            elf_file_is_native(path))
            return true;
    return false;
}

static bool in_list(const char *folders, const char *origin, const char *name, char *path)
{
    while (folders && *folders) {
        size_t length = strcspn(folders, ":;");
        if (in_folder(folders, length, origin, name, path))
            return true;
        folders += length + (folders[length] != '\0');
    }
    return false;
}

static bool in_rpaths(const char *name, const struct library_asker *asker, char *path)
{
    if (asker && asker->runpath)
        return false;
    for (int i = 0; asker && i < ASKERS_MAX; asker = asker->loader, i++)
        if (in_list(asker->rpath, asker->path, name, path))
            return true;
    return false;
}

static bool search(const char *name, const struct library_asker *asker, char *path)
{
    if (strchr(name, '/'))
        return snprintf(path, PATH_MAX, "%s", name) < PATH_MAX && elf_file_is_native(path);
    return in_rpaths(name, asker, path) || in_list(getenv("LD_LIBRARY_PATH"), NULL, name, path) ||
           (asker && in_list(asker->runpath, asker->path, name, path)) ||
           (loader_cache_find(name, path) && elf_file_is_native(path)) ||
           in_list(system_folders, NULL, name, path);
}

bool library_search(const char *name, const struct library_asker *asker, char *path)
{
    int saved = errno;
    bool found = *name && search(name, asker, path);

    errno = saved;
    return found;
}
