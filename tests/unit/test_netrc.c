/* Tests of lib/netrc.c. */
#include "netrc.h"

#include "sandbox.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static bool has(const char *text)
{
    return netrc_text_has(text, strlen(text), "data.example.org");
}

static void netrc_text_has_named_host_is_found(void **state)
{
    (void)state;
    assert_true(has("machine data.example.org login me password secret\n"));
    assert_true(has("machine data.example.org"));
    assert_true(has("machine\n  data.example.org\nlogin me"));
    assert_true(has("MACHINE Data.Example.ORG login me"));
    assert_true(has("machine other.org login a password b machine data.example.org login c"));
    assert_true(has("machine \"data.example.org\" login me"));
    assert_true(has("machine \"data\\.example.org\" login me"));
    assert_true(has("machine other.org login a password \"x y\"\nmachine data.example.org"));
    assert_true(has("\tmachine\tdata.example.org\r\n"));
}

static void netrc_text_has_default_counts_for_every_host(void **state)
{
    (void)state;
    assert_true(has("default login anonymous password me"));
    assert_true(has("machine other.org login a password b\ndefault login c"));
}

static void netrc_text_has_other_host_is_not_found(void **state)
{
    (void)state;
    assert_false(has(""));
    assert_false(has("\n\n"));
    assert_false(has("machine"));
    assert_false(has("machine example.org login a password b"));
    assert_false(has("machine data.example.org.evil login a"));
    assert_false(has("machine xdata.example.org login a"));
    assert_false(has("data.example.org"));
    assert_false(has("login data.example.org password data.example.org"));
}

static void netrc_text_has_comment_does_not_count(void **state)
{
    (void)state;
    assert_false(has("# machine data.example.org login me\n"));
    assert_false(has("machine other.org # machine data.example.org\nlogin me\n"));
    assert_true(has("# comment\nmachine data.example.org\n"));
}

static void netrc_text_has_macro_body_does_not_count(void **state)
{
    (void)state;
    assert_false(has("macdef init\nmachine data.example.org\n\nmachine other.org\n"));
    assert_true(has("macdef init\necho\n\nmachine data.example.org\n"));
    assert_true(has("macdef init\necho\n\r\nmachine data.example.org\n"));
}

/* libcurl gives up at a quote without an end, older ones went on: then better send nothing. */
static void netrc_text_has_open_quote_goes_on(void **state)
{
    (void)state;
    assert_true(has("machine other.org password \"abc\nmachine data.example.org\n"));
    assert_false(has("machine \"data.example.org\\"));
}

static void netrc_text_has_long_and_binary_tokens_are_survived(void **state)
{
    (void)state;
    static char text[5000];
    memset(text, 'a', sizeof text);
    memcpy(text, "machine ", 8);
    assert_false(netrc_text_has(text, sizeof text, "data.example.org"));
    memset(text, 0xff, sizeof text);
    assert_false(netrc_text_has(text, sizeof text, "data.example.org"));
    memset(text, 0, sizeof text);
    assert_false(netrc_text_has(text, sizeof text, "data.example.org"));
}

static void netrc_has_home_file_is_read(void **state)
{
    (void)state;
    assert_false(netrc_has(NULL, "data.example.org"));
    sandbox_write(".netrc", "machine data.example.org login me password x\n");
    assert_true(netrc_has(NULL, "data.example.org"));
    assert_false(netrc_has(NULL, "other.org"));
}

static void netrc_has_named_file_is_read(void **state)
{
    (void)state;
    sandbox_write(".netrc", "machine data.example.org login me password x\n");
    sandbox_write("lab", "machine other.org login me password x\n");
    assert_true(netrc_has(sandbox_path("lab"), "other.org"));
    assert_false(netrc_has(sandbox_path("lab"), "data.example.org"));
}

static void netrc_has_unreadable_file_has_none(void **state)
{
    (void)state;
    sandbox_directory(".netrc");
    errno = 5;
    assert_false(netrc_has(NULL, "data.example.org"));
    assert_false(netrc_has(sandbox_path("absent"), "data.example.org"));
    assert_int_equal(errno, 5);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(netrc_text_has_named_host_is_found),
        TEST(netrc_text_has_default_counts_for_every_host),
        TEST(netrc_text_has_other_host_is_not_found),
        TEST(netrc_text_has_comment_does_not_count),
        TEST(netrc_text_has_macro_body_does_not_count),
        TEST(netrc_text_has_open_quote_goes_on),
        TEST(netrc_text_has_long_and_binary_tokens_are_survived),
        TEST(netrc_has_home_file_is_read),
        TEST(netrc_has_named_file_is_read),
        TEST(netrc_has_unreadable_file_has_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
