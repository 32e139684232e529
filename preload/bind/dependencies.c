/* dependencies - what would opening a shared object bring in? */
#include "bind/dependencies.h"
#include "bind/clashes.h"
#include "bind/loaded.h"
#include "loader/elf_symbols.h"
#include "loader/library_search.h"
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FILES_MAX 256u

/* An object on disk, and where it looks for what it needs. */
struct found_file {
    char *path, *rpath, *runpath; /* the latter two may be NULL */
    struct library_asker asker;
};

/* Files still to be read, each once. */
struct dependency_walk {
    struct loaded loaded;
    struct found_file files[FILES_MAX];
    size_t count;
};

static bool is_libcurl_name(const char *name)
{
    const char *slash = strrchr(name, '/');
    return strncmp(slash ? slash + 1 : name, "libcurl", 7) == 0;
}

static bool is_loaded(const struct dependency_walk *walk, const char *name)
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

static void add_path(struct dependency_walk *walk, const char *path,
                     const struct library_asker *asker)
{
    struct found_file *found = &walk->files[walk->count];

    for (size_t i = 0; i < walk->count; i++)
        if (strcmp(walk->files[i].path, path) == 0)
            return;
    if (walk->count == FILES_MAX || (found->path = strdup(path)) == NULL)
        return;
    found->asker = (struct library_asker){.loader = asker, .path = found->path};
    walk->count++;
}

static void add_by_name(struct dependency_walk *walk, const char *name,
                        const struct library_asker *asker)
{
    char path[PATH_MAX];

    if ((strchr(name, '/') || !is_loaded(walk, name)) && library_search(name, asker, path))
        add_path(walk, path, asker);
}

/* What it says about its own libraries outlives the file's bytes. */
static void keep_paths(const struct elf_file *file, struct found_file *found)
{
    struct library_asker said;

    library_asker_from(file, NULL, NULL, &said);
    found->asker.rpath = found->rpath = said.rpath ? strdup(said.rpath) : NULL;
    found->asker.runpath = found->runpath = said.runpath ? strdup(said.runpath) : NULL;
}

/* Is there such a string among those of the file? NULL: one that looks like a version of libcurl's
   functions ("CURL_OPENSSL_4"). */
static bool names_version(const struct elf_file *file, const char *version)
{
    const char *end = file->strings + file->strings_size;

    for (const char *text = file->strings; text < end; text += strlen(text) + 1)
        if (version ? strcmp(text, version) == 0 : strncmp(text, "CURL_", 5) == 0)
            return true;
    return false;
}

/* Has it versions, and not this one? */
static bool is_of_other_version(const char *path, const char *version)
{
    struct elf_file file;
    bool versioned = false, same = true;

    if (elf_file_read(path, &file)) {
        for (const ElfW(Dyn) *entry = file.dynamic; entry->d_tag != DT_NULL; entry++)
            versioned = versioned || entry->d_tag == DT_VERDEF;
        same = names_version(&file, version);
    }
    elf_file_free(&file);
    return versioned && !same;
}

static const struct loaded_object *find_libcurl(const struct loaded *loaded, const char *name)
{
    for (size_t i = 0; i < loaded->count; i++)
        if (loaded->items[i].libcurl && strcmp(loaded_base_name(&loaded->items[i]), name) == 0)
            return &loaded->items[i];
    return NULL;
}

/* Can the user's references to its own libcurl (NULL: still to be loaded, from `path`) not mean
   this other one? */
static bool is_apart(const struct loaded_object *other, const struct elf_file *user,
                     const struct loaded_object *own, const char *path)
{
    if (!other->version || !names_version(user, NULL) || names_version(user, other->version))
        return false;
    if (own)
        return own->version && strcmp(own->version, other->version) != 0;
    return is_of_other_version(path, other->version);
}

/* Two flavours in one scope are told apart by the versions of their symbols alone: where one has
   none, where both have the same, or where the user asks for none, it is RTLD_DEEPBIND that says
   which one is called, and it must stay. */
static bool is_safe_beside_others(const struct elf_file *user, const char *libcurl,
                                  const struct library_asker *asker)
{
    const struct loaded_object *own;
    char path[PATH_MAX] = "";
    struct loaded loaded;
    bool safe = true;

    if (!loaded_read(NULL, true, &loaded))
        return false;
    own = find_libcurl(&loaded, libcurl);
    if (!own && !library_search(libcurl, asker, path))
        path[0] = '\0';
    for (size_t i = 0; i < loaded.count && safe; i++)
        safe = !loaded.items[i].libcurl || &loaded.items[i] == own ||
               is_apart(&loaded.items[i], user, own, path);
    loaded_free(&loaded);
    return safe;
}

/* Reads one file; its dependencies join the walk until libcurl is among them. */
static enum brought read_one(struct dependency_walk *walk, struct found_file *found)
{
    struct elf_file file;
    enum brought brought = BROUGHT_NOTHING;

    if (elf_file_read(found->path, &file)) {
        const char *libcurl = NULL;
        keep_paths(&file, found);
        for (const ElfW(Dyn) *entry = file.dynamic; entry->d_tag != DT_NULL; entry++) {
            const char *name = entry->d_tag == DT_NEEDED ? elf_file_string(&file, entry) : "";
            if (is_libcurl_name(name))
                libcurl = name;
            else if (*name)
                add_by_name(walk, name, &found->asker);
        }
        if (libcurl)
            brought = is_safe_beside_others(&file, libcurl, &found->asker) ? BROUGHT_LIBCURL
                                                                           : BROUGHT_LIBCURL_APART;
    }
    elf_file_free(&file);
    return brought;
}

static bool looks_names_up(const char *path)
{
    struct elf_symbols symbols;
    bool looks = elf_symbols_read(path, &symbols) &&
                 (elf_symbols_wants(&symbols, "dlsym") || elf_symbols_wants(&symbols, "dlopen"));
    elf_symbols_free(&symbols);
    return looks;
}

/* Its own dlsym and dlopen must be ours to serve what it looks up. Not those of the libraries that
   it needs: many of them open plugins of their own. */
static enum brought judge_lookups(const struct dependency_walk *walk, char *ret_clash)
{
    const char *paths[FILES_MAX];

    if (!walk->count || !looks_names_up(walk->files[0].path))
        return BROUGHT_NOTHING;
    for (size_t i = 0; i < walk->count; i++)
        paths[i] = walk->files[i].path;
    return clashes_find(paths, walk->count, ret_clash) ? BROUGHT_LOOKUPS_APART : BROUGHT_LOOKUPS;
}

/* An object of the process as one that asks for libraries; the loader knows the program by no
   name. */
static void read_asker(const char *name, const struct library_asker *loader, struct elf_file *file,
                       char *path, struct library_asker *ret)
{
    ssize_t length = *name ? 0 : readlink("/proc/self/exe", path, PATH_MAX - 1);

    if (length > 0) {
        path[length] = '\0';
        name = path;
    }
    if (elf_file_read(*name ? name : "/proc/self/exe", file))
        library_asker_from(file, *name ? name : NULL, loader, ret);
    else
        *ret = (struct library_asker){.loader = loader};
}

/* RPATHs of the program and of the caller count for what they bring, too. */
static enum brought judge(struct dependency_walk *walk, const char *name, char *ret_clash)
{
    const char *caller_name = walk->loaded.caller_name;
    struct elf_file program_file, caller_file = {0};
    struct library_asker program, caller;
    enum brought brought = BROUGHT_NOTHING;
    char path[PATH_MAX];

    read_asker("", NULL, &program_file, path, &program);
    caller = program;
    if (caller_name && *caller_name)
        read_asker(caller_name, &program, &caller_file, NULL, &caller);
    add_by_name(walk, name, &caller);
    for (size_t i = 0; i < walk->count && brought == BROUGHT_NOTHING; i++)
        brought = read_one(walk, &walk->files[i]);
    elf_file_free(&caller_file);
    elf_file_free(&program_file);
    return brought == BROUGHT_NOTHING ? judge_lookups(walk, ret_clash) : brought;
}

enum brought dependencies_judge(const char *file, const void *return_address, char *ret_clash)
{
    struct dependency_walk *walk = calloc(1, sizeof(*walk));
    enum brought brought = BROUGHT_NOTHING;

    *ret_clash = '\0';
    if (!walk)
        return brought;
    if (loaded_read(return_address, false, &walk->loaded))
        brought = judge(walk, file, ret_clash);
    for (size_t i = 0; i < walk->count; i++) {
        free(walk->files[i].path);
        free(walk->files[i].rpath);
        free(walk->files[i].runpath);
    }
    loaded_free(&walk->loaded);
    free(walk);
    return brought;
}
