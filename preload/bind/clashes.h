/* clashes - would objects that are opened with RTLD_DEEPBIND mean others without that flag? */
#ifndef SYNAUTH_CLASHES_H
#define SYNAUTH_CLASHES_H

#include <stdbool.h>
#include <stddef.h>

#define CLASH_NAME_MAX 64 /* as BROUGHT_CLASH_MAX */

/* The flag makes a difference for a name that the files at these paths refer to and that has more
   than one owner among them and the objects of the process; libc's own parts count as one, and the
   functions of the loader that stand in front of libc's don't count. Returns true and such a name
   (CLASH_NAME_MAX bytes, cut) when there is one, or "" when it cannot be told. */
bool clashes_find(const char *const *paths, size_t count, char *ret_name);

#endif
