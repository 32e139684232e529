/* Tests of lib/file/watch.c. */
#include "file/watch.h"

#include "clock.h"
#include "sandbox.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int enter(void **state)
{
    clock_stop();
    return sandbox_enter(state);
}

static struct watch_state look(const char *name)
{
    struct watch_state state;
    watch_look(sandbox_path(name), &state);
    return state;
}

static bool same(struct watch_state before, const char *name)
{
    struct watch_state now = look(name);
    return watch_same(&before, &now);
}

/* The clock stands where the file's times can be trusted. */
static void write_old(const char *name, const char *text)
{
    sandbox_write(name, text);
    clock_set_after(sandbox_path(name), 51);
}

static void watch_same_untouched_is_same(void **state)
{
    (void)state;
    write_old("token", "one");
    assert_true(same(look("token"), "token"));
}

static void watch_same_rewritten_in_place_differs(void **state)
{
    (void)state;
    write_old("token", "one");
    struct watch_state before = look("token");
    sandbox_write("token", "two");
    assert_false(same(before, "token"));
}

/* Within one tick of the kernel's clock a second change leaves all numbers as they are. */
static void watch_same_just_changed_is_not_trusted(void **state)
{
    (void)state;
    sandbox_write("token", "one");
    clock_set_after(sandbox_path("token"), 49);
    assert_false(same(look("token"), "token"));
    clock_set_after(sandbox_path("token"), 51);
    assert_true(same(look("token"), "token"));
}

static void watch_same_renamed_over_differs(void **state)
{
    (void)state;
    sandbox_write("new", "two");
    write_old("token", "one");
    struct watch_state before = look("token");
    assert_int_equal(rename(sandbox_path("new"), sandbox_path("token")), 0);
    assert_false(same(before, "token"));
}

static void watch_same_absent_then_there_differs(void **state)
{
    (void)state;
    struct watch_state before = look("token");
    assert_true(same(before, "token"));
    write_old("token", "one");
    assert_false(same(before, "token"));
    before = look("token");
    unlink(sandbox_path("token"));
    assert_false(same(before, "token"));
}

static void watch_same_mode_differs(void **state)
{
    (void)state;
    write_old("token", "one");
    struct watch_state before = look("token");
    chmod(sandbox_path("token"), 0000);
    assert_false(same(before, "token"));
}

static void watch_same_link_to_elsewhere_differs(void **state)
{
    (void)state;
    sandbox_write("a", "one");
    write_old("b", "two");
    sandbox_link("token", "a");
    struct watch_state before = look("token");
    unlink(sandbox_path("token"));
    sandbox_link("token", "b");
    assert_false(same(before, "token"));
}

/* Kubernetes exchanges a directory link further up; the name itself stays. */
static void watch_same_link_above_exchanged_differs(void **state)
{
    (void)state;
    sandbox_write("v1/token", "one");
    sandbox_write("v2/token", "two");
    sandbox_link("data", "v1");
    sandbox_link("token", "data/token");
    clock_set_after(sandbox_path("v1/token"), 51);
    struct watch_state before = look("token");
    assert_true(same(before, "token"));
    sandbox_link("next", "v2");
    assert_int_equal(rename(sandbox_path("next"), sandbox_path("data")), 0);
    assert_false(same(before, "token"));
}

static void watch_same_dangling_link_then_target_differs(void **state)
{
    (void)state;
    sandbox_link("token", "gone");
    struct watch_state before = look("token");
    assert_true(same(before, "token"));
    sandbox_write("gone", "one");
    assert_false(same(before, "token"));
}

static void watch_look_keeps_errno(void **state)
{
    (void)state;
    errno = 77;
    (void)look("nothing");
    assert_int_equal(errno, 77);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(watch_same_untouched_is_same),
        TEST(watch_same_rewritten_in_place_differs),
        TEST(watch_same_just_changed_is_not_trusted),
        TEST(watch_same_renamed_over_differs),
        TEST(watch_same_absent_then_there_differs),
        TEST(watch_same_mode_differs),
        TEST(watch_same_link_to_elsewhere_differs),
        TEST(watch_same_link_above_exchanged_differs),
        TEST(watch_same_dangling_link_then_target_differs),
        TEST(watch_look_keeps_errno),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
