/* Lines of headers in the texts of a program, and which of them identify it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remember/header_line.h"
#include <stdio.h>
#include <string.h>

static const struct origin plain = {.scheme = ORIGIN_HTTPS, .port = 443, .host = "h.org"};
static const struct origin cleartext = {.scheme = ORIGIN_HTTP, .port = 80, .host = "h.org"};
static const struct origin other_port = {.scheme = ORIGIN_HTTPS, .port = 8443, .host = "h.org"};
static const struct origin address = {.scheme = ORIGIN_HTTPS, .port = 443, .host = "::1"};

static void the_names_that_count(void **state)
{
    static const char *const names[] = {"Authorization", "sessionToken", "signature",
                                        "signatureTimestamp", "userId"};
    char line[64];
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        static const char *const rests[] = {": x", ":", ";", " \t: x", " ;"};
        for (size_t rest = 0; rest < sizeof(rests) / sizeof(rests[0]); rest++) {
            snprintf(line, sizeof line, "%s%s", names[i], rests[rest]);
            assert_non_null(header_line_credential(line, &plain));
        }
        snprintf(line, sizeof line, "%sx: x", names[i]);
        assert_null(header_line_credential(line, &plain));
        snprintf(line, sizeof line, "%s x: x", names[i]);
        assert_null(header_line_credential(line, &plain));
        snprintf(line, sizeof line, "%.*s: x", (int)strlen(names[i]) - 1, names[i]);
        assert_null(header_line_credential(line, &plain));
        assert_null(header_line_credential(names[i], &plain));
    }
    assert_null(header_line_credential("", &plain));
    assert_null(header_line_credential("X: Authorization: x", &plain));
}

static void a_cookie_counts_by_its_content(void **state)
{
    (void)state;
    assert_non_null(header_line_credential("Cookie: middle_auth_token=t", &plain));
    assert_non_null(header_line_credential("cookie : a=b; middle_auth_token=t", &plain));
    assert_null(header_line_credential("Cookie: a=b", &plain));
    assert_null(header_line_credential("Cookies: middle_auth_token=t", &plain));
    assert_null(header_line_credential("X-Cookie: middle_auth_token=t", &plain));
}

static const char *host(const char *line, const struct origin *origin)
{
    return header_line_credential(line, origin);
}

static void a_host_counts_when_it_is_another(void **state)
{
    (void)state;
    assert_null(host("Host: h.org", &plain));
    assert_null(host("Host:\tH.Org \r\n", &plain));
    assert_null(host("Host: h.org:443", &plain));
    assert_null(host("Host: h.org\nX: y", &plain));
    assert_null(host("Host: h.org", &cleartext));
    assert_null(host("Host: h.org:80", &cleartext));
    assert_null(host("Host: h.org:8443", &other_port));
    assert_non_null(host("Host: h.org:443", &cleartext));
    assert_non_null(host("Host: h.org:80", &plain));
    assert_non_null(host("Host: h.org", &other_port));
    assert_non_null(host("Host: h.org:", &plain));
    assert_non_null(host("Host: h.org:443x", &plain));
    assert_non_null(host("Host: h.org:65536", &plain));
    assert_non_null(host("Host: h.orgx443", &plain));
    assert_non_null(host("Host: h.or", &plain));
    assert_non_null(host("Host: h.orgs", &plain));
    assert_non_null(host("Host: h.org.", &plain));
    assert_non_null(host("Host: g.org", &plain));
    assert_non_null(host("Host: xh.org", &plain));
    assert_non_null(host("Host;", &plain));
    assert_non_null(host("Host: h.org", NULL));
    assert_null(host("Hosts: x", &plain));
}

static void an_address_may_stand_in_brackets(void **state)
{
    (void)state;
    assert_null(host("Host: [::1]", &address));
    assert_null(host("Host: [::1]:443", &address));
    assert_null(host("Host: ::1", &address));
    assert_non_null(host("Host: [::1]:444", &address));
    assert_non_null(host("Host: [::2]", &address));
    assert_non_null(host("Host: [::1]x", &address));
    assert_non_null(host("Host: [h.org]", &plain));
}

static void a_text_is_as_many_lines_as_a_server_may_see(void **state)
{
    (void)state;
    assert_null(header_line_after("X: 1"));
    assert_null(header_line_after("X: 1\n"));
    assert_null(header_line_after("X: 1\r\n \t\r"));
    assert_string_equal(header_line_after("X: 1\nY: 2\rZ: 3"), "Y: 2\rZ: 3");
    assert_string_equal(header_line_after("X: 1\rY: 2\nZ: 3"), "Y: 2\nZ: 3");
    assert_string_equal(header_line_after("X: 1\r\n\r\nY: 2"), "Y: 2");
    assert_string_equal(header_line_after("X: 1\n \tY: 2"), "Y: 2");
    assert_string_equal(header_line_after("\nY"), "Y");
}

static void each_line_counts(void **state)
{
    (void)state;
    assert_non_null(header_lines_credential("X: 1\nY: 2\nAuthorization: x", &plain));
    assert_non_null(header_lines_credential(" \tAuthorization: x", &plain));
    assert_non_null(header_lines_credential("X: 1\nHost: g.org", &plain));
    assert_null(header_lines_credential("X: 1\nHost: h.org\n", &plain));
    assert_null(header_lines_credential("", &plain));
    assert_true(header_lines_have_cookie("X: 1\nY: 2\n Cookie: a=b"));
    assert_true(header_lines_have_cookie(" \tcookie;"));
    assert_false(header_lines_have_cookie("X: 1\nCookies: a"));
    assert_false(header_lines_have_cookie("X: Cookie: a"));
    assert_false(header_lines_have_cookie(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_names_that_count),
        cmocka_unit_test(a_cookie_counts_by_its_content),
        cmocka_unit_test(a_host_counts_when_it_is_another),
        cmocka_unit_test(an_address_may_stand_in_brackets),
        cmocka_unit_test(a_text_is_as_many_lines_as_a_server_may_see),
        cmocka_unit_test(each_line_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
