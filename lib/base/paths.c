/* paths - where a user's files are: home, XDG directories, `~`, and names made absolute. */
#include "base/paths.h"

#include "base/cleanup.h"
#include "base/error.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *passwd_home(void)
{
    enum { SIZE_FIRST = 1024, SIZE_LAST = 1024 * 1024 };
    struct passwd entry, *found = NULL;
    char *buffer = NULL, *home = NULL;
    int result = ERANGE;
    for (size_t size = SIZE_FIRST; result == ERANGE && size <= SIZE_LAST; size *= 4) {
        free(buffer);
        buffer = malloc(size);
        if (!buffer)
            return NULL;
        result = getpwuid_r(geteuid(), &entry, buffer, size, &found);
    }
    if (result == 0 && found && found->pw_dir && found->pw_dir[0] == '/')
        home = strdup(found->pw_dir);
    free(buffer);
    return home;
}

char *paths_home(void)
{
    const char *home = getenv("HOME");
    if (home && home[0] == '/')
        return strdup(home);
    int saved_errno = errno;
    char *found = passwd_home();
    errno = saved_errno;
    return found;
}

char *paths_join(const char *directory, const char *name)
{
    size_t length = strlen(directory), name_length = strlen(name);
    while (length > 0 && directory[length - 1] == '/')
        length--;
    char *joined = malloc(length + name_length + 2);
    if (!joined)
        return NULL;
    memcpy(joined, directory, length);
    joined[length] = '/';
    memcpy(joined + length + 1, name, name_length + 1);
    return joined;
}

static char *expand_home(const char *rest)
{
    char *home = paths_home();
    if (!home || !rest[0])
        return home;
    char *joined = paths_join(home, rest + strspn(rest, "/"));
    free(home);
    return joined;
}

char *paths_expand(const char *path, const char *base)
{
    if (path[0] == '/')
        return strdup(path);
    if (path[0] == '~' && (path[1] == '/' || path[1] == '\0'))
        return expand_home(path + 1);
    return base ? paths_join(base, path) : NULL;
}

int paths_from_caller(const char *path, char **ret, synauth_error *error)
{
    *ret = NULL;
    if (!path)
        return SYNAUTH_OK;
    AUTO_STRING here = path[0] == '/' || path[0] == '~' ? NULL : getcwd(NULL, 0);
    *ret = paths_expand(path, here);
    if (*ret)
        return SYNAUTH_OK;
    return error_set(error, SYNAUTH_E_ARGUMENT, path, 0,
                     "the path cannot be made absolute: give an absolute one");
}

char *paths_directory(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (!slash)
        return strdup(".");
    return strndup(path, slash == path ? 1 : (size_t)(slash - path));
}

char *paths_user_config(void)
{
    static const char name[] = "synauth/synauth.conf";
    const char *config_home = getenv("XDG_CONFIG_HOME");
    if (config_home && config_home[0])
        return config_home[0] == '/' ? paths_join(config_home, name) : NULL;
    char *home = paths_home();
    if (!home)
        return NULL;
    char *directory = paths_join(home, ".config");
    char *path = directory ? paths_join(directory, name) : NULL;
    free(directory);
    free(home);
    return path;
}

const char *paths_site_config(void)
{
    return SYNAUTH_SYSCONFDIR "/synauth/synauth.conf";
}
