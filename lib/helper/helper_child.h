/* helper_child - what runs in the supervisor and in the helper before it is executed: a copy of a
   program with threads, where only async-signal-safe calls may be made. */
#ifndef SYNAUTH_HELPER_CHILD_H
#define SYNAUTH_HELPER_CHILD_H

#include <signal.h>
#include <stdbool.h>

/* Exit statuses of the supervisor; below CHILD_FIRST they are the helper's own. */
enum { CHILD_FIRST = 250, CHILD_NOT_STARTED = 250, CHILD_KILLED = 251, CHILD_LATE = 252 };

struct helper_child {
    const char *path;
    char **arguments, **environment;
    int input, output, null;
    unsigned milliseconds;
    bool nobody_reaps;  /* what its descendants orphan: all of them end with the helper */
    sigset_t host_mask; /* for the host: all signals are blocked in the supervisor */
};

/* Starts the helper, waits for it, kills it at its limit, and ends with its status. */
void helper_child_supervise(const struct helper_child *child) __attribute__((noreturn));

#endif
