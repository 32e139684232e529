/* file_read - the one place where foreign files are opened for reading, and judged. */
#include "file/file_read.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "base/utf8.h"
#include "file/file_trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

enum { SIZE_UNKNOWN_START = 4096 }; /* a first block for files that tell no size, as in /proc */

static void close_keeping_errno(const int *fd)
{
    int saved_errno = errno;
    if (*fd >= 0)
        close(*fd);
    errno = saved_errno;
}

/* Our own words: strerror speaks the locale's language and need not be thread-safe. */
static const char *open_problem(int number)
{
    switch (number) {
    case EACCES:
    case EPERM:
        return "permission denied; make it readable for this user (its owner: chmod u+r), or run "
               "as its owner";
    case ELOOP:
        return "too many symbolic links; name the file itself";
    case ENAMETOOLONG:
        return "the name is too long; use a shorter one";
    case EMFILE:
    case ENFILE:
        return "too many open files; raise the limit (ulimit -n)";
    case ENXIO:
    case ENODEV:
        return "not a regular file; name one";
    default:
        return NULL;
    }
}

static enum file_state open_failed(const char *path, int number, synauth_error *error)
{
    if (number == ENOENT || number == ENOTDIR)
        return FILE_ABSENT;
    const char *problem = open_problem(number);
    if (problem)
        error_set(error, SYNAUTH_E_IO, path, 0, "cannot be read: %s", problem);
    else
        error_set(error, SYNAUTH_E_IO, path, 0, "cannot be read (errno %d); check the file system",
                  number);
    return FILE_UNUSABLE;
}

static int open_for_reading(const char *path)
{
    int fd;
    do
        fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (fd < 0 && errno == EINTR);
    return fd;
}

static enum file_state too_large(const char *path, size_t max, synauth_error *error)
{
    error_set(error, SYNAUTH_E_UNUSABLE, path, 0, "larger than %zu KiB; is it the right file?",
              max / 1024);
    return FILE_UNUSABLE;
}

static enum file_state judge(int fd, const char *path, size_t max, enum file_trust trust,
                             const struct stat *status, synauth_error *error)
{
    if (S_ISDIR(status->st_mode))
        return FILE_ABSENT;
    if (!S_ISREG(status->st_mode)) {
        error_set(error, SYNAUTH_E_IO, path, 0, "not a regular file; name one");
        return FILE_UNUSABLE;
    }
    if (trust == FILE_TRUST_CONFIG && file_trust_config(fd, path, status, error) != SYNAUTH_OK)
        return FILE_UNUSABLE;
    if (trust == FILE_TRUST_CREDENTIAL)
        file_trust_note_credential(fd, path, status);
    if (status->st_size > 0 && (uintmax_t)status->st_size > max)
        return too_large(path, max, error);
    return FILE_OK;
}

/* Fills the block from the descriptor. -1, or how much there was (never more than the block). */
static ssize_t fill(int fd, struct secret *block, size_t used)
{
    while (used < secret_length(block)) {
        ssize_t got = read(fd, secret_buffer(block) + used, secret_length(block) - used);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        used += (size_t)got;
    }
    return (ssize_t)used;
}

/* A block of twice the size that begins with the same bytes; the old one is wiped. */
static struct secret *grow(struct secret *block, size_t limit)
{
    size_t length = secret_length(block);
    struct secret *larger = secret_alloc(length > limit / 2 ? limit : length * 2);
    if (larger)
        memcpy(secret_buffer(larger), secret_bytes(block), length);
    secret_unref(block);
    return larger;
}

static enum file_state out_of_memory(const char *path, synauth_error *error)
{
    error_set(error, SYNAUTH_E_MEMORY, path, 0, "out of memory");
    return FILE_UNUSABLE;
}

/* It may have grown since it was looked at. A file that tells no size never is. */
static bool is_whole(int fd, size_t used)
{
    struct stat status;
    return used > 0 && fstat(fd, &status) == 0 && (uintmax_t)status.st_size == used;
}

/* The first block has the size that the file is said to have, so that most are not copied. */
static enum file_state read_all(int fd, const char *path, size_t max, const struct stat *status,
                                struct secret **ret, synauth_error *error)
{
    size_t limit = max + 1; /* to tell a file of the greatest size from a larger one */
    AUTO_SECRET block =
        secret_alloc(status->st_size > 0 ? (size_t)status->st_size : SIZE_UNKNOWN_START);
    size_t used = 0;
    while (block) {
        ssize_t filled = fill(fd, block, used);
        if (filled < 0)
            return open_failed(path, errno == ENOENT ? EIO : errno, error);
        used = (size_t)filled;
        if (used > max)
            return too_large(path, max, error);
        if (used < secret_length(block) || is_whole(fd, used))
            break;
        block = grow(block, limit);
    }
    bool is_exact = block && used == secret_length(block);
    struct secret *content = is_exact ? secret_ref(block) : secret_slice(block, 0, used);
    if (!content)
        return out_of_memory(path, error);
    *ret = content;
    return FILE_OK;
}

static enum file_state is_utf16(const char *path, struct secret **content, synauth_error *error)
{
    secret_unref(*content);
    *content = NULL;
    error_set(error, SYNAUTH_E_UNUSABLE, path, 0, "its text is UTF-16; save it as UTF-8");
    return FILE_UNUSABLE;
}

enum file_state file_read_open(int fd, const char *path, size_t max, enum file_trust trust,
                               struct secret **ret_content, struct stat *ret_stat,
                               synauth_error *error)
{
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0)
        return open_failed(path, errno, error);
    enum file_state state = judge(fd, path, max, trust, &status, error);
    if (state == FILE_OK)
        state = read_all(fd, path, max, &status, ret_content, error);
    if (state == FILE_OK && utf8_is_utf16(secret_bytes(*ret_content), secret_length(*ret_content)))
        state = is_utf16(path, ret_content, error);
    if (state == FILE_OK && ret_stat)
        *ret_stat = status;
    return state;
}

enum file_state file_read(const char *path, size_t max, enum file_trust trust,
                          struct secret **ret_content, struct stat *ret_stat, synauth_error *error)
{
    __attribute__((cleanup(close_keeping_errno))) int fd = open_for_reading(path);
    return file_read_open(fd, path, max, trust, ret_content, ret_stat, error);
}
