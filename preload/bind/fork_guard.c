/* fork_guard - keeps forks of other threads out while we hold the loader's lock. */
#include "bind/fork_guard.h"
#include "bind/next.h"
#include <errno.h>
#include <sched.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Whoever stays longer is stopped, or waits for the forking thread itself. A yield may last until
   everybody else has had a turn, so most pauses are of a known length: half a second in all. */
#define YIELDS_MAX 100
#define PAUSES_MAX (YIELDS_MAX + 500)
#define ROUNDS_MAX 8

static _Atomic int inside; /* threads that hold the loader's lock, or are about to */
static _Atomic int forks;  /* forks under way */
static _Atomic bool is_child;

/* By nothing in which a thread could be cancelled. */
static void pause_after(int pauses)
{
    const long millisecond[2] = {0, 1000000}; /* as the kernel's call of that name has it */

    if (pauses < YIELDS_MAX)
        (void)sched_yield();
    else
        (void)syscall(SYS_nanosleep, millisecond, NULL);
}

static void wait_until_none(const _Atomic int *count)
{
    for (int i = 0; i < PAUSES_MAX && atomic_load(count) > 0; i++)
        pause_after(i);
}

static void before_fork(void)
{
    int saved = errno;

    atomic_fetch_add(&forks, 1);
    wait_until_none(&inside);
    errno = saved;
}

static void after_fork(void)
{
    atomic_fetch_sub(&forks, 1);
}

/* The other threads are gone. */
static void in_child(void)
{
    atomic_store(&forks, 0);
    atomic_store(&inside, 0);
    atomic_store(&is_child, true);
}

bool fork_guard_in_child(void)
{
    return atomic_load_explicit(&is_child, memory_order_relaxed);
}

/* Not by pthread_atfork, which glibc links into each object and musl has under that name only. musl
   unloads nothing and holds no lock while it tells of its objects. */
static void register_once(void)
{
    static _Atomic bool registered;
    int (*register_handlers)(void (*)(void), void (*)(void), void (*)(void), void *);
    void *address;

    if (atomic_load_explicit(&registered, memory_order_relaxed) ||
        atomic_exchange(&registered, true))
        return;
    address = next_definition("__register_atfork");
    memcpy(&register_handlers, &address, sizeof(address));
    if (register_handlers)
        (void)register_handlers(before_fork, after_fork, in_child, NULL);
}

/* Both count first and look then, so one of the two sees the other. */
static bool came_in(void)
{
    atomic_fetch_add(&inside, 1);
    if (atomic_load(&forks) <= 0)
        return true;
    atomic_fetch_sub(&inside, 1);
    return false;
}

void fork_guard_enter(void)
{
    int saved = errno;
    bool in = false;

    register_once();
    for (int i = 0; i < ROUNDS_MAX && !in; i++) {
        in = came_in();
        if (!in)
            wait_until_none(&forks);
    }
    if (!in)
        atomic_fetch_add(&inside, 1);
    errno = saved;
}

void fork_guard_leave(void)
{
    atomic_fetch_sub(&inside, 1);
}
