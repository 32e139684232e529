/* dependencies - would opening a shared object bring in a new user of libcurl? */
#ifndef SYNAUTH_DEPENDENCIES_H
#define SYNAUTH_DEPENDENCIES_H

#include <stdbool.h>

/* Does the object that dlopen(file) would load from disk, or one that it needs and that is not
   loaded yet, name libcurl in a DT_NEEDED? No where another libcurl is in the process and the two
   cannot be told apart by the versions of their symbols. `return_address`: of the call, for the
   caller's RUNPATH. When in doubt no. Calls no libc function of the loader. */
bool dependencies_bring_libcurl(const char *file, const void *return_address);

#endif
