/* Tests of lib/file/netrc.c. */
#include "file/netrc.h"

#include "sandbox.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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
    assert_false(has("\t# \"machine\" data.example.org\r\nmachine other.org\n"));
    assert_true(has("# comment\nmachine data.example.org\n"));
}

/* Each of these is an entry to one libcurl and none to another. */
static void netrc_text_has_readings_that_differ_stand_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "machine other.org # machine data.example.org\nlogin me\n",
        "machine # the lab's\ndata.example.org login me\n",
        "macdef init\nmachine data.example.org\n\nmachine other.org\n",
        "macdef init\necho\n\nmachine data.example.org\n",
        "macdef init\necho\n \nmachine data.example.org\n",
        "macdef init\r\necho\r\n\r\nmachine data.example.org\r\n",
        "\"x\",machine data.example.org login me\n",
        "\"machine\",data.example.org login me\n",
        "machine other.org password \"abc\nmachine data.example.org\n",
        "machine other.org password \"x # y\"\nmachine data.example.org\n",
        "machine \"data.example.org\\",
        "machine \"\\d\\ata.example.org\" login me",
        "machine x password \"\" d\\efault",
        "\xef\xbb\xbfmachine data.example.org login me\n",
        "machine\fdata.example.org login me",
        "machine other.org\rmachine data.example.org\n",
        "machine data.example.org. login me",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (!has(texts[i]))
            fail_msg("%s", texts[i]);
}

/* Older versions divide a long line wherever it is, newer ones leave it out. */
static void netrc_text_has_long_lines_stand_back(void **state)
{
    (void)state;
    char text[700];
    for (size_t length = 240; length < 600; length++) {
        memset(text, 'x', length);
        strcpy(text + length, "machine data.example.org\n");
        bool found = has(text);
        if (length >= 250)
            assert_true(found);
        text[0] = '#';
        if (length >= 250)
            assert_true(has(text));
    }
}

/* The host stands where no entry is. A line that all versions read alike says no, any other says
 * yes. */
static void netrc_text_has_only_lines_read_alike_are_trusted(void **state)
{
    (void)state;
    assert_false(has("login data.example.org\n"));
    assert_false(has("login data.example.org\r\n"));
    assert_false(has("login a!b password data.example.org\n"));
    assert_false(has("login a~b password data.example.org\n"));
    assert_true(has("login a\\b password data.example.org\n"));
    assert_true(has("login a\"b password data.example.org\n"));
    assert_true(has("login a\x7f password data.example.org\n"));
    assert_true(has("macdef init\nlogin data.example.org\n"));
    assert_true(has("login macdef\nlogin data.example.org\n"));
}

static void netrc_text_has_line_of_the_shortest_buffer_stands_back(void **state)
{
    (void)state;
    char text[400];
    for (size_t length = 249; length <= 250; length++) {
        static const char words[] = "login data.example.org password ";
        memset(text, 'x', sizeof text);
        memcpy(text, words, sizeof words - 1);
        strcpy(text + length, "\n");
        assert_int_equal(has(text), length == 250);
        text[0] = '#';
        assert_int_equal(has(text), length == 250);
    }
}

/* What is behind the text is not part of it. */
static void netrc_text_has_nothing_behind_its_end(void **state)
{
    (void)state;
    assert_false(netrc_text_has("machine x  machine data.example.org", 10, "data.example.org"));
    assert_false(netrc_text_has("\"x\" data.example\\.org", 16, "data.example.org"));
    assert_true(netrc_text_has("\"x\" data.example\\.org", 21, "data.example.org"));
}

static void netrc_text_has_odd_files_without_the_host_have_none(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "macdef init\nmachine other.org\n\n", "machine \"other.org\" password \"x\\\"y\"\n",
        "machine other.org password \"abc\n", "\xef\xbb\xbfmachine other.org\n",
        "# f\xc3\xbcr data.example.org \"x\"\nmachine other.org login a password b\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (has(texts[i]))
            fail_msg("%s", texts[i]);
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
    assert_true(netrc_text_has(text, sizeof text, "data.example.org")); /* NULs join lines */
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

/* What libcurl reads and we cannot: who knows what is in it. */
static void netrc_has_pipe_and_large_file_stand_back(void **state)
{
    (void)state;
    static char large[2 * 1024 * 1024];
    assert_int_equal(mkfifo(sandbox_path("pipe"), 0600), 0);
    assert_true(netrc_has(sandbox_path("pipe"), "data.example.org"));
    memset(large, '\n', sizeof large - 1);
    sandbox_write("large", large);
    assert_true(netrc_has(sandbox_path("large"), "data.example.org"));
}

static void netrc_has_relative_home_is_libcurls(void **state)
{
    (void)state;
    sandbox_write("below/.netrc", "machine data.example.org login me password x\n");
    assert_int_equal(chdir(sandbox_path("")), 0);
    setenv("HOME", "below", 1);
    assert_true(netrc_has(NULL, "data.example.org"));
    setenv("HOME", "b", 1);
    assert_int_equal(rename("below", "b"), 0);
    assert_true(netrc_has(NULL, "data.example.org"));
    assert_int_equal(chdir("/"), 0);
    assert_false(netrc_has(NULL, "data.example.org"));
    unsetenv("HOME"); /* the one of the password file */
    assert_false(netrc_has(NULL, "data.example.org"));
}

/* It is libcurl's to judge. */
static void netrc_has_no_word_about_the_mode(void **state)
{
    (void)state;
    sandbox_write(".netrc", "machine data.example.org login me password x\n");
    assert_int_equal(chmod(sandbox_path(".netrc"), 0666), 0);
    sandbox_stderr_begin();
    bool found = netrc_has(NULL, "data.example.org");
    assert_string_equal(sandbox_stderr_end(), "");
    assert_true(found);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, sandbox_enter, sandbox_leave)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(netrc_text_has_named_host_is_found),
        TEST(netrc_text_has_default_counts_for_every_host),
        TEST(netrc_text_has_other_host_is_not_found),
        TEST(netrc_text_has_comment_does_not_count),
        TEST(netrc_text_has_readings_that_differ_stand_back),
        TEST(netrc_text_has_long_lines_stand_back),
        TEST(netrc_text_has_only_lines_read_alike_are_trusted),
        TEST(netrc_text_has_line_of_the_shortest_buffer_stands_back),
        TEST(netrc_text_has_nothing_behind_its_end),
        TEST(netrc_text_has_odd_files_without_the_host_have_none),
        TEST(netrc_text_has_long_and_binary_tokens_are_survived),
        TEST(netrc_has_home_file_is_read),
        TEST(netrc_has_named_file_is_read),
        TEST(netrc_has_unreadable_file_has_none),
        TEST(netrc_has_pipe_and_large_file_stand_back),
        TEST(netrc_has_relative_home_is_libcurls),
        TEST(netrc_has_no_word_about_the_mode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
