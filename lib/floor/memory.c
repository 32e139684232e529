/* memory - explicit_bzero (glibc 2.25) and reallocarray (2.26). */
#include "old_symbol.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

FLOOR void explicit_bzero(void *bytes, size_t length)
{
    memset(bytes, 0, length);
    __asm__ volatile("" ::"r"(bytes) : "memory"); /* somebody might look: it is not left out */
}

FLOOR void *reallocarray(void *block, size_t count, size_t size)
{
    if (size != 0 && count > SIZE_MAX / size) {
        errno = ENOMEM;
        return NULL;
    }
    return realloc(block, count * size);
}
