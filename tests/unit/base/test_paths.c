/* Tests of lib/base/paths.c. */
#include "base/paths.h"

#include "base/cleanup.h"
#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define assert_path(call, expected)         \
    do {                                    \
        AUTO_STRING got = (call);           \
        assert_non_null(got);               \
        assert_string_equal(got, expected); \
    } while (0)

static void paths_home_variable_wins(void **state)
{
    (void)state;
    setenv("HOME", "/somewhere", 1);
    assert_path(paths_home(), "/somewhere");
}

static void paths_home_relative_or_empty_variable_is_not_used(void **state)
{
    (void)state;
    static const char *const values[] = {"", "relative"};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        setenv("HOME", values[i], 1);
        AUTO_STRING home = paths_home(); /* a builder's user may have no entry */
        if (home)
            assert_int_equal(home[0], '/');
    }
}

static void paths_expand_each_kind(void **state)
{
    (void)state;
    setenv("HOME", "/h/", 1);
    assert_path(paths_expand("/abs", "/base"), "/abs");
    assert_path(paths_expand("~", "/base"), "/h/");
    assert_path(paths_expand("~/x", NULL), "/h/x");
    assert_path(paths_expand("~//x", NULL), "/h/x");
    assert_path(paths_expand("~user/x", "/base"), "/base/~user/x");
    assert_path(paths_expand("x/y", "/base"), "/base/x/y");
    assert_path(paths_expand("x", "/"), "/x");
    assert_null(paths_expand("x", NULL));
}

static void paths_directory_of_names(void **state)
{
    (void)state;
    assert_path(paths_directory("/a/b/c.conf"), "/a/b");
    assert_path(paths_directory("/c.conf"), "/");
}

static void paths_user_config_follows_xdg(void **state)
{
    (void)state;
    setenv("HOME", "/h", 1);
    setenv("XDG_CONFIG_HOME", "", 1);
    assert_path(paths_user_config(), "/h/.config/synauth/synauth.conf");
    setenv("XDG_CONFIG_HOME", "/x", 1);
    assert_path(paths_user_config(), "/x/synauth/synauth.conf");
    setenv("XDG_CONFIG_HOME", "relative", 1);
    assert_null(paths_user_config());
}

static void paths_site_config_is_absolute(void **state)
{
    (void)state;
    assert_int_equal(paths_site_config()[0], '/');
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
    const struct CMUnitTest tests[] = {
        TEST(paths_home_variable_wins),
        TEST(paths_home_relative_or_empty_variable_is_not_used),
        TEST(paths_expand_each_kind),
        TEST(paths_directory_of_names),
        TEST(paths_user_config_follows_xdg),
        TEST(paths_site_config_is_absolute),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
