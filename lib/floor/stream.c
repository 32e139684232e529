/* stream - fmemopen as it was before glibc 2.22: the same for a stream that is only read or only
   written, but that an empty text is none (EINVAL). */
#include "old_symbol.h"

#include <stdio.h>

OLD_SYMBOL(fmemopen, OLDEST);
extern __typeof__(fmemopen) old_fmemopen;

FLOOR FILE *fmemopen(void *bytes, size_t length, const char *mode)
{
    return old_fmemopen(bytes, length, mode);
}
