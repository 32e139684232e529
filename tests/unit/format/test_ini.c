/* Tests of lib/format/ini.h; the wide net is tests/property. */
#include "format/ini.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ini *parse_bytes(const char *text, size_t length)
{
    struct ini *ini = NULL;
    synauth_error error = {0};
    if (ini_parse(text, length, "/f", &ini, &error) != SYNAUTH_OK)
        fail_msg("%s: line %u: %s", text, error.line, error.text);
    return ini;
}

static void assert_value(const char *text, const char *section, const char *key,
                         const char *expected)
{
    struct ini *ini = parse_bytes(text, strlen(text));
    const struct secret *value = ini_get(ini, section, key, NULL);
    if (expected) {
        assert_non_null(value);
        assert_string_equal(secret_bytes(value), expected);
        assert_int_equal(secret_length(value), strlen(expected));
    } else {
        assert_null(value);
    }
    ini_free(ini);
}

static void assert_refused(const char *text, unsigned line, const char *part)
{
    struct ini *ini = NULL;
    synauth_error error = {0};
    if (ini_parse(text, strlen(text), "/f", &ini, &error) != SYNAUTH_E_UNUSABLE)
        fail_msg("%s: accepted", text);
    assert_null(ini);
    assert_string_equal(error.file, "/f");
    if (error.line != line || !strstr(error.text, part))
        fail_msg("%s: line %u: %s", text, error.line, error.text);
    assert_null(strstr(error.text, "s3cret"));
}

static void ini_parse_key_and_value_are_trimmed(void **state)
{
    (void)state;
    assert_value("[a]\nk=v", "a", "k", "v");
    assert_value("[a]\nk \t = \t v \t\n", "a", "k", "v");
    assert_value("[a]\nk : v\n", "a", "k", "v");
    assert_value("[a]\nk=a=b:c\n", "a", "k", "a=b:c");
    assert_value("[a]\nk:a=b\n", "a", "k", "a=b");
    assert_value("[a]\nmy key = v\n", "a", "my key", "v");
    assert_value("[a]\nk=\n", "a", "k", "");
    assert_value("[a]\nk=\xc2\xa0v\xe2\x80\x83\n", "a", "k", "v");
    assert_value("[a]\nk=\xffv\n", "a", "k", "\xffv");
}

static void ini_parse_quotes_percent_and_comment_signs_stay(void **state)
{
    (void)state;
    assert_value("[a]\nk = \"v\"\n", "a", "k", "\"v\"");
    assert_value("[a]\nk = %(x)s $y ${z}\n", "a", "k", "%(x)s $y ${z}");
    assert_value("[a]\nk = v # no ; comment\n", "a", "k", "v # no ; comment");
    assert_value("[a]\nk = \f v\n", "a", "k", "v");
}

static void ini_get_key_case_does_not_matter(void **state)
{
    (void)state;
    assert_value("[a]\nAuthToken = v\n", "a", "authtoken", "v");
    assert_value("[a]\nauthtoken = v\n", "a", "AUTHTOKEN", "v");
    assert_value("[a]\nauthto\xe2\x84\xaa"
                 "en = v\n",
                 "a", "authtoken", "v");
}

static void ini_get_section_names_are_exact(void **state)
{
    (void)state;
    assert_value("[A]\nk=v\n", "a", "k", NULL);
    assert_value("[ a ]\nk=v\n", "a", "k", NULL);
    assert_value("[ a ]\nk=v\n", " a ", "k", "v");
    assert_value("  [a] # x\nk=v\n", "a", "k", "v");
    assert_value("[a] # see [b]\nk=v\n", "a] # see [b", "k", "v");
    assert_value("[]]\nk=v\n", "]", "k", "v");
}

static void ini_parse_deeper_lines_continue_a_value(void **state)
{
    (void)state;
    assert_value("[a]\nk = v\n w\n", "a", "k", "v\nw");
    assert_value("[a]\nk =\n  v\n", "a", "k", "\nv");
    assert_value("[a]\nk = v\n\n\n  w\n\n", "a", "k", "v\n\n\nw");
    assert_value("[a]\nk = v\n# c\n  ; d\n  w\n", "a", "k", "v\nw");
    assert_value("[a]\nk = v\n username = x\n", "a", "username", NULL);
    assert_value("[a]\nk = v\n [b]\n", "a", "k", "v\n[b]");
    assert_value("  [a]\n  k = v\n  l = w\n", "a", "l", "w");
    assert_value("[a]\n\xc2\xa0k = v\n l = w\n", "a", "l", "w");
    assert_value("[a]\n  k = v\n l = w\n   x\n", "a", "l", "w\nx");
}

static void ini_parse_any_line_end_is_accepted(void **state)
{
    (void)state;
    assert_value("[a]\r\nk=v\r\nl=w", "a", "k", "v");
    assert_value("[a]\rk=v\rl=w", "a", "l", "w");
    assert_refused("[a]\r\n\rk=v\n\nx", 5, "no `key = value`");
}

static void ini_parse_byte_order_mark_is_skipped(void **state)
{
    (void)state;
    assert_value("\xef\xbb\xbf[a]\nk=v\n", "a", "k", "v");
    assert_refused("\xef\xbb\xbf\xef\xbb\xbf[a]\nk=v\n", 1, "before the first");
}

static void ini_parse_nul_byte_is_ordinary(void **state)
{
    (void)state;
    static const char text[] = "[a]\nk = a\0b\n";
    struct ini *ini = parse_bytes(text, sizeof text - 1);
    assert_int_equal(secret_length(ini_get(ini, "a", "k", NULL)), 3);
    assert_memory_equal(secret_bytes(ini_get(ini, "a", "k", NULL)), "a\0b", 4);
    ini_free(ini);
}

static void ini_parse_default_section_is_inherited(void **state)
{
    (void)state;
    static const char text[] = "[DEFAULT]\nk = d\nx = y\n[a]\nk = v\n[b]\n[DEFAULT]\nz = 1\n";
    assert_value(text, "a", "k", "v");
    assert_value(text, "a", "x", "y");
    assert_value(text, "b", "k", "d");
    assert_value(text, "b", "z", "1");
    assert_value(text, "c", "k", NULL);
    assert_value(text, "DEFAULT", "k", NULL);
    assert_value("[default]\nk = v\n[a]\n", "a", "k", NULL);
}

static void ini_parse_mistakes_are_named_by_line(void **state)
{
    (void)state;
    assert_refused("s3cret\n", 1, "before the first [section]");
    assert_refused("# c\n\nk = s3cret\n", 3, "before the first [section]");
    assert_refused("[a]\nk = v\ns3cret\n", 3, "no `key = value`");
    assert_refused("[a]\n= s3cret\n", 2, "no key");
    assert_refused("[a]\nk = v\nK = s3cret\n", 3, "already");
    assert_refused("[a]\n[b]\n[a]\n", 3, "already");
    assert_refused("[DEFAULT]\nk=1\n[a]\n[DEFAULT]\nk=2\n", 5, "already");
    assert_refused("[a]\n[]\n", 2, "no `key = value`");
    assert_refused("[a]\n[s3cret\n", 2, "no `key = value`");
    assert_refused("[a]\nrem s3cret\n", 2, "no `key = value`");
}

static void ini_parse_empty_file_has_no_section(void **state)
{
    (void)state;
    struct ini *ini = parse_bytes("", 0);
    assert_int_equal(ini_section_count(ini), 0);
    assert_false(ini_has_section(ini, "DEFAULT"));
    assert_int_equal(ini_key_count(ini, "a"), 0);
    ini_free(ini);
}

static void ini_get_line_is_that_of_the_key(void **state)
{
    (void)state;
    static const char text[] = "# c\n[a]\n\nk = v\n  w\nl = x\n[b]\n";
    struct ini *ini = parse_bytes(text, sizeof text - 1);
    unsigned line = 0;
    assert_non_null(ini_get(ini, "a", "l", &line));
    assert_int_equal(line, 6);
    assert_non_null(ini_get(ini, "a", "k", &line));
    assert_int_equal(line, 4);
    ini_free(ini);
}

static void ini_key_count_inherited_ones_count_once(void **state)
{
    (void)state;
    static const char text[] = "[a]\nk=1\n[b]\n[DEFAULT]\nk=2\nx=3\n[c]\ny=4\n";
    struct ini *ini = parse_bytes(text, sizeof text - 1);
    size_t length = 0;
    assert_int_equal(ini_key_count(ini, "a"), 2);
    assert_int_equal(ini_key_count(ini, "b"), 2);
    assert_int_equal(ini_key_count(ini, "c"), 3);
    assert_int_equal(ini_section_count(ini), 3);
    assert_string_equal(ini_section_name(ini, 2, &length), "c");
    assert_null(ini_section_name(ini, 3, &length));
    assert_string_equal(ini_key_name(ini, "c", 0, &length), "y");
    assert_string_equal(ini_key_name(ini, "c", 2, &length), "x");
    assert_null(ini_key_name(ini, "c", 3, &length));
    ini_free(ini);
}

static void ini_parse_many_keys_are_all_there(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    char *text = malloc(COUNT * 16 + 16);
    assert_non_null(text);
    size_t used = (size_t)sprintf(text, "[a]\n");
    for (int i = 0; i < COUNT; i++)
        used += (size_t)sprintf(text + used, "k%d=%d\n", i, i);
    struct ini *ini = parse_bytes(text, used);
    assert_int_equal(ini_key_count(ini, "a"), COUNT);
    assert_string_equal(secret_bytes(ini_get(ini, "a", "k19999", NULL)), "19999");
    ini_free(ini);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ini_parse_key_and_value_are_trimmed),
        cmocka_unit_test(ini_parse_quotes_percent_and_comment_signs_stay),
        cmocka_unit_test(ini_get_key_case_does_not_matter),
        cmocka_unit_test(ini_get_section_names_are_exact),
        cmocka_unit_test(ini_parse_deeper_lines_continue_a_value),
        cmocka_unit_test(ini_parse_any_line_end_is_accepted),
        cmocka_unit_test(ini_parse_byte_order_mark_is_skipped),
        cmocka_unit_test(ini_parse_nul_byte_is_ordinary),
        cmocka_unit_test(ini_parse_default_section_is_inherited),
        cmocka_unit_test(ini_parse_mistakes_are_named_by_line),
        cmocka_unit_test(ini_parse_empty_file_has_no_section),
        cmocka_unit_test(ini_get_line_is_that_of_the_key),
        cmocka_unit_test(ini_key_count_inherited_ones_count_once),
        cmocka_unit_test(ini_parse_many_keys_are_all_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
