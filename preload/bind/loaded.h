/* loaded - what is in the process, copied: it holds while files are read, when other threads load
   and unload. */
#ifndef SYNAUTH_LOADED_H
#define SYNAUTH_LOADED_H

#include <stdbool.h>
#include <stddef.h>

struct loaded_object {
    const char *name;    /* as the loader knows it; "" for the main program */
    const char *soname;  /* or NULL */
    bool libcurl;        /* it defines libcurl's functions */
    const char *version; /* of those functions, or NULL */
};

struct loaded {
    struct loaded_object *items; /* in load order */
    size_t count;
    const char *caller_name; /* of the object that holds the caller; NULL when there is none */
};

/* Who is a libcurl is found out only where it is asked for: that looks through all their symbols.
   false when memory runs out. Free with loaded_free(), also after a failure. */
bool loaded_read(const void *caller_address, bool with_libcurls, struct loaded *ret);
void loaded_free(struct loaded *loaded);
/* Its soname, or the last component of its file name. */
const char *loaded_base_name(const struct loaded_object *object);

#endif
