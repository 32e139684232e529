/* netrc_by_curl - what libcurl itself does with a netrc file. */
#ifndef SYNAUTH_TEST_FUZZ_NETRC_BY_CURL_H
#define SYNAUTH_TEST_FUZZ_NETRC_BY_CURL_H

#include <stdbool.h>
#include <stddef.h>

/* Does a request to http://HOST/ with this netrc file carry a user name or password? It
   goes to a server of ours on loopback. False also where libcurl refuses to make the request. */
bool netrc_by_curl_is_used(const char *text, size_t length, const char *host);

#endif
