/* scope - the objects in which the loader looks for an object's references, in its order. */
#ifndef SYNAUTH_SCOPE_H
#define SYNAUTH_SCOPE_H

#include "bind/objects.h"

/* Marks in list->start the program and what came with it: it stays until the end. Before all
   others of these. */
void scope_mark_start(const struct object_list *list);

/* Writes the order of search to list->order, each object once, and returns their number.
   *ret_complete false: nothing tells who was opened with RTLD_GLOBAL; such an object stands before
   all that is not of the start. caller -1: code that belongs to no object sees what the program
   sees. */
size_t scope_of(const struct object_list *list, long caller, bool *ret_complete);
/* The same as it was when the caller was loaded. `count`: what scope_of() has just returned. */
size_t scope_when_loaded(const struct object_list *list, size_t caller, size_t count);

/* Has the loader loaded `object` because `from`, or what that needs, needs it? */
bool scope_needs(const struct object_list *list, size_t from, size_t object);

/* The program has called dlopen with RTLD_GLOBAL. */
void scope_note_global(void);

#endif
