/* Tests of lib/base/error.c. */
#include "base/error.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void error_set_second_error_keeps_first(void **state)
{
    (void)state;
    synauth_error error = {0};
    assert_int_equal(error_set(&error, SYNAUTH_E_CONFIG, "/a", 3, "%s", "one"), SYNAUTH_E_CONFIG);
    assert_int_equal(error_set(&error, SYNAUTH_E_IO, "/b", 4, "%s", "two"), SYNAUTH_E_IO);
    assert_int_equal(error.code, SYNAUTH_E_CONFIG);
    assert_string_equal(error.text, "one");
    assert_string_equal(error.file, "/a");
    assert_int_equal(error.line, 3);
}

static void error_set_without_record_returns_code(void **state)
{
    (void)state;
    assert_int_equal(error_set(NULL, SYNAUTH_E_MEMORY, NULL, 0, "x"), SYNAUTH_E_MEMORY);
}

static void error_set_control_characters_are_escaped(void **state)
{
    (void)state;
    synauth_error error = {0};
    error_set(&error, SYNAUTH_E_CONFIG, NULL, 7, "a%sb", "\n\x1b[31m\xc3\xbc");
    assert_string_equal(error.text, "a\\x0a\\x1b[31m\\xc3\\xbcb");
    assert_int_equal(error.line, 0);
}

static void error_set_long_text_is_cut(void **state)
{
    (void)state;
    synauth_error error = {0};
    char text[2000];
    memset(text, '\x01', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    error_set(&error, SYNAUTH_E_CONFIG, NULL, 0, "%s", text);
    assert_in_range(strlen(error.text), sizeof error.text - 5, sizeof error.text - 1);
}

static void error_set_long_file_keeps_its_end(void **state)
{
    (void)state;
    synauth_error error = {0};
    char path[1000];
    memset(path, 'p', sizeof path);
    strcpy(path + sizeof path - 10, "/end.conf");
    error_set(&error, SYNAUTH_E_CONFIG, path, 1, "x");
    assert_int_equal(strlen(error.file), sizeof error.file - 1);
    assert_memory_equal(error.file, "...p", 4);
    assert_string_equal(error.file + sizeof error.file - 10, "/end.conf");
}

static void error_format_shows_what_is_known(void **state)
{
    (void)state;
    char text[128];
    synauth_error error = {0};
    error_set(&error, SYNAUTH_E_CONFIG, "/a\nb", 12, "bad");
    error_format(&error, text, sizeof text);
    assert_string_equal(text, "/a\\x0ab:12: bad");
    error.line = 0;
    error_format(&error, text, sizeof text);
    assert_string_equal(text, "/a\\x0ab: bad");
    error.file[0] = '\0';
    error_format(&error, text, sizeof text);
    assert_string_equal(text, "bad");
    error_format(&error, text, 3);
    assert_string_equal(text, "ba");
}

static void error_clear_makes_room_for_the_next(void **state)
{
    (void)state;
    synauth_error error = {0};
    error_set(&error, SYNAUTH_E_CONFIG, "/a", 1, "one");
    error_clear(&error);
    error_set(&error, SYNAUTH_E_IO, NULL, 0, "two");
    assert_int_equal(error.code, SYNAUTH_E_IO);
    assert_string_equal(error.text, "two");
    error_clear(NULL);
}

static void code_name_every_code_has_name_and_message(void **state)
{
    (void)state;
    for (int code = SYNAUTH_OK; code <= SYNAUTH_E_UNSUPPORTED; code++) {
        assert_string_not_equal(synauth_code_name(code), "SYNAUTH_E_UNKNOWN");
        assert_true(strlen(synauth_code_message(code)) > 0);
    }
    assert_string_equal(synauth_code_name(-1), "SYNAUTH_E_UNKNOWN");
    assert_string_equal(synauth_code_name(12345), "SYNAUTH_E_UNKNOWN");
}

static void exit_code_follows_the_contract(void **state)
{
    (void)state;
    assert_int_equal(synauth_exit_code(SYNAUTH_OK), 0);
    assert_int_equal(synauth_exit_code(SYNAUTH_E_ARGUMENT), 2);
    assert_int_equal(synauth_exit_code(SYNAUTH_E_CONFIG), 3);
    assert_int_equal(synauth_exit_code(SYNAUTH_E_NO_TOKEN), 4);
    assert_int_equal(synauth_exit_code(SYNAUTH_E_UNUSABLE), 5);
    assert_int_equal(synauth_exit_code(SYNAUTH_E_NETWORK), 6);
    assert_int_not_equal(synauth_exit_code(999), 0);
}

static void error_memory_is_the_table_s_sentence(void **state)
{
    (void)state;
    synauth_error error = {0};
    assert_int_equal(error_memory(&error), SYNAUTH_E_MEMORY);
    assert_int_equal(error.code, SYNAUTH_E_MEMORY);
    assert_string_equal(error.text, "out of memory");
    assert_string_equal(error.text, synauth_code_message(SYNAUTH_E_MEMORY));
    assert_string_equal(error.file, "");
    assert_int_equal(error_memory(NULL), SYNAUTH_E_MEMORY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_memory_is_the_table_s_sentence),
        cmocka_unit_test(error_set_second_error_keeps_first),
        cmocka_unit_test(error_set_without_record_returns_code),
        cmocka_unit_test(error_set_control_characters_are_escaped),
        cmocka_unit_test(error_set_long_text_is_cut),
        cmocka_unit_test(error_set_long_file_keeps_its_end),
        cmocka_unit_test(error_format_shows_what_is_known),
        cmocka_unit_test(error_clear_makes_room_for_the_next),
        cmocka_unit_test(code_name_every_code_has_name_and_message),
        cmocka_unit_test(exit_code_follows_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
