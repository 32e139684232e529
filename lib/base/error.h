/* error - one mistake with its place: filling a synauth_error, and the table of codes. */
#ifndef SYNAUTH_ERROR_H
#define SYNAUTH_ERROR_H

#include "base/text.h"
#include "synauth.h"

/* Fills *error (which may be NULL) unless it already holds one: the first error wins. `file` may
   be NULL, line 0. Control characters and non-ASCII bytes that come in through %s are escaped.
   Returns code, so that `return error_set(...)` reads well. */
int error_set(synauth_error *error, int code, const char *file, unsigned line, const char *format,
              ...) __attribute__((format(printf, 5, 6)));
/* The same for SYNAUTH_E_MEMORY, which has no place and one wording. */
int error_memory(synauth_error *error);
void error_clear(synauth_error *error);
/* "file:line: text", "file: text" or "text" into buffer; always terminated. */
void error_format(const synauth_error *error, char *buffer, size_t size);

#endif
