/* Texts with more lines than one, a bit for each option that takes one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remember/wire_text.h"

static const CURLoption options[] = {
    CURLOPT_COOKIE,         CURLOPT_USERAGENT,       CURLOPT_REFERER, CURLOPT_CUSTOMREQUEST,
    CURLOPT_REQUEST_TARGET, CURLOPT_ACCEPT_ENCODING, CURLOPT_RANGE};
#define OPTIONS (sizeof(options) / sizeof(options[0]))

static struct wire_text noted(CURLoption option, const char *text)
{
    struct wire_text wire = {0};
    wire_text_note(&wire, option, text);
    return wire;
}

static void each_option_has_its_own_bit(void **state)
{
    struct wire_text all = {0};
    (void)state;
    for (size_t i = 0; i < OPTIONS; i++) {
        unsigned before = all.credentials;
        wire_text_note(&all, options[i], "/\nAuthorization: x\nCookie: a=b");
        assert_int_equal(all.credentials & before, before);
        assert_int_not_equal(all.credentials, before);
        assert_int_equal(all.cookies, all.credentials);
    }
    for (size_t i = 0; i < OPTIONS; i++) {
        unsigned before = all.credentials;
        wire_text_note(&all, options[i], i % 2 ? NULL : "plain");
        assert_int_not_equal(all.credentials, before);
        assert_int_equal(all.credentials | before, before);
        assert_int_equal(all.cookies, all.credentials);
    }
    assert_int_equal(all.credentials, 0);
}

static void the_first_line_is_the_options_own(void **state)
{
    (void)state;
    for (size_t i = 0; i < OPTIONS; i++) {
        assert_int_equal(noted(options[i], "Authorization:x").credentials, 0);
        assert_int_equal(noted(options[i], "Cookie:x").cookies, 0);
        assert_int_equal(noted(options[i], "/\nAuthorization: x").cookies, 0);
        assert_int_not_equal(noted(options[i], "/\nHost: h.org").credentials, 0);
        assert_int_equal(noted(options[i], "").credentials, 0);
    }
    assert_int_equal(noted(CURLOPT_COOKIE, "a\nCookie: b").credentials, 0);
    assert_int_not_equal(noted(CURLOPT_COOKIE, "a\nCookie: b").cookies, 0);
}

static void more_than_a_word_makes_a_request_line(void **state)
{
    (void)state;
    assert_int_not_equal(noted(CURLOPT_CUSTOMREQUEST, "GET /").credentials, 0);
    assert_int_not_equal(noted(CURLOPT_CUSTOMREQUEST, "GET\t/").credentials, 0);
    assert_int_not_equal(noted(CURLOPT_REQUEST_TARGET, "/x HTTP/1.0").credentials, 0);
    assert_int_equal(noted(CURLOPT_CUSTOMREQUEST, "DELETE!").credentials, 0);
    assert_int_equal(noted(CURLOPT_REQUEST_TARGET, "/x\xff").credentials, 0);
    assert_int_equal(noted(CURLOPT_USERAGENT, "a b").credentials, 0);
}

static void the_target_has_a_query(void **state)
{
    (void)state;
    assert_int_not_equal(noted(CURLOPT_REQUEST_TARGET, "/?middle_auth_token=t").credentials, 0);
    assert_int_not_equal(noted(CURLOPT_REQUEST_TARGET, "/?X-Amz-Signature=t").credentials, 0);
    assert_int_equal(noted(CURLOPT_REQUEST_TARGET, "/?a=b").credentials, 0);
    assert_int_equal(noted(CURLOPT_REFERER, "/?middle_auth_token=t").credentials, 0);
    assert_int_equal(noted(CURLOPT_REFERER, "/?X-Amz-Signature=t").credentials, 0);
}

static void other_options_change_nothing(void **state)
{
    struct wire_text wire = {.credentials = 0x5a, .cookies = 0x25};
    (void)state;
    wire_text_note(&wire, CURLOPT_PROXYUSERNAME, "/\nAuthorization: x\nCookie: a");
    wire_text_note(&wire, CURLOPT_URL, NULL);
    assert_int_equal(wire.credentials, 0x5a);
    assert_int_equal(wire.cookies, 0x25);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_option_has_its_own_bit),
        cmocka_unit_test(the_first_line_is_the_options_own),
        cmocka_unit_test(more_than_a_word_makes_a_request_line),
        cmocka_unit_test(the_target_has_a_query),
        cmocka_unit_test(other_options_change_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
