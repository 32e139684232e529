/* callers - what was found for the objects that call libcurl, kept for their next calls. */
#ifndef SYNAUTH_CALLERS_H
#define SYNAUTH_CALLERS_H

#include "bind/binding.h"
#include <link.h>

/* What was found for the callers in one object. Never freed, one for each object that calls
   libcurl, read without a lock. */
struct caller {
    struct caller *next;
    ElfW(Addr) low, high; /* both 0 for code that belongs to no object (a JIT compiler's) */
    /* It holds while nothing was unloaded since; then it is looked up once more. */
    _Atomic unsigned long long unload_count;
    bool inner;
    bool lasting; /* neither it nor its libcurl can be unloaded: asking costs a loader's lock */
    struct binding binding;
};

/* The entry for this: the one that an earlier look-up made of the same object, or a copy. NULL when
   memory is short. */
const struct caller *callers_remember(const struct caller *found);

/* The entry for code at an address, or NULL: one that can never change, one that holds at this
   unload count, and, without asking the loader about callers, one whose libcurl is still there. */
const struct caller *callers_lasting_at(ElfW(Addr) address);
const struct caller *callers_at(ElfW(Addr) address, unsigned long long unload_count);
const struct caller *callers_still_at(ElfW(Addr) address);

/* By dladdr, which takes no lock that a fork leaves taken. False when in doubt. */
bool callers_libcurl_is_there(const struct binding *curl);

#endif
