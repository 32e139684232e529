/* deepbind - dlopen without RTLD_DEEPBIND where that flag would bind a plugin to its libcurl past
   us, as PHP opens its extensions. Everything else keeps its flag. */
#include "enter/deepbind.h"
#include "bind/dependencies.h"
#include "bind/next.h"
#include "bind/scope.h"
#include "enter/interpose.h"
#include "loader.h"
#include <dlfcn.h>
#include <errno.h>
#include <stdint.h>

#ifndef RTLD_DEEPBIND
#define RTLD_DEEPBIND 8 /* musl knows no such flag and ignores it */
#endif

#ifdef SYNAUTH_INTERPOSE

static void *open_nothing(const char *file, int mode)
{
    (void)file, (void)mode;
    return NULL;
}

BEFORE_SANITIZERS static void *next_dlopen(void)
{
    static void *_Atomic next;
    void *function = next_cached(&next, "dlopen");

    return function ? function : (void *)(uintptr_t)open_nothing;
}

void *deepbind_choose(const char *file, int *mode, const void *return_address)
{
    if (*mode & RTLD_GLOBAL)
        scope_note_global();
    if ((*mode & RTLD_DEEPBIND) && file && !loader_switched_off()) {
        int saved = errno;
        if (dependencies_bring_libcurl(file, return_address))
            *mode &= ~RTLD_DEEPBIND;
        errno = saved;
    }
    return next_dlopen();
}

/* A jump, whatever the compiler's options: libc looks at the return address to find the caller's
   RUNPATH and $ORIGIN. */
INTERPOSE_DLOPEN

#endif
