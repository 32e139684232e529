/* deepbind - dlopen without RTLD_DEEPBIND where that flag would bind a plugin to its libcurl, or an
   FFI library to dlsym, past us, as PHP opens its extensions. Everything else keeps its flag. */
#include "enter/deepbind.h"
#include "base/log.h"
#include "bind/dependencies.h"
#include "bind/next.h"
#include "bind/scope.h"
#include "ground/before_sanitizers.h"
#include "ground/interpose.h"
#include "resolver.h"
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

/* What stays out of reach is said to who looks for the reason. */
static bool say_kept(const char *file, enum brought brought, const char *clash)
{
    if (brought == BROUGHT_LIBCURL_APART)
        log_once(
            LEVEL_DEBUG, file,
            "%s is opened with RTLD_DEEPBIND and keeps that flag, which tells its libcurl from "
            "another one in the process: it gets no token",
            file);
    else if (*clash)
        log_once(
            LEVEL_DEBUG, file,
            "%s is opened with RTLD_DEEPBIND and keeps that flag, since without it %s would be "
            "another's: what it looks up by dlsym gets no token",
            file, clash);
    else
        log_once(LEVEL_DEBUG, file,
                 "%s is opened with RTLD_DEEPBIND and keeps that flag, since it cannot be read "
                 "whole: what it looks up by dlsym gets no token",
                 file);
    return false;
}

static bool drops_flag(const char *file, const void *return_address)
{
    char clash[BROUGHT_CLASH_MAX];
    enum brought brought = dependencies_judge(file, return_address, clash);

    if (brought == BROUGHT_LIBCURL || brought == BROUGHT_LOOKUPS)
        return true;
    return brought == BROUGHT_NOTHING ? false : say_kept(file, brought, clash);
}

void *deepbind_choose(const char *file, int *mode, const void *return_address)
{
    if (*mode & RTLD_GLOBAL)
        scope_note_global();
    if ((*mode & RTLD_DEEPBIND) && file && !resolver_switched_off()) {
        int saved = errno;
        if (drops_flag(file, return_address))
            *mode &= ~RTLD_DEEPBIND;
        errno = saved;
    }
    return next_dlopen();
}

/* A jump, whatever the compiler's options: libc looks at the return address to find the caller's
   RUNPATH and $ORIGIN. */
INTERPOSE_DLOPEN

#endif
