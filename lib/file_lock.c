/* file_lock - one saver at a time in a directory, in this process and in others. */
#include "file_lock.h"

#include "error.h"
#include "file_place.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_SECONDS = 30, STEP_MILLISECONDS = 5 };

static const char lock_name[] = ".synauth.lock";

static void pause_briefly(void)
{
    const struct timespec step = {.tv_nsec = STEP_MILLISECONDS * 1000000L};
    nanosleep(&step, NULL);
}

/* Not the blocking call: whoever may open the directory could make us wait for ever. 0 or errno. */
static int lock_patiently(int fd)
{
    for (int left = WAIT_SECONDS * 1000 / STEP_MILLISECONDS; left > 0; left--) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0)
            return 0;
        if (errno != EWOULDBLOCK && errno != EINTR)
            return errno;
        pause_briefly();
    }
    return EWOULDBLOCK;
}

/* Was the lock file removed by its last owner while we waited for it? */
static bool is_stale(int directory, int file)
{
    struct stat held, named;
    return fstat(file, &held) != 0 || fstatat(directory, lock_name, &named, AT_SYMLINK_NOFOLLOW) ||
           held.st_dev != named.st_dev || held.st_ino != named.st_ino;
}

/* 0 or errno. */
static int lock_file_beside(struct file_lock *lock)
{
    for (;;) {
        int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
        int fd = openat(lock->directory, lock_name, flags, 0600);
        if (fd < 0)
            return errno;
        int cause = lock_patiently(fd);
        if (cause == 0 && is_stale(lock->directory, fd)) {
            close(fd);
            continue;
        }
        lock->file = fd;
        return cause;
    }
}

static bool knows_no_locks(int number)
{
    return number == ENOSYS || number == ENOLCK || number == EOPNOTSUPP || number == EINVAL;
}

static int open_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == EACCES)
        fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd;
}

int file_lock_take(const char *directory, struct file_lock *ret, synauth_error *error)
{
    int saved_errno = errno;
    struct file_lock lock = {.directory = open_directory(directory), .file = -1};
    int cause = lock.directory < 0 ? errno : lock_patiently(lock.directory);
    if (cause == EBADF)
        cause = lock_file_beside(&lock);
    lock.held = cause == 0;
    bool taken = lock.directory >= 0 && (lock.held || knows_no_locks(cause));
    if (taken)
        *ret = lock;
    else
        file_lock_release(&lock);
    errno = saved_errno;
    if (taken)
        return SYNAUTH_OK;
    if (cause == EWOULDBLOCK)
        return error_set(error, SYNAUTH_E_IO, directory, 0,
                         "another program holds a lock on it; try again");
    return error_set(error, SYNAUTH_E_IO, directory, 0, "cannot be locked: %s (errno %d)",
                     file_place_problem(cause), cause);
}

void file_lock_release(struct file_lock *lock)
{
    int saved_errno = errno;
    if (lock->file >= 0) {
        /* Before the lock goes: whoever gets it next finds the name gone and makes a new file. */
        if (lock->held)
            (void)unlinkat(lock->directory, lock_name, 0);
        close(lock->file);
    }
    if (lock->directory >= 0)
        close(lock->directory);
    *lock = (struct file_lock){.directory = -1, .file = -1};
    errno = saved_errno;
}
