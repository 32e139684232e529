/* dependencies - what would opening a shared object bring in? */
#ifndef SYNAUTH_DEPENDENCIES_H
#define SYNAUTH_DEPENDENCIES_H

#include <stdbool.h>

enum brought {
    BROUGHT_NOTHING, /* no user of libcurl, or what it is cannot be told */
    /* The object that dlopen(file) would load from disk, or one that it needs and that is not
       loaded yet, names libcurl in a DT_NEEDED. */
    BROUGHT_LIBCURL,
    /* The same beside another libcurl, from which RTLD_DEEPBIND alone tells it. */
    BROUGHT_LIBCURL_APART,
    /* The object itself calls dlsym or dlopen, as an FFI library does, and RTLD_DEEPBIND makes no
       other difference to it and to what it needs. */
    BROUGHT_LOOKUPS,
    /* It makes one, or that cannot be told. */
    BROUGHT_LOOKUPS_APART,
};

#define BROUGHT_CLASH_MAX 64

/* `return_address`: of the call, for the caller's RUNPATH. ret_clash (BROUGHT_CLASH_MAX bytes): a
   name that keeps things apart, or "". Calls no libc function of the loader. */
enum brought dependencies_judge(const char *file, const void *return_address, char *ret_clash);

#endif
