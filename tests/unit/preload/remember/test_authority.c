/* Whose host a URL names, by libcurl's own parser, and what of it is remembered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/ascii.h"
#include "remember/authority.h"
#include <stdio.h>
#include <string.h>

static unsigned parsed; /* how often libcurl was asked */

static CURLU *counted_url(void)
{
    parsed++;
    return curl_url();
}

/* Before 8.0 its header says that the handle may change. */
static CURLUcode get_part(const CURLU *of, CURLUPart part, char **ret, unsigned flags)
{
    return curl_url_get((CURLU *)(uintptr_t)of, part, ret, flags);
}

/* The parser of the real libcurl: none of its functions is hooked. */
static const struct binding curl = {.url = counted_url,
                                    .url_cleanup = curl_url_cleanup,
                                    .url_get = get_part,
                                    .url_set = curl_url_set,
                                    .free = curl_free};
static const struct binding without_parser;

/* What the resolver makes of the parts. */
static bool origin(const char *scheme, const char *host, unsigned port, struct origin *ret)
{
    bool https = ascii_equal(scheme, "https");
    size_t length = strlen(host);
    if ((!https && !ascii_equal(scheme, "http")) || host[length - 1] == '.')
        return false;
    *ret = (struct origin){.scheme = https ? ORIGIN_HTTPS : ORIGIN_HTTP, .port = port};
    for (size_t i = 0; i < length; i++)
        ret->host[i] = ascii_lower(host[i]);
    return true;
}

static bool match(const struct origin *of, struct hook_rule *ret)
{
    *ret = (struct hook_rule){.match = "h.org"};
    return strcmp(of->host, "h.org") == 0;
}

static const struct hook_api resolver = {.origin = origin, .match = match};

static const struct authority *of(const char *url, long port, const struct authority *last)
{
    return authority_of(url, port, last, &curl, &resolver);
}

static void expect(const char *url, long port, enum origin_scheme scheme, const char *host,
                   unsigned real_port)
{
    const struct authority *authority = of(url, port, NULL);
    assert_non_null(authority);
    assert_true(authority->matchable);
    assert_int_equal(authority->origin.scheme, scheme);
    assert_string_equal(authority->origin.host, host);
    assert_int_equal(authority->origin.port, real_port);
    assert_int_equal(authority->matched, strcmp(host, "h.org") == 0);
    assert_true(authority_has_port(authority, (int)real_port));
    assert_false(authority_has_port(authority, (int)real_port + 1));
    authority_release(authority);
}

static void parts_are_those_of_libcurl(void **state)
{
    (void)state;
    expect("https://h.org/x", 0, ORIGIN_HTTPS, "h.org", 443);
    expect("https://H.org", 0, ORIGIN_HTTPS, "h.org", 443);
    expect("http://h.org?x", 0, ORIGIN_HTTP, "h.org", 80);
    expect("https://h.org:8443#x", 0, ORIGIN_HTTPS, "h.org", 8443);
    expect("https://g.org/", 0, ORIGIN_HTTPS, "g.org", 443);
    expect("https://h%2eorg/", 0, ORIGIN_HTTPS, "h.org", 443);
    expect("https://h.org\\@g.org/", 0, ORIGIN_HTTPS, "g.org", 443);
}

static void the_port_option_wins(void **state)
{
    (void)state;
    expect("https://h.org/x", 1, ORIGIN_HTTPS, "h.org", 1);
    expect("https://h.org:8443/x", 65535, ORIGIN_HTTPS, "h.org", 65535);
    assert_false(of("https://h.org/x", 65536, NULL)->matchable);
    assert_false(of("https://h.org/x", -1, NULL)->matchable);
    assert_false(authority_has_port(of("https://h.org/x", -1, NULL), 0));
}

static bool has_user(const char *url)
{
    const struct authority *authority = of(url, 0, NULL);
    assert_non_null(authority);
    bool user = authority->user;
    assert_false(authority->shared);
    assert_int_equal(authority->text_length, 0);
    authority_release(authority);
    return user;
}

static void user_info_is_seen(void **state)
{
    (void)state;
    assert_true(has_user("https://u:p@h.org/"));
    assert_true(has_user("https://u@h.org/"));
    assert_true(has_user("https://:p@h.org/"));
    assert_false(has_user("https://h%2eorg/"));
    assert_false(of("https://h.org/u@v", 0, NULL)->user);
}

static void what_is_no_url_is_nothing(void **state)
{
    (void)state;
    assert_null(of("", 0, NULL));
    assert_null(of("h.org/x", 0, NULL));
    assert_null(of("https://", 0, NULL));
    assert_null(of("https://h .org/", 0, NULL));
    assert_null(of("https://h.org:70000/", 0, NULL));
}

static void other_schemes_and_hosts_match_no_rule(void **state)
{
    (void)state;
    const struct authority *ftp = of("ftp://h.org/", 0, NULL); /* NULL: a libcurl without FTP */
    assert_false(ftp && ftp->matchable);
    assert_false(ftp && ftp->matched);
    assert_false(of("https://h.org./", 0, NULL)->matchable);
}

static void plain_text_is_parsed_once(void **state)
{
    const struct authority *first = of("https://once.org/a", 0, NULL);
    unsigned before = parsed;
    (void)state;
    assert_true(first->shared);
    assert_ptr_equal(of("https://once.org/b?c", 0, NULL), first);
    assert_ptr_equal(of("https://once.org", 0, first), first);
    assert_ptr_equal(of("https://once.org#", 0, first), first);
    assert_int_equal(parsed, before);
    assert_ptr_not_equal(of("https://once.org/a", 80, first), first);
    assert_ptr_not_equal(of("https://once.organ/a", 0, first), first);
    assert_ptr_not_equal(of("https://once.org:1/a", 0, first), first);
    assert_ptr_not_equal(of("https://once.or/a", 0, first), first);
    assert_int_equal(parsed, before + 4);
    authority_release(first); /* which stays */
    assert_ptr_equal(of("https://once.org/", 0, NULL), first);
}

/* Two parsers may differ about it. */
static void unusual_text_is_parsed_each_time(void **state)
{
    static const char *const urls[] = {"https://a@h.org/", "https://h%2eorg/", "https://a\\@h.org/",
                                       "https://h\xc3\xb6.org/", "https://h\xef\xbc\x8eorg/"};
    (void)state;
    for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
        const struct authority *first = of(urls[i], 0, NULL), *second;
        unsigned before = parsed;
        assert_non_null(first);
        assert_false(first->shared);
        second = of(urls[i], 0, first);
        assert_ptr_not_equal(second, first);
        assert_int_equal(parsed, before + 1);
        assert_false(authority_is_of(first, urls[i]));
        authority_release_other(first, second);
        authority_release_other(second, second);
        authority_release(second);
    }
    authority_release(NULL);
}

static void text_of_a_certain_length_is_remembered(void **state)
{
    char url[AUTHORITY_TEXT_MAX + 8];
    (void)state;
    for (int length = AUTHORITY_TEXT_MAX - 1; length <= AUTHORITY_TEXT_MAX; length++) {
        memset(url, 'a', sizeof url);
        memcpy(url, "https://", 8);
        url[40] = '.'; /* a label has 63 letters at most */
        url[length] = '/';
        url[length + 1] = '\0';
        const struct authority *authority = of(url, 0, NULL);
        assert_int_equal(authority->shared, length < AUTHORITY_TEXT_MAX);
        authority_release(authority);
    }
}

static void the_text_of_a_url_is_compared_as_a_whole(void **state)
{
    const struct authority *authority = of("https://h.org:8443/x", 0, NULL);
    const struct authority *other = of("https://h.org:8443/x", 9, NULL);
    (void)state;
    assert_true(authority_is_of(authority, "https://h.org:8443"));
    assert_true(authority_is_of(authority, "https://h.org:8443/y"));
    assert_true(authority_is_of(authority, "https://h.org:8443?y"));
    assert_true(authority_is_of(authority, "https://h.org:8443#y"));
    assert_true(authority_is_of(other, "https://h.org:8443/y"));
    assert_false(authority_is_of(authority, "https://h.org:84433/y"));
    assert_false(authority_is_of(authority, "https://h.org:844"));
    assert_false(authority_is_of(authority, "https://g.org:8443/"));
}

static bool same(const char *a, const char *b)
{
    const struct authority *one = of(a, 0, NULL), *other = of(b, 0, NULL);
    return one && other && authority_same_origin(one, other);
}

static void origins_are_scheme_host_and_port(void **state)
{
    (void)state;
    assert_true(same("https://h.org/", "https://H.ORG:443/x"));
    assert_false(same("https://h.org/", "https://g.org/"));
    assert_false(same("https://h.org/", "https://h.org:444/"));
    assert_false(same("https://h.org:80/", "http://h.org/"));
    assert_false(same("ftp://h.org/", "ftp://h.org/"));
    assert_false(same("https://h.org/", "ftp://h.org/"));
    assert_false(same("ftp://h.org/", "https://h.org/"));
}

static void user_info_is_found_in_any_text(void **state)
{
    (void)state;
    assert_true(authority_text_has_user("https://u@h.org"));
    assert_true(authority_text_has_user("https:/u@h.org"));
    assert_true(authority_text_has_user("//u@h.org/"));
    assert_true(authority_text_has_user("u@h.org"));
    assert_true(authority_text_has_user("u:p@h.org/x"));
    assert_false(authority_text_has_user("/x?u@h.org"));
    assert_false(authority_text_has_user("https://h.org/@"));
    assert_false(authority_text_has_user("https://h.org?@"));
    assert_false(authority_text_has_user("https://h.org#@"));
    assert_false(authority_text_has_user(""));
}

static void the_text_ends_with_the_authority(void **state)
{
    (void)state;
    assert_int_equal(authority_text_length("https://h.org/x"), 13);
    assert_int_equal(authority_text_length("https://h.org?x"), 13);
    assert_int_equal(authority_text_length("https://h.org#x"), 13);
    assert_int_equal(authority_text_length("https://h.org"), 13);
    assert_int_equal(authority_text_length("h.org/x"), 0);
}

static const struct authority *strictly(const char *url, long port)
{
    return authority_of(url, port, NULL, &without_parser, &resolver);
}

/* libcurl before 7.62. Each is asked for with a port of its own: what is remembered is not parsed.
 */
static void without_a_parser_only_plain_hosts_are_understood(void **state)
{
    static const char *const none[] = {
        "http://s.org/",         "HTTPS://s.org/",       "https:///s.org",
        "https://s.o_g/",        "https://s.org:/",      "https://s.org:123456/",
        "https://s.org:8x/",     "https://1.2.3.4/",     "https://s.org./",
        "https://s.org-/",       "https://u@s.org/",     "https://[::1]/",
        "https://s.org\\@g/",    "https://s.o\xc3\xb6/", "https://:443/",
        "https://s.org:443:443/"};
    char longest[8 + ORIGIN_HOST_MAX + 3] = "https://";
    (void)state;
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        assert_null(strictly(none[i], 0));
    assert_int_equal(strictly("https://strict.org/", 0)->origin.port, 443);
    assert_string_equal(strictly("https://strict.org/", 0)->origin.host, "strict.org");
    assert_int_equal(strictly("https://strict.org:8443?", 0)->origin.port, 8443);
    assert_int_equal(strictly("https://strict.org:65535#", 0)->origin.port, 65535);
    assert_int_equal(strictly("https://strict.org:1", 0)->origin.port, 1);
    assert_int_equal(strictly("https://strict.org:9", 0)->origin.port, 9);
    assert_int_equal(strictly("https://strict.orZ:80", 0)->origin.port, 80);
    assert_int_equal(strictly("https://strict.org:1", 7)->origin.port, 7);
    assert_string_equal(strictly("https://S-1.z9.A", 0)->origin.host, "s-1.z9.a");
    assert_false(strictly("https://strict.org:0", 0)->matchable);
    assert_false(strictly("https://strict.org:65536", 0)->matchable);
    assert_true(strictly("https://h.org/", 0)->matched);
    memset(longest + 8, 'a', ORIGIN_HOST_MAX + 1);
    assert_null(strictly(longest, 0));
    longest[8 + ORIGIN_HOST_MAX] = '\0';
    const struct authority *authority = strictly(longest, 0);
    assert_int_equal(strlen(authority->origin.host), ORIGIN_HOST_MAX);
    authority_release(authority);
}

/* Last: it leaves no room for others. */
static void only_so_many_are_remembered(void **state)
{
    char url[64];
    unsigned shared = 0;
    (void)state;
    for (int i = 0; i < 300; i++) {
        snprintf(url, sizeof url, "https://many%d.org/", i);
        const struct authority *authority = of(url, 0, NULL);
        char host[32];
        snprintf(host, sizeof host, "many%d.org", i);
        assert_string_equal(authority->origin.host, host);
        shared += authority->shared;
        authority_release(authority);
    }
    assert_in_range(shared, 128, 255);
    assert_ptr_equal(of("https://many0.org/", 0, NULL), of("https://many0.org/", 0, NULL));
    const struct authority *late = of("https://many299.org/", 0, NULL);
    assert_false(late->shared);
    authority_release(late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(parts_are_those_of_libcurl),
        cmocka_unit_test(the_port_option_wins),
        cmocka_unit_test(user_info_is_seen),
        cmocka_unit_test(what_is_no_url_is_nothing),
        cmocka_unit_test(other_schemes_and_hosts_match_no_rule),
        cmocka_unit_test(plain_text_is_parsed_once),
        cmocka_unit_test(unusual_text_is_parsed_each_time),
        cmocka_unit_test(text_of_a_certain_length_is_remembered),
        cmocka_unit_test(the_text_of_a_url_is_compared_as_a_whole),
        cmocka_unit_test(origins_are_scheme_host_and_port),
        cmocka_unit_test(user_info_is_found_in_any_text),
        cmocka_unit_test(the_text_ends_with_the_authority),
        cmocka_unit_test(without_a_parser_only_plain_hosts_are_understood),
        cmocka_unit_test(only_so_many_are_remembered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
