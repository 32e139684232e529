/* What counts as the program's own credentials, case by case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/program_credentials.h"
#include "remember/wire_text.h"
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
    wire_text_note(&program, option, text);
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
    wire_text_note(&program, CURLOPT_REFERER, "/\nAuthorization: mine");
    wire_text_note(&program, CURLOPT_USERAGENT, "/\nAuthorization: mine");
    wire_text_note(&program, CURLOPT_USERAGENT, "plain");
    assert_non_null(program_credentials(&program, URL, &authority));
    wire_text_note(&program, CURLOPT_REFERER, NULL);
    assert_null(program_credentials(&program, URL, &authority));
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
