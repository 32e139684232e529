/* cookie_engine - what the program has told libcurl's cookie engine, as far as it decides about a
   token. Both outlive curl_easy_reset. */
#ifndef SYNAUTH_COOKIE_ENGINE_H
#define SYNAUTH_COOKIE_ENGINE_H

#include "ground/libcurl.h"
#include <stdbool.h>
#include <stddef.h>

struct cookie_engine {
    bool on; /* libcurl keeps and sends cookies */
    /* It has the CAVE token in a cookie without a domain: CURLINFO_COOKIELIST does not show such a
       one, and which hosts it goes to depends on libcurl's hash of their names. */
    bool unseen_token;
    /* A request has had a Host header: libcurl goes on to keep and send cookies under that name, also
       when the header is gone. */
    bool other_host;
    char *files; /* CURLOPT_COOKIEFILE, each with its NUL; libcurl adds to them, too */
    size_t files_length;
};

/* Notes CURLOPT_COOKIEFILE, CURLOPT_COOKIEJAR and CURLOPT_COOKIELIST; `text` may be NULL. */
void cookie_engine_note(struct cookie_engine *engine, CURLoption option, const char *text);
/* What curl_easy_duphandle takes along: the files, not the cookies. False: out of memory. */
bool cookie_engine_copy(struct cookie_engine *ret, const struct cookie_engine *from);
void cookie_engine_free(struct cookie_engine *engine);

#endif
