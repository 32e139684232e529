/* text - making foreign text safe to print. libc only: the preload library contains it too. */
#ifndef SYNAUTH_TEXT_H
#define SYNAUTH_TEXT_H

#include <stddef.h>

/* Copies `text` with control characters and bytes >= 0x7f as \xNN. What does not fit is left out,
   never half an escape; always terminated when size > 0. */
void text_escape(char *buffer, size_t size, const char *text, size_t length);

#endif
