/* Tests of lib/source/synapse/attempts.c (tests/helper/test_attempts.py: with many processes). */
#include "source/synapse/attempts.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static const char what[] = "password.state";

static int new_lock(void)
{
    int lock = memfd_create("lock", MFD_CLOEXEC);
    assert_true(lock >= 0);
    return lock;
}

/* Calls attempts_begin where a file may have `size` bytes. */
static bool begin_below(int lock, rlim_t size)
{
    struct rlimit before, limit;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
    limit = before;
    limit.rlim_cur = size;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
    bool begun = attempts_begin(lock, what);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
    return begun;
}

static void note_is_kept_until_it_is_forgotten(void **state)
{
    (void)state;
    char reason[64];
    struct stat status;
    int lock = new_lock();
    assert_true(attempts_begin(lock, what));
    assert_false(attempts_allow(lock, what, reason, sizeof reason));
    assert_non_null(strstr(reason, "an earlier login"));
    attempts_failed(lock, what, "no");
    assert_false(attempts_allow(lock, what, reason, sizeof reason));
    assert_string_equal(reason, "no");
    assert_true(attempts_begin(lock, "other.state"));
    assert_false(attempts_allow(lock, what, reason, sizeof reason));
    attempts_forget(lock, what);
    assert_true(attempts_allow(lock, what, reason, sizeof reason));
    attempts_forget_all(lock);
    assert_int_equal(fstat(lock, &status), 0);
    assert_int_equal(status.st_size, 0);
    close(lock);
}

/* Whatever of it the limit lets through: the signal would end the program. */
static void size_limit_is_no_signal(void **state)
{
    (void)state;
    sigset_t pending;
    for (rlim_t size = 0; size < 20; size++) {
        int lock = new_lock();
        assert_false(begin_below(lock, size));
        assert_int_equal(sigpending(&pending), 0);
        assert_int_equal(sigismember(&pending, SIGXFSZ), 0);
        close(lock);
    }
}

/* One that the program holds back itself is still to come. */
static void signal_of_the_program_stays(void **state)
{
    (void)state;
    sigset_t only, pending;
    int unused = 0, lock = new_lock();
    sigemptyset(&only);
    sigaddset(&only, SIGXFSZ);
    assert_int_equal(sigprocmask(SIG_BLOCK, &only, NULL), 0);
    raise(SIGXFSZ);
    assert_false(begin_below(lock, 1));
    assert_int_equal(sigpending(&pending), 0);
    assert_int_equal(sigismember(&pending, SIGXFSZ), 1);
    assert_int_equal(sigwait(&only, &unused), 0);
    assert_int_equal(sigprocmask(SIG_UNBLOCK, &only, NULL), 0);
    close(lock);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(note_is_kept_until_it_is_forgotten),
        cmocka_unit_test(size_limit_is_no_signal),
        cmocka_unit_test(signal_of_the_program_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
