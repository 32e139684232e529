/* standin_client - uses the stand-in for libcurl, linked to it and by dlsym on a handle. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#undef curl_easy_setopt
#undef curl_multi_setopt

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

static CURL *kept;

static int on_push(CURL *parent, CURL *pushed, size_t count, struct curl_pushheaders *headers,
                   void *context)
{
    (void)parent, (void)count, (void)headers;
    printf("push %s\n", (const char *)context);
    if (strcmp(context, "denied") == 0)
        return CURL_PUSH_DENY;
    kept = pushed;
    return CURL_PUSH_OK;
}

/* A pushed handle serves requests of its own when its parent is gone. */
static void push(const char *answer)
{
    CURLM *multi = curl_multi_init();
    CURL *parent = curl_easy_init();
    int running;

    curl_multi_setopt(multi, CURLMOPT_PUSHFUNCTION, on_push);
    curl_multi_setopt(multi, CURLMOPT_PUSHDATA, answer);
    curl_easy_setopt(parent, CURLOPT_URL, "https://configured.test/parent");
    curl_multi_add_handle(multi, parent);
    curl_multi_perform(multi, &running);
    curl_multi_remove_handle(multi, parent);
    curl_easy_cleanup(parent);
    if (kept) {
        curl_multi_remove_handle(multi, kept);
        printf("%d\n", curl_easy_perform(kept));
        curl_easy_setopt(kept, CURLOPT_URL, "https://other.test/pushed");
        printf("%d\n", curl_easy_perform(kept));
        curl_easy_cleanup(kept);
    }
    curl_multi_cleanup(multi);
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
    push("denied");
    push("accepted");
    return 0;
}
