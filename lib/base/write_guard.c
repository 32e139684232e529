/* write_guard - writing without a signal that the program would see. */
#include "base/write_guard.h"

#include <errno.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* sigprocmask acts on the calling thread in glibc and musl; pthread_sigmask is not in the libc of
   older glibc. */
void write_guard_enter(struct write_guard *guard)
{
    sigset_t pending, block;
    int saved_errno = errno;
    memset(guard, 0, sizeof *guard);
    sigemptyset(&pending);
    sigpending(&pending);
    guard->pipe_was_pending = sigismember(&pending, SIGPIPE) == 1;
    guard->size_was_pending = sigismember(&pending, SIGXFSZ) == 1;
    sigemptyset(&block);
    sigaddset(&block, SIGPIPE);
    sigaddset(&block, SIGXFSZ);
    sigprocmask(SIG_BLOCK, &block, &guard->mask);
    errno = saved_errno;
}

void write_guard_note(struct write_guard *guard, int number)
{
    guard->pipe_raised |= number == EPIPE;
    guard->size_raised |= number == EFBIG;
}

static void signal_consume(int number)
{
    static const struct timespec at_once = {0, 0};
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    while (sigtimedwait(&set, NULL, &at_once) < 0 && errno == EINTR)
        ;
}

/* Only a signal that our own write has raised is taken away. */
void write_guard_leave(const struct write_guard *guard)
{
    int saved_errno = errno;
    if (guard->pipe_raised && !guard->pipe_was_pending)
        signal_consume(SIGPIPE);
    if (guard->size_raised && !guard->size_was_pending)
        signal_consume(SIGXFSZ);
    sigprocmask(SIG_SETMASK, &guard->mask, NULL);
    errno = saved_errno;
}

bool write_guarded(int fd, const char *bytes, size_t length)
{
    struct write_guard guard;
    write_guard_enter(&guard);
    while (length > 0) {
        ssize_t written = write(fd, bytes, length);
        if (written < 0 && errno != EINTR)
            break;
        bytes += written > 0 ? written : 0;
        length -= written > 0 ? (size_t)written : 0;
    }
    if (length > 0)
        write_guard_note(&guard, errno);
    write_guard_leave(&guard);
    return length == 0;
}
