/* remove_token - takes a token out of CAVE's secrets files, all or none. */
#include "cave_client/remove_token.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "cave_client/deployment.h"
#include "cave_client/holders.h"
#include "cave_client/saved.h"
#include "file/file_save.h"
#include "format/json_edit.h"

#include <string.h>

struct removal {
    const struct cave_removal *removal;
    struct cave_tokens tokens; /* the one */
    struct file_save *files;
    synauth_cave_saved *saved;
    size_t removed;
    synauth_error unread;
    synauth_error *error;
};

/* Another server's file is left alone; where its hosts take their tokens from this server, it is
   this server's. */
static bool is_ours(const struct cave_removal *removal, const char *host)
{
    if (!host || strcmp(host, removal->server) == 0)
        return true;
    const char *owner = cave_auth_server_of(removal->config, host);
    return owner && strcmp(owner, removal->server) == 0;
}

static int found_holder(void *data, const char *path, const char *host)
{
    struct removal *job = data;
    size_t index;
    if (is_ours(job->removal, host))
        return file_save_add(job->files, path, FILE_TRUST_CREDENTIAL, &index, job->error);
    return saved_note(job->saved, path, "kept") ? SYNAUTH_OK : error_memory(job->error);
}

static int add_files(struct removal *job)
{
    const struct cave_removal *removal = job->removal;
    size_t index;
    const struct cave_holders query = {.directory = removal->directory,
                                       .key = removal->key,
                                       .tokens = &job->tokens,
                                       .found = found_holder,
                                       .data = job};
    int code = file_save_add(job->files, removal->path, FILE_TRUST_CREDENTIAL, &index, job->error);
    if (code != SYNAUTH_OK || removal->only_path)
        return code;
    return cave_find_holders(&query, &job->unread, job->error);
}

/* Every member of the name goes, else an earlier one would count from now on. */
static int without_key(const struct removal *job, const struct secret *content, const char *path,
                       struct secret **ret, bool *ret_empty)
{
    const char *key = job->removal->key;
    struct json_edit edit;
    int code =
        json_edit_find(secret_bytes(content), secret_length(content), key, path, &edit, job->error);
    if (code != SYNAUTH_OK)
        return code;
    *ret = json_edit_remove_all(&edit, key, ret_empty);
    return *ret ? SYNAUTH_OK : error_memory(job->error);
}

/* What was saved since we looked is not what was to be removed. */
static int prepare(struct removal *job, size_t index)
{
    const struct secret *content = file_save_content(job->files, index);
    const char *path = file_save_path(job->files, index);
    AUTO_SECRET rest = NULL;
    bool empty = false;
    if (!content || !cave_holds(content, job->removal->key, &job->tokens))
        return SYNAUTH_OK;
    int code = without_key(job, content, path, &rest, &empty);
    if (code != SYNAUTH_OK)
        return code;
    file_save_set(job->files, index, rest);
    if (empty)
        file_save_remove(job->files, index);
    job->removed++;
    return saved_note(job->saved, path, empty ? "deleted" : "removed") ? SYNAUTH_OK
                                                                       : error_memory(job->error);
}

static int remove_all(struct removal *job)
{
    int code = add_files(job);
    if (code == SYNAUTH_OK)
        code = file_save_lock(job->files, job->error);
    for (size_t i = 0; code == SYNAUTH_OK && i < file_save_count(job->files); i++)
        code = prepare(job, i);
    if (code == SYNAUTH_OK && job->removed == 0)
        return error_set(job->error, SYNAUTH_E_NO_TOKEN, job->removal->path, 0,
                         "another program has replaced the token meanwhile: nothing removed");
    return code == SYNAUTH_OK ? file_save_commit(job->files, job->error) : code;
}

int cave_remove_token(const struct cave_removal *removal, synauth_cave_saved **ret,
                      synauth_error *error)
{
    AUTO_FILE_SAVE files = file_save_new();
    AUTO_SAVED saved = calloc(1, sizeof *saved);
    struct removal job = {.removal = removal, .files = files, .saved = saved, .error = error};
    int code = files && saved && cave_tokens_add(&job.tokens, removal->token) ? remove_all(&job)
                                                                              : error_memory(error);
    cave_tokens_clear(&job.tokens);
    if (code != SYNAUTH_OK)
        return code;
    if (error && job.unread.code != SYNAUTH_OK)
        *error = job.unread;
    *ret = saved;
    saved = NULL;
    return SYNAUTH_OK;
}
