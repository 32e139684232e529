/* dependencies - would opening a shared object bring in a new user of libcurl? */
#include "bind/dependencies.h"
#include "bind/elf_file.h"
#include "bind/loaded.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 256u

/* Files still to be read, each once. */
struct walk {
    struct loaded loaded;
    char *paths[FILES_MAX];
    size_t count;
};

static bool is_libcurl_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    return strncmp(slash ? slash + 1 : name, "libcurl", 7) == 0;
}

static bool is_loaded(const struct walk *walk, const char *name)
{
    for (size_t i = 0; i < walk->loaded.count; i++) {
        const struct loaded_object *object = &walk->loaded.items[i];
        const char *slash = strrchr(object->name, '/');
        if ((object->soname && strcmp(object->soname, name) == 0) ||
            strcmp(object->name, name) == 0 || (slash && strcmp(slash + 1, name) == 0))
            return true;
    }
    return false;
}

static void add_path(struct walk *walk, const char *path)
{
    for (size_t i = 0; i < walk->count; i++)
        if (strcmp(walk->paths[i], path) == 0)
            return;
    if (walk->count < FILES_MAX && (walk->paths[walk->count] = strdup(path)) != NULL)
        walk->count++;
}

/* folder (length bytes, $ORIGIN in front allowed) + "/" + name, if there is such a file. */
static bool add_from_folder(struct walk *walk, const char *folder, size_t length,
                            const char *origin, const char *name)
{
    static const char *const marks[] = {"$ORIGIN", "${ORIGIN}"};
    const char *slash = origin ? strrchr(origin, '/') : NULL;
    char path[PATH_MAX];
    int prefix = 0;

    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        size_t mark = strlen(marks[i]);
        if (length < mark || strncmp(folder, marks[i], mark) != 0)
            continue;
        if (!slash)
            return false;
        prefix = (int)(slash - origin);
        folder += mark;
        length -= mark;
        break;
    }
    if (length >= sizeof(path) ||
        snprintf(path, sizeof(path), "%.*s%.*s/%s", prefix, origin ? origin : "", (int)length,
                 folder, name) >= (int)sizeof(path) ||
        access(path, R_OK) != 0)
        return false;
    add_path(walk, path);
    return true;
}

static bool add_from_list(struct walk *walk, const char *folders, const char *origin,
                          const char *name)
{
    while (folders && *folders) {
        size_t length = strcspn(folders, ":;");
        if (length && add_from_folder(walk, folders, length, origin, name))
            return true;
        folders += length + (folders[length] != '\0');
    }
    return false;
}

/* Where the loader would find a bare name, nearly: the RUNPATH of who asks, LD_LIBRARY_PATH, and
   the folder that libc came from instead of the loader's cache. */
static void add_by_name(struct walk *walk, const char *name, const char *runpath,
                        const char *origin)
{
    if (strchr(name, '/')) {
        add_path(walk, name);
        return;
    }
    if (is_loaded(walk, name) || add_from_list(walk, runpath, origin, name) ||
        add_from_list(walk, getenv("LD_LIBRARY_PATH"), NULL, name))
        return;
    for (size_t i = 0; i < walk->loaded.count; i++) {
        const struct loaded_object *object = &walk->loaded.items[i];
        const char *slash = strrchr(object->name, '/');
        if (slash && strncmp(loaded_base_name(object), "libc.", 5) == 0)
            add_from_folder(walk, object->name, (size_t)(slash - object->name), NULL, name);
    }
}

static const char *file_runpath(const struct elf_file *file)
{
    const char *runpath = NULL;

    for (const ElfW(Dyn) *entry = file->dynamic; entry->d_tag != DT_NULL; entry++)
        if (entry->d_tag == DT_RUNPATH || (entry->d_tag == DT_RPATH && !runpath))
            runpath = elf_file_string(file, entry);
    return runpath;
}

static bool is_versioned(const char *path)
{
    struct elf_file file;
    bool versioned = false;

    if (elf_file_read(path, &file))
        for (const ElfW(Dyn) *entry = file.dynamic; entry->d_tag != DT_NULL; entry++)
            versioned = versioned || entry->d_tag == DT_VERDEF;
    elf_file_free(&file);
    return versioned;
}

/* Two flavours in one scope are told apart by the versions of their symbols alone: where one has
   none, it is RTLD_DEEPBIND that keeps them from calling each other, and it must stay. */
static bool is_safe_beside_others(struct walk *walk, const char *libcurl, const char *runpath,
                                  const char *origin)
{
    size_t before = walk->count;
    bool others = false;

    for (size_t i = 0; i < walk->loaded.count; i++) {
        const struct loaded_object *object = &walk->loaded.items[i];
        if (!object->libcurl || strcmp(loaded_base_name(object), libcurl) == 0)
            continue;
        if (!object->versioned)
            return false;
        others = true;
    }
    if (!others || is_loaded(walk, libcurl))
        return true;
    add_by_name(walk, libcurl, runpath, origin);
    return walk->count > before && is_versioned(walk->paths[before]);
}

/* Reads one file; its dependencies join the walk. *ret_end: nothing more need be read. */
static bool needs_libcurl(struct walk *walk, const char *path, bool *ret_end)
{
    struct elf_file file;
    bool needs = false;

    if (elf_file_read(path, &file)) {
        const char *runpath = file_runpath(&file), *libcurl = NULL;
        for (const ElfW(Dyn) *entry = file.dynamic; entry->d_tag != DT_NULL; entry++) {
            const char *name = entry->d_tag == DT_NEEDED ? elf_file_string(&file, entry) : "";
            if (is_libcurl_name(name))
                libcurl = name;
            else if (*name)
                add_by_name(walk, name, runpath, path);
        }
        *ret_end = libcurl != NULL;
        needs = libcurl && is_safe_beside_others(walk, libcurl, runpath, path);
    }
    elf_file_free(&file);
    return needs;
}

static void add_first(struct walk *walk, const char *file)
{
    char program[PATH_MAX];
    const char *origin = walk->loaded.caller_name;

    if (origin && !*origin) { /* the loader knows the program by no name */
        ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
        program[length > 0 ? length : 0] = '\0';
        origin = program;
    }
    add_by_name(walk, file, walk->loaded.caller_runpath, origin);
}

bool dependencies_bring_libcurl(const char *file, const void *return_address)
{
    struct walk *walk = calloc(1, sizeof(*walk));
    bool found = false, end = false;

    if (!walk)
        return false;
    if (loaded_read(return_address, &walk->loaded))
        add_first(walk, file);
    for (size_t i = 0; i < walk->count && !end; i++)
        found = needs_libcurl(walk, walk->paths[i], &end);
    for (size_t i = 0; i < walk->count; i++)
        free(walk->paths[i]);
    loaded_free(&walk->loaded);
    free(walk);
    return found;
}
