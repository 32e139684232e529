/* secret_room - memory for small secrets, not from the program's heap. A token is made in the
   middle of a transfer and stays: on the heap it would divide what libcurl is about to give back,
   and each later request would pay for that. */
#include "base/secret_room.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define EACH_ON_THE_HEAP
#endif
#endif
#ifdef __SANITIZE_ADDRESS__ /* it sees what is wrong with a block of the heap only */
#define EACH_ON_THE_HEAP
#endif

static alignas(max_align_t) char blocks[SECRET_ROOM_BLOCKS][SECRET_ROOM_BLOCK_SIZE];
static _Atomic uint32_t taken; /* one bit for each */

static int take_free_block(void)
{
    const uint32_t all = (1u << SECRET_ROOM_BLOCKS) - 1;
    uint32_t before = atomic_load_explicit(&taken, memory_order_relaxed), chosen;
    do {
        uint32_t unused = all & ~before;
        if (!unused)
            return -1;
        chosen = unused & -unused;
    } while (!atomic_compare_exchange_weak_explicit(&taken, &before, before | chosen,
                                                    memory_order_acquire, memory_order_relaxed));
    return __builtin_ctz(chosen);
}

void *secret_room_take(size_t size)
{
#ifdef EACH_ON_THE_HEAP
    return NULL;
#endif
    int index = size > SECRET_ROOM_BLOCK_SIZE ? -1 : take_free_block();
    return index < 0 ? NULL : memset(blocks[index], 0, size);
}

bool secret_room_give_back(void *block)
{
    uintptr_t distance = (uintptr_t)block - (uintptr_t)blocks;
    if (distance >= sizeof blocks)
        return false;
    uint32_t bit = 1u << (distance / SECRET_ROOM_BLOCK_SIZE);
    atomic_fetch_and_explicit(&taken, ~bit, memory_order_release);
    return true;
}
