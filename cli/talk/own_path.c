/* own_path - where the file of this program is: as /proc has it, or, in a root without /proc, the
   path that it was started by. */
#include "talk/own_path.h"

#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

bool own_folder(char folder[PATH_MAX])
{
    const char *started = (const char *)getauxval(AT_EXECFN);
    ssize_t length = readlink("/proc/self/exe", folder, PATH_MAX - 1);
    if (length > 0)
        folder[length] = '\0';
    else if (!started || !realpath(started, folder))
        return false;
    char *slash = strrchr(folder, '/');
    if (slash)
        *slash = '\0';
    return slash != NULL;
}
