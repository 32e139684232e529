/* What is noted of the program's cookie engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "remember/cookie_engine.h"
#include <stdbool.h>

/* Memory, when the test says so there is none; and how many blocks are in use. */
static bool is_short;
static int blocks;

void *__real_malloc(size_t size);
void *__real_realloc(void *memory, size_t size);
void __real_free(void *memory);
/* What a shared library refers to is wrapped as well, so they must not be hidden (seen with musl). */
#define WRAPPED __attribute__((visibility("default")))
WRAPPED void *__wrap_malloc(size_t size);
WRAPPED void *__wrap_realloc(void *memory, size_t size);
WRAPPED void __wrap_free(void *memory);

void *__wrap_malloc(size_t size)
{
    blocks += !is_short;
    return is_short ? NULL : __real_malloc(size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    blocks += !is_short && !memory;
    return is_short ? NULL : __real_realloc(memory, size);
}

void __wrap_free(void *memory)
{
    blocks -= memory != NULL;
    __real_free(memory);
}

static void each_of_its_options_switches_it_on(void **state)
{
    static const CURLoption options[] = {CURLOPT_COOKIEFILE, CURLOPT_COOKIEJAR, CURLOPT_COOKIELIST};
    (void)state;
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        struct cookie_engine engine = {0};
        cookie_engine_note(&engine, options[i], NULL);
        assert_false(engine.on);
        cookie_engine_note(&engine, options[i], "");
        assert_true(engine.on);
        assert_null(engine.files);
        assert_false(engine.unseen_token);
        cookie_engine_note(&engine, options[i], NULL);
        assert_true(engine.on); /* what libcurl forgets then differs */
    }
}

static void files_add_up(void **state)
{
    struct cookie_engine engine = {0};
    (void)state;
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "a");
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "");
    cookie_engine_note(&engine, CURLOPT_COOKIEJAR, "jar");
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "bc");
    assert_int_equal(engine.files_length, 5);
    assert_memory_equal(engine.files, "a\0bc", 5);
    cookie_engine_free(&engine);
    assert_null(engine.files);
    assert_int_equal(engine.files_length, 0);
    assert_false(engine.on);
}

static bool token_after(bool before, const char *text)
{
    struct cookie_engine engine = {.unseen_token = before};
    cookie_engine_note(&engine, CURLOPT_COOKIELIST, text);
    return engine.unseen_token;
}

static void a_cookie_without_a_domain_is_remembered(void **state)
{
    (void)state;
    assert_true(token_after(false, "Set-Cookie: middle_auth_token=t"));
    assert_true(token_after(false, "set-cookie:a=b; middle_auth_token=t"));
    assert_false(token_after(false, "Set-Cookie: a=b"));
    assert_false(token_after(false, "h.org\tFALSE\t/\tTRUE\t0\tmiddle_auth_token\tt"));
    assert_false(token_after(false, "FLUSH"));
    assert_true(token_after(true, "SESS"));
    assert_true(token_after(true, "Set-Cookie: a=b"));
    assert_true(token_after(true, "ALLES"));
    assert_false(token_after(true, "ALL"));
    assert_false(token_after(true, "all"));
}

/* CURLINFO_COOKIELIST shows it; without a name behind "domain=" libcurl knows of no domain either.
 */
static void a_cookie_with_a_domain_is_shown(void **state)
{
    (void)state;
    assert_false(
        token_after(false, "Set-Cookie: middle_auth_token=t; path=/; Domain=.h.org; secure"));
    assert_false(token_after(false, "Set-Cookie: middle_auth_token=t;\tdomain=h.org"));
    assert_true(token_after(false, "Set-Cookie: middle_auth_token=t; domain="));
    assert_true(token_after(false, "Set-Cookie: middle_auth_token=t; domain=."));
    assert_true(token_after(false, "Set-Cookie: middle_auth_token=domain=h.org"));
    assert_true(token_after(false, "Set-Cookie: middle_auth_token=t; xdomain=h.org"));
    assert_true(token_after(false, "Set-Cookie: middle_auth_token=t; domain=h.org; domain="));
}

static void a_copy_has_the_files_and_no_cookies(void **state)
{
    struct cookie_engine engine = {0}, copy;
    (void)state;
    assert_true(cookie_engine_copy(&copy, &engine));
    assert_false(copy.on);
    assert_null(copy.files);
    cookie_engine_note(&engine, CURLOPT_COOKIELIST, "Set-Cookie: middle_auth_token=t");
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "a");
    assert_true(cookie_engine_copy(&copy, &engine));
    assert_true(copy.on);
    assert_false(copy.unseen_token);
    assert_ptr_not_equal(copy.files, engine.files);
    assert_int_equal(copy.files_length, 2);
    assert_memory_equal(copy.files, "a", 2);
    cookie_engine_free(&engine);
    cookie_engine_free(&copy);
}

/* What cannot be looked into may hold the token. */
static void short_memory_counts_as_a_token(void **state)
{
    struct cookie_engine engine = {0}, copy;
    int before = blocks;
    (void)state;
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "a");
    is_short = true;
    cookie_engine_note(&engine, CURLOPT_COOKIEFILE, "b");
    bool copied = cookie_engine_copy(&copy, &engine);
    is_short = false;
    assert_true(engine.unseen_token);
    assert_int_equal(engine.files_length, 2);
    assert_memory_equal(engine.files, "a", 2);
    assert_false(copied);
    cookie_engine_free(&engine);
    assert_int_equal(blocks, before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_of_its_options_switches_it_on),
        cmocka_unit_test(files_add_up),
        cmocka_unit_test(a_cookie_without_a_domain_is_remembered),
        cmocka_unit_test(a_cookie_with_a_domain_is_shown),
        cmocka_unit_test(a_copy_has_the_files_and_no_cookies),
        cmocka_unit_test(short_memory_counts_as_a_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
