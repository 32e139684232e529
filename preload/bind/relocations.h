/* relocations - what the loader has bound an object's references to, as its tables show. */
#ifndef SYNAUTH_RELOCATIONS_H
#define SYNAUTH_RELOCATIONS_H

#include "bind/objects.h"

/* Is this reference bound at the first call? Else it was when the object was loaded. */
bool relocations_are_late(const struct object *object, const char *name);

/* Calls see() for each reference to a name with that prefix: the address that it is bound to now,
   which may be a place inside the object itself when it is not bound yet. Stops when see() returns
   false. */
void relocations_each(const struct object *object, const char *prefix,
                      bool (*see)(const char *name, const void *address, void *data), void *data);

#endif
