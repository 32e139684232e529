/* ffi_plugin - a plugin that is linked to no libcurl and looks its functions up, as FFI libraries
   do. With OWN_WHOSE it has a function that its host has, too. */
#include "plugin.h"
#include <curl/curl.h>
#include <dlfcn.h>
#include <string.h>

static void find(void *library, const char *name, void *ret)
{
    void *address = dlsym(library, name);
    memcpy(ret, &address, sizeof(address));
}

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)context;
    return size * count;
}

int plugin_fetch(const char *ca, const char *url)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_LOCAL);
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    void (*cleanup)(CURL *);
    CURL *curl;
    CURLcode code;

    if (!library)
        return -1;
    find(library, "curl_easy_init", &init);
    find(library, "curl_easy_setopt", &set);
    find(library, "curl_easy_perform", &perform);
    find(library, "curl_easy_cleanup", &cleanup);
    curl = init();
    set(curl, CURLOPT_URL, url);
    set(curl, CURLOPT_CAINFO, ca);
    set(curl, CURLOPT_WRITEFUNCTION, drop);
    set(curl, CURLOPT_FOLLOWLOCATION, 1L);
    code = perform(curl);
    cleanup(curl);
    return (int)code;
}

#ifdef OWN_WHOSE
int whose(void)
{
    return 2;
}
#endif

int plugin_whose(void)
{
    return whose();
}
