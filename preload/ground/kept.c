/* kept - memory for what stays for good, not from the heap. */
#include "ground/kept.h"
#include <stdalign.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>

#define ROOM 4096u

static alignas(max_align_t) char room[ROOM];
static _Atomic size_t used;

void *kept_alloc(size_t size)
{
    size_t step = alignof(max_align_t);
    size_t whole = (size + step - 1) / step * step;
    size_t at = atomic_load_explicit(&used, memory_order_relaxed);

    do
        if (size > ROOM || whole > ROOM - at)
            return malloc(size);
    while (!atomic_compare_exchange_weak_explicit(&used, &at, at + whole, memory_order_relaxed,
                                                  memory_order_relaxed));
    return room + at;
}

void kept_free(void *memory)
{
    uintptr_t address = (uintptr_t)memory, start = (uintptr_t)room;

    if (address < start || address >= start + ROOM)
        free(memory);
}
