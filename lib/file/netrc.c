/* netrc - does a netrc file have something for a host? Then libcurl may authenticate by itself.

   A wrong "no" would put our token in the place of the program's own password; a wrong "yes" costs
   a token. So what all versions of libcurl read alike is read as they do, and the rest only
   searched:

   what                         | 7.58 to 7.83         | 7.84 to 8.10           | since 8.11
   -----------------------------+----------------------+------------------------+------------------
   a quote                      | a letter             | to the end of the line | over lines
   after it                     |                      | one byte is skipped    | one (until 8.20)
   macdef                       | a word (before 7.76) | to an empty line       | to an empty line
   # behind a word              | a word               | the line ends          | a word
   a line of 256 (4096, 16384)  | divided              | left out               | ends it all
   control characters, non-ASCII| in words             | in words               | may end words */
#include "file/netrc.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/paths.h"
#include "file/file_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 250 }; /* longer ones are divided by older libcurl */

struct words {
    const char *host;
    size_t host_length;
    bool after_machine[2]; /* as read with, and without, what stands behind a # */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool is_word(const char *word, size_t length, const char *wanted, size_t wanted_length)
{
    return length == wanted_length && ascii_equal_n(word, wanted, length);
}

/* A dot at the end is the same host to us, and part of the name to libcurl. */
static bool is_host(const struct words *words, const char *word, size_t length)
{
    if (length > 0 && word[length - 1] == '.')
        length--;
    return is_word(word, length, words->host, words->host_length);
}

/* True: there is an entry. */
static bool take_word(struct words *words, const char *word, size_t length, bool behind_hash)
{
    bool found = is_word(word, length, "default", 7);
    for (int reading = 0; reading < 2; reading++) {
        if (reading == 1 && behind_hash)
            continue;
        found |= words->after_machine[reading] && is_host(words, word, length);
        words->after_machine[reading] = is_word(word, length, "machine", 7);
    }
    return found;
}

static bool take_line(struct words *words, const char *at, const char *end)
{
    bool behind_hash = false;
    for (;;) {
        while (at < end && is_blank(*at))
            at++;
        if (at == end)
            return false;
        const char *word = at;
        while (at < end && !is_blank(*at))
            at++;
        behind_hash |= *word == '#';
        if (take_word(words, word, (size_t)(at - word), behind_hash))
            return true;
    }
}

/* No version takes anything from it, wherever it stands. */
static bool is_comment(const char *at, const char *end)
{
    bool is_short = end - at < LINE_BYTES;
    while (at < end && is_blank(*at))
        at++;
    return is_short && at < end && *at == '#';
}

static bool has_macdef(const char *at, const char *end)
{
    for (; end - at >= 6; at++)
        if (ascii_equal_n(at, "macdef", 6))
            return true;
    return false;
}

/* Is the line read alike by all versions? */
static bool is_plain(const char *at, const char *end)
{
    if (end - at >= LINE_BYTES || has_macdef(at, end))
        return false;
    for (; at < end; at++)
        if (!is_blank(*at) && (*at <= ' ' || *at > '~' || *at == '"' || *at == '\\'))
            return false;
    return true;
}

/* Does the word begin here, with or without backslashes in it? */
static bool begins_here(const char *at, const char *end, const char *word)
{
    for (; *word; word++, at++) {
        while (at < end && *at == '\\')
            at++;
        if (at == end || ascii_lower(*at) != ascii_lower(*word))
            return false;
    }
    return true;
}

static bool mentions(const char *text, size_t length, const char *host)
{
    const char *end = text + length;
    for (const char *at = text; at < end; at++)
        if (begins_here(at, end, host) || begins_here(at, end, "default"))
            return true;
    return false;
}

bool netrc_text_has(const char *text, size_t length, const char *host)
{
    struct words words = {.host = host, .host_length = strlen(host)};
    const char *end = text + length;
    if (memchr(text, '\0', length)) /* what stands around it may be joined */
        return true;
    for (const char *at = text, *next; at < end; at = next) {
        const char *newline = memchr(at, '\n', (size_t)(end - at));
        const char *line_end = newline ? newline : end;
        next = newline ? newline + 1 : end;
        if (is_comment(at, line_end))
            continue;
        line_end -= newline && line_end > at && line_end[-1] == '\r';
        if (!is_plain(at, line_end))
            return mentions(text, length, host);
        if (take_line(&words, at, line_end))
            return true;
    }
    return false;
}

/* As libcurl takes it: a relative HOME, too. */
static char *own_file(void)
{
    const char *home = getenv("HOME");
    return home && home[0] ? paths_join(home, ".netrc") : paths_expand("~/.netrc", NULL);
}

bool netrc_has(const char *path, const char *host)
{
    AUTO_SECRET content = NULL;
    AUTO_STRING own = path ? NULL : own_file();
    int saved_errno = errno;
    bool has = false;
    if (!path)
        path = own;
    enum file_state state =
        path ? file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_ANY, &content, NULL, NULL)
             : FILE_ABSENT;
    if (state == FILE_OK)
        has = netrc_text_has(secret_bytes(content), secret_length(content), host);
    else if (state == FILE_UNUSABLE)
        has = faccessat(AT_FDCWD, path, R_OK, AT_EACCESS) == 0;
    errno = saved_errno;
    return has;
}
