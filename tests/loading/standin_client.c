/* standin_client - uses the stand-in for libcurl, linked to it and by dlsym on a handle. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#undef curl_easy_setopt

static void fetch(const char *url, CURLcode (*set)(CURL *, CURLoption, ...))
{
    CURL *curl = curl_easy_init(), *copy;

    /* A 64-bit value between two of the machine's own size, and a pointer behind it. */
    set(curl, CURLOPT_TIMEOUT, 77L);
    set(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)0x123456789abcdef);
    set(curl, CURLOPT_URL, url);
    if (set(curl, CURLOPT_PROXY, "none") != CURLE_UNKNOWN_OPTION)
        printf("an option that does not exist was taken\n");
    copy = curl_easy_duphandle(curl);
    printf("%d\n", curl_easy_perform(curl));
    curl_easy_reset(curl);
    set(curl, CURLOPT_URL, "https://other.test/");
    printf("%d\n", curl_easy_perform(curl));
    curl_easy_cleanup(curl);
    printf("%d\n", curl_easy_perform(copy));
    curl_easy_cleanup(copy);
}

int main(void)
{
    void *library = dlopen("libcurl.so.4", RTLD_NOW);
    void *address = library ? dlsym(library, "curl_easy_setopt") : NULL;
    CURLcode (*looked_up)(CURL *, CURLoption, ...);

    fetch("https://configured.test/linked", curl_easy_setopt);
    if (!address) {
        printf("%s\n", dlerror());
        return 1;
    }
    memcpy(&looked_up, &address, sizeof(looked_up));
    fetch("https://configured.test/looked-up", looked_up);
    if (dlsym(library, "curl_easy_missing") || !dlerror() || dlerror())
        return 1;
    return 0;
}
