/* wiped_memory - from memory_wipe_what_is_freed on, every block is wiped before it is freed,
   whoever frees it: libcurl and the TLS library copy passwords and tokens into buffers that they
   give back as they are. (glibc's own M_PERTURB passes over small blocks.) */
#include "memory.h"

#include <dlfcn.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifdef SYNAUTH_SANITIZED /* a sanitizer's allocator must be the only one, and fills what is freed \
                          */

void memory_wipe_what_is_freed(void)
{
}

#else

#define EXPORTED __attribute__((visibility("default")))

/* Not before main: an allocator that was preloaded may not be ready to be asked then. */
static bool wiping;

void memory_wipe_what_is_freed(void)
{
    wiping = true;
}

/* The allocator's own, whichever it is. NULL while that is looked up: dlsym frees what it has said
   before. (volatile: its declaration promises that it calls nothing here.) */
static void *next(const char *name, void **known)
{
    static _Thread_local volatile bool looking;
    if (!*known && !looking) {
        looking = true;
        *known = dlsym(RTLD_NEXT, name);
        looking = false;
    }
    return *known;
}

EXPORTED void free(void *block)
{
    static void *known;
    void (*next_free)(void *) = NULL;
    if (!block)
        return;
    if (wiping)
        explicit_bzero(block, malloc_usable_size(block));
    *(void **)&next_free = next("free", &known);
    if (next_free)
        next_free(block);
}

static void *next_realloc(void *block, size_t size)
{
    static void *known;
    void *(*function)(void *, size_t) = NULL;
    *(void **)&function = next("realloc", &known);
    return function ? function(block, size) : NULL;
}

/* The allocator's own would leave a copy where the block was. What grows gets room to go on
   growing, so that many small steps are no work without end. */
static void *move(void *block, size_t room, size_t size)
{
    size_t spare = size > room && size < SIZE_MAX / 2 ? size / 2 : 0;
    void *moved = malloc(size + spare);
    if (!moved)
        return NULL;
    memcpy(moved, block, size < room ? size : room);
    free(block);
    return moved;
}

EXPORTED void *realloc(void *block, size_t size)
{
    if (!wiping || !block || size == 0)
        return next_realloc(block, size);
    size_t room = malloc_usable_size(block);
    if (size > room || size < room / 2)
        return move(block, room, size);
    explicit_bzero((char *)block + size, room - size);
    return block;
}

#endif
