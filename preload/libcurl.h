/* libcurl - the public header of libcurl without the macros that check arguments: the hooks define
   the functions that those macros hide. */
#ifndef SYNAUTH_LIBCURL_H
#define SYNAUTH_LIBCURL_H

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

#endif
