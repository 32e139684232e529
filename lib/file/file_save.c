/* file_save - the one place where files of the user are written: links followed, one saver at a
   time, and at every moment the old file or the new one. */
#include "file/file_save.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/log.h"
#include "base/paths.h"
#include "base/write_guard.h"
#include "file/file_lock.h"
#include "file/file_place.h"
#include "file/file_temporary.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum change { CHANGE_NONE, CHANGE_CONTENT, CHANGE_REMOVE };

struct target {
    char *path; /* resolved */
    enum file_trust trust;
    size_t directory; /* index into directories */
    struct secret *content;
    struct stat status; /* of content */
    enum change change;
    struct secret *wanted;
    struct file_temporary temporary;
};

struct directory {
    char *path;
    dev_t device;
    ino_t inode;
    struct file_lock lock;
};

struct file_save {
    struct target *targets;
    size_t count;
    struct directory *directories;
    size_t directory_count;
};

struct file_save *file_save_new(void)
{
    return calloc(1, sizeof(struct file_save));
}

static int lock_descriptor(const struct file_save *save, const struct target *target)
{
    return save->directories[target->directory].lock.directory;
}

static const char *base_name(const struct target *target)
{
    return strrchr(target->path, '/') + 1;
}

void file_save_free(struct file_save *save)
{
    if (!save)
        return;
    int saved_errno = errno;
    for (size_t i = 0; i < save->count; i++) {
        struct target *target = &save->targets[i];
        file_temporary_drop(&target->temporary);
        secret_unref(target->content);
        secret_unref(target->wanted);
        free(target->path);
    }
    for (size_t i = save->directory_count; i-- > 0;) {
        file_lock_release(&save->directories[i].lock);
        free(save->directories[i].path);
    }
    free(save->targets);
    free(save->directories);
    free(save);
    errno = saved_errno;
}

void file_save_cleanup(struct file_save **save)
{
    file_save_free(*save);
    *save = NULL;
}

int file_save_add(struct file_save *save, const char *path, enum file_trust trust,
                  size_t *ret_index, synauth_error *error)
{
    AUTO_STRING resolved = NULL;
    int code = file_place_resolve(path, &resolved, error);
    if (code != SYNAUTH_OK)
        return code;
    for (size_t i = 0; i < save->count; i++) {
        if (strcmp(save->targets[i].path, resolved) != 0)
            continue;
        *ret_index = i;
        return SYNAUTH_OK;
    }
    struct target *more = reallocarray(save->targets, save->count + 1, sizeof *more);
    if (!more)
        return error_memory(error);
    save->targets = more;
    *ret_index = save->count;
    save->targets[save->count++] =
        (struct target){.path = resolved, .trust = trust, .temporary = FILE_TEMPORARY_NONE};
    resolved = NULL;
    return SYNAUTH_OK;
}

static int failed(const char *path, const char *what, int number, synauth_error *error)
{
    return error_set(error, SYNAUTH_E_IO, path, 0, "%s: %s (errno %d)", what,
                     file_place_problem(number), number);
}

/* The directory of the target, once for all targets that are in it. */
static int find_directory(struct file_save *save, struct target *target, synauth_error *error)
{
    struct stat status;
    AUTO_STRING path = paths_directory(target->path);
    if (!path)
        return error_memory(error);
    if (stat(path, &status) != 0)
        return failed(target->path, "cannot be written", errno, error);
    for (size_t i = 0; i < save->directory_count; i++) {
        struct directory *known = &save->directories[i];
        if (known->device == status.st_dev && known->inode == status.st_ino)
            return SYNAUTH_OK;
    }
    size_t count = save->directory_count;
    struct directory *more = reallocarray(save->directories, count + 1, sizeof *more);
    if (!more)
        return error_memory(error);
    save->directories = more;
    save->directories[save->directory_count++] =
        (struct directory){.path = path,
                           .device = status.st_dev,
                           .inode = status.st_ino,
                           .lock = {.directory = -1, .place = -1, .file = -1}};
    path = NULL;
    return SYNAUTH_OK;
}

static int compare_directories(const void *left, const void *right)
{
    const struct directory *a = left, *b = right;
    if (a->device != b->device)
        return a->device < b->device ? -1 : 1;
    return a->inode < b->inode ? -1 : a->inode > b->inode;
}

/* In one order for everybody, so that no two savers wait for each other. */
static int lock_directories(struct file_save *save, synauth_error *error)
{
    int code = SYNAUTH_OK;
    if (save->directory_count > 1)
        qsort(save->directories, save->directory_count, sizeof save->directories[0],
              compare_directories);
    for (size_t i = 0; code == SYNAUTH_OK && i < save->directory_count; i++)
        code = file_lock_take(save->directories[i].path, &save->directories[i].lock, error);
    return code;
}

/* By the descriptor: between stat and open another directory may have got the name. */
static int assign_directory(struct file_save *save, struct target *target, synauth_error *error)
{
    AUTO_STRING path = paths_directory(target->path);
    struct stat status;
    if (!path || stat(path, &status) != 0)
        return failed(target->path, "cannot be written", path ? errno : ENOMEM, error);
    for (size_t i = 0; i < save->directory_count; i++) {
        struct stat held;
        if (fstat(save->directories[i].lock.directory, &held) == 0 &&
            held.st_dev == status.st_dev && held.st_ino == status.st_ino) {
            target->directory = i;
            return SYNAUTH_OK;
        }
    }
    return error_set(error, SYNAUTH_E_IO, target->path, 0,
                     "its directory was exchanged meanwhile; try again");
}

static int read_target(struct target *target, synauth_error *error)
{
    struct stat status;
    if (lstat(target->path, &status) == 0 && S_ISDIR(status.st_mode))
        return failed(target->path, "cannot be written", EISDIR, error);
    size_t max = target->trust == FILE_TRUST_CONFIG ? CONFIG_FILE_MAX : CREDENTIAL_FILE_MAX;
    synauth_error problem = {0};
    if (file_read(target->path, max, target->trust, &target->content, &target->status, &problem) !=
        FILE_UNUSABLE)
        return SYNAUTH_OK;
    return error_set(error, problem.code, problem.file[0] ? problem.file : target->path,
                     problem.line, "%s", problem.text);
}

/* ".NAME.synauth-new" and ".synauth-new.RANDOM": of savers that were killed, since whoever is at it
   holds the lock. */
static bool is_leftover(const char *name)
{
    static const char mark[] = ".synauth-new";
    const char *found = name[0] == '.' ? strstr(name, mark) : NULL;
    return found && (found[sizeof mark - 1] == '\0' || found[sizeof mark - 1] == '.');
}

bool file_save_is_leftover(const char *name)
{
    return is_leftover(name);
}

static void remove_leftovers(const struct directory *directory)
{
    struct stat status;
    int copy = directory->lock.held
                   ? openat(directory->lock.directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                   : -1;
    DIR *stream = copy >= 0 ? fdopendir(copy) : NULL;
    if (!stream && copy >= 0)
        close(copy);
    for (const struct dirent *entry; stream && (entry = readdir(stream)) != NULL;)
        if (is_leftover(entry->d_name) &&
            fstatat(dirfd(stream), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0 &&
            status.st_uid == geteuid())
            (void)unlinkat(dirfd(stream), entry->d_name, 0);
    if (stream)
        closedir(stream);
}

void file_save_sweep(const char *path)
{
    struct directory directory = {.path = NULL};
    if (file_lock_take(path, &directory.lock, NULL) != SYNAUTH_OK)
        return;
    remove_leftovers(&directory);
    file_lock_release(&directory.lock);
}

int file_save_lock(struct file_save *save, synauth_error *error)
{
    int saved_errno = errno;
    int code = SYNAUTH_OK;
    for (size_t i = 0; code == SYNAUTH_OK && i < save->count; i++) {
        code = file_place_make_directories(save->targets[i].path, error);
        if (code == SYNAUTH_OK)
            code = find_directory(save, &save->targets[i], error);
    }
    if (code == SYNAUTH_OK)
        code = lock_directories(save, error);
    for (size_t i = 0; code == SYNAUTH_OK && i < save->directory_count; i++)
        remove_leftovers(&save->directories[i]);
    for (size_t i = 0; code == SYNAUTH_OK && i < save->count; i++) {
        code = assign_directory(save, &save->targets[i], error);
        if (code == SYNAUTH_OK)
            code = read_target(&save->targets[i], error);
    }
    errno = saved_errno;
    return code;
}

size_t file_save_count(const struct file_save *save)
{
    return save->count;
}

const char *file_save_path(const struct file_save *save, size_t index)
{
    return save->targets[index].path;
}

const struct secret *file_save_content(const struct file_save *save, size_t index)
{
    return save->targets[index].content;
}

void file_save_set(struct file_save *save, size_t index, struct secret *content)
{
    struct target *target = &save->targets[index];
    struct secret *wanted = secret_ref(content);
    file_temporary_drop(&target->temporary);
    secret_unref(target->wanted);
    target->wanted = wanted;
    target->change = CHANGE_CONTENT;
}

void file_save_remove(struct file_save *save, size_t index)
{
    file_temporary_drop(&save->targets[index].temporary);
    save->targets[index].change = CHANGE_REMOVE; /* `wanted` stays, for what cannot be removed */
}

static bool write_all(int fd, const struct secret *content)
{
    return write_guarded(fd, secret_bytes(content), secret_length(content));
}

/* A file that root saves for somebody stays theirs. */
static bool keep_owner(int fd, const struct target *target)
{
    if (!target->content || geteuid() != 0)
        return true;
    return fchown(fd, target->status.st_uid, target->status.st_gid) == 0;
}

static mode_t wanted_mode(const struct target *target)
{
    if (!target->content)
        return 0600;
    mode_t most = target->trust == FILE_TRUST_CONFIG ? 0755 : 0600;
    return target->status.st_mode & most;
}

/* Whoever holds the lock may use one name where only we can write. Else: one that nobody has. */
static int open_temporary(const struct file_lock *lock, struct target *target, bool nameless)
{
    char usual[NAME_MAX + 1];
    int length = snprintf(usual, sizeof usual, ".%s.synauth-new", base_name(target));
    bool fits = lock->held && !lock->shared && length > 0 && (size_t)length < sizeof usual;
    return file_temporary_open(lock->directory, fits ? usual : NULL, nameless, &target->temporary);
}

static int write_temporary(struct file_save *save, struct target *target, bool nameless,
                           synauth_error *error)
{
    const struct file_lock *lock = &save->directories[target->directory].lock;
    if (open_temporary(lock, target, nameless) != 0)
        return failed(target->path, "cannot be written", errno, error);
    int fd = target->temporary.fd;
    if (write_all(fd, target->wanted) && keep_owner(fd, target) &&
        fchmod(fd, wanted_mode(target)) == 0 && file_temporary_flush(&target->temporary) == 0)
        return SYNAUTH_OK;
    file_temporary_drop(&target->temporary);
    return failed(target->path, "cannot be written", errno, error);
}

/* A bind mount pins the file: it cannot be replaced, only written. Not shorter than it is before
   all is written, so that a reader never finds nothing. */
static int write_in_place(struct file_save *save, struct target *target, synauth_error *error)
{
    int fd = openat(lock_descriptor(save, target), base_name(target),
                    O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool written = fd >= 0 && write_all(fd, target->wanted) &&
                   ftruncate(fd, (off_t)secret_length(target->wanted)) == 0 && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0)
        close(fd);
    if (!written)
        return failed(target->path, "cannot be written in place", cause, error);
    file_temporary_drop(&target->temporary);
    log_write(
        LEVEL_WARN,
        "%.500s: written in place, since a bind mount pins it and it cannot be replaced; mount "
        "its directory instead",
        target->path);
    return SYNAUTH_OK;
}

/* Where a file without a name cannot get one after all (links may be forbidden), it is written once
   more, with a name. */
static int become(struct file_save *save, struct target *target)
{
    bool is_new = !target->content;
    if (file_temporary_publish(&target->temporary, base_name(target), is_new) == 0)
        return 0;
    if (target->temporary.named)
        return -1;
    file_temporary_drop(&target->temporary);
    if (write_temporary(save, target, false, NULL) != SYNAUTH_OK)
        return -1;
    return file_temporary_publish(&target->temporary, base_name(target), is_new);
}

static int publish(struct file_save *save, struct target *target, synauth_error *error)
{
    bool removes = target->change == CHANGE_REMOVE;
    int result = removes ? unlinkat(lock_descriptor(save, target), base_name(target), 0)
                         : become(save, target);
    if (result != 0 && errno == EBUSY && target->wanted)
        return write_in_place(save, target, error);
    if (result != 0 && !(removes && errno == ENOENT))
        return failed(target->path, removes ? "cannot be removed" : "cannot be written", errno,
                      error);
    return SYNAUTH_OK;
}

/* After a failure in the middle: which files are new already, and which are not. */
static void note_halves(const struct file_save *save, size_t failed_at, synauth_error *error)
{
    char done[300] = "", left[300] = "";
    size_t done_used = 0, left_used = 0;
    for (size_t i = 0; error && i < save->count; i++) {
        size_t *used = i < failed_at ? &done_used : &left_used;
        char *list = i < failed_at ? done : left;
        if (save->targets[i].change == CHANGE_NONE || *used >= sizeof done)
            continue;
        *used += (size_t)snprintf(list + *used, sizeof done - *used, "%s%s", *used ? ", " : "",
                                  save->targets[i].path);
    }
    if (!error || !done[0])
        return;
    size_t length = strlen(error->text);
    snprintf(error->text + length, sizeof error->text - length, "; changed already: %s; not: %s",
             done, left);
}

static bool needs_temporary(const struct target *target)
{
    return target->change == CHANGE_CONTENT && !file_temporary_exists(&target->temporary);
}

int file_save_prepare(struct file_save *save, size_t index, char **ret_path, synauth_error *error)
{
    int saved_errno = errno;
    struct target *target = &save->targets[index];
    int code = needs_temporary(target) ? write_temporary(save, target, false, error) : SYNAUTH_OK;
    AUTO_STRING directory = code == SYNAUTH_OK ? paths_directory(target->path) : NULL;
    char *path = directory ? paths_join(directory, target->temporary.name) : NULL;
    errno = saved_errno;
    if (path)
        *ret_path = path;
    if (path || code != SYNAUTH_OK)
        return code;
    return error_memory(error);
}

int file_save_commit(struct file_save *save, synauth_error *error)
{
    int saved_errno = errno;
    int code = SYNAUTH_OK;
    for (size_t i = 0; code == SYNAUTH_OK && i < save->count; i++)
        if (needs_temporary(&save->targets[i]))
            code = write_temporary(save, &save->targets[i], true, error);
    for (size_t i = 0; code == SYNAUTH_OK && i < save->count; i++)
        if (save->targets[i].change != CHANGE_NONE) {
            code = publish(save, &save->targets[i], error);
            if (code != SYNAUTH_OK)
                note_halves(save, i, error);
        }
    /* The files are complete either way; a directory that cannot be flushed is no reason to fail.
     */
    for (size_t i = 0; i < save->directory_count; i++)
        (void)fsync(save->directories[i].lock.directory);
    errno = saved_errno;
    return code;
}
