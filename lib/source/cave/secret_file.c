/* secret_file - the JSON secrets files of CAVE's clients: which file counts, and its key. */
#include "source/cave/secret_file.h"

#include "base/cleanup.h"
#include "base/paths.h"
#include "file/file_read.h"
#include "source/env_source.h"
#include "source/secrets_object.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static const char kind[] = "cave_secret";

enum presence { PRESENT, NOT_THERE, NOT_KNOWN };

/* A directory, a dangling link or a device under the name counts as no file. NOT_KNOWN (the
   directory may not be searched, the file system fails): reading will say why. */
static enum presence look(const char *path)
{
    struct stat status;
    if (stat(path, &status) == 0)
        return S_ISREG(status.st_mode) ? PRESENT : NOT_THERE;
    bool none = errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG;
    return none ? NOT_THERE : NOT_KNOWN;
}

/* Asks one file. *ret_exists tells whether the others are out of question. */
static bool ask_file(struct answer *answer, const char *directory, const char *name,
                     const char *key, bool *ret_exists)
{
    AUTO_SECRET content = NULL;
    synauth_error error = {0};
    AUTO_STRING path = paths_join(directory, name);
    if (!path) {
        answer->short_of_memory = true;
        return true;
    }
    struct place place = {.kind = kind, .name = name, .path = path, .key = key, .trail_name = path};
    answer_watch(answer, path);
    *ret_exists = false;
    enum file_state state =
        look(path) == NOT_THERE
            ? FILE_ABSENT
            : file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL, &error);
    if (state == FILE_ABSENT) {
        answer_tried(answer, kind, path, "no such file");
        return false;
    }
    *ret_exists = true;
    if (state == FILE_OK)
        return secrets_object_ask(answer, &place, key, content);
    answer_end(answer, OUTCOME_UNUSABLE, &place, "%s", error.text);
    return true;
}

/* For a host that can't be part of a file name nothing is looked up. */
static bool ask_server_file(struct answer *answer, const char *directory, const char *host,
                            const char *key, bool *ret_exists)
{
    char name[320];
    *ret_exists = false;
    if (!host || !*host || strchr(host, '/'))
        return false;
    int length = snprintf(name, sizeof name, "%s-cave-secret.json", host);
    if (length < 0 || (size_t)length >= sizeof name)
        return false;
    return ask_file(answer, directory, name, key, ret_exists);
}

static bool ask_directory(struct answer *answer, const struct cave_secret_file *query,
                          const char *directory)
{
    bool exists = false;
    if (ask_server_file(answer, directory, query->request_host, query->key, &exists))
        return true;
    bool same = query->request_host && query->auth_server &&
                strcmp(query->request_host, query->auth_server) == 0;
    if (!exists && !same &&
        ask_server_file(answer, directory, query->auth_server, query->key, &exists))
        return true;
    if (!exists && ask_file(answer, directory, "cave-secret.json", query->key, &exists))
        return true;
    if (!ask_file(answer, directory, "chunkedgraph-secret.json", query->key, &exists))
        return false;
    if (answer->outcome == OUTCOME_TOKEN)
        answer_warn(answer,
                    "%.900s/chunkedgraph-secret.json is deprecated: move the token to "
                    "cave-secret.json beside it",
                    directory);
    return true;
}

static char *usual_directory(struct answer *answer, bool *ret_end)
{
    AUTO_STRING base = NULL;
    *ret_end = env_source_path(answer, kind, "CLOUD_VOLUME_DIR", &base);
    if (*ret_end)
        return NULL;
    return base ? paths_join(base, "secrets") : paths_expand("~/.cloudvolume/secrets", NULL);
}

bool cave_secret_file_ask(struct answer *answer, const struct cave_secret_file *query)
{
    bool end = false;
    AUTO_STRING usual = query->directory ? NULL : usual_directory(answer, &end);
    const char *directory = query->directory ? query->directory : usual;
    if (end)
        return true;
    if (directory)
        return ask_directory(answer, query, directory);
    answer_tried(answer, kind, "~/.cloudvolume/secrets", "no home directory");
    return false;
}
