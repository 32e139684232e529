/* away - a file that cannot be looked at for a while. */
#include "source/away.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void file_view_get(struct file_view *ret)
{
    struct stat root;
    int saved_errno = errno;
    memset(ret, 0, sizeof *ret);
    ret->known = stat("/", &root) == 0;
    if (ret->known) {
        ret->user = geteuid();
        ret->root_device = root.st_dev;
        ret->root_inode = root.st_ino;
    }
    errno = saved_errno;
}

bool file_view_is(const struct file_view *before)
{
    struct file_view now;
    file_view_get(&now);
    return before->known && now.known && before->user == now.user &&
           before->root_device == now.root_device && before->root_inode == now.root_inode;
}

/* These tell that there is no such file, or none that could be read. */
static bool says_gone(int number)
{
    return number == ENOENT || number == ENOTDIR || number == ELOOP || number == ENAMETOOLONG ||
           number == EISDIR || number == ENXIO || number == ENODEV;
}

/* 0, or why not a byte of it can be read. Attributes may still come from a cache. */
static int try_to_read(const char *path)
{
    char byte;
    struct stat status;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return errno;
    bool is_file = fstat(fd, &status) != 0 || S_ISREG(status.st_mode);
    int cause = is_file && pread(fd, &byte, 1, 0) < 0 ? errno : is_file ? 0 : ENODEV;
    close(fd);
    return cause;
}

static const char *reason(int number)
{
    switch (number) {
    case EACCES:
    case EPERM:
        return "permission denied";
    case ESTALE:
        return "stale file handle";
    case EIO:
        return "the file system fails";
    case ENOTCONN:
        return "the file server is away";
    default:
        return "try ls -l on it";
    }
}

static void note_away(const char *path, int number)
{
    char cause[600];
    snprintf(cause, sizeof cause, "file away: %.500s", path);
    log_once(LEVEL_WARN, cause,
             "%.500s: cannot be looked at now (%s, errno %d); the token read from it stays in use",
             path, reason(number), number);
}

bool away_for_a_while(const struct watched *files, size_t count, const struct file_view *view)
{
    bool away = false;
    int saved_errno = errno;
    for (size_t i = 0; i < count; i++) {
        if (!files[i].path || files[i].state.target.error != 0)
            continue;
        int cause = try_to_read(files[i].path);
        if (says_gone(cause) || (cause != 0 && !file_view_is(view))) {
            away = false;
            break;
        }
        if (cause != 0)
            note_away(files[i].path, cause);
        away |= cause != 0;
    }
    errno = saved_errno;
    return away;
}
