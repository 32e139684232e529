/* libc_compat - the few libc functions whose symbol version moved: bound to the oldest one, weakly,
   so that one object loads into every glibc since 2.17 and into musl. NULL = not there. */
#ifndef SYNAUTH_LIBC_COMPAT_H
#define SYNAUTH_LIBC_COMPAT_H

#include <dlfcn.h>
#include <features.h>

/* glibc moved them from libdl to libc in 2.34 with a new version each; the old names stayed. */
#if defined(__GLIBC__) && defined(__x86_64__) && defined(__LP64__)
#define LIBC_OLDEST "GLIBC_2.2.5"
#elif defined(__GLIBC__) && defined(__aarch64__)
#define LIBC_OLDEST "GLIBC_2.17"
#elif defined(__GLIBC__) && defined(__i386__)
#define LIBC_DLOPEN_OLDEST "GLIBC_2.1"
#define LIBC_OLDEST "GLIBC_2.0"
#endif
#if defined(LIBC_OLDEST) && !defined(LIBC_DLOPEN_OLDEST)
#define LIBC_DLOPEN_OLDEST LIBC_OLDEST
#endif

#ifdef LIBC_OLDEST
extern void *libc_dlopen(const char *file, int mode) __attribute__((weak));
extern void *libc_dlsym(void *handle, const char *name) __attribute__((weak));
__asm__(".symver libc_dlopen, dlopen@" LIBC_DLOPEN_OLDEST);
__asm__(".symver libc_dlsym, dlsym@" LIBC_OLDEST);
#else
extern __typeof__(dlopen) dlopen __attribute__((weak));
extern __typeof__(dlsym) dlsym __attribute__((weak));
#define libc_dlopen dlopen
#define libc_dlsym dlsym
#endif

#endif
