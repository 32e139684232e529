/* preload_env - our entry in LD_PRELOAD: where the library is, by which name the loader finds it,
   and the list with exactly one copy of it. */
#include "preload_env.h"

#include "loader_cache.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ld.so splits the list at spaces and colons. */
#define SEPARATORS " :"

static bool same_file(const char *one, const char *other)
{
    struct stat a, b;
    return stat(one, &a) == 0 && stat(other, &b) == 0 && a.st_dev == b.st_dev &&
           a.st_ino == b.st_ino;
}

/* Is the library in this directory? Then its path without links and dots in the directory. */
static bool find_in(const char *directory, char *path)
{
    char resolved[PATH_MAX];
    if (!realpath(directory, resolved))
        return false;
    int size = snprintf(path, PATH_MAX, "%s/" PRELOAD_NAME, resolved);
    struct stat status;
    return size < PATH_MAX && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

bool preload_find(char *path)
{
    static const char *const beside[] = {SYNAUTH_LIBDIR_FROM_BINDIR, "../lib"};
    char program[PATH_MAX], directory[2 * PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", program, sizeof program - 1);
    program[length > 0 ? length : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return find_in(SYNAUTH_LIBDIR, path);
    *slash = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        snprintf(directory, sizeof directory, "%s/%s", program, beside[i]);
        if (find_in(directory, path))
            return true;
    }
    return find_in(SYNAUTH_LIBDIR, path);
}

const char *preload_entry(const char *path)
{
    char cached[PATH_MAX];
    const char *library_path = getenv("LD_LIBRARY_PATH");
    /* LD_LIBRARY_PATH comes before the cache, and children may change it. */
    if ((!library_path || !*library_path) && loader_cache_find(PRELOAD_NAME, cached) &&
        same_file(cached, path))
        return PRELOAD_NAME;
    return strpbrk(path, SEPARATORS "$") ? NULL : path;
}

static bool is_our_name(const char *item, size_t length)
{
    size_t name = strlen(PRELOAD_NAME);
    if (length < name || strncmp(item + length - name, PRELOAD_NAME, name) != 0)
        return false;
    return length == name || item[length - name - 1] == '/';
}

/* Does this item of the list mean the copy at path already? */
static bool is_this_copy(const char *item, size_t length, const char *entry, const char *path)
{
    if (strlen(entry) == length && strncmp(item, entry, length) == 0)
        return true;
    char name[PATH_MAX];
    if (length >= sizeof name || item[0] != '/')
        return false;
    memcpy(name, item, length);
    name[length] = '\0';
    return same_file(name, path);
}

static bool list_has_ours(const char *list)
{
    for (const char *at = list + strspn(list, SEPARATORS); *at; at += strspn(at, SEPARATORS)) {
        size_t length = strcspn(at, SEPARATORS);
        if (is_our_name(at, length))
            return true;
        at += length;
    }
    return false;
}

static void append(char **end, const char *text, size_t length)
{
    memcpy(*end, text, length);
    *end += length;
}

/* Copies the list; the first item of ours becomes `entry` unless it is this copy, others go. */
static void copy_with_one(char *end, const char *list, const char *entry, const char *path)
{
    bool placed = false;
    while (*list) {
        size_t separators = strspn(list, SEPARATORS);
        const char *item = list + separators;
        size_t length = strcspn(item, SEPARATORS);
        bool ours = is_our_name(item, length);
        if (!ours || !placed) {
            append(&end, list, separators);
            if (ours && !is_this_copy(item, length, entry, path))
                append(&end, entry, strlen(entry));
            else
                append(&end, item, length);
        }
        placed = placed || ours;
        list = item + length;
    }
    *end = '\0';
}

char *preload_list(const char *current, const char *entry, const char *path)
{
    if (!current || !current[strspn(current, SEPARATORS)])
        return strdup(entry);
    char *list = malloc(strlen(current) + strlen(entry) + 2);
    if (!list)
        return NULL;
    if (list_has_ours(current)) {
        copy_with_one(list, current, entry, path);
        return list;
    }
    char *end = list;
    append(&end, entry, strlen(entry));
    append(&end, ":", 1);
    append(&end, current, strlen(current) + 1);
    return list;
}
