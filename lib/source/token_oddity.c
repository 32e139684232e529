/* token_oddity - what a token that is used all the same looks like, when it hardly is one. */
#include "source/token_oddity.h"

#include "base/ascii.h"
#include "source/token.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* What documentation writes in the place of a token; letters and digits only, in lower case. */
static const char *const documentation_words[] = {
    "yourtokenhere", "yourtoken",       "yourauthtoken", "yourapitoken", "yourpersonalaccesstoken",
    "yourpat",       "mytoken",         "myauthtoken",   "authtoken",    "accesstoken",
    "tokenhere",     "inserttokenhere", "changeme",      "replaceme",    "personalaccesstoken",
    "placeholder"};

/* b64token = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"=" */
static bool is_b64token(const char *text)
{
    const char *at = text;
    while (ascii_is_alnum(*at) || (*at && strchr("-._~+/", *at)))
        at++;
    return at > text && at[strspn(at, "=")] == '\0';
}

static bool begins_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static bool is_documentation(const char *text)
{
    char word[32];
    size_t used = 0;
    for (const char *at = text; *at; at++) {
        if (!ascii_is_alnum(*at))
            continue;
        if (used + 1 == sizeof word)
            return false;
        word[used++] = ascii_lower(*at);
    }
    word[used] = '\0';
    if (used > 3 && strspn(word, "x") == used)
        return true;
    for (size_t i = 0; i < sizeof documentation_words / sizeof *documentation_words; i++)
        if (strcmp(word, documentation_words[i]) == 0)
            return true;
    return false;
}

/* NAME=VALUE. The end of base64 is no value. */
static bool is_assignment(const char *text)
{
    size_t name = 0;
    while (ascii_is_alnum(text[name]) || text[name] == '_')
        name++;
    return name > 0 && text[name] == '=' && text[name + 1] != '\0' && text[name + 1] != '=';
}

/* A token in base64 may begin with a slash and hold others, but no dot, and hardly without a
   capital letter. */
static bool is_path(const char *text)
{
    if (begins_with(text, "~/") || begins_with(text, "./") || begins_with(text, "../"))
        return true;
    if (text[0] != '/' || !strpbrk(text + 1, "/."))
        return false;
    return strchr(text, '.') ||
           text[strspn(text, "/abcdefghijklmnopqrstuvwxyz0123456789_-")] == '\0';
}

static const char *appearance(const char *text)
{
    if (begins_with(text, "${") || begins_with(text, "$(") || begins_with(text, "%{") ||
        begins_with(text, "{{") || text[0] == '$')
        return "looks like a variable that was not replaced";
    if (text[strspn(text, "*")] == '\0')
        return "looks like one that was masked with stars";
    if (text[0] == '{' || text[0] == '[')
        return "looks like JSON: give the token alone, or a secrets file";
    if (is_path(text))
        return "looks like a path: a variable that ends with _FILE takes one";
    if (is_assignment(text))
        return "looks like NAME=VALUE: leave out the name";
    if (is_documentation(text))
        return "looks like a word from documentation, in the place of a token";
    if (!is_b64token(text))
        return "holds characters that are in no token (RFC 6750)";
    return NULL;
}

bool token_oddity(const struct secret *token, int64_t now, char buffer[TOKEN_ODDITY_MAX])
{
    const char *why = appearance(secret_bytes(token));
    int64_t expires = token_expires(token);
    time_t when = (time_t)expires;
    struct tm utc;
    if (why) {
        snprintf(buffer, TOKEN_ODDITY_MAX, "%s", why);
        return true;
    }
    if (expires == 0 || expires > now || !gmtime_r(&when, &utc))
        return false;
    snprintf(buffer, TOKEN_ODDITY_MAX, "has expired, at %04d-%02d-%02d %02d:%02d UTC",
             utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min);
    return true;
}
