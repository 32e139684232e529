/* The table of handles: growth, reuse of slots, and eight threads at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ground/handles.h"
#include <pthread.h>

enum { MANY = 20000, THREADS = 8, ROUNDS = 2000 };
static char values[MANY];

static void absent_key_is_not_found(void **state)
{
    (void)state;
    assert_null(handles_find(&handles_by_address, 0));
    assert_null(handles_find(&handles_by_address, 0x1000));
    handles_remove(&handles_by_address, 0x1000);
}

static void many_keys_are_each_found(void **state)
{
    (void)state;
    for (uintptr_t i = 0; i < MANY; i++)
        assert_true(handles_add(&handles_by_address, (i + 1) * 64, &values[i]));
    for (uintptr_t i = 0; i < MANY; i++)
        assert_ptr_equal(handles_find(&handles_by_address, (i + 1) * 64), &values[i]);
    for (uintptr_t i = 0; i < MANY; i += 2)
        handles_remove(&handles_by_address, (i + 1) * 64);
    for (uintptr_t i = 0; i < MANY; i++)
        assert_ptr_equal(handles_find(&handles_by_address, (i + 1) * 64),
                         i % 2 ? &values[i] : NULL);
    for (uintptr_t i = 1; i < MANY; i += 2)
        handles_remove(&handles_by_address, (i + 1) * 64);
}

static void tables_are_separate(void **state)
{
    (void)state;
    assert_true(handles_add(&handles_by_id, 7, &values[7]));
    assert_null(handles_find(&handles_by_address, 7));
    handles_remove(&handles_by_id, 7);
}

/* What a fork leaves behind that came between the key and the value. */
static void key_without_a_value_is_taken_over(void **state)
{
    (void)state;
    assert_true(handles_add(&handles_by_id, 9, NULL));
    assert_true(handles_add(&handles_by_id, 9, &values[9]));
    assert_ptr_equal(handles_find(&handles_by_id, 9), &values[9]);
    handles_remove(&handles_by_id, 9);
    assert_null(handles_find(&handles_by_id, 9));
}

static void *churn(void *data)
{
    uintptr_t base = (uintptr_t)data << (sizeof(uintptr_t) * 4);
    for (int round = 0; round < ROUNDS; round++) {
        for (uintptr_t i = 1; i <= 16; i++)
            if (!handles_add(&handles_by_address, base + i * 16, &values[i]))
                return data;
        for (uintptr_t i = 1; i <= 16; i++) {
            if (handles_find(&handles_by_address, base + i * 16) != &values[i])
                return data;
            handles_remove(&handles_by_address, base + i * 16);
        }
    }
    return NULL;
}

static void threads_see_their_own_keys(void **state)
{
    pthread_t threads[THREADS];
    (void)state;
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, churn, (void *)(i + 1)), 0);
    for (int i = 0; i < THREADS; i++) {
        void *failed = NULL;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_key_is_not_found),
        cmocka_unit_test(many_keys_are_each_found),
        cmocka_unit_test(tables_are_separate),
        cmocka_unit_test(key_without_a_value_is_taken_over),
        cmocka_unit_test(threads_see_their_own_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
