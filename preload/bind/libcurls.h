/* libcurls - the libcurls that were found in this process and their functions. */
#ifndef SYNAUTH_LIBCURLS_H
#define SYNAUTH_LIBCURLS_H

#include "bind/found.h"
#include "bind/functions.h"

/* One of them. */
struct libcurl {
    struct found found;
    struct binding binding;
};

/* The entry for this: the one that an earlier look-up made of the same libcurl, or a copy. NULL
   when memory runs out. */
const struct libcurl *libcurls_remember(const struct libcurl *found);
/* The entry whose code is at an address, or NULL: one that holds at this unload count, and, without
   asking the loader about objects, one that is still there. */
const struct libcurl *libcurls_at(ElfW(Addr) address, unsigned long long unload_count);
const struct libcurl *libcurls_still_at(ElfW(Addr) address);

/* By dladdr, which takes no lock that a fork leaves taken. False when in doubt. */
bool libcurls_is_there(const struct binding *curl);

#endif
