/* netrc - does a netrc file have something for a host? Then libcurl may authenticate by itself. */
#ifndef SYNAUTH_NETRC_H
#define SYNAUTH_NETRC_H

#include <stdbool.h>
#include <stddef.h>

/* Could any libcurl since 7.58 find an entry for `host` (ASCII, any case), or a `default` one? Its
   versions read quotes, macros, long lines and more each in their own way: a file that has such
   things has an entry as soon as it mentions the host. */
bool netrc_text_has(const char *text, size_t length, const char *host);
/* The same for a file; path NULL = ~/.netrc. A file that this process may not read has none; one
   that libcurl can read and we cannot (a pipe) has one. */
bool netrc_has(const char *path, const char *host);

#endif
