/* Which lines of CURLINFO_COOKIELIST mean that a request would carry the CAVE token as a cookie. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decide/engine_cookie.h"
#include "remember/cookie_engine.h"
#include <string.h>

#define REST "\tTRUE\t0\tmiddle_auth_token\tt"
#define NOW 1000

static bool matches(const char *line)
{
    return engine_cookie_line_matches(line, "a.h.org", "https://a.h.org/x/y?z=/q", NOW);
}

static void the_domain_decides(void **state)
{
    (void)state;
    assert_true(matches("a.h.org\tFALSE\t/" REST));
    assert_true(matches("A.H.org\tFALSE\t/" REST));
    assert_true(matches("#HttpOnly_a.h.org\tFALSE\t/" REST));
    assert_true(matches(".h.org\tTRUE\t/" REST));
    assert_true(matches("h.org\tTRUE\t/" REST));
    assert_true(matches(".a.h.org\tTRUE\t/" REST));
    assert_true(matches("h\xc3\xb6.org\tFALSE\t/" REST));
    assert_false(matches("h.org\tFALSE\t/" REST));
    assert_false(matches(".b.h.org\tTRUE\t/" REST));
    assert_false(matches("#HttpOnly_.org.x\tTRUE\t/" REST));
    assert_false(matches("xa.h.org\tFALSE\t/" REST));
    assert_false(matches(".x.a.h.org\tTRUE\t/" REST));
    assert_false(matches(".rg\tTRUE\t/" REST));
    assert_false(matches("unknown\tFALSE\t/" REST));
}

static void the_path_decides(void **state)
{
    (void)state;
    assert_true(matches("a.h.org\tFALSE\t/x" REST));
    assert_true(matches("a.h.org\tFALSE\t/x/" REST));
    assert_true(matches("a.h.org\tFALSE\t/x/y" REST));
    assert_false(matches("a.h.org\tFALSE\t/y" REST));
    assert_false(matches("a.h.org\tFALSE\t/q" REST));
    assert_false(matches("a.h.org\tFALSE\t/x/y/z" REST));
    /* libcurl may make another path of these. */
    assert_true(
        engine_cookie_line_matches("h.org\tFALSE\t/y" REST, "h.org", "https://h.org/x/../y", 0));
    assert_true(
        engine_cookie_line_matches("h.org\tFALSE\t/y" REST, "h.org", "https://h.org/%79", 0));
    assert_true(engine_cookie_line_matches("h.org\tFALSE\t/" REST, "h.org", "https://h.org", 0));
}

static void the_time_decides(void **state)
{
    (void)state;
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t1000\tmiddle_auth_token\tt"));
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t99999999999999999999\tmiddle_auth_token\tt"));
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t-1\tmiddle_auth_token\tt"));
    assert_false(matches("a.h.org\tFALSE\t/\tTRUE\t999\tmiddle_auth_token\tt"));
}

static void the_name_decides(void **state)
{
    (void)state;
    assert_false(matches("a.h.org\tFALSE\t/\tTRUE\t0\tother\tt"));
    assert_false(matches("a.h.org\tFALSE\t/middle_auth_token\tTRUE\t0\tother\tt"));
    assert_true(matches("a.h.org\tFALSE\t/\tTRUE\t0\tother\tt; middle_auth_token=t"));
    assert_true(matches("middle_auth_token"));
}

static void the_engine_is_noted(void **state)
{
    struct cookie_engine engine = {0}, copy;
    (void)state;
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, NULL);
    assert_false(engine.on);
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "");
    assert_true(engine.on && engine.files_length == 0);
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "a");
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "bc");
    assert_int_equal(engine.files_length, 5);
    assert_memory_equal(engine.files, "a\0bc", 5);
    cookie_engine_note(&engine, CURLOPT_COOKIELIST, "Set-Cookie: a=b");
    assert_false(engine.unseen_token);
    cookie_engine_note(&engine, CURLOPT_COOKIELIST, "set-cookie: middle_auth_token=t");
    assert_true(engine.unseen_token);
    assert_true(cookie_engine_copy(&copy, &engine));
    assert_true(copy.on && !copy.unseen_token && copy.files_length == 5);
    cookie_engine_note(&engine, CURLOPT_COOKIELIST, "ALL");
    assert_false(engine.unseen_token);
    cookie_engine_free(&copy);
    cookie_engine_free(&engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_domain_decides),  cmocka_unit_test(the_path_decides),
        cmocka_unit_test(the_time_decides),    cmocka_unit_test(the_name_decides),
        cmocka_unit_test(the_engine_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
