/* linkage - one easy and one multi transfer per URL; built in each way that a program can be bound
   to a library. Usage: linkage CA URL... */
#include <curl/curl.h>
#include <stdio.h>

#ifdef BY_ADDRESS /* what a table of functions does: the addresses are taken when it is loaded */
static CURL *(*const volatile init)(void) = curl_easy_init;
static CURLcode (*const volatile setopt)(CURL *, CURLoption, ...) = curl_easy_setopt;
static CURLcode (*const volatile perform)(CURL *) = curl_easy_perform;
static CURLMcode (*const volatile add)(CURLM *, CURL *) = curl_multi_add_handle;
#else
#define init curl_easy_init
#define setopt curl_easy_setopt
#define perform curl_easy_perform
#define add curl_multi_add_handle
#endif

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)context;
    return size * count;
}

static CURL *prepare(const char *ca, const char *url)
{
    CURL *curl = init();

    setopt(curl, CURLOPT_URL, url);
    setopt(curl, CURLOPT_CAINFO, ca);
    setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    return curl;
}

int main(int argc, char **argv)
{
    for (int i = 2; i < argc; i++) {
        CURL *curl = prepare(argv[1], argv[i]);
        CURLM *multi = curl_multi_init();
        int running = 1;

        printf("%d\n", perform(curl));
        add(multi, curl);
        while (running && curl_multi_perform(multi, &running) == CURLM_OK)
            curl_multi_poll(multi, NULL, 0, 20, NULL);
        curl_multi_remove_handle(multi, curl);
        curl_multi_cleanup(multi);
        curl_easy_cleanup(curl);
    }
    return 0;
}
