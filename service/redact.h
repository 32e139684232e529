/* redact - what a server says may repeat what it was sent: here a request's secrets are taken out
   of its text before that reaches a terminal, a log or a file. */
#ifndef SYNAUTH_SERVICE_REDACT_H
#define SYNAUTH_SERVICE_REDACT_H

#include "base/secret.h"

#define REDACTED "[secret]"

/* The text without the secrets (NULL-terminated list), whole or in runs of twelve characters and
   more, whatever their case, also where characters are written as %XX, \uXXXX or \X. A text that
   holds a secret of less than four characters is left out as a whole. Of more than 4 KiB the rest
   is left out. Heap string; NULL for NULL and when memory runs out. */
char *redact_text(const char *text, struct secret *const *secrets);
/* The same in the strings of a valid JSON text, which stays valid, whatever its length. NULL when
   out of memory. */
struct secret *redact_json(const struct secret *json, struct secret *const *secrets);

#endif
