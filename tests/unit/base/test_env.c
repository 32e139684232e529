/* Tests of lib/base/env.c. */
#include "base/env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static bool same(const struct secret *a, const struct secret *b)
{
    return secret_length(a) == secret_length(b) &&
           memcmp(secret_bytes(a), secret_bytes(b), secret_length(a)) == 0;
}

static void env_get_empty_is_unset(void **state)
{
    (void)state;
    setenv("CAVE_TOKEN", "", 1);
    assert_null(env_get("CAVE_TOKEN"));
    unsetenv("CAVE_TOKEN");
    assert_null(env_get("CAVE_TOKEN"));
    setenv("CAVE_TOKEN", "x", 1);
    assert_string_equal(env_get("CAVE_TOKEN"), "x");
}

static void env_disabled_all_but_empty_and_zero(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        bool disabled;
    } cases[] = {{"", false}, {"0", false}, {"1", true}, {"00", true}, {"no", true}};
    unsetenv("SYNAUTH_DISABLE");
    assert_false(env_disabled());
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        setenv("SYNAUTH_DISABLE", cases[i].value, 1);
        assert_int_equal(env_disabled(), cases[i].disabled);
    }
    unsetenv("SYNAUTH_DISABLE");
}

static void env_stamp_changes_with_the_environment(void **state)
{
    (void)state;
    unsetenv("CAVE_TOKEN");
    uint64_t unset = env_stamp();
    assert_true(unset == env_stamp());
    setenv("CAVE_TOKEN", "one", 1);
    uint64_t one = env_stamp();
    assert_true(one != unset);
    setenv("CAVE_TOKEN", "two", 1);
    assert_true(env_stamp() != one);
    unsetenv("CAVE_TOKEN");
    assert_true(env_stamp() == unset);
}

static void env_stamp_without_environment_is_zero(void **state)
{
    (void)state;
    char **kept = environ;
    environ = NULL;
    uint64_t stamp = env_stamp();
    environ = kept;
    assert_true(stamp == 0);
}

static void env_copy_differs_with_a_deciding_variable(void **state)
{
    (void)state;
    static const char *const names[] = {"CAVE_TOKEN",
                                        "CAVE_TOKEN_FILE",
                                        "CAVE_AUTH_SERVER",
                                        "CLOUD_VOLUME_DIR",
                                        "CREDENTIALS_DIRECTORY",
                                        "HOME",
                                        "SYNAPSE_AUTH_TOKEN",
                                        "SYNAPSE_AUTH_TOKEN_FILE",
                                        "SYNAPSE_PROFILE",
                                        "SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unsetenv(names[i]);
        AUTO_SECRET unset = env_copy(NULL);
        setenv(names[i], "", 1);
        AUTO_SECRET empty = env_copy(NULL);
        setenv(names[i], "value", 1);
        AUTO_SECRET set = env_copy(NULL);
        unsetenv(names[i]);
        AUTO_SECRET again = env_copy(NULL);
        assert_false(same(unset, empty));
        assert_false(same(empty, set));
        assert_true(same(unset, again));
    }
}

static void env_copy_heeds_only_the_extra_variable(void **state)
{
    (void)state;
    unsetenv("LAB_TOKEN");
    AUTO_SECRET plain = env_copy(NULL);
    AUTO_SECRET unset = env_copy("LAB_TOKEN");
    setenv("LAB_TOKEN", "value", 1);
    AUTO_SECRET other = env_copy(NULL);
    AUTO_SECRET set = env_copy("LAB_TOKEN");
    unsetenv("LAB_TOKEN");
    assert_true(same(plain, other));
    assert_false(same(unset, set));
}

/* putenv leaves the string to the program, which may write into it. */
static void env_copy_sees_a_value_overwritten_in_place(void **state)
{
    (void)state;
    static char string[] = "CAVE_TOKEN=one";
    assert_int_equal(putenv(string), 0);
    AUTO_SECRET before = env_copy(NULL);
    memcpy(string + strlen("CAVE_TOKEN="), "two", 3);
    AUTO_SECRET after = env_copy(NULL);
    assert_false(same(before, after));
    unsetenv("CAVE_TOKEN");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(env_get_empty_is_unset),
        cmocka_unit_test(env_disabled_all_but_empty_and_zero),
        cmocka_unit_test(env_stamp_changes_with_the_environment),
        cmocka_unit_test(env_stamp_without_environment_is_zero),
        cmocka_unit_test(env_copy_differs_with_a_deciding_variable),
        cmocka_unit_test(env_copy_heeds_only_the_extra_variable),
        cmocka_unit_test(env_copy_sees_a_value_overwritten_in_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
