/* Tests of lib/source/token.c. */
#include "source/token.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_token(const char *value, const char *expected)
{
    AUTO_SECRET token = NULL;
    const char *why = NULL;
    assert_int_equal(token_judge(value, strlen(value), &token, &why), TOKEN_OK);
    assert_string_equal(secret_bytes(token), expected);
}

static void assert_bad(const char *value, size_t length, const char *expected_why)
{
    struct secret *token = NULL;
    const char *why = NULL;
    assert_int_equal(token_judge(value, length, &token, &why), TOKEN_BAD);
    assert_null(token);
    assert_string_equal(why, expected_why);
}

static void token_judge_usual_forms_are_kept(void **state)
{
    (void)state;
    assert_token("0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef");
    assert_token("eyJ0.eyJh.c2ln-_", "eyJ0.eyJh.c2ln-_");
    assert_token("MEx0YJmZM0pEMWk+/=", "MEx0YJmZM0pEMWk+/=");
    assert_token("a%b$c=d!~", "a%b$c=d!~");
    assert_token("a\"b'c", "a\"b'c");
    assert_token("x", "x");
}

static void token_judge_outer_white_space_is_trimmed(void **state)
{
    (void)state;
    assert_token(" \t\r\n\v\fabc\f\v\n\r\t ", "abc");
}

static void token_judge_nothing_is_empty(void **state)
{
    (void)state;
    struct secret *token = NULL;
    const char *why = NULL;
    assert_int_equal(token_judge("", 0, &token, &why), TOKEN_EMPTY);
    assert_int_equal(token_judge(" \t\r\n\v\f", 6, &token, &why), TOKEN_EMPTY);
    assert_null(token);
}

static void token_judge_inner_white_space_is_bad(void **state)
{
    (void)state;
    assert_bad("two words", 9, "contains white space");
    assert_bad("a\tb", 3, "contains white space");
    assert_bad("a\nb", 3, "contains a line break");
    assert_bad("a\r\nb", 4, "contains a line break");
}

static void token_judge_strange_bytes_are_bad(void **state)
{
    (void)state;
    assert_bad("a\0b", 3, "contains a control character");
    assert_bad("abc\0", 4, "contains a control character");
    assert_bad("a\x7f", 2, "contains a control character");
    assert_bad("\x1b[0m", 4, "contains a control character");
    assert_bad("t\xc3\xa9", 3, "contains a character that is not ASCII");
    assert_bad("abc\xc2\xa0", 5, "contains a character that is not ASCII");
    assert_bad("\xff", 1, "contains a character that is not ASCII");
    assert_bad("a\x80", 2, "contains a character that is not ASCII");
}

static void token_judge_quotes_at_either_end_are_bad(void **state)
{
    (void)state;
    assert_bad("\"abc\"", 5, "is in quotes");
    assert_bad("'abc'", 5, "is in quotes");
    assert_bad("\"abc", 4, "is in quotes");
    assert_bad("abc'", 4, "is in quotes");
    assert_bad("abc'xyz", 4, "is in quotes");
    assert_bad("\"two words\"", 11, "is in quotes");
    assert_bad("\"", 1, "is in quotes");
}

static void token_judge_bearer_prefix_is_bad(void **state)
{
    (void)state;
    assert_bad("Bearer abc", 10, "begins with \"Bearer \"");
    assert_bad("bEARER\tabc", 10, "begins with \"Bearer \"");
    assert_bad("Bearer", 6, "begins with \"Bearer \"");
    assert_token("Bearerabc", "Bearerabc");
    assert_token("bear", "bear");
}

static void token_judge_angle_brackets_are_a_placeholder(void **state)
{
    (void)state;
    assert_bad("<authtoken>", 11, "is in angle brackets: a placeholder");
    assert_bad("<your token here>", 17, "is in angle brackets: a placeholder");
    assert_token("<abc", "<abc");
}

static void token_judge_length_limit_is_8192(void **state)
{
    (void)state;
    char value[TOKEN_MAX + 2];
    AUTO_SECRET token = NULL;
    const char *why = NULL;
    memset(value, 'a', sizeof value);
    value[0] = ' ';
    assert_int_equal(token_judge(value, TOKEN_MAX + 1, &token, &why), TOKEN_OK);
    assert_int_equal(secret_length(token), TOKEN_MAX);
    assert_bad(value, TOKEN_MAX + 2, "is longer than 8192 bytes");
}

/* A token whose middle part is the payload in base64url, without padding. */
static struct secret *jwt(const char *payload)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    char text[2048] = "eyJhbGciOiJub25lIn0.";
    size_t used = strlen(text);
    size_t length = strlen(payload);
    for (size_t i = 0; i < length; i += 3) {
        uint32_t bits = 0;
        size_t here = length - i < 3 ? length - i : 3;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < here ? (unsigned char)payload[i + k] : 0u);
        for (size_t k = 0; k <= here; k++)
            text[used++] = digits[bits >> (18 - 6 * k) & 63];
    }
    memcpy(text + used, ".c2ln", 6);
    return secret_new(text, strlen(text));
}

static void assert_scope(const char *payload, int lacks_view)
{
    AUTO_SECRET token = jwt(payload);
    if (token_lacks_view_scope(token) != lacks_view)
        fail_msg("%s: expected %d", payload, lacks_view);
}

static void token_lacks_view_scope_lists_are_searched(void **state)
{
    (void)state;
    assert_scope("{\"access\":{\"scope\":[\"view\"]}}", 0);
    assert_scope("{\"access\":{\"scope\":[\"download\",\"modify\"]}}", 1);
    assert_scope("{\"access\":{\"scope\":[\"download\",\"view\",\"x\"]}}", 0);
    assert_scope("{\"access\":{\"scope\":[]}}", 1);
    assert_scope("{\"access\":{\"scope\":[\"viewer\",\"View\"]}}", 1);
    assert_scope("{\"access\":{\"scope\":[\"\\u0076iew\"]}}", 0);
    assert_scope("{\"access\":{\"scope\":[[\"view\"],{\"view\":\"view\"},1]}}", 1);
    assert_scope("{\"sub\":\"1\",\"access\":{\"oidc_claims\":{},\"scope\":[\"modify\"]},\"x\":[1]}",
                 1);
}

static void token_lacks_view_scope_strings_are_searched_for_a_part(void **state)
{
    (void)state;
    assert_scope("{\"access\":{\"scope\":\"openid view\"}}", 0);
    assert_scope("{\"access\":{\"scope\":\"preview\"}}", 0);
    assert_scope("{\"access\":{\"scope\":\"vivieview\"}}", 0);
    assert_scope("{\"access\":{\"scope\":\"vview\"}}", 0);
    assert_scope("{\"access\":{\"scope\":\"iew\"}}", 1);
    assert_scope("{\"access\":{\"scope\":\"vie w\"}}", 1);
    assert_scope("{\"access\":{\"scope\":\"\"}}", 1);
}

static void token_lacks_view_scope_other_places_do_not_count(void **state)
{
    (void)state;
    assert_scope("{\"scope\":[\"modify\"]}", 0);
    assert_scope("{\"x\":{\"scope\":[\"modify\"]}}", 0);
    assert_scope("{\"access\":{\"x\":{\"scope\":[\"modify\"]}}}", 0);
    assert_scope("{\"access\":{},\"y\":{\"scope\":[]}}", 0);
    assert_scope("{\"access\":[{\"scope\":[]}]}", 0);
    assert_scope("{\"access\":{\"scope\":[\"view\"]},\"x\":{\"y\":[\"modify\"]}}", 0);
    assert_scope("{\"access\":{\"scope\":null}}", 0);
    assert_scope("{\"access\":{\"scope\":5}}", 0);
    assert_scope("{\"access\":null}", 0);
}

static void token_lacks_view_scope_last_duplicate_counts(void **state)
{
    (void)state;
    assert_scope("{\"access\":{\"scope\":[]},\"access\":{}}", 0);
    assert_scope("{\"access\":{\"scope\":[\"view\"],\"scope\":[\"modify\"]}}", 1);
    assert_scope("{\"access\":{\"scope\":[],\"scope\":[\"view\"]}}", 0);
    assert_scope("{\"access\":{\"scope\":[],\"scope\":null}}", 0);
}

static void token_lacks_view_scope_odd_tokens_are_accepted(void **state)
{
    (void)state;
    static const char *const odd[] = {
        "", "abc", ".", "a.b.c", "a.!!!!.c", "a.e30.c", "a..c",
        /* {"access":{"scope":[]}} cut by one byte, and with a byte that is no base64url */
        "a.eyJhY2Nlc3MiOnsic2NvcGUiOltdfQ.c", "a.eyJhY2Nlc3MiOnsic2NvcGUiOl tdfX0.c"};
    for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
        AUTO_SECRET token = secret_new(odd[i], strlen(odd[i]));
        assert_int_equal(token_lacks_view_scope(token), 0);
    }
    assert_scope("[\"access\"]", 0);
    assert_scope("{\"access\":{\"scope\":[]}} x", 0);
}

static void token_lacks_view_scope_padding_and_missing_third_part_are_fine(void **state)
{
    (void)state;
    static const char text[] = "a.eyJhY2Nlc3MiOnsic2NvcGUiOltdfX0";
    static const char padded[] = "a.eyJhY2Nlc3MiOnsic2NvcGUiOltdfX0=.c";
    AUTO_SECRET two_parts = secret_new(text, sizeof text - 1);
    AUTO_SECRET three_parts = secret_new(padded, sizeof padded - 1);
    assert_int_equal(token_lacks_view_scope(two_parts), 1);
    assert_int_equal(token_lacks_view_scope(three_parts), 1);
}

static void token_expires_is_the_payloads_exp(void **state)
{
    (void)state;
    static const struct {
        const char *payload;
        int64_t expires;
    } cases[] = {{"{\"exp\":1}", 1}, {"{\"exp\":1767225600}", 1767225600},
                 {"{\"exp\":0}", 0}, {"{\"exp\":-5}", 0},
                 {"{}", 0},          {"{\"exp\":\"5\"}", 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        AUTO_SECRET token = jwt(cases[i].payload);
        assert_int_equal(token_expires(token), cases[i].expires);
    }
    AUTO_SECRET opaque = secret_new("abc", 3);
    assert_int_equal(token_expires(opaque), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_judge_usual_forms_are_kept),
        cmocka_unit_test(token_judge_outer_white_space_is_trimmed),
        cmocka_unit_test(token_judge_nothing_is_empty),
        cmocka_unit_test(token_judge_inner_white_space_is_bad),
        cmocka_unit_test(token_judge_strange_bytes_are_bad),
        cmocka_unit_test(token_judge_quotes_at_either_end_are_bad),
        cmocka_unit_test(token_judge_bearer_prefix_is_bad),
        cmocka_unit_test(token_judge_angle_brackets_are_a_placeholder),
        cmocka_unit_test(token_judge_length_limit_is_8192),
        cmocka_unit_test(token_lacks_view_scope_lists_are_searched),
        cmocka_unit_test(token_lacks_view_scope_strings_are_searched_for_a_part),
        cmocka_unit_test(token_lacks_view_scope_other_places_do_not_count),
        cmocka_unit_test(token_lacks_view_scope_last_duplicate_counts),
        cmocka_unit_test(token_lacks_view_scope_odd_tokens_are_accepted),
        cmocka_unit_test(token_lacks_view_scope_padding_and_missing_third_part_are_fine),
        cmocka_unit_test(token_expires_is_the_payloads_exp),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
