/* session_directory - the directory of the login sessions: opened once and judged by descriptor. */
#include "source/synapse/session_directory.h"

#include "base/cleanup.h"
#include "base/env.h"
#include "base/error.h"
#include "base/paths.h"
#include "file/private_group.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Root with a user's XDG_RUNTIME_DIR (sudo -E) would leave a directory there that locks him out. */
static char *runtime_path(void)
{
    struct stat status;
    const char *runtime = env_get("XDG_RUNTIME_DIR");
    bool is_ours = runtime && runtime[0] == '/' && stat(runtime, &status) == 0 &&
                   S_ISDIR(status.st_mode) && status.st_uid == geteuid() &&
                   access(runtime, W_OK | X_OK) == 0;
    return is_ours ? paths_join(runtime, "synauth") : NULL;
}

char *session_directory_path(void)
{
    const char *chosen = env_get("SYNAUTH_SESSION_DIR");
    if (!chosen)
        return runtime_path();
    size_t length = strlen(chosen);
    while (length > 1 && chosen[length - 1] == '/')
        length--;
    return chosen[0] == '/' ? strndup(chosen, length) : NULL;
}

/* Whoever can write above a directory can put another in its place, unless it is sticky. */
static bool is_safe_parent(int fd)
{
    struct stat status;
    if (fstat(fd, &status) != 0 || (status.st_uid != geteuid() && status.st_uid != 0))
        return false;
    if (status.st_mode & S_ISVTX)
        return true;
    return !(status.st_mode & S_IWOTH) &&
           (!(status.st_mode & S_IWGRP) || private_group_is(status.st_gid));
}

/* Only what we have made in it: then nobody else needs it. */
static bool is_only_ours(int fd)
{
    int copy = openat(fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *stream = copy >= 0 ? fdopendir(copy) : NULL;
    bool only_ours = stream != NULL;
    if (!stream && copy >= 0)
        close(copy);
    for (const struct dirent *entry = NULL; only_ours && (entry = readdir(stream)) != NULL;) {
        const char *name = entry->d_name + (entry->d_name[0] == '.');
        only_ours =
            strcmp(name, "") == 0 || strcmp(name, ".") == 0 || strncmp(name, "synapse-", 8) == 0;
    }
    if (stream)
        closedir(stream);
    return only_ours;
}

static bool is_below_root(const char *path)
{
    return strchr(path + 1, '/') == NULL;
}

static enum session_place judge(const struct session_directory *directory)
{
    struct stat status;
    if (fstat(directory->fd, &status) != 0 || status.st_uid != geteuid())
        return SESSION_PLACE_FOREIGN;
    if (!(status.st_mode & (S_IRWXG | S_IRWXO)))
        return SESSION_PLACE_OPEN;
    bool is_shared = (status.st_mode & S_ISVTX) || is_below_root(directory->path) ||
                     !is_only_ours(directory->fd);
    return is_shared ? SESSION_PLACE_SHARED : SESSION_PLACE_READABLE;
}

static enum session_place failed(struct session_directory *directory)
{
    directory->cause = errno;
    return SESSION_PLACE_FAILED;
}

static enum session_place open_in(int parent, struct session_directory *directory, bool make)
{
    int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
    const char *slash = strrchr(directory->path, '/');
    const char *name = slash[1] ? slash + 1 : ".";
    if (!is_safe_parent(parent))
        return SESSION_PLACE_PARENT;
    directory->fd = openat(parent, name, flags);
    if (directory->fd < 0 && errno == ENOENT && make) {
        if (mkdirat(parent, name, S_IRWXU) != 0 && errno != EEXIST)
            return failed(directory);
        directory->fd = openat(parent, name, flags);
    }
    if (directory->fd >= 0)
        return judge(directory);
    if (errno == ENOENT)
        return SESSION_PLACE_MISSING;
    return errno == ELOOP || errno == ENOTDIR ? SESSION_PLACE_FOREIGN : failed(directory);
}

static enum session_place open_path(struct session_directory *directory, bool make)
{
    AUTO_STRING above = paths_directory(directory->path);
    int parent = above ? open(above, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;
    if (parent < 0)
        return errno == ENOENT && !make ? SESSION_PLACE_MISSING : failed(directory);
    enum session_place place = open_in(parent, directory, make);
    int saved_errno = errno;
    close(parent);
    errno = saved_errno;
    return place;
}

void session_directory_open(struct session_directory *ret, bool make)
{
    const char *chosen = env_get("SYNAUTH_SESSION_DIR");
    int saved_errno = errno;
    *ret = (struct session_directory){.fd = -1, .path = session_directory_path()};
    if (ret->path)
        ret->place = open_path(ret, make);
    else if (chosen)
        ret->place = chosen[0] == '/' ? failed(ret) : SESSION_PLACE_RELATIVE;
    else
        ret->place = SESSION_PLACE_NONE;
    if (ret->place != SESSION_PLACE_OPEN && ret->fd >= 0) {
        close(ret->fd);
        ret->fd = -1;
    }
    errno = saved_errno;
}

void session_directory_close(struct session_directory *directory)
{
    int saved_errno = errno;
    if (directory->fd >= 0)
        close(directory->fd);
    free(directory->path);
    *directory = (struct session_directory){.place = SESSION_PLACE_NONE, .fd = -1};
    errno = saved_errno;
}

int session_directory_judge(const struct session_directory *directory, synauth_error *error)
{
    const char *path = directory->path;
    switch (directory->place) {
    case SESSION_PLACE_OPEN:
    case SESSION_PLACE_MISSING:
    case SESSION_PLACE_NONE:
        return SYNAUTH_OK;
    case SESSION_PLACE_RELATIVE:
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                         "SYNAUTH_SESSION_DIR is a relative path: give an absolute one");
    case SESSION_PLACE_PARENT:
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
                         "others can exchange the session directory, since the one above belongs "
                         "to another user or is open to them; set SYNAUTH_SESSION_DIR to one in "
                         "your home");
    case SESSION_PLACE_FOREIGN:
        return error_set(
            error, SYNAUTH_E_UNUSABLE, path, 0,
            "the session directory belongs to another user, is a link or no directory; "
            "nothing in it is used; set SYNAUTH_SESSION_DIR to one of your own");
    case SESSION_PLACE_READABLE:
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
                         "the session directory is open to others; nothing in it is used until: "
                         "chmod 700 %.300s",
                         path);
    case SESSION_PLACE_SHARED:
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
                         "the session directory is open to others, who use it, too; nothing in it "
                         "is used; set SYNAUTH_SESSION_DIR to one of your own (mkdir -m 700)");
    case SESSION_PLACE_FAILED:
    default:
        return error_set(error, SYNAUTH_E_UNUSABLE, path, 0,
                         "the session directory cannot be opened or made (errno %d); set "
                         "SYNAUTH_SESSION_DIR to one of your own",
                         directory->cause);
    }
}
