/* file_lock - one saver at a time in a directory, in this process and in others. */
#include "file/file_lock.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "file/file_place.h"
#include "file/file_trust.h"
#include "file/private_group.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { WAIT_SECONDS = 30, STEP_MILLISECONDS = 5 };

static void pause_briefly(void)
{
    const struct timespec step = {.tv_nsec = STEP_MILLISECONDS * 1000000L};
    nanosleep(&step, NULL);
}

/* Not the blocking call: a holder that hangs must not make us wait for ever. 0 or errno. */
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
static bool is_stale(int place, const char *name, int file)
{
    struct stat held, named;
    return fstat(file, &held) != 0 || fstatat(place, name, &named, AT_SYMLINK_NOFOLLOW) ||
           held.st_dev != named.st_dev || held.st_ino != named.st_ino;
}

/* Only we, or root, can have opened it. */
static bool is_private(int file)
{
    struct stat status;
    return fstat(file, &status) == 0 && S_ISREG(status.st_mode) &&
           !file_trust_is_foreign(&status) && !(status.st_mode & (S_IRWXG | S_IRWXO));
}

/* One that root holds is there and can't be opened. -1 with errno. */
static int open_lock(int place, const char *name)
{
    int flags = O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;
    for (int left = WAIT_SECONDS * 1000 / STEP_MILLISECONDS; left > 0; left--) {
        int fd = openat(place, name, flags, 0600);
        struct stat status;
        if (fd >= 0 || errno != EACCES)
            return fd;
        if (fstatat(place, name, &status, AT_SYMLINK_NOFOLLOW) != 0 || status.st_uid != 0 ||
            geteuid() == 0) {
            errno = EACCES;
            return -1;
        }
        pause_briefly();
    }
    errno = EWOULDBLOCK;
    return -1;
}

/* 0 or errno. */
static int lock_in(int place, struct file_lock *lock)
{
    for (;;) {
        int fd = open_lock(place, lock->name);
        if (fd < 0)
            return errno;
        int cause = is_private(fd) ? lock_patiently(fd) : EACCES;
        if (cause == 0 && is_stale(place, lock->name, fd)) {
            close(fd);
            continue;
        }
        if (cause != 0) {
            close(fd);
            return cause;
        }
        lock->place = place;
        lock->file = fd;
        lock->held = true;
        return 0;
    }
}

static int open_directory(const char *path)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 && errno == EACCES)
        fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
    return fd;
}

static bool others_can_write(int directory)
{
    struct stat status;
    if (fstat(directory, &status) != 0 || (status.st_mode & S_IWOTH))
        return true;
    return (status.st_mode & S_IWGRP) && !private_group_is(status.st_gid);
}

/* 0 or errno. No home, or one that is no place either: no lock is better than a stranger's. */
static int lock_in_home(struct file_lock *lock)
{
    AUTO_STRING home = paths_home();
    struct stat status = {0};
    (void)fstat(lock->directory, &status);
    snprintf(lock->name, sizeof lock->name, ".synauth.lock-%llx-%llx",
             (unsigned long long)status.st_dev, (unsigned long long)status.st_ino);
    int place = home ? open_directory(home) : -1;
    int cause = place >= 0 && !others_can_write(place) ? lock_in(place, lock) : 0;
    if (place >= 0 && lock->place < 0)
        close(place);
    return cause == EWOULDBLOCK ? cause : 0;
}

/* 0 or errno. What hinders the lock and would hinder the writing, too, is said then. */
static int take(struct file_lock *lock)
{
    lock->shared = others_can_write(lock->directory);
    int place = lock->shared ? -1 : openat(lock->directory, ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    int cause = place >= 0 ? lock_in(place, lock) : EACCES;
    if (place >= 0 && lock->place < 0)
        close(place);
    return cause == 0 || cause == EWOULDBLOCK ? cause : lock_in_home(lock);
}

int file_lock_take(const char *directory, struct file_lock *ret, synauth_error *error)
{
    int saved_errno = errno;
    struct file_lock lock = {
        .directory = open_directory(directory), .place = -1, .file = -1, .name = ".synauth.lock"};
    int cause = lock.directory < 0 ? errno : take(&lock);
    if (cause == 0)
        *ret = lock;
    else
        file_lock_release(&lock);
    errno = saved_errno;
    if (cause == 0)
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
        (void)unlinkat(lock->place, lock->name, 0);
        close(lock->file);
    }
    if (lock->place >= 0)
        close(lock->place);
    if (lock->directory >= 0)
        close(lock->directory);
    *lock = (struct file_lock){.directory = -1, .place = -1, .file = -1};
    errno = saved_errno;
}
