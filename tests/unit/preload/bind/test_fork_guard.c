/* Forks while another thread reads the loader's list: the children can use the loader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bind/fork_guard.h"
#include "bind/objects.h"
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef __SANITIZE_ADDRESS__
enum { FORKS = 20 };
static _Atomic bool stop;
static _Atomic int readings;

/* For long enough that the fork comes in the middle: that it waits for the end is what is tested,
   so the end cannot wait for it. */
static void read_slowly(const struct object_list *list, void *data)
{
    const struct timespec pause = {.tv_nsec = 2000000};
    (void)list, (void)data;
    atomic_fetch_add(&readings, 1);
    nanosleep(&pause, NULL);
}

static void wait_for_next_reading(void)
{
    int before = atomic_load(&readings);
    while (atomic_load(&readings) == before)
        sched_yield();
}

static void *keep_reading(void *data)
{
    while (!atomic_load(&stop))
        if (!objects_read(read_slowly, NULL))
            return data;
    return NULL;
}

static void see_nothing(const struct object_list *list, void *data)
{
    *(size_t *)data = list->count;
}

static int exit_code_of_child(void)
{
    int status = 0;
    size_t count = 0;
    pid_t child = fork();

    if (child == 0) {
        alarm(5);
        _exit(objects_read(see_nothing, &count) && count > 2 ? 7 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static void child_of_a_fork_during_readings_can_read(void **state)
{
    pthread_t thread;
    (void)state;
    assert_int_equal(pthread_create(&thread, NULL, keep_reading, NULL), 0);
    for (int i = 0; i < FORKS; i++) {
        wait_for_next_reading();
        assert_int_equal(exit_code_of_child(), 7);
    }
    atomic_store(&stop, true);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_true(atomic_load(&readings) >= FORKS);
}
#endif

/* A thread that forks while it reads itself (a signal handler may) does not wait for ever. */
static void fork_inside_goes_on(void **state)
{
    int status = 0;
    pid_t child;
    (void)state;
    errno = EXDEV;
    fork_guard_enter();
    child = fork();
    if (child == 0)
        _exit(7);
    fork_guard_leave();
    assert_int_equal(errno, EXDEV);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WEXITSTATUS(status), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#ifndef __SANITIZE_ADDRESS__ /* gcc 12: its own allocator is locked in such a child */
        cmocka_unit_test(child_of_a_fork_during_readings_can_read),
#endif
        cmocka_unit_test(fork_inside_goes_on),
    };
    alarm(60);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
