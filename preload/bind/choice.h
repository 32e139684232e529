/* choice - the definition that the loader would have bound a call to without this library. */
#ifndef SYNAUTH_CHOICE_H
#define SYNAUTH_CHOICE_H

#include "bind/symbols.h"

/* Copies of this library define it, know each other by it, and are never what is meant. */
#define MARKER "synauth_preload_number"

struct choice {
    long object; /* index, -1: none */
    struct reference reference;
    bool certain;
    bool at_load; /* found from what was there when the caller was loaded */
};

/* caller: index of the object that calls, -1 for code that belongs to none. scope_mark_start()
   must have been called. */
struct choice choice_for(const struct object_list *list, long caller, const char *name);

#endif
