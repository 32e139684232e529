/* sanitizer - the runtimes of sanitizers, which stand in front of every other preloaded library. */
#include "run/sanitizer.h"

#include "loader/library_search.h"
#include "loader/loader_cache.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* libasan.so.8 of gcc; libclang_rt.asan-x86_64.so, libclang_rt.ubsan_standalone.so of clang. */
static bool is_runtime_of(const char *name, const char *kind)
{
    static const char gcc[] = "lib", clang[] = "libclang_rt.";
    size_t length = strlen(kind);
    bool is_clang = strncmp(name, clang, sizeof clang - 1) == 0;
    if (!is_clang && strncmp(name, gcc, sizeof gcc - 1) != 0)
        return false;
    name += is_clang ? sizeof clang - 1 : sizeof gcc - 1;
    if (strncmp(name, kind, length) != 0)
        return false;
    name += length;
    return strncmp(name, ".so", 3) == 0 || (is_clang && strchr("-_", *name) && strstr(name, ".so"));
}

static bool is_runtime_name(const char *name)
{
    static const char *const kinds[] = {"asan", "hwasan", "lsan", "memprof", "msan",
                                        "nsan", "rtsan",  "tsan", "tysan",   "ubsan"};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (is_runtime_of(name, kinds[i]))
            return true;
    return false;
}

/* AddressSanitizer's alone: the others don't mind us in front, and libtsan would end every shell
   that the program starts. */
static bool must_be_first(const char *name)
{
    return is_runtime_of(name, "asan") || is_runtime_of(name, "hwasan");
}

/* The user may have told it not to insist, for the sake of what the program starts. */
static bool does_not_insist(void)
{
    static const char *const said[] = {"verify_asan_link_order=0", "verify_asan_link_order=false",
                                       "verify_asan_link_order=no"};
    const char *options = getenv("ASAN_OPTIONS");
    for (size_t i = 0; options && i < sizeof said / sizeof said[0]; i++)
        if (strstr(options, said[i]))
            return true;
    return false;
}

bool sanitizer_is_runtime(const char *item, size_t length)
{
    char path[PATH_MAX];
    if (length >= sizeof path)
        return false;
    memcpy(path, item, length);
    path[length] = '\0';
    return is_runtime_name(base_name(path));
}

static bool list_has(const char *list, const char *name)
{
    size_t wanted = strlen(name);
    while (list && *(list += strspn(list, PRELOAD_SEPARATORS))) {
        size_t length = strcspn(list, PRELOAD_SEPARATORS);
        const char *end = list + length;
        if (length >= wanted && strncmp(end - wanted, name, wanted) == 0 &&
            (length == wanted || end[-(ptrdiff_t)wanted - 1] == '/'))
            return true;
        list = end;
    }
    return false;
}

/* What stands for the library that the program will get under this name; false when the loader
   would not find it, or when its path cannot stand in a list. */
static bool entry_for(const char *name, const struct library_asker *program, char *path)
{
    char cached[PATH_MAX];
    const char *library_path = getenv("LD_LIBRARY_PATH");
    if (!library_search(name, program, path) || strpbrk(path, PRELOAD_SEPARATORS "$"))
        return false;
    /* As for our own entry: LD_LIBRARY_PATH comes first, and children may change it. */
    if ((!library_path || !*library_path) && loader_cache_find(name, cached) &&
        strcmp(cached, path) == 0)
        snprintf(path, PATH_MAX, "%s", name);
    return true;
}

static bool append(char **list, const char *entry)
{
    char *longer = NULL;
    if (asprintf(&longer, "%s%s:", *list, entry) < 0)
        return false;
    free(*list);
    *list = longer;
    return true;
}

char *sanitizer_runtimes(const char *program, const char *list)
{
    struct elf_file file;
    struct library_asker asker;
    char path[PATH_MAX];
    char *runtimes = strdup("");
    if (does_not_insist())
        return runtimes;
    if (!elf_file_read(program, &file))
        file.dynamic = NULL;
    library_asker_from(&file, program, NULL, &asker);
    for (const ElfW(Dyn) *entry = file.dynamic; entry && entry->d_tag != DT_NULL; entry++) {
        const char *name = entry->d_tag == DT_NEEDED ? elf_file_string(&file, entry) : "";
        if (!must_be_first(base_name(name)) || list_has(list, base_name(name)) ||
            !entry_for(name, &asker, path))
            continue;
        if (runtimes && !append(&runtimes, path)) {
            free(runtimes);
            runtimes = NULL;
        }
    }
    elf_file_free(&file);
    return runtimes;
}
