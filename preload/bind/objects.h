/* objects - the shared objects of this process, read from the loader's list:
   without dlsym, so that neither dlerror nor other interposers notice. */
#ifndef SYNAUTH_OBJECTS_H
#define SYNAUTH_OBJECTS_H

#include "bind/elf_tables.h"

/* Every object of the process in load order: main program, preloaded ones, dependencies. */
struct object_list {
    struct object *items;
    size_t count;
    /* Room for walks over them and what these find, see scope.h. */
    size_t *queue, *order;
    bool *seen, *placed, *start;
};

/* Calls read() while nothing can be unloaded: what the list says holds until it returns. Other
   threads' dlopen, dlclose and fork wait for it, so it must not allocate, wait, or call what is not
   ours. False when memory runs out; read() was not called then. Keeps errno. */
bool objects_read(void (*read)(const struct object_list *, void *), void *data);

/* Index of the object that holds the address, or -1. */
long object_at(const struct object_list *list, const void *address);

/* A number that changes when an object is unloaded: what was learned of addresses before may no
   longer hold then. */
unsigned long long object_unload_count(void);

#endif
