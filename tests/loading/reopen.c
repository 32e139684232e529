/* reopen - opens a libcurl, uses it, closes it and opens it again, other libcurls in between.
   Usage: reopen CA URL LIBCURL... */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ROUNDS 12 /* more than there are sets of hooks */

static void find(void *library, const char *name, void *ret)
{
    void *address = dlsym(library, name);

    if (!address) {
        fprintf(stderr, "%s\n", dlerror());
        exit(1);
    }
    memcpy(ret, &address, sizeof(address));
}

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)context;
    return size * count;
}

static int fetch(void *library, const char *ca, const char *url)
{
    CURL *(*init)(void);
    CURLcode (*set)(CURL *, CURLoption, ...);
    CURLcode (*perform)(CURL *);
    void (*cleanup)(CURL *);
    CURL *curl;
    CURLcode code;

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

int main(int argc, char **argv)
{
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 3; i < argc; i++) {
            void *library = dlopen(argv[i], RTLD_NOW | RTLD_LOCAL);
            if (!library) {
                fprintf(stderr, "%s\n", dlerror());
                return 1;
            }
            printf("%d\n", fetch(library, argv[1], argv[2]));
            dlclose(library);
        }
    return 0;
}
