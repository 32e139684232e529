/* Tests of lib/base/fork_lock.c. */
#include "base/fork_lock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { THREADS = 4, ROUNDS = 5000 };
static struct fork_lock shared;
static unsigned counter;

static void fork_lock_take_free_is_taken(void **state)
{
    (void)state;
    struct fork_lock lock = {0};
    assert_int_equal(fork_lock_take(&lock, 0), FORK_LOCK_TAKEN);
    fork_lock_drop(&lock);
    assert_int_equal(fork_lock_take(&lock, 0), FORK_LOCK_TAKEN);
}

static void fork_lock_take_held_gives_up_in_time(void **state)
{
    (void)state;
    struct fork_lock lock = {0};
    assert_int_equal(fork_lock_take(&lock, 0), FORK_LOCK_TAKEN);
    assert_int_equal(fork_lock_take(&lock, 5), FORK_LOCK_BUSY);
}

static void fork_lock_take_in_child_is_inherited(void **state)
{
    (void)state;
    struct fork_lock lock = {0};
    int status = 0;
    assert_int_equal(fork_lock_take(&lock, 0), FORK_LOCK_TAKEN);
    pid_t child = fork();
    if (child == 0) {
        bool good = fork_lock_take(&lock, 0) == FORK_LOCK_INHERITED;
        good = good && fork_lock_take(&lock, 0) == FORK_LOCK_BUSY;
        fork_lock_drop(&lock);
        _exit(good && fork_lock_take(&lock, 0) == FORK_LOCK_TAKEN ? 0 : 1);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

static void *count(void *argument)
{
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        if (fork_lock_take(&shared, 60000) == FORK_LOCK_BUSY)
            return NULL;
        counter++; /* not atomic: that is the test */
        fork_lock_drop(&shared);
    }
    return NULL;
}

static void fork_lock_take_threads_exclude_each_other(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, count, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(counter, THREADS * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fork_lock_take_free_is_taken),
        cmocka_unit_test(fork_lock_take_held_gives_up_in_time),
        cmocka_unit_test(fork_lock_take_in_child_is_inherited),
        cmocka_unit_test(fork_lock_take_threads_exclude_each_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
