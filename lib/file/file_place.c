/* file_place - where a file that is to be written really is: links followed, its directories made.
 */
#include "file/file_place.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINKS_MAX = 40 }; /* as the kernel counts them */

const char *file_place_problem(int number)
{
    switch (number) {
    case EACCES:
    case EPERM:
        return "permission denied";
    case EROFS:
        return "the file system is read-only";
    case ENOSPC:
        return "the file system is full";
    case EDQUOT:
        return "the disk quota is used up";
    case ENOENT:
        return "a directory above it is missing";
    case ENOTDIR:
        return "something above it is not a directory";
    case EISDIR:
        return "it is a directory";
    case ELOOP:
        return "too many symbolic links";
    case ENAMETOOLONG:
        return "the name is too long";
    case EFBIG:
        return "a limit of file sizes (ulimit -f) is reached";
    case EMFILE:
    case ENFILE:
        return "too many open files";
    case ENOMEM:
        return "out of memory";
    default:
        return "the file system reports an error";
    }
}

static int cannot_write(const char *path, int number, synauth_error *error)
{
    return error_set(error, number == ENOMEM ? SYNAUTH_E_MEMORY : SYNAUTH_E_IO, path, 0,
                     "cannot be written: %s (errno %d)", file_place_problem(number), number);
}

/* What the link says, joined to its directory. NULL with errno. */
static char *follow(const char *path)
{
    char target[PATH_MAX];
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return NULL;
    target[length] = '\0';
    if (target[0] == '/')
        return strdup(target);
    AUTO_STRING directory = paths_directory(path);
    return directory ? paths_join(directory, target) : NULL;
}

/* Follows `path` until it names something that is no link. NULL with errno. */
static char *follow_links(const char *path)
{
    char *at = strdup(path);
    for (int links = 0; at && links < LINKS_MAX; links++) {
        struct stat status;
        if (lstat(at, &status) != 0 || !S_ISLNK(status.st_mode))
            return at;
        char *next = follow(at);
        free(at);
        at = next;
    }
    if (at) {
        free(at);
        errno = ELOOP;
    }
    return NULL;
}

/* The directory without links as far as it exists, the rest as it is written. NULL with errno. */
static char *real_directory(const char *directory)
{
    char *real = realpath(directory, NULL);
    if (real || errno != ENOENT || strcmp(directory, "/") == 0)
        return real;
    AUTO_STRING above = paths_directory(directory);
    AUTO_STRING real_above = above ? real_directory(above) : NULL;
    return real_above ? paths_join(real_above, strrchr(directory, '/') + 1) : NULL;
}

static char *without_trailing_slashes(const char *path)
{
    size_t length = strlen(path);
    while (length > 1 && path[length - 1] == '/')
        length--;
    return strndup(path, length);
}

int file_place_resolve(const char *path, char **ret, synauth_error *error)
{
    int saved_errno = errno;
    AUTO_STRING wanted = without_trailing_slashes(path);
    AUTO_STRING target = wanted ? follow_links(wanted) : NULL;
    AUTO_STRING directory = target ? paths_directory(target) : NULL;
    AUTO_STRING real = directory ? real_directory(directory) : NULL;
    const char *name = target ? strrchr(target, '/') : NULL;
    char *resolved = real && name ? paths_join(real, name + 1) : NULL;
    int cause = errno;
    errno = saved_errno;
    if (!resolved)
        return cannot_write(path, cause, error);
    if (!name[1] || strcmp(name, "/.") == 0 || strcmp(name, "/..") == 0) {
        free(resolved);
        return cannot_write(path, EISDIR, error);
    }
    *ret = resolved;
    return SYNAUTH_OK;
}

bool file_place_is_writable(const char *path)
{
    int saved_errno = errno;
    AUTO_STRING at = paths_directory(path);
    while (at && at[0] == '/' && at[1] && access(at, F_OK) != 0 && errno == ENOENT) {
        char *above = paths_directory(at);
        free(at);
        at = above;
    }
    bool writable = at && faccessat(AT_FDCWD, at, W_OK | X_OK, AT_EACCESS) == 0;
    errno = saved_errno;
    return writable;
}

static bool make_directories(char *path)
{
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        int made = mkdir(path, 0700);
        int cause = errno;
        struct stat status;
        bool there = made == 0 || (stat(path, &status) == 0 && S_ISDIR(status.st_mode));
        *slash = '/';
        if (there)
            continue;
        errno = cause == EEXIST ? ENOTDIR : cause;
        return false;
    }
    return true;
}

int file_place_make_directories(const char *path, synauth_error *error)
{
    int saved_errno = errno;
    AUTO_STRING copy = strdup(path);
    bool made = copy && make_directories(copy);
    int cause = errno;
    errno = saved_errno;
    return made ? SYNAUTH_OK : cannot_write(path, cause, error);
}
