/* curl - a libcurl whose functions do nothing but say of which file they are. Linked in many ways,
   it makes the libraries of the worlds; PART leaves functions out, as an interposer does. A call
   with a handle of another libcurl is said to be one; else, what the preload library sets and asks
   for itself is not heard. */
#include <curl/curl.h>
#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#ifndef SHOWN
#define SHOWN __attribute__((visibility("default")))
#endif

static char here;

static void say(const char *function)
{
    Dl_info info;

    if (!dladdr(&here, &info))
        abort();
    printf("  %s in %s\n", function, strrchr(info.dli_fname, '/') + 1);
}

/* A handle points to its maker; that of an interposer may be given to any libcurl. */
static void *make(void)
{
    char **handle = malloc(sizeof(*handle));

#ifdef PART
    *handle = NULL;
#else
    *handle = &here;
#endif
    return handle;
}

static void say_of(const char *function, const void *handle, int by_caller)
{
    const char *maker = handle ? *(char *const *)handle : NULL;

    if (by_caller)
        say(function);
    if (maker && maker != &here)
        say("(a foreign handle)");
}

SHOWN CURL *curl_easy_init(void)
{
    say(__func__);
    return make();
}

SHOWN CURLcode curl_easy_setopt(CURL *handle, CURLoption option, ...)
{
    say_of(__func__, handle, option == CURLOPT_URL);
    return CURLE_OK;
}

SHOWN CURLcode curl_easy_perform(CURL *handle)
{
    say_of(__func__, handle, 1);
    return CURLE_OK;
}

SHOWN CURLMcode curl_multi_cleanup(CURLM *multi)
{
    say(__func__);
    free(multi);
    return CURLM_OK;
}

SHOWN CURLM *curl_multi_init(void)
{
    say(__func__);
    return malloc(1);
}

#ifndef PART
SHOWN void curl_easy_cleanup(CURL *handle)
{
    say_of(__func__, handle, 1);
    free(handle);
}

SHOWN CURL *curl_easy_duphandle(CURL *handle)
{
    (void)handle;
    say(__func__);
    return make();
}

SHOWN void curl_easy_reset(CURL *handle)
{
    say_of(__func__, handle, 1);
}

SHOWN CURLMcode curl_multi_add_handle(CURLM *multi, CURL *handle)
{
    (void)multi;
    say_of(__func__, handle, 1);
    return CURLM_OK;
}

SHOWN CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *handle)
{
    (void)multi;
    say_of(__func__, handle, 1);
    return CURLM_OK;
}

SHOWN CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
    (void)multi, (void)option;
    say(__func__);
    return CURLM_OK;
}

/* As libcurl does up to 8.21, by its own exported function. */
SHOWN CURLMcode curl_multi_perform(CURLM *multi, int *running)
{
    *running = 0;
    say(__func__);
    return curl_multi_add_handle(multi, NULL) == CURLM_OK ? CURLM_OK : CURLM_INTERNAL_ERROR;
}

SHOWN CURLcode curl_easy_getinfo(CURL *handle, CURLINFO info, ...)
{
    say_of(__func__, handle, info == CURLINFO_RESPONSE_CODE);
    return CURLE_OK;
}

SHOWN const char *curl_easy_strerror(CURLcode code)
{
    (void)code;
    say(__func__);
    return "";
}

SHOWN void curl_free(void *text)
{
    free(text);
}

SHOWN curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data data = {.version = "7.88.1", .version_num = 0x075801};

    (void)age;
    return &data;
}
#endif
