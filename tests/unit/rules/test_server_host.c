/* Tests of lib/rules/server_host.c. */
#include "rules/server_host.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void server_host_written_forms_give_one_name(void **state)
{
    (void)state;
    static const struct {
        const char *address, *host;
    } cases[] = {
        {"global.daf-apis.com", "global.daf-apis.com"},
        {"https://global.daf-apis.com", "global.daf-apis.com"},
        {"https://global.daf-apis.com/", "global.daf-apis.com"},
        {"https://Global.DAF-apis.com/auth/api/v1?x=y:1", "global.daf-apis.com"},
        {"global.daf-apis.com:443", "global.daf-apis.com"},
        {"https://global.daf-apis.com:443/", "global.daf-apis.com"},
        {"https://global.daf-apis.com:8443", "global.daf-apis.com:8443"},
        {"localhost:5000", "localhost:5000"},
        {"http://localhost:5000", "localhost:5000"},
        {"http://localhost", "localhost"},
        {"http://localhost/a:80", "localhost"},
        {"http://localhost:80", "localhost:80"},
        {"127.0.0.1:8080", "127.0.0.1:8080"},
        {"HTTPS://X.example", "x.example"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char host[SERVER_HOST_MAX] = "untouched";
        assert_int_equal(server_host(cases[i].address, host, NULL), SYNAUTH_OK);
        assert_string_equal(host, cases[i].host);
    }
}

static void server_host_nonsense_is_refused(void **state)
{
    (void)state;
    static char longer[5000];
    static const char *const cases[] = {
        "",
        "//x.org",
        "https://",
        "me@host.org",
        "https://me:secret@host.org",
        "ftp://host.org",
        "host.org:0",
        "host.org:99999",
        "host.org:x",
        "two words",
        "a\nb",
        "x.org.",
        "https://x.org.:8443/",
        ".",
        "..",
        ".x.org",
        "a..b",
    };
    char host[SERVER_HOST_MAX];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        synauth_error error = {0};
        assert_int_not_equal(server_host(cases[i], host, &error), SYNAUTH_OK);
        assert_int_equal(error.code, SYNAUTH_E_ARGUMENT);
        assert_null(strstr(error.text, "secret"));
    }
    memset(longer, 'a', sizeof longer - 1);
    assert_int_not_equal(server_host(longer, host, NULL), SYNAUTH_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(server_host_written_forms_give_one_name),
        cmocka_unit_test(server_host_nonsense_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
