/* Tests of lib/base/secret.c. */
#include "base/secret.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void secret_new_bytes_are_copied_and_terminated(void **state)
{
    (void)state;
    char source[] = {'a', '\0', 'b'};
    AUTO_SECRET secret = secret_new(source, sizeof source);
    source[0] = 'x';
    assert_int_equal(secret_length(secret), 3);
    assert_memory_equal(secret_bytes(secret), "a\0b\0", 4);
}

static void secret_new_empty_is_an_empty_string(void **state)
{
    (void)state;
    AUTO_SECRET secret = secret_new(NULL, 0);
    assert_non_null(secret);
    assert_int_equal(secret_length(secret), 0);
    assert_string_equal(secret_bytes(secret), "");
}

static void secret_null_has_no_bytes_and_no_length(void **state)
{
    (void)state;
    assert_null(secret_bytes(NULL));
    assert_int_equal(secret_length(NULL), 0);
    assert_null(secret_ref(NULL));
    assert_null(secret_slice(NULL, 0, 0));
    secret_unref(NULL);
}

static void secret_alloc_is_zeroed_and_writable(void **state)
{
    (void)state;
    AUTO_SECRET secret = secret_alloc(4);
    assert_memory_equal(secret_bytes(secret), "\0\0\0\0\0", 5);
    memcpy(secret_buffer(secret), "abcd", 4);
    assert_string_equal(secret_bytes(secret), "abcd");
}

static void secret_alloc_absurd_length_is_refused(void **state)
{
    (void)state;
    assert_null(secret_alloc(SIZE_MAX));
    assert_null(secret_alloc(SIZE_MAX - 8));
}

static void secret_join_prefix_and_value_are_one(void **state)
{
    (void)state;
    AUTO_SECRET value = secret_new("token", 5);
    AUTO_SECRET joined = secret_join("Authorization: Bearer ", value);
    assert_string_equal(secret_bytes(joined), "Authorization: Bearer token");
    assert_int_equal(secret_length(joined), 27);
}

static void secret_slice_inside_is_a_copy(void **state)
{
    (void)state;
    struct secret *whole = secret_new("abcdef", 6);
    AUTO_SECRET part = secret_slice(whole, 2, 3);
    secret_unref(whole);
    assert_string_equal(secret_bytes(part), "cde");
}

static void secret_slice_outside_is_refused(void **state)
{
    (void)state;
    AUTO_SECRET whole = secret_new("abc", 3);
    AUTO_SECRET end = secret_slice(whole, 3, 0);
    assert_non_null(end);
    assert_null(secret_slice(whole, 4, 0));
    assert_null(secret_slice(whole, 1, 3));
    assert_null(secret_slice(whole, 1, SIZE_MAX));
}

static void secret_cleanup_variable_is_emptied(void **state)
{
    (void)state;
    struct secret *secret = secret_new("x", 1);
    secret_cleanup(&secret);
    assert_null(secret);
}

static void *take_and_drop(void *argument)
{
    struct secret *secret = argument;
    for (int i = 0; i < 20000; i++)
        secret_unref(secret_ref(secret));
    secret_unref(secret);
    return NULL;
}

/* Sanitizers see a count that goes wrong as a leak, a double free or a race. */
static void secret_unref_from_many_threads_frees_once(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct secret *secret = secret_new("shared", 6);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_drop, secret_ref(secret)), 0);
    for (size_t i = 0; i < 4; i++)
        pthread_join(threads[i], NULL);
    assert_string_equal(secret_bytes(secret), "shared");
    secret_unref(secret);
}

/* Of freed memory the allocator may use the beginning for itself; the rest shows whether it was
   wiped. Sanitizers stop this look at freed memory. */
static void secret_unref_last_reference_wipes(void **state)
{
    (void)state;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    skip();
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    skip();
#endif
#endif
    enum { SIZE = 600 };
    static const char mark = 'Z';
    struct secret *secret = secret_alloc(SIZE);
    memset(secret_buffer(secret), mark, SIZE);
    uintptr_t address = (uintptr_t)secret_bytes(secret);
    secret_unref(secret);
    const volatile char *freed = (const volatile char *)address;
    size_t left = 0;
    for (size_t i = 0; i < SIZE; i++)
        left += freed[i] == mark;
    assert_int_equal(left, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_new_bytes_are_copied_and_terminated),
        cmocka_unit_test(secret_new_empty_is_an_empty_string),
        cmocka_unit_test(secret_null_has_no_bytes_and_no_length),
        cmocka_unit_test(secret_alloc_is_zeroed_and_writable),
        cmocka_unit_test(secret_alloc_absurd_length_is_refused),
        cmocka_unit_test(secret_join_prefix_and_value_are_one),
        cmocka_unit_test(secret_slice_inside_is_a_copy),
        cmocka_unit_test(secret_slice_outside_is_refused),
        cmocka_unit_test(secret_cleanup_variable_is_emptied),
        cmocka_unit_test(secret_unref_from_many_threads_frees_once),
        cmocka_unit_test(secret_unref_last_reference_wipes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
