/* standin_libcurl - a libcurl of a few functions, linked in ways that the real one is not here: its
   easy handle notes options, calls CURLOPT_PREREQFUNCTION and prints the headers it would send. Its
   multi handle pushes once for each transfer, by a copy made through curl_easy_duphandle, or past
   it where linked with -Bsymbolic-functions. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#define SHOWN __attribute__((visibility("default")))

struct handle {
    char *url;
    struct curl_slist *headers;
    curl_prereq_callback prereq;
    void *prereq_data;
    curl_off_t large;
    long timeout;
};

SHOWN CURL *curl_easy_init(void)
{
    return calloc(1, sizeof(struct handle));
}

SHOWN CURL *curl_easy_duphandle(CURL *curl)
{
    struct handle *from = curl, *copy = malloc(sizeof(*copy));

    *copy = *from;
    copy->url = from->url ? strdup(from->url) : NULL;
    return copy;
}

SHOWN void curl_easy_reset(CURL *curl)
{
    struct handle *handle = curl;
    free(handle->url);
    *handle = (struct handle){0};
}

SHOWN void curl_easy_cleanup(CURL *curl)
{
    curl_easy_reset(curl);
    free(curl);
}

SHOWN CURLcode curl_easy_setopt(CURL *curl, CURLoption option, ...)
{
    struct handle *handle = curl;
    CURLcode result = CURLE_OK;
    const char *text;
    va_list arguments;

    va_start(arguments, option);
    switch (option) {
    case CURLOPT_URL:
        text = va_arg(arguments, char *);
        free(handle->url);
        handle->url = text ? strdup(text) : NULL;
        break;
    case CURLOPT_HTTPHEADER:
        handle->headers = va_arg(arguments, struct curl_slist *);
        break;
    case CURLOPT_PREREQFUNCTION:
        handle->prereq = va_arg(arguments, curl_prereq_callback);
        break;
    case CURLOPT_PREREQDATA:
        handle->prereq_data = va_arg(arguments, void *);
        break;
    case CURLOPT_TIMEOUT:
        handle->timeout = va_arg(arguments, long);
        break;
    case CURLOPT_MAXFILESIZE_LARGE:
        handle->large = va_arg(arguments, curl_off_t);
        break;
    default:
        result = CURLE_UNKNOWN_OPTION;
        break;
    }
    va_end(arguments);
    return result;
}

SHOWN CURLcode curl_easy_getinfo(CURL *curl, CURLINFO info, ...)
{
    struct handle *handle = curl;
    CURLcode result = CURLE_OK;
    va_list arguments;

    va_start(arguments, info);
    if (info == CURLINFO_EFFECTIVE_URL)
        *va_arg(arguments, char **) = handle->url;
    else if (info == CURLINFO_RESPONSE_CODE)
        *va_arg(arguments, long *) = 200;
    else if (info == CURLINFO_REDIRECT_COUNT)
        *va_arg(arguments, long *) = 0;
    else if (info == CURLINFO_EFFECTIVE_METHOD)
        *va_arg(arguments, const char **) = "GET";
    else
        result = CURLE_UNKNOWN_OPTION;
    va_end(arguments);
    return result;
}

SHOWN CURLcode curl_easy_perform(CURL *curl)
{
    struct handle *handle = curl;
    char peer[] = "127.0.0.1", local[] = "127.0.0.1";

    if (handle->prereq && handle->prereq(handle->prereq_data, peer, local, 443, 50000))
        return CURLE_ABORTED_BY_CALLBACK;
    printf("%s timeout %ld large %lld\n", handle->url, handle->timeout, (long long)handle->large);
    for (struct curl_slist *line = handle->headers; line; line = line->next)
        if (strchr(line->data, ':'))
            printf("  %s\n", line->data);
    return CURLE_OK;
}

struct multi {
    CURL *added;
    curl_push_callback push;
    void *push_data;
};

SHOWN CURLM *curl_multi_init(void)
{
    return calloc(1, sizeof(struct multi));
}

SHOWN CURLMcode curl_multi_add_handle(CURLM *multi, CURL *curl)
{
    ((struct multi *)multi)->added = curl;
    return CURLM_OK;
}

SHOWN CURLMcode curl_multi_remove_handle(CURLM *multi, CURL *curl)
{
    (void)multi, (void)curl;
    return CURLM_OK;
}

SHOWN CURLMcode curl_multi_setopt(CURLM *handle, CURLMoption option, ...)
{
    struct multi *multi = handle;
    va_list arguments;

    va_start(arguments, option);
    if (option == CURLMOPT_PUSHFUNCTION)
        multi->push = va_arg(arguments, curl_push_callback);
    else if (option == CURLMOPT_PUSHDATA)
        multi->push_data = va_arg(arguments, void *);
    va_end(arguments);
    return CURLM_OK;
}

static void close_unseen(CURL *curl)
{
    free(((struct handle *)curl)->url);
    free(curl);
}

SHOWN CURLMcode curl_multi_perform(CURLM *handle, int *running)
{
    struct multi *multi = handle;
    CURL *pushed;

    *running = 0;
    curl_easy_perform(multi->added);
    pushed = multi->push ? curl_easy_duphandle(multi->added) : NULL;
    if (pushed && multi->push(multi->added, pushed, 0, NULL, multi->push_data) != CURL_PUSH_OK)
        close_unseen(pushed);
    return CURLM_OK;
}

SHOWN CURLMcode curl_multi_cleanup(CURLM *multi)
{
    free(multi);
    return CURLM_OK;
}

SHOWN curl_version_info_data *curl_version_info(CURLversion age)
{
    static curl_version_info_data data;

    (void)age;
    data.version = "7.80.0";
    data.version_num = 0x075000;
    return &data;
}

SHOWN void curl_free(void *text)
{
    free(text);
}
