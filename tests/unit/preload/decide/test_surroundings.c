/* What the environment says about proxies and our own messages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/surroundings.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int clear(void **state)
{
    (void)state;
    clearenv();
    setenv("HOME", "/nonexistent", 1);
    return 0;
}

static bool proxy_after(const char *name, const char *value)
{
    clearenv();
    setenv(name, value, 1);
    return surroundings_now().proxy;
}

static void proxy_for_plain_http_is_seen(void **state)
{
    (void)state;
    assert_false(surroundings_now().proxy);
    assert_true(proxy_after("http_proxy", "p"));
    assert_true(proxy_after("all_proxy", "p"));
    assert_true(proxy_after("ALL_PROXY", "p"));
    assert_false(proxy_after("HTTP_PROXY", "p")); /* libcurl does not read it */
    assert_false(proxy_after("https_proxy", "p"));
    assert_false(proxy_after("http_proxy", ""));
}

static void a_change_is_seen_at_once(void **state)
{
    struct surroundings before = surroundings_now(), after;
    (void)state;
    assert_false(before.debug || before.proxy);
    assert_true(surroundings_now().stamp == before.stamp);
    setenv("SYNAUTH_LOG", "debug", 1);
    after = surroundings_now();
    assert_true(after.debug);
    assert_false(after.proxy);
    assert_true(after.stamp != before.stamp);
    assert_true(surroundings_now().debug); /* remembered */
    setenv("http_proxy", "p", 1);
    assert_true(surroundings_now().proxy && surroundings_now().debug);
    unsetenv("SYNAUTH_LOG");
    assert_true(surroundings_now().proxy && !surroundings_now().debug);
    unsetenv("http_proxy");
    assert_false(surroundings_now().proxy || surroundings_now().debug);
}

static bool any_after(const char *name, const char *value)
{
    clearenv();
    setenv("A", "b", 1);
    setenv(name, value, 1);
    return surroundings_proxy_for_anything();
}

static void proxy_for_any_scheme_is_seen(void **state)
{
    (void)state;
    assert_true(any_after("http_proxy", "p"));
    assert_true(any_after("https_proxy", "p"));
    assert_true(any_after("HTTPS_PROXY", "p"));
    assert_true(any_after("All_Proxy", "p"));
    assert_true(any_after("x_proxy", "p"));
    assert_false(any_after("https_proxy", ""));
    assert_false(any_after("no_proxy", "p"));
    assert_false(any_after("NO_PROXY", "p"));
    assert_true(any_after("xno_proxy", "p"));
    assert_false(any_after("_proxy", "p"));
    assert_false(any_after("https_proxies", "p"));
    assert_false(any_after("PATH", "/x_proxy=y"));
    clearenv();
    assert_false(surroundings_proxy_for_anything());
}

static bool may_listen(const char *value, unsigned port)
{
    static const char *const names[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
    bool first = false;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        clearenv();
        setenv(names[i], value, 1);
        bool listens = surroundings_proxy_port(port);
        assert_true(i == 0 || listens == first);
        first = listens;
    }
    return first;
}

static void port_of_a_proxy_is_read(void **state)
{
    static const char *const with[] = {"p:8080", "http://p:8080", "http://u@p:8080/", "[::1]:8080",
                                       "p:8080//"};
    static const char *const without[] = {"p",     "http://p", "http://p/", "p:", "http://u:p@p/",
                                          "[::1]", "12"};
    (void)state;
    for (size_t i = 0; i < sizeof(with) / sizeof(with[0]); i++) {
        assert_true(may_listen(with[i], 8080));
        assert_false(may_listen(with[i], 808));
        assert_false(may_listen(with[i], 80));
        assert_false(may_listen(with[i], 1080));
    }
    for (size_t i = 0; i < sizeof(without) / sizeof(without[0]); i++) {
        assert_true(may_listen(without[i], 1080));
        assert_true(may_listen(without[i], 443));
        assert_true(may_listen(without[i], 80));
        assert_false(may_listen(without[i], 8080));
    }
    assert_false(may_listen("p:99999", 99999));
    assert_false(may_listen("", 80));
    clearenv();
    assert_false(surroundings_proxy_port(80));
}

#define TEST(name) cmocka_unit_test_setup(name, clear)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(proxy_for_plain_http_is_seen),
        TEST(a_change_is_seen_at_once),
        TEST(proxy_for_any_scheme_is_seen),
        TEST(port_of_a_proxy_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
