/* query_token - does the query of a URL hold what CAVE's servers take for a token? One test for the
   hooks and for the resolver, so that both say the same. */
#ifndef SYNAUTH_QUERY_TOKEN_H
#define SYNAUTH_QUERY_TOKEN_H

#include <stdbool.h>
#include <string.h>

/* -1: no hexadecimal digit. */
static inline int query_hex(char digit)
{
    if (digit >= '0' && digit <= '9')
        return digit - '0';
    digit = (char)(digit | 0x20);
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* The server decodes a name before it compares, so `%5F` is as good as `_`. */
static inline bool query_begins_with(const char *text, const char *word)
{
    for (; *word; word++) {
        char c = *text++;
        if (c == '%' && query_hex(text[0]) >= 0 && query_hex(text[1]) >= 0) {
            c = (char)(query_hex(text[0]) * 16 + query_hex(text[1]));
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
