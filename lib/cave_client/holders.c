/* holders - the secrets files that hold one of some tokens under a key. */
#include "cave_client/holders.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "file/file_place.h"
#include "file/file_read.h"
#include "format/json_edit.h"
#include "source/cave/secrets_directory.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

bool cave_tokens_add(struct cave_tokens *tokens, struct secret *token)
{
    struct secret **more = reallocarray(tokens->items, tokens->count + 1, sizeof *more);
    if (!more)
        return false;
    tokens->items = more;
    more[tokens->count++] = secret_ref(token);
    return true;
}

void cave_tokens_clear(struct cave_tokens *tokens)
{
    for (size_t i = 0; i < tokens->count; i++)
        secret_unref(tokens->items[i]);
    free(tokens->items);
    *tokens = (struct cave_tokens){NULL, 0};
}

bool cave_holds(const struct secret *content, const char *key, const struct cave_tokens *tokens)
{
    struct json_edit edit;
    if (json_edit_find(secret_bytes(content), secret_length(content), key, "", &edit, NULL) !=
        SYNAUTH_OK)
        return false;
    for (size_t i = 0; i < tokens->count; i++)
        if (json_edit_equals(&edit, tokens->items[i]))
            return true;
    return false;
}

static bool file_holds(const struct cave_holders *query, const char *path, synauth_error *unread)
{
    AUTO_SECRET content = NULL;
    synauth_error problem = {0};
    enum file_state state =
        file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL, &problem);
    if (state == FILE_UNUSABLE && problem.code == SYNAUTH_E_IO && unread->code == SYNAUTH_OK)
        *unread = problem;
    return state == FILE_OK && cave_holds(content, query->key, query->tokens);
}

static int look_at(const struct cave_holders *query, const char *name, synauth_error *unread,
                   synauth_error *error)
{
    size_t length;
    if (!cave_is_secret_name(name, &length))
        return SYNAUTH_OK;
    AUTO_STRING path = paths_join(query->directory, name);
    AUTO_STRING host = length > 0 ? strndup(name, length) : NULL;
    if (!path || (length > 0 && !host))
        return error_memory(error);
    return file_holds(query, path, unread) ? query->found(query->data, path, host) : SYNAUTH_OK;
}

int cave_find_holders(const struct cave_holders *query, synauth_error *unread, synauth_error *error)
{
    int code = SYNAUTH_OK;
    DIR *directory = opendir(query->directory);
    const struct dirent *entry;
    if (!directory && errno != ENOENT && errno != ENOTDIR && unread->code == SYNAUTH_OK)
        error_set(unread, SYNAUTH_E_IO, query->directory, 0,
                  "cannot be listed (%s): the token may be in other files of it, too",
                  file_place_problem(errno));
    while (code == SYNAUTH_OK && directory && (entry = readdir(directory)) != NULL)
        code = look_at(query, entry->d_name, unread, error);
    if (directory)
        closedir(directory);
    return code;
}
