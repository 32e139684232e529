/* plugin - a user of libcurl that is opened at run time; built once for each flavour of libcurl. */
#include "plugin.h"
#include <curl/curl.h>

static size_t drop(char *data, size_t size, size_t count, void *context)
{
    (void)data, (void)context;
    return size * count;
}

int plugin_fetch(const char *ca, const char *url)
{
    CURL *curl = curl_easy_init();
    CURLcode code;

    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_CAINFO, ca);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return (int)code;
}

/* The host has a function of this name too: RTLD_DEEPBIND decides whose is called. */
int whose(void)
{
    return 2;
}

int plugin_whose(void)
{
    return whose();
}
