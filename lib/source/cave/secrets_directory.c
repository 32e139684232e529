/* secrets_directory - where CAVE's clients keep their secrets, and what the files in it are for. */
#include "source/cave/secrets_directory.h"

#include "base/cleanup.h"
#include "base/env.h"
#include "base/error.h"
#include "base/paths.h"

#include <stdio.h>
#include <string.h>

static const char suffix[] = "-" CAVE_SECRET_NAME;

int cave_secrets_directory(char **ret, synauth_error *error)
{
    static const char variable[] = "CLOUD_VOLUME_DIR";
    const char *value = env_get(variable);
    AUTO_STRING base = value ? paths_expand(value, NULL) : NULL;
    if (value && !base)
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                         "%s is no absolute path: give one, or unset it", variable);
    char *directory =
        base ? paths_join(base, "secrets") : paths_expand("~/.cloudvolume/secrets", NULL);
    if (!directory)
        return error_set(error, SYNAUTH_E_IO, NULL, 0,
                         "there is no home directory for ~/.cloudvolume/secrets: set HOME");
    *ret = directory;
    return SYNAUTH_OK;
}

char *cave_server_file(const char *directory, const char *host)
{
    AUTO_STRING name = NULL;
    if (asprintf(&name, "%s%s", host, suffix) < 0) {
        name = NULL;
        return NULL;
    }
    return paths_join(directory, name);
}

bool cave_is_secret_name(const char *name, size_t *ret_host_length)
{
    size_t length = strlen(name), tail = sizeof suffix - 1;
    *ret_host_length = 0;
    if (strcmp(name, CAVE_SECRET_NAME) == 0 || strcmp(name, CAVE_DEPRECATED_NAME) == 0)
        return true;
    if (length <= tail || strcmp(name + length - tail, suffix) != 0)
        return false;
    *ret_host_length = length - tail;
    return true;
}
