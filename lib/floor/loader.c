/* loader - dlopen and its kin, which moved from libdl to libc in glibc 2.34.

   Calls from here are calls from the object that asked: this file is linked into each of them. */
#include "old_symbol.h"

#include <dlfcn.h>

#ifdef __x86_64__
#define VERSION_OF_DLINFO "GLIBC_2.3.3"
#else
#define VERSION_OF_DLINFO OLDEST
#endif

OLD_SYMBOL(dladdr, OLDEST);
OLD_SYMBOL(dlclose, OLDEST);
OLD_SYMBOL(dlerror, OLDEST);
OLD_SYMBOL(dlinfo, VERSION_OF_DLINFO);
OLD_SYMBOL(dlopen, OLDEST);
OLD_SYMBOL(dlsym, OLDEST);
OLD_SYMBOL(dlvsym, OLDEST);
extern __typeof__(dladdr) old_dladdr;
extern __typeof__(dlclose) old_dlclose;
extern __typeof__(dlerror) old_dlerror;
extern __typeof__(dlinfo) old_dlinfo;
extern __typeof__(dlopen) old_dlopen;
extern __typeof__(dlsym) old_dlsym;
extern __typeof__(dlvsym) old_dlvsym;

FLOOR int dladdr(const void *address, Dl_info *info)
{
    return old_dladdr(address, info);
}

FLOOR int dlclose(void *handle)
{
    return old_dlclose(handle);
}

FLOOR char *dlerror(void)
{
    return old_dlerror();
}

FLOOR int dlinfo(void *restrict handle, int request, void *restrict info)
{
    return old_dlinfo(handle, request, info);
}

FLOOR void *dlopen(const char *file, int mode)
{
    return old_dlopen(file, mode);
}

FLOOR void *dlsym(void *restrict handle, const char *restrict name)
{
    return old_dlsym(handle, name);
}

FLOOR void *dlvsym(void *restrict handle, const char *restrict name, const char *restrict version)
{
    return old_dlvsym(handle, name, version);
}
