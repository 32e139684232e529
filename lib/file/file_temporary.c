/* file_temporary - a file that gets another's name once it is whole. */
#include "file/file_temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { ATTEMPTS = 100, SELF_SIZE = 32 };

/* Nobody can have taken it beforehand. */
static void random_name(char *buffer, size_t size)
{
    uint64_t number = 0;
    struct timespec time = {0, 0};
    if (syscall(SYS_getrandom, &number, sizeof number, 0) != (long)sizeof number) {
        clock_gettime(CLOCK_MONOTONIC, &time);
        number = (uint64_t)time.tv_nsec << 32 ^ (uint64_t)getpid();
    }
    snprintf(buffer, size, ".synauth-new.%016llx", (unsigned long long)number);
}

/* Whatever `make` returns for the first name that is not taken. */
static int with_free_name(struct file_temporary *temporary,
                          int (*make)(const struct file_temporary *temporary))
{
    int result = make(temporary);
    for (unsigned left = ATTEMPTS; left > 0 && result < 0 && errno == EEXIST; left--) {
        random_name(temporary->name, sizeof temporary->name);
        result = make(temporary);
    }
    return result;
}

static int make_file(const struct file_temporary *temporary)
{
    int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW;
    return openat(temporary->directory, temporary->name, flags, 0600);
}

static void put_self(char buffer[SELF_SIZE], int fd)
{
    snprintf(buffer, SELF_SIZE, "/proc/self/fd/%d", fd);
}

/* By its entry in /proc, since AT_EMPTY_PATH needs a privilege before Linux 6.10. */
static int make_link(const struct file_temporary *temporary, const char *name)
{
    char self[SELF_SIZE];
    put_self(self, temporary->fd);
    return linkat(AT_FDCWD, self, temporary->directory, name, AT_SYMLINK_FOLLOW);
}

static int make_name(const struct file_temporary *temporary)
{
    return make_link(temporary, temporary->name);
}

/* -1 also where it could not get a name later: without /proc. */
static int open_nameless(int directory)
{
    char self[SELF_SIZE];
    struct stat file, entry;
    int fd = openat(directory, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    put_self(self, fd);
    if (fstat(fd, &file) == 0 && stat(self, &entry) == 0 && file.st_dev == entry.st_dev &&
        file.st_ino == entry.st_ino)
        return fd;
    close(fd);
    return -1;
}

int file_temporary_open(int directory, const char *usual, bool nameless, struct file_temporary *ret)
{
    struct file_temporary made = {.directory = directory, .fd = -1};
    if (!usual || snprintf(made.name, sizeof made.name, "%s", usual) >= (int)sizeof made.name)
        random_name(made.name, sizeof made.name);
    if (nameless)
        made.fd = open_nameless(directory);
    if (made.fd < 0) {
        made.fd = with_free_name(&made, make_file);
        made.named = made.fd >= 0;
    }
    *ret = made;
    return made.fd >= 0 ? 0 : -1;
}

bool file_temporary_exists(const struct file_temporary *temporary)
{
    return temporary->named || temporary->fd >= 0;
}

/* One with a name is closed: a file server may say only then what it could not keep, and refuse to
   rename what is open. */
int file_temporary_flush(struct file_temporary *temporary)
{
    if (fsync(temporary->fd) != 0)
        return -1;
    if (!temporary->named)
        return 0;
    int fd = temporary->fd;
    temporary->fd = -1;
    return close(fd);
}

static int give_name(struct file_temporary *temporary)
{
    if (!temporary->named && with_free_name(temporary, make_name) != 0)
        return -1;
    temporary->named = true;
    return 0;
}

static void forget(struct file_temporary *temporary)
{
    if (temporary->fd >= 0)
        close(temporary->fd);
    *temporary = FILE_TEMPORARY_NONE;
}

/* A link never replaces a file, and there is no call that gives a nameless file the name of
   another. So where there is one, it has a name of its own for the time between two system calls
   that follow each other, instead of all the time that writing and flushing take. */
int file_temporary_publish(struct file_temporary *temporary, const char *name, bool is_new)
{
    bool linked = is_new && !temporary->named && make_link(temporary, name) == 0;
    if (!linked && (give_name(temporary) != 0 || renameat(temporary->directory, temporary->name,
                                                          temporary->directory, name) != 0))
        return -1;
    forget(temporary);
    return 0;
}

void file_temporary_drop(struct file_temporary *temporary)
{
    int saved_errno = errno;
    if (temporary->named)
        (void)unlinkat(temporary->directory, temporary->name, 0);
    forget(temporary);
    errno = saved_errno;
}
