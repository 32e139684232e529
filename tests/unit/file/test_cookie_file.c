/* Tests of lib/file/cookie_file.c. */
#include "file/cookie_file.h"

#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define NAME "middle_auth_token"

static bool has(const char *text, bool any_line)
{
    return cookie_text_has(text, strlen(text), NAME, any_line);
}

static void cookie_text_has_header_lines(void **state)
{
    (void)state;
    assert_true(has("Set-Cookie: " NAME "=t", false));
    assert_true(has("HTTP/1.1 200\r\nset-cookie: a=b; " NAME "=t\r\n", false));
    assert_false(has("Set-Cookie: a=b\n# " NAME "\n", false));
    assert_false(has("h.org\tFALSE\t/\tTRUE\t0\t" NAME "\tt\n", false));
    assert_false(has("", false));
}

static void cookie_text_has_any_line_when_asked(void **state)
{
    (void)state;
    assert_true(has("h.org\tFALSE\t/\tTRUE\t0\t" NAME "\tt\n", true));
    assert_false(has("h.org\tFALSE\t/\tTRUE\t0\tmiddle\tt\n", true));
}

static void cookie_file_has_what_the_file_says(void **state)
{
    (void)state;
    sandbox_write("jar", "Set-Cookie: " NAME "=t\n");
    assert_true(cookie_file_has(sandbox_path("jar"), NAME, false));
    sandbox_write("jar", "# Netscape HTTP Cookie File\n");
    assert_false(cookie_file_has(sandbox_path("jar"), NAME, false));
    assert_false(cookie_file_has(sandbox_path("absent"), NAME, true));
    assert_false(cookie_file_has("/dev/null", NAME, true));
}

static void cookie_file_that_only_libcurl_may_read_might_have_it(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(sandbox_path("pipe"), 0600), 0);
    assert_true(cookie_file_has(sandbox_path("pipe"), NAME, false));
    assert_true(cookie_file_has("-", NAME, false));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cookie_text_has_header_lines),
        TEST(cookie_text_has_any_line_when_asked),
        TEST(cookie_file_has_what_the_file_says),
        TEST(cookie_file_that_only_libcurl_may_read_might_have_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
