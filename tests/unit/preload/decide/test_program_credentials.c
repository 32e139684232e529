/* What counts as the program's own credentials, case by case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/program_credentials.h"
#include "remember/wire_text.h"
#include <stdio.h>
#include <string.h>

#define URL "https://h.org/x"

static struct authority host(unsigned port)
{
    struct authority authority = {
        .matchable = true, .origin = {.scheme = ORIGIN_HTTPS, .port = port, .host = "h.org"}};
    return authority;
}

static const char *with_header(const char *line, unsigned port)
{
    static char text[128];
    static struct curl_slist list;
    static struct program_options program;
    struct authority authority = host(port);
    strcpy(text, line);
    list.data = text;
    program.headers = &list;
    return program_credentials(&program, URL, &authority);
}

static void authorization_header_counts_in_every_form(void **state)
{
    (void)state;
    assert_non_null(with_header("Authorization: Basic eDp5", 443));
    assert_non_null(with_header("authorization:", 443));
    assert_non_null(with_header("Authorization;", 443));
    assert_non_null(with_header("Authorization \t: x", 443));
    assert_null(with_header("X-Authorization: x", 443));
    assert_null(with_header("Authorizations: x", 443));
    assert_null(with_header("Authorization", 443));
}

static void service_headers_count(void **state)
{
    (void)state;
    assert_non_null(with_header("sessionToken: x", 443));
    assert_non_null(with_header("SESSIONTOKEN: x", 443));
    assert_non_null(with_header("userId: x", 443));
    assert_non_null(with_header("signature: x", 443));
    assert_non_null(with_header("Cookie: a=b; middle_auth_token=t", 443));
    assert_null(with_header("Cookie: a=b", 443));
    assert_null(with_header("User-Agent: x", 443));
}

static void host_header_of_another_host_counts(void **state)
{
    (void)state;
    assert_null(with_header("Host: h.org", 443));
    assert_null(with_header("Host: H.ORG:443", 443));
    assert_null(with_header("Host: h.org:8443", 8443));
    assert_non_null(with_header("Host: h.org", 8443));
    assert_non_null(with_header("Host: h.org:80", 443));
    assert_non_null(with_header("Host: evil.org", 443));
    assert_non_null(with_header("Host: h.org.evil.org", 443));
    assert_non_null(with_header("Host:", 443));
    assert_non_null(with_header("Host: h.org:443x", 443));
}

static void options_count(void **state)
{
    struct authority authority = host(443), user = host(443);
    (void)state;
    user.user = true;
    assert_null(program_credentials(&(struct program_options){0}, URL, &authority));
    assert_non_null(program_credentials(&(struct program_options){.user = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.bearer = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.url_user = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.cookie_token = true}, URL, &authority));
    assert_non_null(
        program_credentials(&(struct program_options){.target_foreign = true}, URL, &authority));
    assert_non_null(program_credentials(&(struct program_options){0}, URL, &user));
    assert_non_null(program_credentials(&(struct program_options){0},
                                        URL "?a=b&middle_auth_token=t", &authority));
    assert_non_null(program_credentials(&(struct program_options){0},
                                        URL "?%6Diddle_auth%5ftoken=t", &authority));
    assert_null(program_credentials(&(struct program_options){0},
                                    URL "?middle_auth%token=%5#middle_auth_token", &authority));
}

/* A list entry is as many lines as libcurl writes. */
static void every_line_of_an_entry_counts(void **state)
{
    (void)state;
    assert_non_null(with_header("X: 1\nAuthorization: mine", 443));
    assert_non_null(with_header("X: 1\r\nauthorization : mine", 443));
    assert_non_null(with_header("X: 1\rAuthorization:", 443));
    assert_non_null(with_header("X: 1\n\nY: 2\r\nAuthorization;", 443));
    assert_non_null(with_header("X: 1\n \tAuthorization: mine", 443));
    assert_non_null(with_header(" Authorization: mine", 443));
    assert_non_null(with_header("X: 1\nsessionToken: x", 443));
    assert_non_null(with_header("X: 1\nCookie: middle_auth_token=t", 443));
    assert_non_null(with_header("X: 1\nHost: evil.org", 443));
    assert_null(with_header("X: 1\nHost: h.org", 443));
    assert_null(with_header("X: Authorization: 1\nY: Authorization: 1", 443));
    assert_null(with_header("X: 1\r\n", 443));
    assert_null(with_header("\n", 443));
}

static const char *with_text(CURLoption option, const char *text, bool *ret_cookie)
{
    struct program_options program = {0};
    struct authority authority = host(443);
    wire_text_note(&program.wire, option, text);
    *ret_cookie = program_has_cookie(&program);
    return program_credentials(&program, URL, &authority);
}

static void lines_in_other_options_count(void **state)
{
    static const CURLoption options[] = {
        CURLOPT_COOKIE,         CURLOPT_USERAGENT,       CURLOPT_REFERER, CURLOPT_CUSTOMREQUEST,
        CURLOPT_REQUEST_TARGET, CURLOPT_ACCEPT_ENCODING, CURLOPT_RANGE};
    bool cookie;
    (void)state;
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        assert_non_null(with_text(options[i], "/\r\nAuthorization: mine", &cookie));
        assert_false(cookie);
        assert_non_null(with_text(options[i], "/\nX: 1\rhost: h.org", &cookie));
        with_text(options[i], "/\nCookie: a=b", &cookie);
        assert_true(cookie);
        assert_null(with_text(options[i], "/Authorization:mine", &cookie));
        assert_null(with_text(options[i], NULL, &cookie));
        assert_false(cookie);
    }
    assert_null(with_text(CURLOPT_USERAGENT, "Authorization: mine", &cookie));
    assert_null(with_text(CURLOPT_PROXYUSERNAME, "/\nAuthorization: mine", &cookie));
    assert_non_null(with_text(CURLOPT_CUSTOMREQUEST, "GET https://evil.org/x", &cookie));
    assert_non_null(with_text(CURLOPT_REQUEST_TARGET, "/x?middle_auth_token=t", &cookie));
}

static void a_text_that_is_replaced_counts_no_more(void **state)
{
    struct program_options program = {0};
    struct authority authority = host(443);
    (void)state;
    wire_text_note(&program.wire, CURLOPT_REFERER, "/\nAuthorization: mine");
    wire_text_note(&program.wire, CURLOPT_USERAGENT, "/\nAuthorization: mine");
    wire_text_note(&program.wire, CURLOPT_USERAGENT, "plain");
    assert_non_null(program_credentials(&program, URL, &authority));
    wire_text_note(&program.wire, CURLOPT_REFERER, NULL);
    assert_null(program_credentials(&program, URL, &authority));
}

static bool in_query(const char *query)
{
    char url[256];
    struct authority authority = host(443);
    snprintf(url, sizeof url, "%s?%s", URL, query);
    return program_credentials(&(struct program_options){0}, url, &authority) != NULL;
}

static void signed_urls_count(void **state)
{
    (void)state;
    assert_true(in_query("X-Amz-Signature=a"));
    assert_true(in_query("a=b&x-amz-signature=a&c"));
    assert_true(in_query("X%2DAmz%2dSignature=a"));
    assert_true(in_query("X-Goog-Signature=a"));
    assert_true(in_query("X-Goog-Signature"));
    assert_true(in_query("Expires=1&Signature=a"));
    assert_true(in_query("Signature=a;Key-Pair-Id=b"));
    assert_true(in_query("sv=2020&sp=r&sig=a"));
    assert_true(in_query("sig=a&se=b"));
    assert_false(in_query("Signature=a"));
    assert_false(in_query("Expires=1&Key-Pair-Id=b"));
    assert_false(in_query("sig=a&x=se"));
    assert_false(in_query("se=a&sv=b"));
    assert_false(in_query("X-Amz-Signatures=a&X-Amz-Signatur=b&y=X-Amz-Signature"));
    assert_false(in_query("a=b#X-Amz-Signature=c"));
    assert_false(in_query("%"));
}

static const char *with_long(CURLoption option, long value)
{
    struct transfer transfer = {0};
    struct authority authority = host(443);
    transfer_note_long(&transfer, option, value);
    return program_credentials(&transfer.program, URL, &authority);
}

static const char *with_string(CURLoption option, const char *value)
{
    static const struct binding curl = {.per_request = true};
    struct transfer transfer = {.curl = &curl};
    struct authority authority = host(443);
    transfer_note_pointer(&transfer, option, (void *)(uintptr_t)value);
    return program_credentials(&transfer.program, URL, &authority);
}

static void ways_to_authenticate_count(void **state)
{
    (void)state;
    assert_non_null(with_long(CURLOPT_HTTPAUTH, CURLAUTH_NEGOTIATE));
    assert_non_null(with_long(CURLOPT_HTTPAUTH, (long)(CURLAUTH_NEGOTIATE | CURLAUTH_ONLY)));
    assert_non_null(with_long(CURLOPT_HTTPAUTH, 256)); /* CURLAUTH_HTTPSIG */
    assert_non_null(with_long(329, 1));                /* CURLOPT_HTTPSIG_ALGORITHM */
    assert_non_null(with_string(10330, "00"));         /* CURLOPT_HTTPSIG_KEY */
    assert_null(with_long(CURLOPT_HTTPAUTH, (long)CURLAUTH_ANY));
    assert_null(with_long(CURLOPT_HTTPAUTH, (long)CURLAUTH_ANYSAFE));
    assert_null(with_long(CURLOPT_HTTPAUTH, CURLAUTH_BASIC));
    assert_null(with_long(329, 0));
    assert_null(with_string(10330, NULL));
}

static void user_info_counts_however_the_url_is_written(void **state)
{
    static const char *const with[] = {"https:/u:p@h.org/",   "https:///u@h.org",  "u:p@h.org",
                                       "HTTPS://u@h.org/",    "//u@h.org/",        "/u@h.org",
                                       "https:u@h.org",       "https:\\\\u@h.org", "https://@h.org",
                                       "https://u%40@h.org?", "http://a\\@h.org/"};
    static const char *const without[] = {"https://h.org/@x", "https://h.org?u@v", "h.org/u@v",
                                          "https://h.org#@", "https://h.org:443/a:/@"};
    (void)state;
    for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++)
        assert_non_null(with_string(CURLOPT_URL, with[i]));
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++)
        assert_null(with_string(CURLOPT_URL, without[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorization_header_counts_in_every_form),
        cmocka_unit_test(service_headers_count),
        cmocka_unit_test(host_header_of_another_host_counts),
        cmocka_unit_test(options_count),
        cmocka_unit_test(every_line_of_an_entry_counts),
        cmocka_unit_test(lines_in_other_options_count),
        cmocka_unit_test(a_text_that_is_replaced_counts_no_more),
        cmocka_unit_test(signed_urls_count),
        cmocka_unit_test(ways_to_authenticate_count),
        cmocka_unit_test(user_info_counts_however_the_url_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
