/* checked - what a call of explicit_bzero is under _FORTIFY_SOURCE. */
#include "old_symbol.h"

#include <stdlib.h>
#include <string.h>

extern void __explicit_bzero_chk(void *bytes, size_t length, size_t room);

FLOOR void __explicit_bzero_chk(void *bytes, size_t length, size_t room)
{
    if (length > room)
        abort();
    explicit_bzero(bytes, length);
}
