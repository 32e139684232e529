/* other_interposer - somebody else's dlsym and dlopen, preloaded behind ours: they must still see
   every call, and answer the program's look-ups. */
#include <dlfcn.h>
#include <string.h>
#include <unistd.h>

#define SHOWN __attribute__((visibility("default")))
#if defined(__x86_64__)
#define OLDEST_DLSYM "GLIBC_2.2.5"
#define OLDEST_DLOPEN "GLIBC_2.2.5"
#elif defined(__i386__)
#define OLDEST_DLSYM "GLIBC_2.0"
#define OLDEST_DLOPEN "GLIBC_2.1"
#else
#define OLDEST_DLSYM "GLIBC_2.17"
#define OLDEST_DLOPEN "GLIBC_2.17"
#endif

static void say(const char *text)
{
    (void)!write(STDERR_FILENO, text, strlen(text));
}

SHOWN void *dlsym(void *handle, const char *name)
{
    static void *(*real)(void *, const char *);

    if (!real) {
        void *address = dlvsym(RTLD_NEXT, "dlsym", OLDEST_DLSYM);
        memcpy(&real, &address, sizeof(real));
    }
    if (strcmp(name, "curl_easy_init") == 0)
        say("other: dlsym\n");
    return real(handle, name);
}

SHOWN void *dlopen(const char *file, int mode)
{
    void *(*real)(const char *, int);
    void *address = dlvsym(RTLD_NEXT, "dlopen", OLDEST_DLOPEN);

    memcpy(&real, &address, sizeof(real));
    if (file && strstr(file, "libcurl"))
        say("other: dlopen\n");
    return real(file, mode);
}
