/* http_url - which URLs a request with a secret may go to, and which redirects stay at home. */
#ifndef SYNAUTH_SERVICE_HTTP_URL_H
#define SYNAUTH_SERVICE_HTTP_URL_H

#include "synauth.h"
#include <stdbool.h>

struct http_url {
    bool cleartext; /* http, to a loopback address */
    char host[256]; /* as a message names it: without port */
    char port[8];
};

/* Refuses what no secret may go to: other schemes, http beyond loopback, user info. The error
   names the host, never the rest of the URL. */
SYNAUTH_MUST_USE int http_url_parse(const char *url, struct http_url *ret, synauth_error *error);
/* May a secret go to this URL: https, or http to a loopback address? Else *error says
   why not. User info and fragments are refused. */
SYNAUTH_MUST_USE int http_url_check(const char *url, synauth_error *error);
/* The absolute form of a Location when scheme, host and port stay those of `url`, else NULL. Heap
   string. */
char *http_url_same_origin(const char *url, const char *location);

#endif
