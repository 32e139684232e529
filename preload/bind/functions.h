/* functions - those of libcurl in front of which we stand, and those of one loaded libcurl. */
#ifndef SYNAUTH_FUNCTIONS_H
#define SYNAUTH_FUNCTIONS_H

#include "ground/libcurl.h"
#include <stdbool.h>

/* The functions in front of which we stand, by name. */
enum hooked {
    HOOKED_EASY_INIT,
    HOOKED_EASY_DUPHANDLE,
    HOOKED_EASY_RESET,
    HOOKED_EASY_CLEANUP,
    HOOKED_EASY_SETOPT,
    HOOKED_EASY_PERFORM,
    HOOKED_MULTI_ADD_HANDLE,
    HOOKED_MULTI_REMOVE_HANDLE,
    HOOKED_MULTI_SETOPT,
    HOOKED_MULTI_CLEANUP,
    HOOKED_COUNT
};

/* The functions of one loaded libcurl; a member is NULL where it has none of that name. Immutable;
 * lives as long as the process. */
struct binding {
    unsigned version; /* as curl_version_info gives it: 0x075801 */
    bool per_request; /* CURLOPT_PREREQFUNCTION is there: 7.80 and newer */
    CURL *(*easy_init)(void);
    CURL *(*easy_duphandle)(CURL *);
    void (*easy_reset)(CURL *);
    void (*easy_cleanup)(CURL *);
    CURLcode (*easy_setopt)(CURL *, CURLoption, ...);
    CURLcode (*easy_getinfo)(CURL *, CURLINFO, ...);
    CURLcode (*easy_perform)(CURL *);
    CURLcode (*easy_recv)(CURL *, void *, size_t, size_t *);
    CURLMcode (*multi_add_handle)(CURLM *, CURL *);
    CURLMcode (*multi_remove_handle)(CURLM *, CURL *);
    CURLMcode (*multi_setopt)(CURLM *, CURLMoption, ...);
    CURLMcode (*multi_cleanup)(CURLM *);
    void (*free)(void *);
    /* libcurl 7.83 and newer, else NULL. */
    CURLHcode (*easy_header)(CURL *, const char *, size_t, unsigned int, int,
                             struct curl_header **);
    /* libcurl 7.62 and newer, else NULL. */
    CURLU *(*url)(void);
    void (*url_cleanup)(CURLU *);
    CURLUcode (*url_get)(const CURLU *, CURLUPart, char **, unsigned int);
    CURLUcode (*url_set)(CURLU *, CURLUPart, const char *, unsigned int);
};

#endif
