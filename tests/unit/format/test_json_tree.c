/* Tests of lib/format/json_tree.c. */
#include "format/json_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_member(const char *json, const char *name, const char *expected)
{
    AUTO_JSON tree = json_tree_parse(json, strlen(json));
    if (!tree)
        fail_msg("refused: %s", json);
    const char *text = json_tree_text(json_tree_member(tree, name));
    if (!expected)
        assert_null(text);
    else if (!text || strcmp(text, expected) != 0)
        fail_msg("%s: %s instead of %s", json, text ? text : "(none)", expected);
}

static void json_tree_parse_odd_characters_become_one_sign(void **state)
{
    (void)state;
    assert_member("{\"a\":\"x\\u0000y\"}", "a", "x\xef\xbf\xbdy");
    assert_member("{\"a\":\"\\ud800\"}", "a", "\xef\xbf\xbd");
    assert_member("{\"a\":\"\\udc00\\ud800x\"}", "a", "\xef\xbf\xbd\xef\xbf\xbdx");
    assert_member("{\"a\":\"\\\\u0000 \\ud83d\\ude00\"}", "a", "\\u0000 \xf0\x9f\x98\x80");
    assert_member("{\"k\\u0000\":\"v\"}", "k\xef\xbf\xbd", "v");
    assert_member("{\"k\\ud800\":{\"a\":1},\"b\":[\"\\udfff\"],\"c\":\"\\u0000\"}", "c",
                  "\xef\xbf\xbd");
}

static void json_tree_parse_numbers_keep_their_digits(void **state)
{
    (void)state;
    assert_member("{\"id\":864691135639556411}", "id", "864691135639556411");
    assert_member("{\"id\": -0.10e+400 }", "id", "-0.10e+400");
    assert_member("{\"x\":[1,2,3,4],\"id\":5}", "id", "5");
    assert_member("{\"1\":\"2\",\"id\":7,\"y\":\"8\"}", "y", "8");
    AUTO_JSON list = json_tree_parse("[1,2,345]", 9);
    assert_non_null(list);
    assert_string_equal(json_tree_text(list->child->next->next), "345");
    AUTO_JSON number = json_tree_parse("12", 2);
    assert_string_equal(json_tree_text(number), "12");
}

static void json_tree_parse_only_valid_whole_texts(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",           "{",           "{\"a\":\"b\"",     "{\"a\":\"b\"} x",
        "{\"a\":01}", "{\"a\":NaN}", "{\"a\":\"\xff\"}", "{\"a\":\"\n\"}",
        "{'a':1}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (json_tree_parse(bad[i], strlen(bad[i])))
            fail_msg("accepted: %s", bad[i]);
    assert_member("\xef\xbb\xbf{\"a\":\"b\"}", "a", "b");
}

static void json_tree_parse_nesting_up_to_1000(void **state)
{
    (void)state;
    char text[2004];
    for (size_t depth = 999; depth <= 1001; depth++) {
        memset(text, '[', depth);
        memset(text + depth, ']', depth);
        AUTO_JSON tree = json_tree_parse(text, 2 * depth);
        assert_int_equal(tree != NULL, depth <= 1000);
    }
}

static void json_tree_member_last_of_a_name_counts(void **state)
{
    (void)state;
    assert_member("{\"a\":\"1\",\"a\":\"2\"}", "a", "2");
    assert_member("{\"a\":\"1\",\"a\":null}", "a", NULL);
    assert_member("{\"A\":\"1\"}", "a", NULL);
    assert_member("[{\"a\":\"1\"}]", "a", NULL);
    assert_null(json_tree_member(NULL, "a"));
    json_tree_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_tree_parse_odd_characters_become_one_sign),
        cmocka_unit_test(json_tree_parse_numbers_keep_their_digits),
        cmocka_unit_test(json_tree_parse_only_valid_whole_texts),
        cmocka_unit_test(json_tree_parse_nesting_up_to_1000),
        cmocka_unit_test(json_tree_member_last_of_a_name_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
