/* hidden_keys - the keys that a server's new secrets file would hide from its hosts. */
#include "cave_client/hidden_keys.h"

#include "base/cleanup.h"
#include "base/paths.h"
#include "file/file_read.h"
#include "format/json_edit.h"
#include "source/cave/secrets_directory.h"

#include <sys/stat.h>

static bool is_regular_file(const char *path)
{
    struct stat status;
    return path && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* As the look-up goes: the auth server's file if there is one, else everybody's. */
static struct secret *read_hidden(const struct hidden_keys *hidden)
{
    AUTO_STRING own = hidden->reads ? cave_server_file(hidden->directory, hidden->reads) : NULL;
    AUTO_STRING general = paths_join(hidden->directory, CAVE_SECRET_NAME);
    const char *path = is_regular_file(own) ? own : general;
    struct secret *content = NULL;
    if (!path || file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL,
                           NULL) != FILE_OK)
        return NULL;
    return content;
}

/* The other members; NULL when there are none. */
static struct secret *others_of(const struct secret *content, const char *key)
{
    struct json_edit edit;
    bool empty = true;
    if (json_edit_find(secret_bytes(content), secret_length(content), key, "", &edit, NULL) !=
        SYNAUTH_OK)
        return NULL;
    AUTO_SECRET others = json_edit_remove_all(&edit, key, &empty);
    return empty ? NULL : secret_ref(others);
}

struct secret *hidden_keys_with(const struct hidden_keys *hidden, const struct secret *token,
                                bool *ret_carried)
{
    struct json_edit edit;
    AUTO_SECRET content = read_hidden(hidden);
    AUTO_SECRET others = content ? others_of(content, hidden->key) : NULL;
    *ret_carried = others != NULL;
    if (!others || json_edit_find(secret_bytes(others), secret_length(others), hidden->key, "",
                                  &edit, NULL) != SYNAUTH_OK)
        return json_edit_new(hidden->key, token);
    return json_edit_set(&edit, hidden->key, token);
}
