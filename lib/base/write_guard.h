/* write_guard - writing without a signal that the program would see: a closed pipe (SIGPIPE) or a
   file size limit (SIGXFSZ) would end it. libc only: preload/ contains it too. */
#ifndef SYNAUTH_WRITE_GUARD_H
#define SYNAUTH_WRITE_GUARD_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

struct write_guard {
    sigset_t mask;
    bool pipe_was_pending, size_was_pending;
    bool pipe_raised, size_raised;
};

/* Between these two a write fails with EPIPE or EFBIG and nothing more. Both signals go to the
   writing thread, so that blocking them there is enough. errno is kept. */
void write_guard_enter(struct write_guard *guard);
/* To be told of each write that failed, with its errno. */
void write_guard_note(struct write_guard *guard, int number);
void write_guard_leave(const struct write_guard *guard);
/* All of the bytes, however often that takes. False with errno. */
bool write_guarded(int fd, const char *bytes, size_t length);

#endif
