/* redact - takes a request's secrets out of what a server says. */
#include "redact.h"

#include "base/ascii.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { RUN_LEAST = 12, SHORT = 4, TEXT_MAX = 4096 };

static int hex_number(const char *digits, size_t count)
{
    int number = 0;
    for (size_t i = 0; i < count; i++) {
        int digit = ascii_hex_value(digits[i]); /* -1 for the terminator, too */
        if (digit < 0)
            return -1;
        number = number * 16 + digit;
    }
    return number;
}

/* One character as it may be written; *ret is -1 when it is none of those. */
static size_t unit(const char *text, int *ret)
{
    *ret = (unsigned char)text[0];
    if (text[0] == '%' && (*ret = hex_number(text + 1, 2)) >= 0)
        return 3;
    if (text[0] == '\\' && text[1] == 'u' && (*ret = hex_number(text + 2, 4)) >= 0)
        return 6;
    if (text[0] == '\\' && text[1]) {
        *ret = (unsigned char)text[1];
        return 2;
    }
    *ret = (unsigned char)text[0];
    return 1;
}

/* The width in the text of a character of the secret; 0: it is another. In JSON a quote ends the
   string, and a backslash stands for what follows it. */
static size_t match(const char *text, char wanted, bool json)
{
    int found;
    if (json && text[0] == '"')
        return 0;
    if (!(json && text[0] == '\\') && ascii_lower(text[0]) == ascii_lower(wanted))
        return text[0] ? 1 : 0;
    if (text[0] == '+' && wanted == ' ') /* as in a form */
        return 1;
    size_t width = unit(text, &found);
    return found >= 0 && found < 0x100 && ascii_lower((char)found) == ascii_lower(wanted) ? width
                                                                                          : 0;
}

/* How much of the text is this secret from its character `from` on; 0 when it is too little of
   it. */
static size_t run_at(const char *text, const struct secret *secret, size_t from, bool json)
{
    const char *bytes = secret_bytes(secret);
    size_t length = secret_length(secret), least = length < RUN_LEAST ? length : RUN_LEAST;
    size_t at = from, width = 0, step;
    if (length - from < least)
        return 0;
    while (at < length && (step = match(text + width, bytes[at], json)) > 0) {
        width += step;
        at++;
    }
    return at - from >= least ? width : 0;
}

/* `before` is the character before, 0 for none: what would go on with it was looked at there, which
   keeps the work to one look at each pair of characters. */
static size_t longest_at(const char *text, char before, struct secret *const *secrets, bool json)
{
    size_t longest = 0;
    for (; *secrets; secrets++)
        for (size_t from = 0; from < secret_length(*secrets); from++) {
            if (from > 0 && before == secret_bytes(*secrets)[from - 1])
                continue;
            size_t width = run_at(text, *secrets, from, json);
            longest = width > longest ? width : longest;
        }
    return longest;
}

/* Of an escape in valid JSON; 1 for other characters. */
static size_t escape_width(const char *text, size_t left)
{
    size_t width = text[0] != '\\' || left < 2 ? 1 : text[1] == 'u' ? 6 : 2;
    return width < left ? width : left;
}

/* Room for the case that every character is replaced. */
static size_t room_for(size_t length)
{
    return length * (sizeof REDACTED - 1) + 1;
}

/* `to` has room_for(length) bytes. `json`: only within strings, and no escape is cut in two.
   Returns the new length. */
static size_t copy(const char *text, size_t length, struct secret *const *secrets, bool json,
                   char *to)
{
    bool in_string = !json;
    size_t used = 0, behind = 0, step; /* what was replaced or escaped last */
    for (size_t at = 0; at < length; at += step) {
        bool quote = json && text[at] == '"';
        char before = at > behind ? text[at - 1] : '\0';
        size_t width = in_string && !quote ? longest_at(text + at, before, secrets, json) : 0;
        if (width > 0) {
            memcpy(to + used, REDACTED, sizeof REDACTED - 1);
            used += sizeof REDACTED - 1;
            step = width < length - at ? width : length - at;
            behind = at + step;
            continue;
        }
        step = json ? escape_width(text + at, length - at) : 1;
        behind = step > 1 ? at + step : behind;
        memcpy(to + used, text + at, step);
        used += step;
        in_string ^= quote;
    }
    to[used] = '\0';
    return used;
}

static bool holds_short(const char *text, struct secret *const *secrets)
{
    for (; *secrets; secrets++)
        if (secret_length(*secrets) > 0 && secret_length(*secrets) < SHORT &&
            strstr(text, secret_bytes(*secrets)))
            return true;
    return false;
}

char *redact_text(const char *text, struct secret *const *secrets)
{
    if (!text)
        return NULL;
    if (holds_short(text, secrets))
        return strdup(REDACTED);
    size_t length = strnlen(text, TEXT_MAX);
    char *result = malloc(room_for(length));
    if (result)
        copy(text, length, secrets, false, result);
    return result;
}

struct secret *redact_json(const struct secret *json, struct secret *const *secrets)
{
    size_t length = secret_length(json);
    AUTO_SECRET room = secret_alloc(room_for(length));
    if (!room)
        return NULL;
    size_t used = copy(secret_bytes(json), length, secrets, true, secret_buffer(room));
    return secret_slice(room, 0, used);
}
