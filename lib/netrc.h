/* netrc - does a netrc file have something for a host? Then libcurl may authenticate by itself. */
#ifndef SYNAUTH_NETRC_H
#define SYNAUTH_NETRC_H

#include <stdbool.h>
#include <stddef.h>

/* Names `host` (ASCII, any case) or has a `default` entry. Read as libcurl reads it; where its
   versions differ, the answer is yes. */
bool netrc_text_has(const char *text, size_t length, const char *host);
/* The same for a file; path NULL = ~/.netrc. An unreadable file has none. */
bool netrc_has(const char *path, const char *host);

#endif
