/* helper_path - where the helpers are that belong to this program. */
#include "helper_path.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* `middle` lies between the folder and the helper. NULL when it is not there. */
static char *helper_in(const char *folder, const char *middle, const char *name)
{
    char *path = NULL;
    if (asprintf(&path, "%s%s/%s", folder, middle, name) < 0)
        return NULL;
    if (access(path, X_OK) == 0)
        return path;
    free(path);
    return NULL;
}

char *helper_path(const char *name)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = NULL, *path = NULL;
    if (length > 0) {
        self[length] = '\0';
        slash = strrchr(self, '/');
    }
    if (slash) {
        *slash = '\0';
        path = helper_in(self, "", name);
        if (!path)
            path = helper_in(self, "/" SYNAUTH_LIBEXECDIR_FROM_BINDIR "/synauth", name);
    }
    return path ? path : helper_in(SYNAUTH_LIBEXECDIR, "/synauth", name);
}
