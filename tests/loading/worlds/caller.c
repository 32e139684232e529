/* caller - a user of libcurl that calls what it refers to in two halves, between which the world
   may change. Linked in many ways, it makes the plugins of the worlds; with HOST it is part of the
   program. */
#include "caller.h"
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

static CURL *handle;
static CURLM *multi;

SHOWN void caller_begin(void)
{
    handle = curl_easy_init();
    curl_easy_setopt(handle, CURLOPT_URL, "https://example.test/");
#ifndef BARE /* one that is not hooked, so that the loader knows of the libcurl */
    (void)curl_easy_strerror(CURLE_OK);
#endif
#ifndef FEW
    multi = curl_multi_init();
    curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 1L);
#endif
}

SHOWN void caller_end(void)
{
    CURLcode code;
#ifndef FEW
    CURL *copy;
    long response;
    int running;
#endif

    if (!handle)
        return;
    code = curl_easy_perform(handle);
#ifndef FEW
    copy = curl_easy_duphandle(handle);
    (void)curl_easy_strerror(code);
    curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &response);
    curl_easy_reset(copy);
    curl_multi_add_handle(multi, copy);
    curl_multi_perform(multi, &running);
    curl_multi_remove_handle(multi, copy);
    curl_easy_cleanup(copy);
    curl_multi_cleanup(multi);
#endif
    (void)code;
    curl_easy_cleanup(handle);
    handle = NULL; /* no tail call: the return address is to be ours */
}

#ifdef EARLY
__attribute__((constructor)) static void early(void)
{
    caller_begin();
    caller_end();
}
#endif
