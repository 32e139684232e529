/* What counts as the program's own credentials, case by case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/program_credentials.h"
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(authorization_header_counts_in_every_form),
        cmocka_unit_test(service_headers_count),
        cmocka_unit_test(host_header_of_another_host_counts),
        cmocka_unit_test(options_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
