/* helper_path - where the helpers are that belong to this program. */
#include "talk/helper_path.h"

#include "file/code_trust.h"
#include "talk/own_path.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char problem[CODE_PROBLEM_MAX];

/* `middle` lies between the folder and the helper. NULL when it is not there or not to be used. */
static char *helper_in(const char *folder, const char *middle, const char *name)
{
    char *path = NULL, *real = NULL;
    if (asprintf(&path, "%s%s/%s", folder, middle, name) < 0)
        return NULL;
    if (access(path, X_OK) == 0 && code_trust_judge(path, code_trust_owner("/proc/self/exe"), &real,
                                                    problem, sizeof problem) != CODE_TRUSTED)
        real = NULL;
    free(path);
    return real;
}

const char *helper_path_problem(void)
{
    return problem;
}

char *helper_path(const char *name)
{
    char self[PATH_MAX];
    char *path = NULL;
    problem[0] = '\0';
    if (own_folder(self)) {
        path = helper_in(self, "", name);
        if (!path && !problem[0])
            path = helper_in(self, "/" SYNAUTH_LIBEXECDIR_FROM_BINDIR "/synauth", name);
    }
    return path || problem[0] ? path : helper_in(SYNAUTH_LIBEXECDIR, "/synauth", name);
}
