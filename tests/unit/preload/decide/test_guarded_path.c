/* Paths that make tokens by GET, and ways to write them that a server might read as one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/guarded_path.h"

static void auth_folders_are_guarded(void **state)
{
    (void)state;
    assert_true(path_is_guarded("https://h.org/auth/api/v1/create_token"));
    assert_true(path_is_guarded("https://h.org/sticky_auth/settings/tokens?x=1"));
    assert_true(path_is_guarded("https://h.org/auth/"));
    assert_true(path_is_guarded("https://h.org:8443/Auth/x"));
    assert_true(path_is_guarded("/auth/x"));
    assert_true(path_is_guarded("https://h.org/auth"));
    assert_true(path_is_guarded("/auth/x?next=https://h.org/y"));
    assert_true(path_is_guarded("/auth/ab"));
    assert_true(path_is_guarded("/auth/..x"));
}

static void other_folders_are_not_guarded(void **state)
{
    (void)state;
    assert_false(path_is_guarded("https://h.org"));
    assert_false(path_is_guarded("https://h.org/"));
    assert_false(path_is_guarded("https://h.org/?next=/auth/x"));
    assert_false(path_is_guarded("https://h.org/#/auth/x"));
    assert_false(path_is_guarded("https://h.org/authors/x"));
    assert_false(path_is_guarded("https://h.org/segmentation/auth/x"));
    assert_false(path_is_guarded("https://auth/segmentation/"));
    assert_false(path_is_guarded("https://h.org#/auth/x"));
    assert_false(path_is_guarded("/x?next=https://h.org/auth/y"));
    assert_false(path_is_guarded("/x/auth/y"));
    assert_false(path_is_guarded("/.x/auth/y"));
    assert_false(path_is_guarded("/x/y/z"));
}

static void dot_segments_are_collapsed(void **state)
{
    (void)state;
    assert_true(path_is_guarded("https://h.org/x/../auth/y"));
    assert_true(path_is_guarded("https://h.org/./auth/y"));
    assert_true(path_is_guarded("https://h.org/../../auth/y"));
    assert_true(path_is_guarded("https://h.org/a/b/../../sticky_auth/y"));
    assert_true(path_is_guarded("https://h.org/auth/x/.."));
    assert_true(path_is_guarded("https://h.org/auth/long/../y"));
    assert_true(path_is_guarded("https://h.org/aa/long/../../auth/y"));
    assert_true(path_is_guarded("https://h.org/long/aa/../bbb/../../auth/y"));
    assert_false(path_is_guarded("https://h.org/auth/../x"));
    assert_false(path_is_guarded("https://h.org/aa/auth/../auth/y"));
    assert_false(path_is_guarded("https://h.org/auth/.././x/auth"));
}

static void ambiguous_paths_count_as_guarded(void **state)
{
    (void)state;
    assert_true(path_is_guarded("https://h.org/%61uth/x"));
    assert_true(path_is_guarded("https://h.org//x"));
    assert_true(path_is_guarded("https://h.org/x//y"));
    assert_true(path_is_guarded("https://h.org/xy//z"));
    assert_true(path_is_guarded("https://h.org/x//"));
    assert_true(path_is_guarded("https://h.org/x;y"));
    assert_true(path_is_guarded("https://h.org/x\\y"));
    assert_true(path_is_guarded("*"));
    assert_false(path_is_guarded("https://h.org/x?q=%61;//"));
    assert_false(path_is_guarded("https://h.org/x#%61;//"));
}

static void overlong_path_counts_as_guarded(void **state)
{
    static char path[5000];
    (void)state;
    for (size_t i = 0; i + 1 < sizeof(path); i++)
        path[i] = i % 50 ? 'a' : '/';
    assert_true(path_is_guarded(path));
    path[2048] = '\0';
    assert_true(path_is_guarded(path));
    path[2047] = '\0';
    assert_false(path_is_guarded(path));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(auth_folders_are_guarded),
        cmocka_unit_test(other_folders_are_not_guarded),
        cmocka_unit_test(dot_segments_are_collapsed),
        cmocka_unit_test(ambiguous_paths_count_as_guarded),
        cmocka_unit_test(overlong_path_counts_as_guarded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
