/* header_line - header lines in a text that a program has given to libcurl. */
#include "remember/header_line.h"
#include "base/ascii.h"
#include <string.h>

/* The value of a header line if it has that name, else NULL. Blanks before the colon count, and
   `Name;` is libcurl's way to send an empty header. */
static const char *header_value(const char *line, const char *name)
{
    if (!ascii_starts_with(line, name))
        return NULL;
    line += strlen(name);
    line += strspn(line, " \t");
    if (*line != ':' && *line != ';')
        return NULL;
    line++;
    return line + strspn(line, " \t");
}

/* Does a Host header name the host that is connected to? An empty one takes the header away. */
static bool host_is(const char *value, const struct origin *origin)
{
    size_t length = strcspn(value, " \t\r\n");
    size_t host = strlen(origin->host);
    uint64_t port;

    if (*value == '[' && strchr(origin->host, ':')) {
        value++;
        length--;
    }
    if (length < host || !ascii_equal_n(value, origin->host, host))
        return false;
    value += host;
    length -= host;
    if (length && *value == ']') {
        value++;
        length--;
    }
    if (!length)
        return origin->port == (origin->scheme == ORIGIN_HTTPS ? 443u : 80u);
    if (*value != ':')
        return false;
    return ascii_read_number(value + 1, 65535, &port) == value + length && port == origin->port;
}

const char *header_line_credential(const char *line, const struct origin *origin)
{
    const char *value;

    switch (line[0] | 0x20) { /* the first letter settles nearly all */
    case 'a':
        return header_value(line, "Authorization") ? "an Authorization header" : NULL;
    case 's':
        return header_value(line, "sessionToken") || header_value(line, "signature") ||
                       header_value(line, "signatureTimestamp")
                   ? "a Synapse session or signature header"
                   : NULL;
    case 'u':
        return header_value(line, "userId") ? "a Synapse signature header" : NULL;
    case 'c':
        value = header_value(line, "Cookie");
        return value && strstr(value, "middle_auth_token") ? "a middle_auth_token cookie" : NULL;
    case 'h':
        value = header_value(line, "Host");
        return value && (!origin || !host_is(value, origin)) ? "a Host header of another host"
                                                             : NULL;
    default:
        return NULL;
    }
}

const char *header_line_after(const char *line)
{
    const char *feed = strchr(line, '\n');
    const char *carriage = strchr(line, '\r');
    const char *end = feed && (!carriage || feed < carriage) ? feed : carriage;

    if (!end)
        return NULL;
    end += strspn(end, "\r\n \t"); /* a folded line may be a line of its own to some */
    return *end ? end : NULL;
}

const char *header_lines_credential(const char *text, const struct origin *origin)
{
    text += strspn(text, " \t");
    for (; text; text = header_line_after(text)) {
        const char *why = header_line_credential(text, origin);
        if (why)
            return why;
    }
    return NULL;
}

bool header_lines_have_cookie(const char *text)
{
    text += strspn(text, " \t");
    for (; text; text = header_line_after(text))
        if (header_value(text, "Cookie"))
            return true;
    return false;
}
