/* cookie_file - might a cookie file of libcurl's hold a cookie of that name? */
#ifndef SYNAUTH_COOKIE_FILE_H
#define SYNAUTH_COOKIE_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* In a line that begins with `Set-Cookie:`, which may lack a domain (libcurl never lists such a
   cookie), or with `any_line` in any. */
bool cookie_text_has(const char *text, size_t length, const char *name, bool any_line);
/* The same for a file. One that is not there or may not be read has none; a pipe or standard input
   ("-"), which only libcurl may read, might have one. */
bool cookie_file_has(const char *path, const char *name, bool any_line);

#endif
