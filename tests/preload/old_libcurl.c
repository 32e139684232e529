/* old_libcurl - the libcurl behind it, as one before 7.62 shows itself: no callback before each
   request and no URL parser. No release of Debian that can be had has one; 7.62 to 7.79 are what
   Debian 11 has (tests/releases). Preloaded behind our library it is the libcurl that every caller
   means. */
#include <dlfcn.h>
#include <stdarg.h>

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define SHOWN __attribute__((visibility("default")))
#define REAL(name) ((__typeof__(&name))(dlsym(RTLD_NEXT, #name)))

SHOWN CURL *curl_easy_init(void)
{
    return REAL(curl_easy_init)();
}

SHOWN CURL *curl_easy_duphandle(CURL *curl)
{
    return REAL(curl_easy_duphandle)(curl);
}

SHOWN void curl_easy_reset(CURL *curl)
{
    REAL(curl_easy_reset)(curl);
}

SHOWN void curl_easy_cleanup(CURL *curl)
{
    REAL(curl_easy_cleanup)(curl);
}

SHOWN CURLcode curl_easy_setopt(CURL *curl, CURLoption option, ...)
{
    va_list arguments;
    CURLcode result;

    if (option == CURLOPT_PREREQFUNCTION || option == CURLOPT_PREREQDATA)
        return CURLE_UNKNOWN_OPTION;
    va_start(arguments, option);
    if (option >= CURLOPTTYPE_OFF_T && option < CURLOPTTYPE_BLOB)
        result = REAL(curl_easy_setopt)(curl, option, va_arg(arguments, curl_off_t));
    else
        result = REAL(curl_easy_setopt)(curl, option, va_arg(arguments, void *));
    va_end(arguments);
    return result;
}

SHOWN CURLcode curl_easy_getinfo(CURL *curl, CURLINFO info, ...)
{
    va_list arguments;
    CURLcode result;

    va_start(arguments, info);
    result = REAL(curl_easy_getinfo)(curl, info, va_arg(arguments, void *));
    va_end(arguments);
    return result;
}

SHOWN CURLcode curl_easy_perform(CURL *curl)
{
    return REAL(curl_easy_perform)(curl);
}

SHOWN CURLMcode curl_multi_add_handle(CURLM *multi, CURL *curl)
{
    return REAL(curl_multi_add_handle)(multi, curl);
}

SHOWN CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *curl)
{
    return REAL(curl_multi_remove_handle)(multi, curl);
}

SHOWN CURLMcode curl_multi_setopt(CURLM *multi, CURLMoption option, ...)
{
    va_list arguments;
    CURLMcode result;

    va_start(arguments, option);
    result = REAL(curl_multi_setopt)(multi, option, va_arg(arguments, void *));
    va_end(arguments);
    return result;
}

SHOWN CURLMcode curl_multi_cleanup(CURLM *multi)
{
    return REAL(curl_multi_cleanup)(multi);
}

SHOWN curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data data;

    data = *REAL(curl_version_info)(age);
    data.version = "7.61.1";
    data.version_num = 0x073d01;
    return &data;
}

SHOWN void curl_free(void *text)
{
    REAL(curl_free)(text);
}
