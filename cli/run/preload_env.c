/* preload_env - our entry in LD_PRELOAD: where the library is, by which name the loader finds it,
   and the list with exactly one copy of it. */
#include "run/preload_env.h"

#include "loader/loader_cache.h"
#include "run/sanitizer.h"
#include "talk/own_path.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEPARATORS PRELOAD_SEPARATORS

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
    if (!own_folder(program))
        return find_in(SYNAUTH_LIBDIR, path);
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

/* The next item behind `at`, or NULL. */
static const char *next_item(const char *at, size_t *ret_length)
{
    at += strspn(at, SEPARATORS);
    *ret_length = strcspn(at, SEPARATORS);
    return *ret_length ? at : NULL;
}

/* Where the last runtime of a sanitizer ends, or the list itself. */
static const char *behind_runtimes(const char *list)
{
    const char *place = list;
    size_t length;
    for (const char *item = list; (item = next_item(item, &length)) != NULL; item += length)
        if (sanitizer_is_runtime(item, length))
            place = item + length;
    return place;
}

static bool has_ours(const char *list)
{
    size_t length;
    for (const char *item = list; (item = next_item(item, &length)) != NULL; item += length)
        if (is_our_name(item, length))
            return true;
    return false;
}

static void append(char **end, const char *text, size_t length)
{
    memcpy(*end, text, length);
    *end += length;
}

/* Copies the list from here on without our items; where `entry` is not NULL, the first of them
   becomes it unless it is this copy. */
static void copy_items(char **end, const char *list, const char *entry, const char *path)
{
    while (*list) {
        size_t separators = strspn(list, SEPARATORS);
        const char *item = list + separators;
        size_t length = strcspn(item, SEPARATORS);
        bool ours = is_our_name(item, length);
        if (!ours || entry) {
            append(end, list, separators);
            if (ours && !is_this_copy(item, length, entry, path))
                append(end, entry, strlen(entry));
            else
                append(end, item, length);
        }
        entry = ours ? NULL : entry;
        list = item + length;
    }
}

/* The part of the list in front of `place`, without our items. */
static void copy_front(char **end, const char *list, const char *place)
{
    const char *begin = *end;
    size_t length;
    for (const char *item = list; item < place && (item = next_item(item, &length)) != NULL;
         item += length) {
        bool ours = is_our_name(item, length);
        if (!ours)
            append(end, list, (size_t)(item + length - list));
        list = item + length;
        if (ours && *end == begin)
            list += strspn(list, SEPARATORS);
    }
}

char *preload_list(const char *current, const char *runtimes, const char *entry, const char *path)
{
    if (!current || !current[strspn(current, SEPARATORS)])
        current = "";
    char *list = malloc(strlen(current) + strlen(runtimes) + strlen(entry) + 3);
    if (!list)
        return NULL;
    char *end = list;
    const char *place = behind_runtimes(current);
    append(&end, runtimes, strlen(runtimes));
    copy_front(&end, current, place);
    if (has_ours(place)) {
        copy_items(&end, place, entry, path);
    } else {
        if (place != current)
            append(&end, ":", 1);
        append(&end, entry, strlen(entry));
        if (place == current && *place)
            append(&end, ":", 1);
        append(&end, place, strlen(place));
    }
    *end = '\0';
    return list;
}
