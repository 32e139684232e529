/* libcurl - the public header of libcurl without the macros that check arguments: the hooks define
   the functions that those macros hide. */
#ifndef SYNAUTH_LIBCURL_H
#define SYNAUTH_LIBCURL_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

/* Newer than the header that we may be built with (include/curl/curl.h of 8.22). */
#define SYNAUTH_CURLSSLOPT_EARLYDATA (1L << 6) /* 8.11 */
#define SYNAUTH_CURLAUTH_HTTPSIG (1UL << 8)
#define SYNAUTH_CURLOPT_HTTPSIG_ALGORITHM 329
#define SYNAUTH_CURLOPT_HTTPSIG_KEY 10330

#endif
