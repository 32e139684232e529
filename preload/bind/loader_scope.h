/* loader_scope - the order of search as glibc's loader keeps it. */
#ifndef SYNAUTH_LOADER_SCOPE_H
#define SYNAUTH_LOADER_SCOPE_H

#include "bind/objects.h"

/* Writes the order of search of list->items[caller] to list->queue and returns the number; 0 where
   the loader's entries do not look as they are known, which is so under musl. With `there`, as it
   was when only the objects marked in it were there. */
size_t loader_scope_of(const struct object_list *list, size_t caller, const bool *there);

#endif
