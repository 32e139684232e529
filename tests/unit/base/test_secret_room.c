/* Tests of lib/base/secret_room.c, and that secrets live there. */
#include "base/secret.h"
#include "base/secret_room.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MORE = SECRET_ROOM_BLOCKS + 4 };

static size_t take_all(void *blocks[static MORE])
{
    size_t count = 0;
    while (count < MORE && (blocks[count] = secret_room_take(SECRET_ROOM_BLOCK_SIZE)))
        count++;
    return count;
}

static void give_back_all(void **blocks, size_t count)
{
    for (size_t i = 0; i < count; i++)
        assert_true(secret_room_give_back(blocks[i]));
}

/* AddressSanitizer is to see every secret on the heap. */
static size_t expected(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return 0;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return 0;
#endif
#endif
    return SECRET_ROOM_BLOCKS;
}

static void secret_room_blocks_are_apart_and_zeroed(void **state)
{
    (void)state;
    static const char zeroes[SECRET_ROOM_BLOCK_SIZE];
    void *blocks[MORE];
    size_t all = expected(), count = take_all(blocks);
    assert_int_equal(count, all);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        assert_memory_equal(blocks[i], zeroes, sizeof zeroes);
        memset(blocks[i], 'x', sizeof zeroes);
    }
    give_back_all(blocks, count);
    count = take_all(blocks);
    for (size_t i = 0; i < count; i++)
        assert_memory_equal(blocks[i], zeroes, sizeof zeroes);
    give_back_all(blocks, count);
}

static void secret_room_has_nothing_larger(void **state)
{
    (void)state;
    assert_null(secret_room_take(SECRET_ROOM_BLOCK_SIZE + 1));
    assert_null(secret_room_take(SIZE_MAX));
}

static void secret_room_knows_its_own(void **state)
{
    (void)state;
    char *heap = malloc(16), stack;
    assert_false(secret_room_give_back(heap));
    assert_false(secret_room_give_back(&stack));
    assert_false(secret_room_give_back(NULL));
    free(heap);
}

static void secret_small_is_not_on_the_heap(void **state)
{
    (void)state;
    void *blocks[MORE];
    size_t all = expected();
    AUTO_SECRET secret = secret_new("token", 5);
    size_t count = take_all(blocks);
    assert_string_equal(secret_bytes(secret), "token");
    assert_int_equal(count, all ? all - 1 : 0);
    give_back_all(blocks, count);
}

static void secret_more_than_there_is_room_for_are_kept_all_the_same(void **state)
{
    (void)state;
    struct secret *secrets[MORE];
    for (size_t i = 0; i < MORE; i++)
        assert_non_null(secrets[i] = secret_new(&(char){(char)('a' + i)}, 1));
    for (size_t i = 0; i < MORE; i++) {
        assert_int_equal(*secret_bytes(secrets[i]), 'a' + i);
        secret_unref(secrets[i]);
    }
    void *blocks[MORE];
    size_t count = take_all(blocks);
    give_back_all(blocks, count);
    assert_int_equal(count, expected());
}

static void *take_and_give_back(void *mark)
{
    for (int i = 0; i < 5000; i++) {
        char *block = secret_room_take(SECRET_ROOM_BLOCK_SIZE);
        if (!block)
            continue;
        memset(block, *(char *)mark, SECRET_ROOM_BLOCK_SIZE);
        for (size_t j = 0; j < SECRET_ROOM_BLOCK_SIZE; j++)
            if (block[j] != *(char *)mark)
                return mark;
        secret_room_give_back(block);
    }
    return NULL;
}

static void secret_room_gives_no_block_to_two_threads(void **state)
{
    (void)state;
    char marks[4] = "abcd";
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_give_back, &marks[i]), 0);
    for (size_t i = 0; i < 4; i++) {
        void *spoiled = NULL;
        pthread_join(threads[i], &spoiled);
        assert_null(spoiled);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secret_room_blocks_are_apart_and_zeroed),
        cmocka_unit_test(secret_room_has_nothing_larger),
        cmocka_unit_test(secret_room_knows_its_own),
        cmocka_unit_test(secret_small_is_not_on_the_heap),
        cmocka_unit_test(secret_more_than_there_is_room_for_are_kept_all_the_same),
        cmocka_unit_test(secret_room_gives_no_block_to_two_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
