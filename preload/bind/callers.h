/* callers - what was found for the objects that call libcurl, kept for their next calls. */
#ifndef SYNAUTH_CALLERS_H
#define SYNAUTH_CALLERS_H

#include "bind/found.h"
#include "bind/functions.h"

/* What was found for one object's calls of one function. */
struct caller {
    struct found found;
    /* A number made of the file's name: another object may come to lie where one was unloaded. */
    unsigned file;
    bool apart;   /* a new handle of this caller gets no state: it is libcurl itself, or it is not
                     certain which libcurl is meant */
    bool several; /* its calls of one handle may go to several libraries */
    bool lasting; /* neither it nor its libcurl can be unloaded: asking costs a loader's lock */
    const struct binding *curl;
};

/* The entry for this: the one that an earlier look-up made of the same object, or a copy. NULL when
   out of memory. */
const struct caller *callers_remember(enum hooked function, const struct caller *found);

/* The entry for code at an address, or NULL: one that can never change, and one that holds at this
   unload count. */
const struct caller *callers_lasting_at(enum hooked function, ElfW(Addr) address);
const struct caller *callers_at(enum hooked function, ElfW(Addr) address,
                                unsigned long long unload_count);
/* The latest entry for the object of this one, whether it holds or not. */
const struct caller *callers_latest(enum hooked function, const struct caller *caller);
/* Without asking the loader about objects: an entry for this function, or else for any, whose
   libcurl is still there. */
const struct caller *callers_still_at(enum hooked function, ElfW(Addr) address);

#endif
