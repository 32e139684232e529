/* datastack_map - cave_datastack_to_server_map.json: which server a datastack is served by. */
#include "cave_client/datastack_map.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "file/file_read.h"
#include "format/json_secret.h"
#include "source/cave/secrets_directory.h"

#include <errno.h>
#include <string.h>

static int not_mapped(const char *path, const char *datastack, synauth_error *error)
{
    return error_set(error, SYNAUTH_E_ARGUMENT, path, 0,
                     "does not name the server of the datastack \"%.200s\": give --server-address",
                     datastack);
}

int datastack_map_get(const char *directory, const char *datastack, char **ret,
                      synauth_error *error)
{
    AUTO_STRING path = paths_join(directory, CAVE_MAP_NAME);
    AUTO_SECRET content = NULL;
    AUTO_SECRET server = NULL;
    if (!path)
        return error_memory(error);
    switch (file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL, error)) {
    case FILE_OK:
        break;
    case FILE_ABSENT:
        return not_mapped(path, datastack, error);
    case FILE_UNUSABLE:
    default:
        return error ? error->code : SYNAUTH_E_UNUSABLE;
    }
    switch (json_secret_get(secret_bytes(content), secret_length(content), datastack, path, &server,
                            NULL, error)) {
    case JSON_SECRET_FOUND:
        break;
    case JSON_SECRET_ABSENT:
        return not_mapped(path, datastack, error);
    case JSON_SECRET_BAD:
    default:
        return SYNAUTH_E_UNUSABLE;
    }
    char *copy = strdup(secret_bytes(server));
    if (!copy)
        return error_memory(error);
    *ret = copy;
    return SYNAUTH_OK;
}

int synauth_cave_datastack_server(const char *datastack, char **ret, synauth_error *error)
{
    error_clear(error);
    if (!datastack || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    AUTO_STRING directory = NULL;
    int code = cave_secrets_directory(&directory, error);
    if (code == SYNAUTH_OK)
        code = datastack_map_get(directory, datastack, ret, error);
    errno = saved_errno;
    return code;
}
