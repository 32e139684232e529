/* netrc - does a netrc file have something for a host? Then libcurl may authenticate by itself. */
#include "netrc.h"

#include "ascii.h"
#include "cleanup.h"
#include "file_read.h"
#include "paths.h"

#include <errno.h>
#include <string.h>

enum { TOKEN_BYTES = 512 };

struct reader {
    const char *at, *end;
    char token[TOKEN_BYTES]; /* cut when longer: no host name is */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_space(char c)
{
    return is_blank(c) || (c >= '\n' && c <= '\r');
}

static void skip_line(struct reader *reader)
{
    while (reader->at < reader->end && *reader->at != '\n')
        reader->at++;
    if (reader->at < reader->end)
        reader->at++;
}

static char unescape(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return c;
    }
}

/* A quoted token, with or without its end: libcurl gives up there, older ones don't. */
static size_t read_quoted(struct reader *reader, char *token)
{
    size_t length = 0;
    for (reader->at++; reader->at < reader->end && *reader->at != '\n'; reader->at++) {
        char c = *reader->at;
        if (c == '"') {
            reader->at++;
            break;
        }
        if (c == '\\' && reader->at + 1 < reader->end)
            c = unescape(*++reader->at);
        if (length < TOKEN_BYTES - 1)
            token[length++] = c;
    }
    return length;
}

static size_t read_plain(struct reader *reader, char *token)
{
    size_t length = 0;
    for (; reader->at < reader->end && !is_space(*reader->at); reader->at++)
        if (length < TOKEN_BYTES - 1)
            token[length++] = *reader->at;
    return length;
}

/* The next token, comments left out; false at the end. */
static bool next_token(struct reader *reader)
{
    for (;;) {
        while (reader->at < reader->end && is_space(*reader->at))
            reader->at++;
        if (reader->at == reader->end)
            return false;
        if (*reader->at != '#')
            break;
        skip_line(reader);
    }
    size_t length =
        *reader->at == '"' ? read_quoted(reader, reader->token) : read_plain(reader, reader->token);
    reader->token[length] = '\0';
    return true;
}

/* A macro ends at an empty line. */
static void skip_macro(struct reader *reader)
{
    skip_line(reader);
    while (reader->at < reader->end) {
        bool empty = *reader->at == '\n' || *reader->at == '\r';
        skip_line(reader);
        if (empty)
            return;
    }
}

static bool find(struct reader *reader, const char *host)
{
    while (next_token(reader)) {
        if (ascii_equal(reader->token, "macdef"))
            skip_macro(reader);
        else if (ascii_equal(reader->token, "default"))
            return true;
        else if (ascii_equal(reader->token, "machine") && next_token(reader) &&
                 ascii_equal(reader->token, host))
            return true;
    }
    return false;
}

bool netrc_text_has(const char *text, size_t length, const char *host)
{
    struct reader reader = {.at = text, .end = text + length};
    bool found = find(&reader, host);
    explicit_bzero(reader.token, sizeof reader.token); /* passwords went through it */
    return found;
}

bool netrc_has(const char *path, const char *host)
{
    AUTO_SECRET content = NULL;
    AUTO_STRING own = path ? NULL : paths_expand("~/.netrc", NULL);
    int saved_errno = errno;
    if (!path)
        path = own;
    bool found =
        path &&
        file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_ANY, &content, NULL, NULL) == FILE_OK &&
        netrc_text_has(secret_bytes(content), secret_length(content), host);
    errno = saved_errno;
    return found;
}
