/* binding - which libcurl a caller means, and that library's functions.
   RTLD_NEXT alone is NULL or the wrong flavour in R, Python and every program whose libcurl came
   with a plugin: the caller's own object decides. */
#ifndef SYNAUTH_BINDING_H
#define SYNAUTH_BINDING_H

#include "libcurl.h"
#include <stdbool.h>

/* The functions of one loaded libcurl. Immutable; lives as long as the process. */
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

/* The binding for code at return_address; NULL when no libcurl can be found (said once).
 *ret_inner (may be NULL): the caller is libcurl itself. Thread-safe, keeps errno. */
const struct binding *binding_for_caller(const void *return_address, bool *ret_inner);

/* The binding of the libcurl that holds this function, NULL when it belongs to something else. */
const struct binding *binding_of_function(const void *function);
/* False when the program has closed that libcurl. */
bool binding_is_loaded(const struct binding *curl);

/* The marker by which copies of this library know each other. */
extern const unsigned synauth_preload_number;
/* False when another copy of this library was loaded before this one. */
bool binding_is_first_copy(void);

#endif
