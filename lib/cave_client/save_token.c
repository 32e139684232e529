/* save_token - writes a token into CAVE's secrets files, or takes it out of them, all or none. */
#include "cave_client/save_token.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "cave_client/saved.h"
#include "file/file_place.h"
#include "file/file_save.h"
#include "format/json_edit.h"
#include "source/cave/secrets_directory.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

/* The files of one call: at most the server's, the client's and the local server's. */
struct job {
    const struct cave_save *save;
    struct file_save *files;
    bool local[FILE_SAVE_MAX]; /* the local server's alone */
    synauth_cave_saved *saved;
    synauth_error *error;
};

static int short_of_memory(synauth_error *error)
{
    return error_set(error, SYNAUTH_E_MEMORY, NULL, 0, "memory is short");
}

/* A directory that cannot be written is skipped or an error, as the caller wants it. */
static int add_file(struct job *job, const char *path, bool local)
{
    size_t index, known = file_save_count(job->files);
    AUTO_STRING resolved = NULL;
    if (!path)
        return short_of_memory(job->error);
    int code = file_place_resolve(path, &resolved, job->error);
    if (code != SYNAUTH_OK)
        return code;
    if (!file_place_is_writable(resolved)) {
        if (!job->save->ignore_readonly)
            return error_set(job->error, SYNAUTH_E_IO, resolved, 0,
                             "cannot be written: its directory is read-only for this user");
        return saved_note(job->saved, resolved, "read-only") ? SYNAUTH_OK
                                                             : short_of_memory(job->error);
    }
    code = file_save_add(job->files, resolved, FILE_TRUST_CREDENTIAL, &index, job->error);
    if (code == SYNAUTH_OK && index == known)
        job->local[index] = local;
    return code;
}

static bool is_regular_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The client's file when it has been told none: the server's if there is one. */
static char *current_file(const struct cave_save *save)
{
    AUTO_STRING server = cave_server_file(save->directory, save->current_server);
    if (server && is_regular_file(server)) {
        char *found = server;
        server = NULL;
        return found;
    }
    return paths_join(save->directory, CAVE_SECRET_NAME);
}

static int add_files(struct job *job)
{
    const struct cave_save *save = job->save;
    AUTO_STRING current = save->token_file ? strdup(save->token_file) : current_file(save);
    AUTO_STRING server = save->server ? cave_server_file(save->directory, save->server) : NULL;
    AUTO_STRING local = save->local ? cave_server_file(save->directory, save->local) : NULL;
    int code = save->server ? add_file(job, server, false) : SYNAUTH_OK;
    if (code == SYNAUTH_OK)
        code = add_file(job, current, false);
    if (code == SYNAUTH_OK && save->local)
        code = add_file(job, local, true);
    return code;
}

/* May the value that is there be replaced? The local server's file is written in any case, or holds
   this token, or none. */
static bool may_replace(const struct job *job, size_t index, const struct json_edit *edit)
{
    if (!job->local[index])
        return job->save->overwrite;
    return !job->save->keep_local || json_edit_equals(edit, job->save->token);
}

/* What the file is to hold. */
static int prepare(struct job *job, size_t index)
{
    const struct cave_save *save = job->save;
    const struct secret *content = file_save_content(job->files, index);
    const char *path = file_save_path(job->files, index);
    AUTO_SECRET wanted = NULL;
    if (!content) {
        wanted = json_edit_new(save->key, save->token);
    } else {
        struct json_edit edit;
        int code = json_edit_find(secret_bytes(content), secret_length(content), save->key, path,
                                  &edit, job->error);
        if (code != SYNAUTH_OK)
            return code;
        if (edit.found && !may_replace(job, index, &edit))
            return error_set(job->error, SYNAUTH_E_EXISTS, NULL, 0,
                             "Key \"%.200s\" already exists in token file \"%.250s\"", save->key,
                             path);
        if (json_edit_equals(&edit, save->token))
            return saved_note(job->saved, path, "unchanged") ? SYNAUTH_OK
                                                             : short_of_memory(job->error);
        wanted = json_edit_set(&edit, save->key, save->token);
    }
    if (!wanted || !saved_note(job->saved, path, "saved"))
        return short_of_memory(job->error);
    file_save_set(job->files, index, wanted);
    return SYNAUTH_OK;
}

int cave_save_token(const struct cave_save *save, synauth_cave_saved **ret, synauth_error *error)
{
    AUTO_FILE_SAVE files = file_save_new();
    AUTO_SAVED saved = calloc(1, sizeof *saved);
    struct job job = {.save = save, .files = files, .saved = saved, .error = error};
    if (!files || !saved)
        return short_of_memory(error);
    int code = add_files(&job);
    if (code == SYNAUTH_OK)
        code = file_save_lock(files, error);
    for (size_t i = 0; code == SYNAUTH_OK && i < file_save_count(files); i++)
        code = prepare(&job, i);
    if (code == SYNAUTH_OK)
        code = file_save_commit(files, error);
    if (code != SYNAUTH_OK)
        return code;
    *ret = saved;
    saved = NULL;
    return SYNAUTH_OK;
}

/* Files that are not this token's business may be broken or read-only. One that cannot be read may
   hold it all the same: *unread says so. */
static bool holds_token(const char *path, const struct cave_removal *removal, synauth_error *unread)
{
    AUTO_SECRET content = NULL;
    struct json_edit edit;
    synauth_error problem = {0};
    enum file_state state =
        file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL, &problem);
    if (state == FILE_UNUSABLE && problem.code == SYNAUTH_E_IO && unread->code == SYNAUTH_OK)
        *unread = problem;
    return state == FILE_OK &&
           json_edit_find(secret_bytes(content), secret_length(content), removal->key, path, &edit,
                          NULL) == SYNAUTH_OK &&
           json_edit_equals(&edit, removal->token);
}

static int add_holders(struct file_save *files, const struct cave_removal *removal,
                       synauth_error *unread, synauth_error *error)
{
    size_t index, ignored;
    int code = file_save_add(files, removal->path, FILE_TRUST_CREDENTIAL, &index, error);
    DIR *directory = opendir(removal->directory);
    struct dirent *entry;
    if (!directory && errno != ENOENT && errno != ENOTDIR)
        error_set(unread, SYNAUTH_E_IO, removal->directory, 0,
                  "cannot be listed (%s): the token may be in other files of it, too",
                  file_place_problem(errno));
    while (code == SYNAUTH_OK && directory && (entry = readdir(directory)) != NULL) {
        if (!cave_is_secret_name(entry->d_name, &ignored))
            continue;
        AUTO_STRING path = paths_join(removal->directory, entry->d_name);
        if (!path)
            code = short_of_memory(error);
        else if (holds_token(path, removal, unread))
            code = file_save_add(files, path, FILE_TRUST_CREDENTIAL, &index, error);
    }
    if (directory)
        closedir(directory);
    return code;
}

/* Every member of the name goes, else an earlier one would count from now on. */
static int without_key(const struct secret *content, const char *key, const char *path,
                       struct secret **ret, bool *ret_empty, synauth_error *error)
{
    struct json_edit edit;
    int code =
        json_edit_find(secret_bytes(content), secret_length(content), key, path, &edit, error);
    if (code != SYNAUTH_OK)
        return code;
    *ret = json_edit_remove_all(&edit, key, ret_empty);
    return *ret ? SYNAUTH_OK : short_of_memory(error);
}

static int prepare_removal(struct file_save *files, size_t index, const char *key,
                           synauth_cave_saved *saved, synauth_error *error)
{
    const struct secret *content = file_save_content(files, index);
    const char *path = file_save_path(files, index);
    AUTO_SECRET rest = NULL;
    bool empty = false;
    if (!content)
        return SYNAUTH_OK;
    int code = without_key(content, key, path, &rest, &empty, error);
    if (code != SYNAUTH_OK)
        return code;
    file_save_set(files, index, rest);
    if (empty)
        file_save_remove(files, index);
    return saved_note(saved, path, empty ? "deleted" : "removed") ? SYNAUTH_OK
                                                                  : short_of_memory(error);
}

int cave_remove_token(const struct cave_removal *removal, synauth_cave_saved **ret,
                      synauth_error *error)
{
    AUTO_FILE_SAVE files = file_save_new();
    AUTO_SAVED saved = calloc(1, sizeof *saved);
    synauth_error unread = {0};
    if (!files || !saved)
        return short_of_memory(error);
    int code = add_holders(files, removal, &unread, error);
    if (code == SYNAUTH_OK)
        code = file_save_lock(files, error);
    for (size_t i = 0; code == SYNAUTH_OK && i < file_save_count(files); i++)
        code = prepare_removal(files, i, removal->key, saved, error);
    if (code == SYNAUTH_OK)
        code = file_save_commit(files, error);
    if (code != SYNAUTH_OK)
        return code;
    if (error && unread.code != SYNAUTH_OK)
        *error = unread;
    *ret = saved;
    saved = NULL;
    return SYNAUTH_OK;
}
