/* Tests of lib/config/config_text.c. */
#include "config/config_text.h"

#include "sandbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

static struct arena *arena;
static struct config_text *text;
static synauth_error error;

static int enter(void **state)
{
    error = (synauth_error){0};
    text = NULL;
    arena = arena_new();
    return arena ? sandbox_enter(state) : -1;
}

static int leave(void **state)
{
    config_text_free(text);
    arena_free(arena);
    return sandbox_leave(state);
}

static enum config_state read_main(void)
{
    return config_text_read(sandbox_path("main.conf"), arena, &text, &error);
}

static void expect_text(const char *expected)
{
    enum config_state state = read_main();
    if (state != CONFIG_READ)
        fail_msg("%s:%u: %s", error.file, error.line, error.text);
    assert_string_equal(config_text_bytes(text), expected);
}

static void expect_place(unsigned joined_line, const char *name, unsigned line)
{
    unsigned found = 0;
    assert_string_equal(config_text_place(text, joined_line, &found), sandbox_path(name));
    assert_int_equal(found, line);
}

static void expect_error(enum config_state state, const char *name, unsigned line,
                         const char *problem)
{
    assert_int_equal(read_main(), state);
    assert_string_equal(error.file, sandbox_path(name));
    assert_int_equal(error.line, line);
    if (!strstr(error.text, problem))
        fail_msg("\"%s\" does not say \"%s\"", error.text, problem);
}

static void text_read_plain_file_is_unchanged(void **state)
{
    (void)state;
    sandbox_write("main.conf", "a = 1;\nb = \"x\\\"#y\"; // c\n");
    expect_text("a = 1;\nb = \"x\\\"#y\"; // c\n");
    expect_place(1, "main.conf", 1);
    expect_place(2, "main.conf", 2);
    assert_null(config_text_unclosed(text, &(unsigned){0}));
}

static void text_read_last_line_gets_its_newline(void **state)
{
    (void)state;
    sandbox_write("main.conf", "a = 1;\n# end");
    expect_text("a = 1;\n# end\n");
    assert_int_equal(config_text_last_line(text), 2);
}

static void text_read_empty_file_is_empty(void **state)
{
    (void)state;
    sandbox_write("main.conf", "");
    expect_text("");
    assert_int_equal(config_text_last_line(text), 1);
}

static void text_read_byte_order_mark_is_dropped(void **state)
{
    (void)state;
    sandbox_write("main.conf", "\xef\xbb\xbf"
                               "a = 1;\n");
    expect_text("a = 1;\n");
}

static void text_read_absent_file_is_absent(void **state)
{
    (void)state;
    assert_int_equal(read_main(), CONFIG_ABSENT);
    assert_int_equal(error.code, SYNAUTH_OK);
    sandbox_link("main.conf", "nowhere");
    assert_int_equal(read_main(), CONFIG_ABSENT);
}

static void text_read_directory_is_refused(void **state)
{
    (void)state;
    sandbox_directory("main.conf");
    expect_error(CONFIG_REFUSED, "main.conf", 0, "directory");
}

static void text_read_writable_by_others_is_refused(void **state)
{
    (void)state;
    sandbox_write("main.conf", "a = 1;\n");
    assert_int_equal(chmod(sandbox_path("main.conf"), 0602), 0);
    expect_error(CONFIG_REFUSED, "main.conf", 0, "chmod go-w");
}

static void text_read_nul_byte_is_invalid(void **state)
{
    (void)state;
    sandbox_write_bytes("main.conf", "a = 1;\nb\0c\n", 11);
    expect_error(CONFIG_INVALID, "main.conf", 2, "NUL");
}

static void include_lines_keep_their_places(void **state)
{
    (void)state;
    sandbox_write("main.conf", "a = 1;\n  @include \"sub/one.conf\" // rest\nz = 9;\n");
    sandbox_write("sub/one.conf", "b = 2;\n@include \"two.conf\"\nc = 3; # no newline");
    sandbox_write("sub/two.conf", "d = 4;\n\n");
    expect_text("a = 1;\n  b = 2;\nd = 4;\n\n\nc = 3; # no newline\n // rest\nz = 9;\n");
    expect_place(1, "main.conf", 1);
    expect_place(2, "sub/one.conf", 1);
    expect_place(3, "sub/two.conf", 1);
    expect_place(4, "sub/two.conf", 2);
    expect_place(5, "sub/one.conf", 2);
    expect_place(6, "sub/one.conf", 3);
    expect_place(7, "main.conf", 2);
    expect_place(8, "main.conf", 3);
}

static void include_names_relative_home_and_absolute(void **state)
{
    (void)state;
    char main[256];
    snprintf(main, sizeof main,
             "@include \"one.conf\"\n@include \"~/dir/two.conf\"\n\t@include \"%s\"\n",
             sandbox_path("a \"b\\.conf"));
    /* the third name is written with libconfig's escapes */
    char *quote = strstr(main, "a \"b");
    char rest[64];
    snprintf(rest, sizeof rest, "a \\\"b\\\\.conf\"\n");
    strcpy(quote, rest);
    sandbox_write("main.conf", main);
    sandbox_write("one.conf", "a = 1;\n");
    sandbox_write("dir/two.conf", "b = 2;\n");
    sandbox_write("a \"b\\.conf", "c = 3;\n");
    expect_text("a = 1;\n\nb = 2;\n\n\tc = 3;\n\n");
}

static void include_in_string_or_comment_is_text(void **state)
{
    (void)state;
    static const char same[] = "a = \"\n@include \\\"x\\\"\";\n/*\n@include \"x\"\n*/\n"
                               "# \" /*\n// @include \"x\"\nb = \"\\\\\"; # @\n";
    sandbox_write("main.conf", same);
    expect_text(same);
}

static void include_mistakes_are_told_apart(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        const char *problem;
    } cases[] = {
        {"\n@include \"none.conf\"\n", 2, "no such file"},
        {"a = 1; @include \"x\"\n", 1, "first on its line"},
        {"@includes \"x\"\n", 1, "malformed"},
        {"@include\"x\"\n", 1, "malformed"},
        {"@include x\n", 1, "malformed"},
        {"@include \"x\n\"\n", 1, "malformed"},
        {"@include \"\"\n", 1, "malformed"},
        {"@include", 1, "malformed"},
        {"@", 1, "malformed"},
        {"\n\n@include \"main.conf\"\n", 3, "includes itself"},
        {"@include \"sub\"\n", 1, "directory"},
        {"((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((", 1, "too deeply"},
    };
    sandbox_directory("sub");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        error = (synauth_error){0};
        sandbox_write("main.conf", cases[i].text);
        enum config_state read = read_main();
        if ((read != CONFIG_INVALID && read != CONFIG_REFUSED) || error.line != cases[i].line ||
            !strstr(error.text, cases[i].problem))
            fail_msg("%s: state %d, line %u, \"%s\"", cases[i].text, (int)read, error.line,
                     error.text);
    }
}

static void include_refused_file_names_the_directive(void **state)
{
    (void)state;
    sandbox_write("main.conf", "a = 1;\n@include \"open.conf\"\n");
    sandbox_write("open.conf", "b = 2;\n");
    assert_int_equal(chmod(sandbox_path("open.conf"), 0666), 0);
    expect_error(CONFIG_REFUSED, "main.conf", 2, "\"open.conf\": refused");
}

static void include_mistake_inside_has_its_own_place(void **state)
{
    (void)state;
    sandbox_write("main.conf", "@include \"one.conf\"\n");
    sandbox_write("one.conf", "\n\nx @\n");
    expect_error(CONFIG_INVALID, "one.conf", 3, "stray @");
}

static void include_cycle_over_two_files_is_found(void **state)
{
    (void)state;
    sandbox_write("main.conf", "@include \"one.conf\"\n");
    sandbox_write("one.conf", "\n@include \"link.conf\"\n");
    sandbox_link("link.conf", "main.conf");
    expect_error(CONFIG_INVALID, "one.conf", 2, "includes itself");
}

static void chain_of(unsigned files)
{
    char name[32], line[64];
    sandbox_write("main.conf", "@include \"1\"\n");
    for (unsigned i = 1; i <= files; i++) {
        snprintf(name, sizeof name, "%u", i);
        snprintf(line, sizeof line, i < files ? "@include \"%u\"\n" : "a = %u;\n", i + 1);
        sandbox_write(name, line);
    }
}

static void include_depth_ten_is_read_eleven_is_not(void **state)
{
    (void)state;
    chain_of(10);
    assert_int_equal(read_main(), CONFIG_READ);
    config_text_free(text);
    text = NULL;
    chain_of(11);
    expect_error(CONFIG_INVALID, "10", 1, "10 deep");
}

static void include_same_file_twice_is_no_cycle(void **state)
{
    (void)state;
    sandbox_write("main.conf", "@include \"one.conf\"\n@include \"one.conf\"\n");
    sandbox_write("one.conf", "a\n");
    expect_text("a\n\na\n\n");
}

static void unclosed_string_or_comment_ends_the_text(void **state)
{
    (void)state;
    static const struct {
        const char *text, *kept;
        unsigned line;
    } cases[] = {
        {"a = 1;\nb = \"x\ny\n", "a = 1;\nb = ", 2},
        {"a = 1; /* x\n", "a = 1; ", 1},
        {"\n\"\\\"", "\n", 2},
        {"\"\\", "", 1},
        {"/*/", "", 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        unsigned joined_line = 0;
        sandbox_write("main.conf", cases[i].text);
        expect_text(cases[i].kept);
        const synauth_error *unclosed = config_text_unclosed(text, &joined_line);
        assert_non_null(unclosed);
        assert_int_equal(unclosed->line, cases[i].line);
        assert_int_equal(joined_line, cases[i].line);
        config_text_free(text);
        text = NULL;
    }
}

static void unclosed_in_an_included_file_names_it(void **state)
{
    (void)state;
    unsigned joined_line = 0;
    sandbox_write("main.conf", "a\n@include \"one.conf\"\nb\n");
    sandbox_write("one.conf", "c\n/*\n");
    expect_text("a\nc\n");
    const synauth_error *unclosed = config_text_unclosed(text, &joined_line);
    assert_string_equal(unclosed->file, sandbox_path("one.conf"));
    assert_int_equal(unclosed->line, 2);
    assert_int_equal(joined_line, 3);
}

static void find_string_literal_in_its_lines(void **state)
{
    (void)state;
    sandbox_write("main.conf", "\"a\"\nx = [\n  \"a\",\n  \"b\"\n];\n");
    assert_int_equal(read_main(), CONFIG_READ);
    assert_int_equal(config_text_find(text, "a", 2, 5), 3);
    assert_int_equal(config_text_find(text, "b", 2, 5), 4);
    assert_int_equal(config_text_find(text, "c", 2, 5), 5);
    assert_int_equal(config_text_find(text, "", 2, 99), 99);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)
    const struct CMUnitTest tests[] = {
        TEST(text_read_plain_file_is_unchanged),
        TEST(text_read_last_line_gets_its_newline),
        TEST(text_read_empty_file_is_empty),
        TEST(text_read_byte_order_mark_is_dropped),
        TEST(text_read_absent_file_is_absent),
        TEST(text_read_directory_is_refused),
        TEST(text_read_writable_by_others_is_refused),
        TEST(text_read_nul_byte_is_invalid),
        TEST(include_lines_keep_their_places),
        TEST(include_names_relative_home_and_absolute),
        TEST(include_in_string_or_comment_is_text),
        TEST(include_mistakes_are_told_apart),
        TEST(include_refused_file_names_the_directive),
        TEST(include_mistake_inside_has_its_own_place),
        TEST(include_cycle_over_two_files_is_found),
        TEST(include_depth_ten_is_read_eleven_is_not),
        TEST(include_same_file_twice_is_no_cycle),
        TEST(unclosed_string_or_comment_ends_the_text),
        TEST(unclosed_in_an_included_file_names_it),
        TEST(find_string_literal_in_its_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
