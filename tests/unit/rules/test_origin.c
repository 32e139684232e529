/* Tests of lib/rules/origin.c. */
#include "../../support/pattern_model.h"
#include "rules/origin.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct origin_pattern parse(const char *text)
{
    struct origin_pattern pattern;
    synauth_error error = {0};
    if (origin_pattern_parse(text, &pattern, "/f", 1, &error) != SYNAUTH_OK)
        fail_msg("%s: %s", text, error.text);
    return pattern;
}

/* Refused, by a message that holds `remedy`; the output is untouched. */
static void refuse(const char *text, const char *remedy)
{
    struct origin_pattern pattern = {.port = 7};
    synauth_error error = {0};
    if (origin_pattern_parse(text, &pattern, "/f", 9, &error) != SYNAUTH_E_CONFIG)
        fail_msg("%s was accepted", text);
    if (!strstr(error.text, remedy))
        fail_msg("%s: \"%s\" does not say \"%s\"", text, error.text, remedy);
    assert_int_equal(error.line, 9);
    assert_int_equal(pattern.port, 7);
}

static bool matches(const char *pattern_text, const char *url)
{
    struct origin_pattern pattern = parse(pattern_text);
    struct origin origin;
    if (origin_from_url(url, &origin, NULL, NULL) != SYNAUTH_OK)
        fail_msg("%s was refused", url);
    return pattern_matches(&pattern, &origin);
}

static void pattern_parse_defaults_are_https_443(void **state)
{
    (void)state;
    struct origin_pattern pattern = parse("Data.Example.ORG");
    assert_int_equal(pattern.scheme, ORIGIN_HTTPS);
    assert_int_equal(pattern.port, 443);
    assert_false(pattern.any_port);
    assert_false(pattern.below);
    assert_string_equal(pattern.host, "data.example.org");
}

static void pattern_parse_schemes_and_ports(void **state)
{
    (void)state;
    assert_int_equal(parse("http://a.org").port, 80);
    assert_int_equal(parse("ws://a.org").scheme, ORIGIN_HTTP);
    assert_int_equal(parse("WSS://a.org:1").scheme, ORIGIN_HTTPS);
    assert_int_equal(parse("https://a.org:65535").port, 65535);
    assert_int_equal(parse("a.org:00443").port, 443);
    assert_true(parse("a.org:*").any_port);
    assert_true(parse("http://[::1]:*").any_port);
}

static void pattern_parse_addresses_have_one_spelling(void **state)
{
    (void)state;
    assert_string_equal(parse("[0:0:0::1]").host, "::1");
    assert_string_equal(parse("[2001:DB8::A]:8443").host, "2001:db8::a");
    assert_string_equal(parse("127.0.0.1:80").host, "127.0.0.1");
}

/* libcurl asks for the canonical form whatever the URL says: a rule for another would never match.
 */
static void pattern_parse_other_spellings_of_addresses_name_the_address(void **state)
{
    (void)state;
    static const char *const spellings[] = {
        "127.1",   "0177.0.0.1",   "0x7f000001", "0X7F.1",       "2130706433",
        "127.0.1", "0x7f.0.0.0x1", "127.0.0.01", "017700000001", "http://127.1:80"};
    for (size_t i = 0; i < sizeof spellings / sizeof spellings[0]; i++)
        refuse(spellings[i], "is another spelling of 127.0.0.1; write that");
    refuse("0x", "four numbers");
    refuse("*.0x1", "remove the *.");
    parse("0x7f.example.org");
    parse("x7f000001");
    parse("abc.de");
}

/* It may hold a token. */
static void pattern_parse_query_is_never_shown(void **state)
{
    (void)state;
    static const char *const texts[] = {"https://h.example/?middle_auth_token=SECRET",
                                        "h.example?SECRET",
                                        "h.example/x#SECRET",
                                        "https://h.example:99999/?a=SECRET",
                                        "https://\xc3\xa4.example/?a=SECRET",
                                        "?SECRET",
                                        "a b.example/?SECRET",
                                        "ftp://h.example/?SECRET"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct origin_pattern pattern;
        synauth_error error = {0};
        assert_int_equal(origin_pattern_parse(texts[i], &pattern, "/f", 9, &error),
                         SYNAUTH_E_CONFIG);
        assert_null(strstr(error.text, "SECRET"));
    }
}

static void pattern_parse_mistakes_name_the_remedy(void **state)
{
    (void)state;
    refuse("", "write a host name");
    refuse("https://", "write one");
    refuse(":443", "write one");
    refuse("a.org/", "remove everything behind the host");
    refuse("https://a.org/path", "remove everything behind the host");
    refuse("a.org?x", "remove everything behind the host");
    refuse("a.org#x", "remove everything behind the host");
    refuse("a.org\\x", "remove everything behind the host");
    refuse("ftp://a.org", "write https:// or http://");
    refuse("://a.org", "write https:// or http://");
    refuse("*://a.org", "write https:// or http://");
    refuse("a.org.", "remove the dot");
    refuse("a.org.:443", "remove the dot");
    refuse("*.a.org.", "remove the dot");
    refuse("b\303\274cher.example", "xn--");
    refuse("a b.org", "white space");
    refuse("a.org ", "white space");
    refuse("a.org\n", "white space");
    refuse("*.com", "at least two labels");
    refuse("*.localhost:*", "at least two labels");
    refuse("*", "leading *.");
    refuse("*:443", "leading *.");
    refuse("*.", "write one");
    refuse("a.*.org", "leading *.");
    refuse("*.*.example.org", "leading *.");
    refuse("*example.org", "leading *.");
    refuse("a.org:", "1 to 65535");
    refuse("a.org:0", "1 to 65535");
    refuse("a.org:65536", "1 to 65535");
    refuse("a.org:99999999999999999999", "1 to 65535");
    refuse("a.org:http", "1 to 65535");
    refuse("a.org:-1", "1 to 65535");
    refuse("a.org:+1", "1 to 65535");
    refuse("a..org", "extra dots");
    refuse(".a.org", "extra dots");
    refuse("*..a.org", "extra dots");
    refuse("a(b).org", "letters, digits");
    refuse("%61.org", "letters, digits");
    refuse("::1", "brackets");
    refuse("a.org:1:2", "brackets");
    refuse("[::1", "not closed");
    refuse("[::1]x", "remove the rest");
    refuse("[::g]", "[::1]");
    refuse("[fe80::1%25eth0]", "[::1]");
    refuse("[127.0.0.1]", "[::1]");
    refuse("127.0.0.256", "four numbers");
    refuse("1.2.3.4.5", "four numbers");
    refuse("1.2.3.256", "four numbers");
    refuse("*.0.0.1", "remove the *.");
}

static void pattern_parse_lengths_at_their_limits(void **state)
{
    (void)state;
    char host[400];
    memset(host, 'a', sizeof host);
    strcpy(host + 63, ".org");
    assert_string_equal(parse(host).host, host);
    memset(host, 'a', sizeof host);
    strcpy(host + 64, ".org");
    refuse(host, "63 characters");
    for (size_t i = 0; i < sizeof host; i++)
        host[i] = i % 2 ? '.' : 'a';
    host[255] = '\0';
    assert_int_equal(strlen(parse(host).host), 255);
    strcpy(host + 255, ".a");
    refuse(host, "255 characters");
}

static void pattern_parse_user_information_is_not_repeated(void **state)
{
    (void)state;
    struct origin_pattern pattern;
    synauth_error error = {0};
    assert_int_equal(origin_pattern_parse("https://me:hunter2@a.org", &pattern, "/f", 1, &error),
                     SYNAUTH_E_CONFIG);
    assert_non_null(strstr(error.text, "remove everything up to the @"));
    assert_null(strstr(error.text, "hunter2"));
}

static void pattern_matches_whole_names_only(void **state)
{
    (void)state;
    assert_true(matches("a.org", "https://A.ORG/x?y"));
    assert_true(matches("a.org", "wss://a.org:443"));
    assert_true(matches("a.org:8443", "https://a.org:8443/"));
    assert_false(matches("a.org", "https://a.org:8443/"));
    assert_false(matches("a.org", "http://a.org:443/"));
    assert_false(matches("a.org", "https://x.a.org/"));
    assert_false(matches("a.org", "https://a.org.evil.org/"));
    assert_false(matches("a.org", "https://evila.org/"));
    assert_true(matches("a.org:*", "https://a.org:1/"));
    assert_false(matches("a.org:*", "http://a.org:1/"));
    assert_true(matches("http://[0::1]:5000", "http://[::1]:5000/"));
    assert_false(matches("a.org", "https://a.org./"));
}

static void pattern_matches_wildcard_any_depth_not_itself(void **state)
{
    (void)state;
    assert_true(matches("*.a.org", "https://x.a.org/"));
    assert_true(matches("*.a.org", "https://x.y.z.a.org/"));
    assert_false(matches("*.a.org", "https://a.org/"));
    assert_false(matches("*.a.org", "https://xa.org/"));
    assert_false(matches("*.a.org", "https://x.a.org.evil.org/"));
}

static void from_url_refuses_what_is_no_plain_url(void **state)
{
    (void)state;
    static const char *const urls[] = {"",
                                       "a.org",
                                       "ftp://a.org/",
                                       "https:/a.org",
                                       "https:///x",
                                       "https://u@a.org/",
                                       "https://u:p@a.org/",
                                       "https://a.org:0/",
                                       "https://a.org:65536/",
                                       "https://a.org:x/",
                                       "https://a b/",
                                       "https://a.org/\n",
                                       "https://a.org\\@b.org/",
                                       "https://[::1/",
                                       "https://[::1]x/",
                                       "https://[::1%25eth0]/",
                                       "https://a%2eorg/",
                                       "https://b\303\274cher.org/",
                                       "javascript://a.org/",
                                       "https://::1/",
                                       "https://*.a.org/"};
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        struct origin origin = {.port = 7};
        synauth_error error = {0};
        if (origin_from_url(urls[i], &origin, NULL, &error) != SYNAUTH_E_ARGUMENT)
            fail_msg("%s was accepted", urls[i]);
        assert_int_equal(origin.port, 7);
        assert_null(strstr(error.text, "u:p"));
    }
}

static void from_url_gives_parts_and_path(void **state)
{
    (void)state;
    struct origin origin;
    const char *path = NULL;
    assert_int_equal(origin_from_url("HTTPS://A.org:/p?q#f", &origin, &path, NULL), SYNAUTH_OK);
    assert_string_equal(origin.host, "a.org");
    assert_int_equal(origin.port, 443);
    assert_string_equal(path, "/p?q#f");
    assert_int_equal(origin_from_url("http://[::0:1]:5000", &origin, &path, NULL), SYNAUTH_OK);
    assert_string_equal(origin.host, "::1");
    assert_int_equal(origin.port, 5000);
    assert_string_equal(path, "");
    /* An @ behind the host is no user information. */
    assert_int_equal(origin_from_url("https://a.org/@x", &origin, NULL, NULL), SYNAUTH_OK);
    assert_int_equal(origin_from_url("https://a.org?u=https://b.org", &origin, NULL, NULL),
                     SYNAUTH_OK);
    assert_string_equal(origin.host, "a.org");
}

static void from_parts_refuses_what_no_rule_matches(void **state)
{
    (void)state;
    struct origin origin;
    char longest[300];
    memset(longest, 'a', sizeof longest);
    longest[255] = '\0';
    assert_true(origin_from_parts("https", longest, 443, &origin));
    longest[255] = 'a';
    longest[256] = '\0';
    assert_false(origin_from_parts("https", longest, 443, &origin));
    assert_false(origin_from_parts("ftp", "a.org", 21, &origin));
    assert_false(origin_from_parts("https", "a.org.", 443, &origin));
    assert_false(origin_from_parts("https", "", 443, &origin));
    assert_false(origin_from_parts("https", "b\303\274cher.org", 443, &origin));
    assert_false(origin_from_parts("https", "a.org", 0, &origin));
    assert_false(origin_from_parts("https", "a.org", 65536, &origin));
    assert_false(origin_from_parts("https", "fe80::1%eth0", 443, &origin));
    assert_false(origin_from_parts("https", "[]", 443, &origin));
    assert_true(origin_from_parts("HTTPS", "[0::1]", 443, &origin));
    assert_string_equal(origin.host, "::1");
    assert_true(origin_from_parts("ws", "0::1", 80, &origin));
    assert_string_equal(origin.host, "::1");
}

static void host_port_as_cave_names_files(void **state)
{
    (void)state;
    static const struct {
        const char *url, *expected;
    } cases[] = {
        {"https://A.org/", "a.org"},          {"https://a.org:443/", "a.org"},
        {"https://a.org:80/", "a.org:80"},    {"http://a.org/", "a.org"},
        {"http://a.org:443/", "a.org"},       {"http://localhost:5000/", "localhost:5000"},
        {"http://[::1]:5000/", "[::1]:5000"}, {"https://[::1]/", "[::1]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct origin origin;
        char text[ORIGIN_HOST_MAX + 16];
        assert_int_equal(origin_from_url(cases[i].url, &origin, NULL, NULL), SYNAUTH_OK);
        origin_host_port(&origin, text, sizeof text);
        assert_string_equal(text, cases[i].expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pattern_parse_defaults_are_https_443),
        cmocka_unit_test(pattern_parse_schemes_and_ports),
        cmocka_unit_test(pattern_parse_addresses_have_one_spelling),
        cmocka_unit_test(pattern_parse_mistakes_name_the_remedy),
        cmocka_unit_test(pattern_parse_query_is_never_shown),
        cmocka_unit_test(pattern_parse_other_spellings_of_addresses_name_the_address),
        cmocka_unit_test(pattern_parse_lengths_at_their_limits),
        cmocka_unit_test(pattern_parse_user_information_is_not_repeated),
        cmocka_unit_test(pattern_matches_whole_names_only),
        cmocka_unit_test(pattern_matches_wildcard_any_depth_not_itself),
        cmocka_unit_test(from_url_refuses_what_is_no_plain_url),
        cmocka_unit_test(from_url_gives_parts_and_path),
        cmocka_unit_test(from_parts_refuses_what_no_rule_matches),
        cmocka_unit_test(host_port_as_cave_names_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
