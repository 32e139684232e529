/* Tests of lib/format/json_object.c. */
#include "format/json_object.h"

#include "format/json_tree.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void json_object_members_in_their_order(void **state)
{
    (void)state;
    AUTO_SECRET secret = secret_new("p\"\\\n", 4);
    const struct json_member members[] = {{.name = "exp", .number = "9223372036854775807"},
                                          {.name = "none"},
                                          {.name = "user", .text = "\xc3\xa9"},
                                          {.name = "password", .secret = secret}};
    AUTO_SECRET text = json_object(members, 4);
    assert_string_equal(
        secret_bytes(text),
        "{\"exp\":9223372036854775807,\"user\":\"\xc3\xa9\",\"password\":\"p\\\"\\\\\\n\"}");
    AUTO_SECRET empty = json_object(members, 0);
    assert_string_equal(secret_bytes(empty), "{}");
}

static void json_object_every_byte_comes_back(void **state)
{
    (void)state;
    char value[127];
    for (int i = 1; i < 128; i++)
        value[i - 1] = (char)i;
    AUTO_SECRET secret = secret_new(value, sizeof value);
    const struct json_member member = {.name = "x", .secret = secret};
    AUTO_SECRET text = json_object(&member, 1);
    AUTO_JSON tree = json_tree_parse(secret_bytes(text), secret_length(text));
    assert_string_equal(json_tree_text(json_tree_member(tree, "x")), secret_bytes(secret));
}

static void json_object_what_json_cannot_hold_is_refused(void **state)
{
    (void)state;
    AUTO_SECRET cut = secret_new("a\0b", 3);
    const struct json_member bad[] = {
        {.name = "x", .text = "\xff"}, {.name = "x", .secret = cut}, {.name = "x", .text = "\xc3"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_null(json_object(&bad[i], 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_object_members_in_their_order),
        cmocka_unit_test(json_object_every_byte_comes_back),
        cmocka_unit_test(json_object_what_json_cannot_hold_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
