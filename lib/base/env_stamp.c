/* env_stamp - has the environment changed? Compiled into both the resolver and the preload library.
 */
#include "base/env_stamp.h"

#include <stddef.h>
#include <unistd.h>

uint64_t env_stamp(void)
{
    /* Looking up our ten variables would cost ten passes over the strings. setenv, unsetenv and
       putenv all change the array of pointers, so that the sum of these is enough; no string is
       touched. Four at a time, since this is most of what a request costs. Two changes whose
       differences cancel out are noticed with env_copy, within a second. */
    uint64_t stamp = 0;
    char **entry = environ;
    while (entry && entry[0]) {
        stamp += (uintptr_t)entry[0];
        if (!entry[1])
            break;
        stamp += (uintptr_t)entry[1];
        if (!entry[2])
            break;
        stamp += (uintptr_t)entry[2];
        if (!entry[3])
            break;
        stamp += (uintptr_t)entry[3];
        entry += 4;
    }
    return stamp;
}
