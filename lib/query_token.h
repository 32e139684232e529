/* query_token - does the query of a URL hold what CAVE's servers take for a token? One test for the
   hooks and for the resolver, so that both say the same. */
#ifndef SYNAUTH_QUERY_TOKEN_H
#define SYNAUTH_QUERY_TOKEN_H

#include "ascii.h"

#include <stdbool.h>
#include <string.h>

/* The server decodes a name before it compares, so `%5F` is as good as `_`. */
static inline bool query_begins_with(const char *text, const char *word)
{
    for (; *word; word++) {
        char c = *text++;
        if (c == '%' && ascii_hex_value(text[0]) >= 0 && ascii_hex_value(text[1]) >= 0) {
            c = (char)(ascii_hex_value(text[0]) * 16 + ascii_hex_value(text[1]));
            text += 2;
        }
        if (c != *word)
            return false;
    }
    return true;
}

/* Anywhere in it, as a part of another name or of a value too: send less rather than more. A
   fragment does not count. */
static inline bool query_has_token(const char *url)
{
    const char *at = url + strcspn(url, "?#");
    while (*at && *at != '#') {
        at++;
        at += strcspn(at, "m%#");
        if (*at && query_begins_with(at, "middle_auth_token"))
            return true;
    }
    return false;
}

#endif
