/* file_trust - what owner and mode of an open file say about it. */
#include "file/file_trust.h"

#include "base/error.h"
#include "base/log.h"
#include "file/private_group.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

bool file_trust_is_foreign(const struct stat *status)
{
    return status->st_uid != geteuid() && status->st_uid != 0;
}

bool file_trust_is_read_only(int fd)
{
    struct statvfs mount;
    return fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0;
}

/* With an access list the group's bits are the most that anybody on the list may do. */
static bool has_access_list(int fd)
{
    return fgetxattr(fd, "system.posix_acl_access", NULL, 0) > 0;
}

const char *file_trust_writer(int fd, const struct stat *status)
{
    if (status->st_mode & S_IWOTH)
        return "everybody";
    if ((status->st_mode & S_IWGRP) && (has_access_list(fd) || !private_group_is(status->st_gid)))
        return "its group";
    return NULL;
}

int file_trust_config(int fd, const char *path, const struct stat *status, synauth_error *error)
{
    if (file_trust_is_read_only(fd))
        return SYNAUTH_OK;
    if (file_trust_is_foreign(status))
        return error_set(error, SYNAUTH_E_CONFIG, path, 0,
                         "refused: it belongs to user %lu, neither to this user nor to root; chown "
                         "it, or mount it read-only",
                         (unsigned long)status->st_uid);
    const char *writer = file_trust_writer(fd, status);
    if (writer)
        return error_set(error, SYNAUTH_E_CONFIG, path, 0, "refused: %s can write it; chmod go-w",
                         writer);
    return SYNAUTH_OK;
}

/* The file is not ours to change: it is often the host's, in a container. */
static void note_owner(const char *path, uid_t owner)
{
    char cause[600]; /* the longest path that is said, too */
    snprintf(cause, sizeof cause, "file owner: %.500s", path);
    log_once(
        LEVEL_WARN, cause,
        "%.500s: belongs to user %lu, neither to this user nor to root, who can so choose the "
        "token; mount it read-only (:ro), or hand the token over by SYNAPSE_AUTH_TOKEN_FILE or "
        "CAVE_TOKEN_FILE",
        path, (unsigned long)owner);
}

static void note_mode(const char *path, const struct stat *status)
{
    char cause[600];
    mode_t mode = status->st_mode;
    bool is_own = status->st_uid == geteuid();
    snprintf(cause, sizeof cause, "file mode: %.500s", path);
    if (mode & (S_IWGRP | S_IWOTH))
        log_once(LEVEL_WARN, cause,
                 "%.500s: %s can write this credential file and so choose the token; %s", path,
                 mode & S_IWOTH ? "everybody" : "its group",
                 is_own ? "chmod 600" : "mount it read-only (:ro), or have its owner chmod 600 it");
    else if (mode & (S_IRGRP | S_IROTH))
        log_once(LEVEL_INFO, cause, "%.500s: others can read this credential file%s", path,
                 is_own ? "; chmod 600" : "");
}

void file_trust_note_credential(int fd, const char *path, const struct stat *status)
{
    if (file_trust_is_read_only(fd))
        return;
    if (file_trust_is_foreign(status))
        note_owner(path, status->st_uid);
    else
        note_mode(path, status);
}
