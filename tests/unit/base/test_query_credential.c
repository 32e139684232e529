/* Tests of lib/base/query_credential.c. */
#include "base/query_credential.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

static void token_is_found_anywhere_in_the_query(void **state)
{
    (void)state;
    assert_true(query_has_token("https://h.org/x?middle_auth_token=t"));
    assert_true(query_has_token("https://h.org?a=b&middle_auth_token"));
    assert_true(query_has_token("/x?amiddle_auth_tokens=t"));
    assert_true(query_has_token("/x?a=mmiddle_auth_token"));
    assert_true(query_has_token("/x?a=%middle_auth_token"));
    assert_true(query_has_token("/x?%6Diddle_auth%5ftoken=t"));
    assert_true(query_has_token("/x?%6d%69%64%64%6c%65%5F%61%75%74%68%5f%74%6f%6b%65%6e"));
    assert_false(query_has_token("https://h.org/middle_auth_token"));
    assert_false(query_has_token("https://h.org/x#?middle_auth_token=t"));
    assert_false(query_has_token("https://h.org/x?a#middle_auth_token=t"));
    assert_false(query_has_token("https://h.org/x?middle_auth_toke"));
    assert_false(query_has_token("https://h.org/x?middle_auth#_token"));
    assert_false(query_has_token("https://h.org/x?middle%5_auth_token"));
    assert_false(query_has_token("https://h.org/x?middle%6gauth_token"));
    assert_false(query_has_token("https://h.org/x?middle_auth%token=%5"));
    assert_false(query_has_token("https://h.org/x?Middle_auth_token"));
    assert_false(query_has_token("?"));
    assert_false(query_has_token(""));
}

static bool in_query(const char *query)
{
    char url[256];
    snprintf(url, sizeof url, "https://h.org/x?%s", query);
    return query_is_signed(url);
}

static void signed_url_is_known_by_its_names(void **state)
{
    (void)state;
    assert_true(in_query("X-Amz-Signature=a"));
    assert_true(in_query("a=b&x-amz-signature=a&c"));
    assert_true(in_query("X%2DAmz%2dSignature=a"));
    assert_true(in_query("X-Goog-Signature=a"));
    assert_true(in_query("X-Goog-Signature"));
    assert_true(in_query("X-Goog-Signature#"));
    assert_true(in_query("a;X-Goog-Signature;b"));
    assert_false(in_query("X-Amz-Signatures=a&X-Amz-Signatur=b&y=X-Amz-Signature"));
    assert_false(in_query("a=b#X-Amz-Signature=c"));
    assert_false(in_query("a#&X-Amz-Signature=c"));
    assert_false(in_query("%"));
    assert_false(in_query(""));
    assert_false(query_is_signed("https://h.org/X-Amz-Signature=a&X-Amz-Signature=b"));
    assert_false(query_is_signed("https://h.org/#?X-Amz-Signature=a"));
}

static void signature_needs_a_second_name(void **state)
{
    (void)state;
    assert_true(in_query("Expires=1&Signature=a"));
    assert_true(in_query("Ex%70ires=1&Signature=a"));
    assert_true(in_query("Signature=a;Key-Pair-Id=b"));
    assert_true(in_query("sv=2020&sp=r&sig=a"));
    assert_true(in_query("sig=a&se=b"));
    assert_false(in_query("Signature=a"));
    assert_false(in_query("Expires=1&Key-Pair-Id=b"));
    assert_false(in_query("sig=a&x=se"));
    assert_false(in_query("se=a&sv=b"));
    assert_false(in_query("sig=a&Expires=1"));
    assert_false(in_query("sig=a&Key-Pair-Id=1"));
    assert_false(in_query("Signature=a&se=b&sv=c"));
    assert_false(in_query("Signature=a&sig=b"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(token_is_found_anywhere_in_the_query),
        cmocka_unit_test(signed_url_is_known_by_its_names),
        cmocka_unit_test(signature_needs_a_second_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
