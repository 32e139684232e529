/* dependencies - would opening a shared object bring in a new user of libcurl? */
#include "dependencies.h"
#include "elf_file.h"
#include "objects.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 256u

/* Files still to be read, each once. */
struct walk {
    struct object_list loaded;
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
        const struct object *object = &walk->loaded.items[i];
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
        const struct object *object = &walk->loaded.items[i];
        const char *slash = strrchr(object->name, '/');
        if (slash && strncmp(object_base_name(object), "libc.", 5) == 0)
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

/* Reads one file; its dependencies join the walk. */
static bool needs_libcurl(struct walk *walk, const char *path)
{
    struct elf_file file;
    bool needs = false;

    if (elf_file_read(path, &file)) {
        for (const ElfW(Dyn) *entry = file.dynamic; entry->d_tag != DT_NULL && !needs; entry++)
            needs = entry->d_tag == DT_NEEDED && is_libcurl_name(elf_file_string(&file, entry));
        for (const ElfW(Dyn) *entry = file.dynamic; entry->d_tag != DT_NULL && !needs; entry++)
            if (entry->d_tag == DT_NEEDED)
                add_by_name(walk, elf_file_string(&file, entry), file_runpath(&file), path);
    }
    elf_file_free(&file);
    return needs;
}

static void add_first(struct walk *walk, const char *file, const void *return_address)
{
    long caller = object_at(&walk->loaded, return_address);
    const struct object *object = caller < 0 ? NULL : &walk->loaded.items[caller];
    char program[PATH_MAX];
    const char *origin = object ? object->name : NULL;

    if (origin && !*origin) { /* the loader knows the program by no name */
        ssize_t length = readlink("/proc/self/exe", program, sizeof(program) - 1);
        program[length > 0 ? length : 0] = '\0';
        origin = program;
    }
    add_by_name(walk, file, object ? object_runpath(object) : NULL, origin);
}

bool dependencies_bring_libcurl(const char *file, const void *return_address)
{
    struct walk *walk = calloc(1, sizeof(*walk));
    bool found = false;

    if (!walk)
        return false;
    object_list_read(&walk->loaded);
    if (!walk->loaded.failed)
        add_first(walk, file, return_address);
    for (size_t i = 0; i < walk->count && !found; i++)
        found = needs_libcurl(walk, walk->paths[i]);
    for (size_t i = 0; i < walk->count; i++)
        free(walk->paths[i]);
    object_list_free(&walk->loaded);
    free(walk);
    return found;
}
