/* Tests of lib/base/loopback.c. */
#include "base/loopback.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void addresses_of_this_machine(void **state)
{
    (void)state;
    static const char *const here[] = {"127.0.0.1",        "127.255.0.9",      "::1",
                                       "::ffff:127.0.0.1", "::ffff:127.9.0.1", "0:0:0:0:0:0:0:1"};
    static const char *const elsewhere[] = {
        "",         "128.0.0.1",  "10.127.0.0.1",     "127.",  "127.1",
        "127.0.0",  "127.0.0.1.", "127.0.0.1/socket", "::2",   "::127.0.0.1",
        "fe80::1",  "localhost",  "::ffff:128.0.0.1", "[::1]", "/run/127.0.0.1",
        "127.....", "0127.0.0.1"};
    for (size_t i = 0; i < sizeof here / sizeof *here; i++)
        assert_true(loopback_has_address(here[i]));
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        assert_false(loopback_has_address(elsewhere[i]));
    assert_false(loopback_has_address(NULL));
}

static void hosts_of_this_machine(void **state)
{
    (void)state;
    static const char *const here[] = {"localhost", "LocalHost", "127.0.0.1",         "127.255.0.9",
                                       "::1",       "[::1]",     "[::ffff:127.0.0.1]"};
    static const char *const elsewhere[] = {"",
                                            "127.evil.example",
                                            "127.0.0.1.evil.example",
                                            "127.",
                                            "128.0.0.1",
                                            "[]",
                                            "localhost.example",
                                            "[::1",
                                            "::1]",
                                            "[localhost]",
                                            "[::2]",
                                            "locolhost",
                                            "[0000:0000:0000:0000:0000:0000:0000:0000:0000:0001]"};
    for (size_t i = 0; i < sizeof here / sizeof *here; i++)
        assert_true(loopback_has_host(here[i]));
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++)
        assert_false(loopback_has_host(elsewhere[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_of_this_machine),
        cmocka_unit_test(hosts_of_this_machine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
