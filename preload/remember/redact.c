/* redact - takes our token or signature out of what the program's debug output is shown. */
#include "remember/redact.h"
#include "base/ascii.h"
#include <string.h>

/* In front of what must not show. They differ in their first letter. */
static const struct {
    const char *text;
    unsigned char length;
} prefixes[] = {{"authorization: bearer ", 22}, {"signature: ", 11}};
#define PREFIXES (sizeof(prefixes) / sizeof(prefixes[0]))
static const char replacement[] = "[synauth]";
#define REPLACEMENT_LENGTH (sizeof(replacement) - 1)

/* One more byte of the line; true when it completes a prefix. */
static bool match(struct redaction *state, char c)
{
    if (!state->in_line)
        for (unsigned char i = 0; i < PREFIXES; i++)
            if (ascii_lower(c) == prefixes[i].text[0])
                state->prefix = i;
    bool next = (state->matched > 0 || !state->in_line) &&
                ascii_lower(c) == prefixes[state->prefix].text[state->matched];
    state->in_line = true;
    state->matched = next ? (unsigned char)(state->matched + 1) : 0;
    return state->matched == prefixes[state->prefix].length;
}

/* An empty line ends the header block; what follows is the body and not ours to touch. */
static void end_of_line(struct redaction *state)
{
    if (!state->in_line)
        state->done = true;
    state->in_line = state->in_token = false;
    state->matched = 0;
}

size_t redact_header_piece(struct redaction *state, const char *bytes, size_t length, char *out)
{
    size_t written = 0;

    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (state->in_token && c != '\r' && c != '\n')
            continue;
        out[written++] = c;
        if (state->done || c == '\r')
            continue;
        if (c == '\n') {
            end_of_line(state);
            continue;
        }
        if (match(state, c)) {
            if (written + REPLACEMENT_LENGTH + (length - i - 1) <= length + REDACT_ROOM) {
                memcpy(out + written, replacement, REPLACEMENT_LENGTH);
                written += REPLACEMENT_LENGTH;
            }
            state->in_token = true;
            state->matched = 0;
        }
    }
    return written;
}

static bool is_name_byte(char c)
{
    return ascii_is_alnum(c) || c == '-' || c == '_';
}

/* May a header's name begin here? A certificate's signature, which GnuTLS's flavour prints, is not
   ours: libcurl puts a header of HTTP/2 and newer between brackets. */
static bool may_begin(size_t prefix, const char *bytes, size_t at)
{
    if (at == 0 || bytes[at - 1] == '[')
        return true;
    return prefix == 0 && !is_name_byte(bytes[at - 1]);
}

/* The end of the first prefix that begins a header's name, or NULL. */
static const char *find_prefix(const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        for (size_t p = 0; p < PREFIXES; p++)
            if (prefixes[p].length <= length - i && may_begin(p, bytes, i) &&
                ascii_equal_n(bytes + i, prefixes[p].text, prefixes[p].length))
                return bytes + i + prefixes[p].length;
    return NULL;
}

size_t redact_info_line(const char *bytes, size_t length, char *out)
{
    const char *found = find_prefix(bytes, length);
    const char *end = bytes + length, *token_end;
    size_t written;

    if (!found) {
        memcpy(out, bytes, length);
        return length;
    }
    token_end = end;
    while (token_end > found && (token_end[-1] == '\r' || token_end[-1] == '\n'))
        token_end--;
    if (token_end > found && token_end[-1] == ']')
        token_end--; /* what libcurl puts around the line; a cut line has none */
    written = (size_t)(found - bytes);
    memcpy(out, bytes, written);
    memcpy(out + written, replacement, REPLACEMENT_LENGTH);
    written += REPLACEMENT_LENGTH;
    memcpy(out + written, token_end, (size_t)(end - token_end));
    return written + (size_t)(end - token_end);
}
