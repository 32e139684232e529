/* utf8 - one code point at a time, as strictly as Python decodes. */
#ifndef SYNAUTH_UTF8_H
#define SYNAUTH_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF8_BOM "\xef\xbb\xbf"
#define UTF8_BOM_LENGTH ((size_t)3)
/* What stands in the place of a character that cannot be shown. */
#define UTF8_REPLACEMENT 0xfffdU

/* How many bytes the code point at `text` takes; 0 when they are not valid (overlong forms,
   surrogates and numbers beyond U+10FFFF are not) or length is 0. */
size_t utf8_decode(const char *text, size_t length, uint32_t *ret);
/* Returns how many bytes were written. The code point must be below 0x110000. */
size_t utf8_encode(uint32_t code_point, char bytes[4]);
/* As Python's str.isspace(), strip() and \s see it. */
bool utf8_is_space(uint32_t code_point);
/* Whether all of it is valid. */
bool utf8_valid(const char *text, size_t length);
/* A heap copy with U+FFFD for each byte that is not part of a valid code point. */
char *utf8_mended(const char *text);
bool utf8_has_bom(const char *text, size_t length);
/* Text as Windows programs like to save it: UTF-16, with its byte order mark. */
bool utf8_is_utf16(const char *text, size_t length);

#endif
