/* clock - the time as lib/base/now.h tells it: the real one, until a test stops it. */
#include "clock.h"

#include "base/now.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#include <cmocka.h>

#define MILLISECOND INT64_C(1000000)
#define SECOND (1000 * MILLISECOND)

static atomic_bool stopped;
static _Atomic int64_t day, tick;

/* The linker's --wrap: the product's calls arrive here. */
int64_t __real_now_seconds(void);
int64_t __real_now_nanoseconds(void);
int64_t __real_now_tick(void);
int64_t __wrap_now_seconds(void);
int64_t __wrap_now_nanoseconds(void);
int64_t __wrap_now_tick(void);

int64_t __wrap_now_seconds(void)
{
    return stopped ? day / SECOND : __real_now_seconds();
}

int64_t __wrap_now_nanoseconds(void)
{
    return stopped ? day : __real_now_nanoseconds();
}

int64_t __wrap_now_tick(void)
{
    return stopped ? tick : __real_now_tick();
}

void clock_stop(void)
{
    day = __real_now_nanoseconds();
    tick = __real_now_tick();
    stopped = true;
}

void clock_go_on(int64_t milliseconds)
{
    assert_true(stopped);
    day += milliseconds * MILLISECOND;
    tick += milliseconds * MILLISECOND;
}

void clock_set_after(const char *path, int64_t milliseconds)
{
    struct stat found;
    assert_true(stopped);
    assert_int_equal(stat(path, &found), 0);
    day =
        (int64_t)found.st_ctim.tv_sec * SECOND + found.st_ctim.tv_nsec + milliseconds * MILLISECOND;
}

int clock_run(void **state)
{
    (void)state;
    stopped = false;
    return 0;
}
