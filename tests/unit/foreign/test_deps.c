/* Tests of lib/foreign/deps.c in a program that captures nothing; capture_host.c has the others. */
#include "foreign/deps.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void deps_get_every_function_is_bound(void **state)
{
    (void)state;
    synauth_error error = {0};
    const struct deps *deps = deps_get(&error);
    assert_string_equal(error.text, "");
    assert_non_null(deps);
#define DEP(name) assert_true(deps->name != NULL);
#define DEP_LIBCONFIG DEP
#include "foreign/deps.def"
#undef DEP_LIBCONFIG
#undef DEP
}

static void *get(void *start)
{
    pthread_barrier_wait(start);
    return (void *)(uintptr_t)deps_get(NULL);
}

/* Runs first: the binding is made by threads that race for it. */
static void deps_get_threads_agree(void **state)
{
    enum { THREADS = 8 };
    (void)state;
    pthread_t threads[THREADS];
    pthread_barrier_t start;
    void *results[THREADS];
    pthread_barrier_init(&start, NULL, THREADS);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, get, &start), 0);
    for (size_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_join(threads[i], &results[i]), 0);
    pthread_barrier_destroy(&start);
    for (size_t i = 0; i < THREADS; i++)
        assert_ptr_equal(results[i], deps_get(NULL));
    assert_non_null(results[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(deps_get_threads_agree),
        cmocka_unit_test(deps_get_every_function_is_bound),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
