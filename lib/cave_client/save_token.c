/* save_token - writes a token into CAVE's secrets files, all or none. */
#include "cave_client/save_token.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "cave_client/hidden_keys.h"
#include "cave_client/holders.h"
#include "cave_client/saved.h"
#include "file/file_place.h"
#include "file/file_save.h"
#include "format/json_edit.h"
#include "format/json_secret.h"
#include "rules/servers.h"
#include "source/cave/secrets_directory.h"

#include <string.h>

/* Of a saver that others overtake. */
enum { ATTEMPTS = 100 };

enum role {
    ROLE_SERVER,  /* <server>-cave-secret.json */
    ROLE_GENERAL, /* cave-secret.json: for every server without a file of its own */
    ROLE_CHOSEN,  /* the one that the caller has named */
    ROLE_LOCAL,   /* the local server's */
    ROLE_COPY     /* holds the token that is replaced */
};

/* Which files are concerned shows only when they are locked: what was missing is locked, too, in
   the next attempt. */
struct saving {
    const struct cave_save *save;
    struct file_save *files;
    enum role *roles; /* one for each of `files` */
    synauth_cave_saved *saved;
    struct cave_tokens replaced;
    char **copies; /* paths */
    size_t copy_count;
    bool serves; /* cave-secret.json has the server's token, too */
    bool again;
    synauth_error *error;
};

static int note(struct saving *job, const char *path, const char *state)
{
    return saved_note(job->saved, path, state) ? SYNAUTH_OK : error_memory(job->error);
}

/* The path belongs to this function. A directory that cannot be written is skipped or an error, as
   the caller wants it. */
static int add_file(struct saving *job, char *path, enum role role)
{
    AUTO_STRING given = path;
    AUTO_STRING resolved = NULL;
    size_t index, known = file_save_count(job->files);
    int code = given ? file_place_resolve(given, &resolved, job->error) : error_memory(job->error);
    if (code != SYNAUTH_OK)
        return code;
    if (!file_place_is_writable(resolved)) {
        if (job->save->ignore_readonly)
            return note(job, resolved, "read-only");
        return error_set(job->error, SYNAUTH_E_IO, resolved, 0,
                         "cannot be written: its directory is read-only for this user");
    }
    enum role *more = reallocarray(job->roles, known + 1, sizeof *more);
    if (!more)
        return error_memory(job->error);
    job->roles = more;
    code = file_save_add(job->files, resolved, FILE_TRUST_CREDENTIAL, &index, job->error);
    if (code == SYNAUTH_OK && index == known)
        job->roles[index] = role;
    return code;
}

static bool is_default_server(const struct cave_save *save)
{
    return strcmp(save->server, CAVE_DEFAULT_HOST) == 0;
}

static bool wants_general(const struct saving *job)
{
    const struct cave_save *save = job->save;
    if (save->token_file || (save->in_server_file && save->only_server_file))
        return false;
    return !save->in_server_file || is_default_server(save) || job->serves;
}

static int add_files(struct saving *job)
{
    const struct cave_save *save = job->save;
    int code = SYNAUTH_OK;
    if (save->in_server_file)
        code = add_file(job, cave_server_file(save->directory, save->server), ROLE_SERVER);
    if (code == SYNAUTH_OK && save->token_file)
        code = add_file(job, strdup(save->token_file), ROLE_CHOSEN);
    if (code == SYNAUTH_OK && wants_general(job))
        code = add_file(job, paths_join(save->directory, CAVE_SECRET_NAME), ROLE_GENERAL);
    if (code == SYNAUTH_OK && save->local)
        code = add_file(job, cave_server_file(save->directory, save->local), ROLE_LOCAL);
    for (size_t i = 0; code == SYNAUTH_OK && i < job->copy_count; i++)
        code = add_file(job, strdup(job->copies[i]), ROLE_COPY);
    return code;
}

/* ---- what is there, with the locks held ----------------------------------------------- */

/* NULL when there is none, and for what is no string. */
static struct secret *value_of(const struct secret *content, const char *key)
{
    struct secret *value = NULL;
    if (!content || json_secret_get(secret_bytes(content), secret_length(content), key, "", &value,
                                    NULL, NULL) != JSON_SECRET_FOUND)
        return NULL;
    return value;
}

static bool same(const struct secret *one, const struct secret *other)
{
    return secret_length(one) == secret_length(other) &&
           memcmp(secret_bytes(one), secret_bytes(other), secret_length(one)) == 0;
}

static const struct secret *content_of(const struct saving *job, enum role role)
{
    for (size_t i = 0; i < file_save_count(job->files); i++)
        if (job->roles[i] == role)
            return file_save_content(job->files, i);
    return NULL;
}

/* Does cave-secret.json have the token of this server, as it has no other or the same in a file of
   its own? The default server is not asked: both files are its own. */
static int look_at_general(struct saving *job)
{
    const struct cave_save *save = job->save;
    if (save->token_file || !save->in_server_file || save->only_server_file ||
        is_default_server(save))
        return SYNAUTH_OK;
    AUTO_STRING path = paths_join(save->directory, CAVE_SECRET_NAME);
    AUTO_SECRET content = NULL;
    if (!path)
        return error_memory(job->error);
    if (file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL, NULL) !=
        FILE_OK)
        content = NULL;
    AUTO_SECRET general = value_of(content, save->key);
    const struct secret *own_file = content_of(job, ROLE_SERVER);
    AUTO_SECRET own = value_of(own_file, save->key);
    bool serves = general && (!own_file || (own && same(own, general)));
    job->again |= serves != job->serves;
    job->serves = serves;
    return SYNAUTH_OK;
}

/* Without a file of its own, another server's token is that of cave-secret.json by default only:
   the copies of that one are somebody else's. */
static bool counts_as_replaced(const struct saving *job, size_t index)
{
    enum role role = job->roles[index];
    return role == ROLE_SERVER || (role == ROLE_GENERAL && is_default_server(job->save));
}

static int collect_replaced(struct saving *job)
{
    for (size_t i = 0; i < file_save_count(job->files); i++) {
        AUTO_SECRET value = value_of(file_save_content(job->files, i), job->save->key);
        if (!value || !counts_as_replaced(job, i) || same(value, job->save->token))
            continue;
        if (!cave_tokens_add(&job->replaced, value))
            return error_memory(job->error);
    }
    return SYNAUTH_OK;
}

/* Deployments are independent: what is the default server's stays so when another one's is saved.
 */
static bool may_hold_copy(const struct saving *job, const char *host)
{
    const struct cave_save *save = job->save;
    if (host && (!save->in_server_file || (save->no_local && strcmp(host, save->server) != 0)))
        return false;
    if (is_default_server(save))
        return true;
    return host ? strcmp(host, CAVE_DEFAULT_HOST) != 0 : job->serves;
}

static int found_copy(void *data, const char *path, const char *host)
{
    struct saving *job = data;
    AUTO_STRING resolved = NULL;
    if (!may_hold_copy(job, host))
        return SYNAUTH_OK;
    int code = file_place_resolve(path, &resolved, job->error);
    if (code != SYNAUTH_OK || !file_place_is_writable(resolved))
        return code;
    for (size_t i = 0; i < file_save_count(job->files); i++)
        if (strcmp(file_save_path(job->files, i), resolved) == 0)
            return SYNAUTH_OK;
    char **more = reallocarray(job->copies, job->copy_count + 1, sizeof *more);
    if (!more)
        return error_memory(job->error);
    job->copies = more;
    job->copies[job->copy_count++] = resolved;
    resolved = NULL;
    job->again = true;
    return SYNAUTH_OK;
}

static int look_for_copies(struct saving *job)
{
    const struct cave_save *save = job->save;
    synauth_error unread = {0}; /* those who cannot read it go on as before */
    const struct cave_holders query = {.directory = save->directory,
                                       .key = save->key,
                                       .tokens = &job->replaced,
                                       .found = found_copy,
                                       .data = job};
    if (!save->overwrite || save->token_file)
        return SYNAUTH_OK;
    int code = collect_replaced(job);
    if (code != SYNAUTH_OK || job->replaced.count == 0)
        return code;
    return cave_find_holders(&query, &unread, job->error);
}

/* ---- what is to be there -------------------------------------------------------------- */

/* May the value that is there be replaced? The local server's file is written in any case, or holds
   this token, or none. */
static bool may_replace(const struct saving *job, size_t index, const struct json_edit *edit)
{
    if (job->roles[index] != ROLE_LOCAL)
        return job->save->overwrite;
    return !job->save->keep_local || json_edit_equals(edit, job->save->token);
}

/* A server's new file hides the keys of the one that its hosts have read before. */
static int prepare_new(struct saving *job, size_t index)
{
    const struct cave_save *save = job->save;
    enum role role = job->roles[index];
    AUTO_SECRET wanted = NULL;
    bool carried = false;
    if (role == ROLE_COPY)
        return SYNAUTH_OK;
    if (role == ROLE_SERVER || role == ROLE_LOCAL) {
        const struct hidden_keys hidden = {.directory = save->directory,
                                           .reads = role == ROLE_SERVER ? save->server_reads
                                                                        : save->local_reads,
                                           .key = save->key};
        wanted = hidden_keys_with(&hidden, save->token, &carried);
    } else {
        wanted = json_edit_new(save->key, save->token);
    }
    if (!wanted)
        return error_memory(job->error);
    file_save_set(job->files, index, wanted);
    return note(job, file_save_path(job->files, index), carried ? "carried" : "saved");
}

static int prepare_present(struct saving *job, size_t index, const struct secret *content)
{
    const struct cave_save *save = job->save;
    const char *path = file_save_path(job->files, index);
    bool is_copy = job->roles[index] == ROLE_COPY;
    struct json_edit edit;
    int code = json_edit_find(secret_bytes(content), secret_length(content), save->key, path, &edit,
                              job->error);
    if (code != SYNAUTH_OK)
        return code;
    if (is_copy && !cave_holds(content, save->key, &job->replaced))
        return SYNAUTH_OK;
    if (edit.found && !may_replace(job, index, &edit))
        return error_set(job->error, SYNAUTH_E_EXISTS, NULL, 0,
                         "Key \"%.200s\" already exists in token file \"%.250s\"", save->key, path);
    if (json_edit_equals(&edit, save->token))
        return note(job, path, "unchanged");
    AUTO_SECRET wanted = json_edit_set(&edit, save->key, save->token);
    if (!wanted)
        return error_memory(job->error);
    file_save_set(job->files, index, wanted);
    return note(job, path, is_copy ? "replaced" : "saved");
}

static int prepare(struct saving *job, size_t index)
{
    const struct secret *content = file_save_content(job->files, index);
    return content ? prepare_present(job, index, content) : prepare_new(job, index);
}

static int attempt(struct saving *job)
{
    int code = add_files(job);
    if (code == SYNAUTH_OK)
        code = file_save_lock(job->files, job->error);
    if (code == SYNAUTH_OK)
        code = look_at_general(job);
    if (code == SYNAUTH_OK && !job->again)
        code = look_for_copies(job);
    if (code != SYNAUTH_OK || job->again)
        return code;
    for (size_t i = 0; code == SYNAUTH_OK && i < file_save_count(job->files); i++)
        code = prepare(job, i);
    return code == SYNAUTH_OK ? file_save_commit(job->files, job->error) : code;
}

/* Forgets an attempt, but not what it has found out. */
static void release(struct saving *job)
{
    file_save_cleanup(&job->files);
    saved_cleanup(&job->saved);
    cave_tokens_clear(&job->replaced);
}

static int save_in_attempts(struct saving *job)
{
    for (int left = ATTEMPTS; left > 0; left--) {
        release(job);
        job->again = false;
        job->files = file_save_new();
        job->saved = calloc(1, sizeof *job->saved);
        if (!job->files || !job->saved)
            return error_memory(job->error);
        int code = attempt(job);
        if (code != SYNAUTH_OK || !job->again)
            return code;
    }
    return error_set(job->error, SYNAUTH_E_IO, job->save->directory, 0,
                     "other programs change the files in it all the time; try again");
}

int cave_save_token(const struct cave_save *save, synauth_cave_saved **ret, synauth_error *error)
{
    struct saving job = {.save = save, .error = error};
    int code = save_in_attempts(&job);
    if (code == SYNAUTH_OK) {
        *ret = job.saved;
        job.saved = NULL;
    }
    release(&job);
    for (size_t i = 0; i < job.copy_count; i++)
        free(job.copies[i]);
    free(job.copies);
    free(job.roles);
    return code;
}
