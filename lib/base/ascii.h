/* ascii - protocol text is ASCII, whatever the host's locale. libc only: preload/ contains it too.
   What ctype.h, strings.h and strtol() know follows the locale of the host program (in Turkish `I`
   is no capital `i`), so product code uses these instead. */
#ifndef SYNAUTH_ASCII_H
#define SYNAUTH_ASCII_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline char ascii_lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static inline char ascii_upper(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - ('a' - 'A')) : c;
}

static inline bool ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool ascii_is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool ascii_is_alnum(char c)
{
    return ascii_is_alpha(c) || ascii_is_digit(c);
}

/* As isspace() in the C locale: blank, and tab to carriage return. */
static inline bool ascii_is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The value of a hexadecimal digit of either case; -1: none. */
static inline int ascii_hex_value(char c)
{
    if (ascii_is_digit(c))
        return c - '0';
    c = ascii_lower(c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* As strcasecmp() in the C locale. */
int ascii_compare(const char *a, const char *b);

/* Whether the texts are the same, but for the case of A to Z. */
bool ascii_equal(const char *a, const char *b);

/* The same for at most `length` bytes; what is behind a text's end is not read. */
bool ascii_equal_n(const char *a, const char *b, size_t length);

/* Whether `text` begins with `prefix`, but for the case of A to Z. */
bool ascii_starts_with(const char *text, const char *prefix);

/* Reads the decimal digits at `text`, which neither blanks nor a sign precede. Returns what follows
   the last digit; NULL, with *ret_number as it was: there is no digit, or more than `most`. */
const char *ascii_read_number(const char *text, uint64_t most, uint64_t *ret_number);

/* Whether the whole of `text` is such a number. */
bool ascii_number(const char *text, uint64_t most, uint64_t *ret_number);

#endif
