/* Tests of lib/format/json_secret.c and lib/format/json_scan.c; the wide net is tests/property. */
#include "format/json_secret.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_found(const char *text, const char *expected, unsigned expected_line)
{
    AUTO_SECRET secret = NULL;
    unsigned line = 0;
    synauth_error error = {0};
    enum json_secret_state found =
        json_secret_get(text, strlen(text), "token", "/f", &secret, &line, &error);
    if (found != JSON_SECRET_FOUND)
        fail_msg("%s: %s", text, error.text);
    assert_string_equal(secret_bytes(secret), expected);
    assert_int_equal(secret_length(secret), strlen(expected));
    assert_int_equal(line, expected_line);
}

static void assert_absent(const char *text)
{
    struct secret *secret = NULL;
    synauth_error error = {0};
    assert_int_equal(json_secret_get(text, strlen(text), "token", "/f", &secret, NULL, &error),
                     JSON_SECRET_ABSENT);
    assert_null(secret);
    assert_int_equal(error.code, SYNAUTH_OK);
}

static void assert_bad_bytes(const char *text, size_t length, unsigned line, const char *part)
{
    struct secret *secret = NULL;
    synauth_error error = {0};
    enum json_secret_state found =
        json_secret_get(text, length, "token", "/f", &secret, NULL, &error);
    if (found != JSON_SECRET_BAD)
        fail_msg("%s: accepted", text);
    assert_null(secret);
    assert_int_equal(error.code, SYNAUTH_E_UNUSABLE);
    assert_string_equal(error.file, "/f");
    if (error.line != line || !strstr(error.text, part))
        fail_msg("%s: line %u: %s", text, error.line, error.text);
    assert_null(strstr(error.text, "s3cret"));
}

static void assert_bad(const char *text, unsigned line, const char *part)
{
    assert_bad_bytes(text, strlen(text), line, part);
}

static void json_secret_get_plain_value_is_found(void **state)
{
    (void)state;
    assert_found("{\"token\":\"abc\"}", "abc", 1);
    assert_found("\n \t\r\n{\n\"token\"\n:\n\"abc\" } \n", "abc", 4);
    assert_found("\r\r{\"token\": \"  abc\\n\"}", "  abc\n", 3);
    assert_found("{\"token\":\"\"}", "", 1);
    assert_found("\xef\xbb\xbf{\"token\":\"abc\"}", "abc", 1);
}

static void json_secret_get_escapes_are_decoded(void **state)
{
    (void)state;
    assert_found("{\"token\":\"\\u0061bc\\/d\\\\\\\"\\b\\f\\n\\r\\t\"}", "abc/d\\\"\b\f\n\r\t", 1);
    assert_found("{\"token\":\"\\u00e9\\ud83d\\uDE00\"}", "\xc3\xa9\xf0\x9f\x98\x80", 1);
    assert_found("{\"token\":\"t\xc3\xa9\x7f\"}", "t\xc3\xa9\x7f", 1);
    assert_found("{\"\\u0074oke\\u006E\":\"abc\"}", "abc", 1);
}

static void json_secret_get_last_duplicate_wins(void **state)
{
    (void)state;
    assert_found("{\"token\":\"a\",\n\"token\":\"b\"}", "b", 2);
    assert_found("{\"token\":5,\n\"\\u0074oken\":\"b\"}", "b", 2);
    assert_absent("{\"token\":\"a\",\"token\":null}");
    assert_bad("{\"token\":\"a\",\n\"token\":[1,\n2]}", 2, "an array");
}

static void json_secret_get_other_names_are_absent(void **state)
{
    (void)state;
    assert_absent("{}");
    assert_absent("{\"token\":null}");
    assert_absent("{\"Token\":\"a\",\"token \":\"b\",\"toke\":\"c\",\"tokens\":\"d\",\"\":\"e\"}");
    assert_absent("{\"token\\u0000x\":\"a\",\"token\\u0000\":\"b\"}");
    assert_absent("{\"\\ud800\":\"a\"}");
    assert_absent("{\"x\":{\"token\":\"a\"},\"y\":[{\"token\":\"b\"}],\"z\":\"token\"}");
}

static void assert_key(const char *text, const char *key, enum json_secret_state expected)
{
    AUTO_SECRET secret = NULL;
    if (json_secret_get(text, strlen(text), key, "/f", &secret, NULL, NULL) != expected)
        fail_msg("%s", text);
}

static void json_secret_get_key_may_be_utf8(void **state)
{
    (void)state;
    assert_key("{\"\\u00e4\":\"abc\"}", "\xc3\xa4", JSON_SECRET_FOUND);
    assert_key("{\"\xc3\xa4\":\"abc\"}", "\xc3\xa4", JSON_SECRET_FOUND);
    assert_key("{\"\\ud83d\\ude00\":\"abc\"}", "\xf0\x9f\x98\x80", JSON_SECRET_FOUND);
    assert_key("{\"\\ud83d\\udfff\":\"abc\"}", "\xf0\x9f\x98\x80", JSON_SECRET_ABSENT);
    assert_key("{\"\\ud83d\\udbff\":\"abc\"}", "\xf0\x9f\x9f\xbf", JSON_SECRET_ABSENT);
    assert_key("{\"\\u00e4\":\"abc\"}", "\xe4", JSON_SECRET_ABSENT);
    assert_key("{\"\":\"abc\"}", "", JSON_SECRET_FOUND);
}

static void json_secret_get_value_of_another_kind_is_bad(void **state)
{
    (void)state;
    assert_bad("{\n\"token\":5}", 2, "a number");
    assert_bad("{\"token\":true}", 1, "true or false");
    assert_bad("{\"token\":{\"token\":\"s3cret\"}}", 1, "an object");
    assert_bad("{\"token\":\"s3cret\\u0000x\"}", 1, "NUL");
    assert_bad("{\"token\":\"s3cret\\ud800\"}", 1, "surrogate");
    assert_bad("{\"token\":\"s3cret\\udc00\\ud800\"}", 1, "surrogate");
}

static void json_secret_get_other_members_may_hold_anything(void **state)
{
    (void)state;
    assert_found("{\"a\":\"\\u0000\\ud800\",\"token\":\"abc\",\"b\":1e999,\"c\":-0.10E-7,"
                 "\"d\":123456789012345678901234567890,\"e\":[true,false,null,{}],\"f\":\"\"}",
                 "abc", 1);
}

static void json_secret_get_root_of_another_kind_is_bad(void **state)
{
    (void)state;
    assert_bad("\"s3cret\"", 1, "holds a string");
    assert_bad("42", 1, "holds a number");
    assert_bad("[{\"token\":\"s3cret\"}]", 1, "holds an array");
    assert_bad("null", 1, "holds a bare word");
}

static void json_secret_get_broken_text_is_bad_with_its_line(void **state)
{
    (void)state;
    assert_bad("", 1, "ends too early");
    assert_bad(" \n ", 2, "ends too early");
    assert_bad("{\"token\":\"s3cret\"", 1, "ends too early");
    assert_bad("{\"token\":\"s3cret\n\"}", 1, "raw control character");
    assert_bad("{\"token\":\"s3cret\t\"}", 1, "raw control character");
    assert_bad("{\"token\":\"s3cret", 1, "no closing quote");
    assert_bad("{\"token\":\"s3cret\\", 1, "escape");
    assert_bad("{\"token\":\"s3cret\\x41\"}", 1, "escape");
    assert_bad("{\"token\":\"s3cret\\u00g0\"}", 1, "escape");
    assert_bad("{\"token\":\"s3cret\\u00\"}", 1, "escape");
    assert_bad("{\"token\":\"s3cret\",}", 1, "a key in double quotes");
    assert_bad("{\n'token':'s3cret'}", 2, "a key in double quotes");
    assert_bad("{\"token\"\n\"s3cret\"}", 2, "a colon");
    assert_bad("{\"token\":\"s3cret\"\n\n\"x\":1}", 3, "a comma or }");
    assert_bad("{\"x\":[1 2]}", 1, "a comma or ]");
    assert_bad("{\"x\":[1,]}", 1, "a value is missing");
    assert_bad("{\"x\":[1}", 1, "a comma or ]");
    assert_bad("{\"token\":\"s3cret\"} s3cret", 1, "text after its end");
    assert_bad("{\"token\":\"s3cret\"}}", 1, "text after its end");
    assert_bad("s3cret", 1, "a value is missing");
    assert_bad("{\"x\":nul}", 1, "a value is missing");
    assert_bad("\xef\xbb\xbf\xef\xbb\xbf{}", 1, "a value is missing");
}

static void json_secret_get_numbers_are_judged_strictly(void **state)
{
    (void)state;
    static const char *const numbers[] = {"01",        "-",   "+1",   "1.",   ".5",  "1e",
                                          "1e+",       "0x1", "1.e2", "-01",  "NaN", "Infinity",
                                          "-Infinity", "1_0", "--1",  "1e5.5"};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        char text[64] = "{\"token\":\"s3cret\",\"x\":";
        strcat(text, numbers[i]);
        strcat(text, "}");
        assert_bad(text, 1, "not valid JSON");
    }
}

static void json_secret_get_invalid_utf8_is_bad_anywhere(void **state)
{
    (void)state;
    assert_bad("{\"x\":\"\xff\",\"token\":\"s3cret\"}", 1, "UTF-8");
    assert_bad("{\"x\":\"\xc0\xaf\"}", 1, "UTF-8");
    assert_bad("{\"x\":\"\xed\xa0\x80\"}", 1, "UTF-8");
    assert_bad("{\"x\":\"\xf4\x90\x80\x80\"}", 1, "UTF-8");
    assert_bad("{\"x\":\"\xe2\x82\"}", 1, "UTF-8");
    assert_bad("\xff\xfe{", 1, "UTF-8");
    assert_bad("{}\n\x80", 2, "UTF-8");
}

static void json_secret_get_nul_byte_is_bad(void **state)
{
    (void)state;
    assert_bad_bytes("{}\0", 3, 1, "text after its end");
    assert_bad_bytes("{\"token\":\"s3c\0ret\"}", 19, 1, "raw control character");
}

static void nested(char *text, size_t depth)
{
    strcpy(text, "{\"token\":\"s3cret\",\"x\":");
    size_t used = strlen(text);
    memset(text + used, '[', depth - 1);
    memset(text + used + depth - 1, ']', depth - 1);
    strcpy(text + used + 2 * (depth - 1), "}");
}

static void json_secret_get_nesting_is_limited_to_1000(void **state)
{
    (void)state;
    char text[4096];
    nested(text, 1000);
    assert_found(text, "s3cret", 1);
    nested(text, 1001);
    assert_bad(text, 1, "1000 deep");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_secret_get_plain_value_is_found),
        cmocka_unit_test(json_secret_get_escapes_are_decoded),
        cmocka_unit_test(json_secret_get_last_duplicate_wins),
        cmocka_unit_test(json_secret_get_other_names_are_absent),
        cmocka_unit_test(json_secret_get_key_may_be_utf8),
        cmocka_unit_test(json_secret_get_value_of_another_kind_is_bad),
        cmocka_unit_test(json_secret_get_other_members_may_hold_anything),
        cmocka_unit_test(json_secret_get_root_of_another_kind_is_bad),
        cmocka_unit_test(json_secret_get_broken_text_is_bad_with_its_line),
        cmocka_unit_test(json_secret_get_numbers_are_judged_strictly),
        cmocka_unit_test(json_secret_get_invalid_utf8_is_bad_anywhere),
        cmocka_unit_test(json_secret_get_nul_byte_is_bad),
        cmocka_unit_test(json_secret_get_nesting_is_limited_to_1000),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
