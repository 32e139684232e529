/* code_trust - may a program or library be run that was found by its place relative to ours? */
#undef _TIME_BITS /* the kernel fills struct stat here, and old libraries have no other calls */
#include "file/code_trust.h"

#include "file/private_group.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

/* As in log.c: fstat(3) is no function of libc before glibc 2.33. */
#if __SIZEOF_POINTER__ == 8
enum { FSTAT = SYS_fstat };
#else
enum { FSTAT = SYS_fstat64 };
#endif

/* Not opened for reading: a program may be there to be run only. -1 when it is not there. */
static int look_at(const char *path, struct stat *ret)
{
    int fd = open(path, O_PATH | O_CLOEXEC);
    memset(ret, 0, sizeof *ret);
    if (fd < 0 || syscall(FSTAT, fd, ret) == 0)
        return fd;
    close(fd);
    return -1;
}

/* Behind all links; heap string, NULL where there is no /proc. */
static char *real_path(int fd)
{
    char link[64], *path = malloc(PATH_MAX);
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = path ? readlink(link, path, PATH_MAX - 1) : -1;
    if (length > 0 && path[0] == '/') {
        path[length] = '\0';
        return path;
    }
    free(path);
    return NULL;
}

/* NULL, or who else can write it. */
static const char *other_writer(const char *path, const struct stat *status)
{
    bool is_sticky = S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX);
    if (is_sticky)
        return NULL;
    if (status->st_mode & S_IWOTH)
        return "everybody";
    if ((status->st_mode & S_IWGRP) && (getxattr(path, "system.posix_acl_access", NULL, 0) > 0 ||
                                        !private_group_is(status->st_gid)))
        return "its group";
    return NULL;
}

/* Of the file or of the folder `path`. */
static bool is_trusted(int fd, const char *path, const struct stat *status, uid_t own_owner,
                       char *problem, size_t size)
{
    const char *what = S_ISDIR(status->st_mode) ? "the folder" : "it";
    struct statvfs mount;
    if (fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_RDONLY))
        return true;
    if (status->st_uid != 0 && status->st_uid != geteuid() && status->st_uid != own_owner) {
        snprintf(problem, size,
                 "%.300s is not used: %s belongs to user %lu, neither to this user nor to root; "
                 "chown it",
                 path, what, (unsigned long)status->st_uid);
        return false;
    }
    const char *writer = other_writer(path, status);
    if (writer)
        snprintf(problem, size, "%.300s is not used: %s can write %s; chmod go-w", path, writer,
                 what);
    return !writer;
}

static bool is_folder_trusted(const char *path, uid_t own_owner, char *problem, size_t size)
{
    const char *slash = strrchr(path, '/');
    struct stat status;
    char *folder = slash ? strndup(path, slash == path ? 1 : (size_t)(slash - path)) : NULL;
    int fd = folder ? look_at(folder, &status) : -1;
    bool trusted = fd >= 0 && is_trusted(fd, folder, &status, own_owner, problem, size);
    if (fd < 0)
        snprintf(problem, size, "%.300s is not used: its folder cannot be looked at", path);
    else
        close(fd);
    free(folder);
    return trusted;
}

enum code_trust code_trust_judge(const char *path, uid_t own_owner, char **ret_real, char *problem,
                                 size_t size)
{
    struct stat status;
    int saved_errno = errno, fd = look_at(path, &status);
    if (fd < 0 || !S_ISREG(status.st_mode)) {
        if (fd >= 0)
            close(fd);
        errno = saved_errno;
        return CODE_ABSENT;
    }
    char *real = real_path(fd);
    bool trusted = is_trusted(fd, path, &status, own_owner, problem, size) &&
                   is_folder_trusted(path, own_owner, problem, size) &&
                   (!real || is_folder_trusted(real, own_owner, problem, size));
    close(fd);
    if (trusted && ret_real) {
        *ret_real = real ? real : strdup(path);
        real = NULL;
    }
    free(real);
    errno = saved_errno;
    return trusted ? CODE_TRUSTED : CODE_REFUSED;
}

uid_t code_trust_owner(const char *path)
{
    struct stat status;
    int saved_errno = errno, fd = look_at(path, &status);
    if (fd >= 0)
        close(fd);
    errno = saved_errno;
    return fd >= 0 ? status.st_uid : (uid_t)-1;
}
