/* fork_lock - a lock for a few instructions that can't block the child of a fork: a holder in
   another process is known to be gone. pthread_atfork is no choice inside a stranger's process. */
#include "base/fork_lock.h"

#include <errno.h>
#include <sched.h>
#include <time.h>
#include <unistd.h>

enum { YIELDS = 100 };

/* A waiter sleeps after a while, so that a holder of lower priority gets the processor. */
static void pause_a_little(unsigned round)
{
    static const struct timespec millisecond = {0, 1000000};
    if (round < YIELDS)
        sched_yield();
    else
        nanosleep(&millisecond, NULL);
}

enum fork_lock_result fork_lock_take(struct fork_lock *lock, unsigned milliseconds)
{
    int64_t self = (int64_t)getpid();
    int saved_errno = errno;
    for (unsigned round = 0; round < YIELDS + milliseconds; round++) {
        int64_t owner = 0;
        if (atomic_compare_exchange_strong(&lock->owner, &owner, self)) {
            errno = saved_errno;
            return FORK_LOCK_TAKEN;
        }
        if (owner != self && atomic_compare_exchange_strong(&lock->owner, &owner, self)) {
            errno = saved_errno;
            return FORK_LOCK_INHERITED;
        }
        pause_a_little(round);
    }
    errno = saved_errno;
    return FORK_LOCK_BUSY;
}

void fork_lock_drop(struct fork_lock *lock)
{
    atomic_store(&lock->owner, 0);
}
