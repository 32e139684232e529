/* program_credentials - what the program itself has set that identifies it. */
#include "decide/program_credentials.h"
#include "ascii.h"
#include "query_token.h"
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

static const char *credential_in_header(const char *line, const struct authority *authority)
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
        return value && !host_is(value, &authority->origin) ? "a Host header of another host"
                                                            : NULL;
    default:
        return NULL;
    }
}

bool program_query_has_token(const char *url)
{
    return query_has_token(url);
}

const char *program_header_credentials(const struct program_options *program,
                                       const struct authority *authority)
{
    for (const struct curl_slist *header = program->headers; header; header = header->next) {
        const char *why = header->data ? credential_in_header(header->data, authority) : NULL;
        if (why)
            return why;
    }
    return NULL;
}

const char *program_credentials(const struct program_options *program, const char *url,
                                const struct authority *authority)
{
    if (program->user || program->password)
        return "a user name";
    if (program->bearer)
        return "a bearer token";
    if (program->aws_sigv4)
        return "an AWS signature";
    if (program->url_user || authority->user)
        return "user info in the URL";
    if (program->cookie_token)
        return "a middle_auth_token cookie";
    if (program_query_has_token(url))
        return "a middle_auth_token in the query";
    if (program->target_foreign)
        return "a request target of its own";
    return program_header_credentials(program, authority);
}

bool program_has_cookie(const struct program_options *program)
{
    if (program->cookie)
        return true;
    for (const struct curl_slist *header = program->headers; header; header = header->next)
        if (header->data && header_value(header->data, "Cookie"))
            return true;
    return false;
}
