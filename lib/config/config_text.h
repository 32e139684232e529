/* config_text - a configuration file and what it includes, joined into one text for libconfig,
   which would open included files unjudged and relative to the working directory. */
#ifndef SYNAUTH_CONFIG_TEXT_H
#define SYNAUTH_CONFIG_TEXT_H

#include "base/arena.h"
#include "synauth.h"

#include <stdio.h>

struct config_text; /* opaque */

enum config_state { CONFIG_READ, CONFIG_ABSENT, CONFIG_REFUSED, CONFIG_INVALID, CONFIG_NOT_READ };

/* Reads `path` (absolute) with its `@include`s; every file is judged as a configuration
   (FILE_TRUST_CONFIG). CONFIG_READ: *ret is set, and its file names live in the arena.
   CONFIG_ABSENT: no such file. CONFIG_REFUSED and CONFIG_INVALID: *error says why. */
enum config_state config_text_read(const char *path, struct arena *arena, struct config_text **ret,
                                   synauth_error *error);
/* NULL is fine. The text is wiped. */
void config_text_free(struct config_text *text);

/* NUL-terminated, without `@include`, and with a newline at its end. */
const char *config_text_bytes(const struct config_text *text);
/* The same as a stream, which libconfig reads faster; NULL when that cannot be, or when the text is
   so long that it might not be faster. */
FILE *config_text_open(const struct config_text *text);
/* The file and line that a line of the joined text comes from. */
const char *config_text_place(const struct config_text *text, unsigned joined_line,
                              unsigned *ret_line);
unsigned config_text_last_line(const struct config_text *text);
/* The joined line in [first, last], among the last of them, that holds the string literal `value`;
   else last. libconfig notes a list's string at the line of what follows it. */
unsigned config_text_find(struct config_text *text, const char *value, unsigned first,
                          unsigned last);
/* A string or comment that is never closed: the text ends before it. libconfig may find an earlier
   mistake, which then is the true one. NULL when there is none. */
const synauth_error *config_text_unclosed(const struct config_text *text,
                                          unsigned *ret_joined_line);

#endif
