/* base64 - base64 text by nettle: both alphabets, with or without padding. */
#ifndef SYNAUTH_BASE64_H
#define SYNAUTH_BASE64_H

#include "base/secret.h"

#include <stddef.h>

enum base64_alphabet { BASE64_USUAL, BASE64_URL /* with - and _ */ };

/* NULL when it is not base64 (white space is not, wherever it stands), or out of memory. */
struct secret *base64_decode(const char *text, size_t length, enum base64_alphabet alphabet);

#endif
