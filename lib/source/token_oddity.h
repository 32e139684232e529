/* token_oddity - what a token that is used all the same looks like, when it hardly is one. */
#ifndef SYNAUTH_TOKEN_ODDITY_H
#define SYNAUTH_TOKEN_ODDITY_H

#include "base/secret.h"
#include <stdbool.h>
#include <stdint.h>

#define TOKEN_ODDITY_MAX 160

/* Writes the rest of a sentence that begins with "the token", without anything of the token itself
   ("looks like a variable that was not replaced"). Returns false when there is nothing to say. The
   characters of a token: RFC 6750, 2.1 (b64token). now: seconds since 1970, for a JWT's `exp`. */
bool token_oddity(const struct secret *token, int64_t now, char buffer[TOKEN_ODDITY_MAX]);

#endif
