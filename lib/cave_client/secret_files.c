/* secret_files - the secrets files there are: their server, modes and keys, never a value. */
#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "file/file_read.h"
#include "format/json_scan.h"
#include "format/json_tree.h"
#include "source/cave/secrets_directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FILES_MAX = 4096 };

struct secret_entry {
    char *path, *server, *problem;
    unsigned mode;
    char **keys;
    size_t key_count;
};

struct synauth_cave_files {
    char *directory;
    struct secret_entry *entries;
    size_t count;
};

static void entry_clear(struct secret_entry *entry)
{
    for (size_t i = 0; i < entry->key_count; i++)
        free(entry->keys[i]);
    free(entry->keys);
    free(entry->path);
    free(entry->server);
    free(entry->problem);
}

void synauth_cave_files_free(synauth_cave_files *files)
{
    if (!files)
        return;
    for (size_t i = 0; i < files->count; i++)
        entry_clear(&files->entries[i]);
    free(files->entries);
    free(files->directory);
    free(files);
}

static bool add_key(struct secret_entry *entry, const char *name)
{
    size_t count = entry->key_count;
    if ((count & (count - 1)) == 0) { /* a power of two: full */
        char **more = reallocarray(entry->keys, count ? count * 2 : 1, sizeof *more);
        if (!more)
            return false;
        entry->keys = more;
    }
    entry->keys[count] = strdup(name);
    entry->key_count += entry->keys[count] != NULL;
    return entry->keys[count] != NULL;
}

struct secret_place {
    char *key;
    size_t index;
};

static int compare_keys(const void *left, const void *right)
{
    const struct secret_place *a = left, *b = right;
    int order = strcmp(a->key, b->key);
    return order != 0 ? order : a->index < b->index ? -1 : a->index > b->index;
}

/* Of several members of one name the first gives the place in the list. */
static bool drop_repeated_keys(struct secret_entry *entry)
{
    size_t kept = 0;
    struct secret_place *places = reallocarray(NULL, entry->key_count + 1, sizeof *places);
    if (!places)
        return false;
    for (size_t i = 0; i < entry->key_count; i++)
        places[i] = (struct secret_place){entry->keys[i], i};
    qsort(places, entry->key_count, sizeof *places, compare_keys);
    for (size_t i = 1; i < entry->key_count; i++)
        if (strcmp(places[i].key, places[i - 1].key) == 0)
            entry->keys[places[i].index] = NULL;
    for (size_t i = 0; i < entry->key_count; i++) {
        if (!entry->keys[places[i].index])
            free(places[i].key);
    }
    for (size_t i = 0; i < entry->key_count; i++)
        if (entry->keys[i])
            entry->keys[kept++] = entry->keys[i];
    entry->key_count = kept;
    free(places);
    return true;
}

static bool set_problem(struct secret_entry *entry, const char *text)
{
    if (!entry->problem)
        entry->problem = strdup(text);
    return entry->problem != NULL;
}

/* NULL, or why the text is not a JSON object. */
static const char *problem_with(const struct secret *content)
{
    struct json_scan scan;
    json_scan_begin(&scan, secret_bytes(content), secret_length(content));
    enum json_event root = json_scan_next(&scan);
    enum json_event event = root;
    while (event != JSON_END && event != JSON_ERROR)
        event = json_scan_next(&scan);
    if (event == JSON_ERROR)
        return scan.problem;
    return root == JSON_OBJECT ? NULL : "it holds no JSON object";
}

/* The names of the members of the root. */
static bool read_keys(struct secret_entry *entry, const struct secret *content)
{
    const char *problem = problem_with(content);
    if (problem)
        return set_problem(entry, problem);
    AUTO_JSON object = json_tree_parse(secret_bytes(content), secret_length(content));
    if (!object)
        return false;
    for (const cJSON *item = object->child; item; item = item->next)
        if (!add_key(entry, item->string))
            return false;
    return drop_repeated_keys(entry);
}

static bool read_entry(struct secret_entry *entry)
{
    AUTO_SECRET content = NULL;
    synauth_error error = {0};
    switch (file_read(entry->path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL,
                      &error)) {
    case FILE_OK:
        return read_keys(entry, content);
    case FILE_ABSENT:
        return set_problem(entry, "it has gone");
    case FILE_UNUSABLE:
    default:
        return set_problem(entry, error.text);
    }
}

/* What is no regular file counts as none. False when memory runs out. */
static bool add_entry(struct synauth_cave_files *files, const char *name, size_t host_length)
{
    struct stat status;
    AUTO_STRING path = paths_join(files->directory, name);
    if (!path)
        return false;
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
        return true;
    struct secret_entry *more = realloc(files->entries, (files->count + 1) * sizeof *more);
    if (!more)
        return false;
    files->entries = more;
    struct secret_entry *entry = &more[files->count++];
    *entry = (struct secret_entry){.path = path, .mode = status.st_mode & 07777};
    path = NULL;
    entry->server = host_length > 0 ? strndup(name, host_length) : NULL;
    return (host_length == 0 || entry->server) && read_entry(entry);
}

static int compare_entries(const void *left, const void *right)
{
    const struct secret_entry *a = left, *b = right;
    return strcmp(a->path, b->path);
}

static int list(struct synauth_cave_files *files, synauth_error *error)
{
    DIR *directory = opendir(files->directory);
    bool has_memory = true;
    struct dirent *entry;
    size_t host_length;
    if (!directory && (errno == ENOENT || errno == ENOTDIR))
        return SYNAUTH_OK;
    if (!directory)
        return error_set(error, SYNAUTH_E_IO, files->directory, 0,
                         "cannot be listed (errno %d); check its mode", errno);
    while (has_memory && files->count < FILES_MAX && (entry = readdir(directory)) != NULL)
        if (cave_is_secret_name(entry->d_name, &host_length))
            has_memory = add_entry(files, entry->d_name, host_length);
    closedir(directory);
    if (!has_memory)
        return error_memory(error);
    if (files->count > 0)
        qsort(files->entries, files->count, sizeof files->entries[0], compare_entries);
    return SYNAUTH_OK;
}

int synauth_cave_files_open(synauth_cave_files **ret, synauth_error *error)
{
    error_clear(error);
    int saved_errno = errno;
    synauth_cave_files *files = calloc(1, sizeof *files);
    int code = files ? cave_secrets_directory(&files->directory, error) : error_memory(error);
    if (code == SYNAUTH_OK)
        code = list(files, error);
    if (code == SYNAUTH_OK)
        *ret = files;
    else
        synauth_cave_files_free(files);
    errno = saved_errno;
    return code;
}

const char *synauth_cave_files_directory(const synauth_cave_files *files)
{
    return files->directory;
}

size_t synauth_cave_files_count(const synauth_cave_files *files)
{
    return files->count;
}

int synauth_cave_files_get(const synauth_cave_files *files, size_t index, synauth_cave_file *ret)
{
    if (index >= files->count)
        return SYNAUTH_E_ARGUMENT;
    const struct secret_entry *entry = &files->entries[index];
    *ret = (synauth_cave_file){.path = entry->path,
                               .server = entry->server,
                               .mode = entry->mode,
                               .key_count = entry->key_count,
                               .keys = (const char *const *)entry->keys,
                               .problem = entry->problem};
    return SYNAUTH_OK;
}
