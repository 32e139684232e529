/* memory - what is in the memory of a program of ours is worth a login. */
#include "memory.h"

#include <sys/prctl.h>
#include <sys/resource.h>

void memory_keep_private(void)
{
#ifndef SYNAUTH_SANITIZED /* the leak checker looks in from a process of its own */
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#endif
}

void memory_forbid_core_files(void)
{
    const struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
}
