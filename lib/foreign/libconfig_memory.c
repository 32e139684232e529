/* libconfig_memory - the memory of the private copy of libconfig: an arena's.

   libconfig looks at hardly any of its allocations. So the copy's malloc, calloc, realloc, strdup,
   free and exit are renamed to these (cmake/PrivateLibconfig.cmake), which never return without
   memory: they leave libconfig altogether. What it has allocated till then goes with the arena. */
#include "foreign/libconfig_memory.h"

#include "base/fork_lock.h"

#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { WAIT_MILLISECONDS = 30000 };

/* Before each block: how much fits into it. */
union head {
    size_t capacity;
    max_align_t alignment;
};

static struct fork_lock lock; /* for these two; libconfig's calls say nothing of whose they are */
static struct arena *memory;
static jmp_buf way_out;

#define RENAMED __attribute__((visibility("hidden")))
RENAMED void *libconfig_memory_malloc(size_t size);
RENAMED void *libconfig_memory_calloc(size_t count, size_t size);
RENAMED void *libconfig_memory_realloc(void *block, size_t size);
RENAMED char *libconfig_memory_strdup(const char *text);
RENAMED void libconfig_memory_free(void *block);
RENAMED _Noreturn void libconfig_memory_exit(void);

_Noreturn void libconfig_memory_exit(void)
{
    longjmp(way_out, 1);
}

/* What flex calls when it can't go on: it would print and end the process. */
#define SAME_AS(function) RENAMED __attribute__((alias(#function)))
SAME_AS(libconfig_memory_exit) _Noreturn void libconfig_memory_abort(void);
SAME_AS(libconfig_memory_exit) _Noreturn void libconfig_memory_fprintf(void);
SAME_AS(libconfig_memory_exit) _Noreturn void libconfig_memory___fprintf_chk(void);
SAME_AS(libconfig_memory_strdup) char *libconfig_memory___strdup(const char *text);

/* Zeroed. */
static void *take(size_t size)
{
    union head *head = size < SIZE_MAX / 4 ? arena_alloc(memory, sizeof *head + size) : NULL;
    if (!head)
        libconfig_memory_exit();
    head->capacity = size;
    return head + 1;
}

void *libconfig_memory_malloc(size_t size)
{
    return take(size);
}

void *libconfig_memory_calloc(size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        libconfig_memory_exit();
    return take(count * size);
}

/* Lists grow by sixteen elements, strings by 64 bytes: twice the room keeps the sum of all that is
   left behind below the last. */
void *libconfig_memory_realloc(void *block, size_t size)
{
    size_t capacity = block ? ((union head *)block)[-1].capacity : 0;
    if (block && size <= capacity)
        return block;
    void *grown = take(size < 2 * capacity ? 2 * capacity : size);
    if (block)
        memcpy(grown, block, capacity);
    return grown;
}

char *libconfig_memory_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    return memcpy(take(size), text, size);
}

void libconfig_memory_free(void *block)
{
    (void)block; /* goes with the arena */
}

bool libconfig_memory_run(struct arena *arena, void (*function)(void *), void *data)
{
    volatile bool whole = false;
    if (fork_lock_take(&lock, WAIT_MILLISECONDS) == FORK_LOCK_BUSY)
        return false;
    memory = arena;
    if (setjmp(way_out) == 0) {
        function(data);
        whole = true;
    }
    memory = NULL;
    fork_lock_drop(&lock);
    return whole;
}
