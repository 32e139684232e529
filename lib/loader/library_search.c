/* library_search - the file that the dynamic loader would take for the name of a library. */
#include "loader/library_search.h"
#include "loader/loader_cache.h"
#include "loader/native.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

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

/* What a $-word in a folder may stand for. The loader was told the last two when it was built, or
   asks the processor, and says neither: each is tried. On x86-64 it is `haswell` on most
   processors. */
struct path_words {
    const char *origin; /* the file whose folder it is */
    const char *lib, *platform;
};
static const char *const libs[] = {("lib/" NATIVE_TRIPLET), "lib64", "lib"};

static const char *platform_of(size_t number)
{
#if defined(__x86_64__)
    static const char *const processors[] = {"haswell", "xeon_phi"};
    if (number < 2)
        return processors[number];
    number -= 2;
#endif
    return number == 0 ? (const char *)getauxval(AT_PLATFORM) : NULL;
}

static const char *skip_word(const char *text, const char *end, const char *word)
{
    size_t size = strlen(word);
    bool braces = end - text > 1 && text[1] == '{';

    text += braces ? 2 : 1;
    if ((size_t)(end - text) < size + braces || strncmp(text, word, size) != 0 ||
        (braces && text[size] != '}'))
        return NULL;
    return text + size + braces;
}

/* The value of the word at a $, and where the text goes on behind it; NULL: none that is known. */
static const char *value_at(const char **text, const char *end, const struct path_words *words,
                            size_t *ret_size)
{
    const char *slash = words->origin ? strrchr(words->origin, '/') : NULL, *behind, *value = NULL;

    if ((behind = skip_word(*text, end, "ORIGIN"))) {
        *text = behind;
        *ret_size = slash ? (size_t)(slash - words->origin) : 0;
        return *ret_size ? words->origin : NULL;
    }
    if ((behind = skip_word(*text, end, "LIB")))
        value = words->lib;
    else if ((behind = skip_word(*text, end, "PLATFORM")))
        value = words->platform;
    if (value) {
        *text = behind;
        *ret_size = strlen(value);
    }
    return value;
}

/* The folder (length bytes) with values for its $-words. */
static bool expand(const char *folder, size_t length, const struct path_words *words, char *ret)
{
    const char *end = folder + length;
    size_t used = 0;

    while (folder < end) {
        size_t size = 1;
        const char *from = *folder == '$' ? value_at(&folder, end, words, &size) : folder++;
        if (!from || used + size >= PATH_MAX)
            return false;
        memcpy(ret + used, from, size);
        used += size;
    }
    ret[used] = '\0';
    return true;
}

/* `path` holds the folder. */
static bool in_variants(const char *name, char *path)
{
    size_t used = strlen(path);

    for (size_t i = 0; i < sizeof variants / sizeof variants[0]; i++)
        if (snprintf(path + used, PATH_MAX - used, "%s/%s", variants[i], name) <
                (int)(PATH_MAX - used) &&
            elf_file_is_native(path))
            return true;
    return false;
}

static bool in_folder(const char *folder, size_t length, const char *origin, const char *name,
                      char *path)
{
    struct path_words words = {.origin = origin};
    bool has_words = memchr(folder, '$', length) != NULL;

    if (!length) { /* the working directory */
        snprintf(path, PATH_MAX, ".");
        return in_variants(name, path);
    }
    for (size_t i = 0; i < sizeof libs / sizeof libs[0]; i++) {
        words.lib = libs[i];
        for (size_t number = 0; (words.platform = platform_of(number)) || number == 0; number++) {
            if (expand(folder, length, &words, path) && in_variants(name, path))
                return true;
            if (!has_words)
                return false;
        }
    }
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
