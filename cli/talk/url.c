/* url - a URL as a person types it, and as it may be shown. */
#include "talk/url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static size_t scheme_length(const char *text)
{
    size_t length = strcspn(text, ":/?#");
    return strncmp(text + length, "://", 3) == 0 ? length + 3 : 0;
}

char *url_complete(const char *text)
{
    if (scheme_length(text) > 0)
        return strdup(text);
    char *url = NULL;
    return asprintf(&url, "https://%s", text) < 0 ? NULL : url;
}

bool url_remove_user(char *url)
{
    char *authority = url + scheme_length(url);
    size_t length = strcspn(authority, "/\\?#");
    const char *at = memrchr(authority, '@', length);
    if (!at)
        return false;
    size_t kept = strlen(at + 1), removed = (size_t)(at + 1 - authority);
    memmove(authority, at + 1, kept);
    explicit_bzero(authority + kept, removed);
    return true;
}

char *url_without_query(const char *url)
{
    size_t length = strcspn(url, "?#");
    char *shown = NULL;
    const char *rest = url[length] == '?' ? "?..." : "";
    return asprintf(&shown, "%.*s%s", (int)length, url, rest) < 0 ? NULL : shown;
}

char *url_for_match(const char *match)
{
    size_t scheme = scheme_length(match);
    const char *host = match + scheme;
    size_t length = strlen(host);
    if (length > 2 && strcmp(host + length - 2, ":*") == 0)
        length -= 2;
    char *url = NULL;
    /* Any name below the domain stands for all of them. */
    const char *below = strncmp(host, "*.", 2) == 0 ? "any" : "";
    if (*below) {
        host++;
        length--;
    }
    int made = asprintf(&url, "%.*s%s%.*s/", scheme ? (int)scheme : 8, scheme ? match : "https://",
                        below, (int)length, host);
    return made < 0 ? NULL : url;
}
