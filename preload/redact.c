/* redact - takes our token out of what the program's debug output is shown. */
#include "redact.h"
#include <string.h>
#include <strings.h>

static const char prefix[] = "authorization: bearer ";
#define PREFIX_LENGTH (sizeof(prefix) - 1)
static const char replacement[] = "[synauth]";
#define REPLACEMENT_LENGTH (sizeof(replacement) - 1)

static char lower(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
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
        if (state->matched < PREFIX_LENGTH) {
            bool next =
                (state->matched > 0 || !state->in_line) && lower(c) == prefix[state->matched];
            state->matched = next ? (unsigned char)(state->matched + 1) : 0;
        }
        state->in_line = true;
        if (state->matched == PREFIX_LENGTH) {
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

static const char *find_prefix(const char *bytes, size_t length)
{
    for (size_t i = 0; i + PREFIX_LENGTH <= length; i++)
        if (strncasecmp(bytes + i, prefix, PREFIX_LENGTH) == 0 && (i == 0 || bytes[i - 1] != '-'))
            return bytes + i;
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
    found += PREFIX_LENGTH;
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
