/* fork_lock - a lock for a few instructions that can't block the child of a fork: a holder in
   another process is known to be gone. pthread_atfork is no choice inside a stranger's process. */
#ifndef SYNAUTH_FORK_LOCK_H
#define SYNAUTH_FORK_LOCK_H

#include <stdatomic.h>
#include <stdint.h>

struct fork_lock {
    _Atomic int64_t owner; /* process id of the holder, 0 = free */
};

enum fork_lock_result {
    FORK_LOCK_TAKEN,
    FORK_LOCK_INHERITED, /* taken; what it guards was being changed when the process forked */
    FORK_LOCK_BUSY       /* not taken within the time given */
};

enum fork_lock_result fork_lock_take(struct fork_lock *lock, unsigned milliseconds);
void fork_lock_drop(struct fork_lock *lock);

#endif
