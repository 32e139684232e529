/* authority - the scheme, host and port of a URL as libcurl itself parses it. */
#include "remember/authority.h"
#include "base/ascii.h"
#include "ground/kept.h"
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Remembered ones are never freed, so their number is limited; a program that talks to more hosts
   than this has later ones parsed anew. */
#define SHARED_MAX 256u
static const struct authority *_Atomic shared[SHARED_MAX];

size_t authority_text_length(const char *url)
{
    const char *start = strstr(url, "://");
    return start ? (size_t)(start - url) + 3 + strcspn(start + 3, "/?#") : 0;
}

bool authority_text_has_user(const char *url)
{
    const char *colon = strchr(url, ':');

    if (colon && colon[1] == '/')
        url = colon + 1;
    url += strspn(url, "/");
    return memchr(url, '@', strcspn(url, "/?#")) != NULL;
}

/* Only plain text is remembered: behind '@', '%' or '\' one text can mean different hosts to
   different parsers, so libcurl is asked every time. */
static bool is_plain(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (text[i] == '@' || text[i] == '%' || text[i] == '\\' || (unsigned char)text[i] >= 0x80)
            return false;
    return length > 0 && length < AUTHORITY_TEXT_MAX;
}

static bool is_text(const struct authority *authority, const char *text, size_t length, long port)
{
    return authority->text_length == length && authority->port_override == port &&
           memcmp(authority->text, text, length) == 0;
}

/* The same of a whole URL. */
static bool begins_with(const char *url, const struct authority *authority, long port)
{
    size_t length = authority->text_length;
    char end;

    if (authority->port_override != port || strncmp(url, authority->text, length) != 0)
        return false;
    end = url[length];
    return end == '\0' || end == '/' || end == '?' || end == '#';
}

static uint32_t hash_text(const char *text, size_t length)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    return hash;
}

static const struct authority *shared_find(const char *text, size_t length, long port)
{
    uint32_t slot = hash_text(text, length);
    for (unsigned i = 0; i < SHARED_MAX; i++) {
        const struct authority *authority =
            atomic_load_explicit(&shared[(slot + i) % SHARED_MAX], memory_order_acquire);
        if (!authority)
            return NULL;
        if (is_text(authority, text, length, port))
            return authority;
    }
    return NULL;
}

static void shared_add(struct authority *authority)
{
    uint32_t slot = hash_text(authority->text, authority->text_length);

    authority->shared = true;
    for (unsigned i = 0; i < SHARED_MAX; i++) {
        const struct authority *empty = NULL;
        if (atomic_compare_exchange_strong(&shared[(slot + i) % SHARED_MAX], &empty, authority))
            return;
    }
    authority->shared = false;
}

/* 0: no port. */
static unsigned read_port(const char *text)
{
    uint64_t port;
    return ascii_read_number(text, 65535, &port) ? (unsigned)port : 0;
}

/* The origin with CURLOPT_PORT in the place of the URL's port. */
static bool make_origin(struct authority *ret, const struct hook_api *resolver, const char *scheme,
                        const char *host, unsigned port)
{
    if (ret->port_override)
        port = ret->port_override > 0 && ret->port_override <= 65535 ? (unsigned)ret->port_override
                                                                     : 0;
    return port > 0 && resolver->origin(scheme, host, port, &ret->origin);
}

/* One part of a URL through libcurl's own parser; NULL when absent. Free with curl->free. */
static char *url_part(const struct binding *curl, CURLU *parsed, CURLUPart part, unsigned flags)
{
    char *text = NULL;
    return curl->url_get(parsed, part, &text, flags) == CURLUE_OK ? text : NULL;
}

static bool parse_parts(struct authority *ret, const struct hook_api *resolver,
                        const struct binding *curl, CURLU *parsed)
{
    char *scheme = url_part(curl, parsed, CURLUPART_SCHEME, 0);
    char *host = url_part(curl, parsed, CURLUPART_HOST, 0);
    char *port = url_part(curl, parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT);
    char *user = url_part(curl, parsed, CURLUPART_USER, 0);
    char *password = url_part(curl, parsed, CURLUPART_PASSWORD, 0);
    bool complete = scheme && host && port;

    if (complete) {
        ret->user = user || password;
        ret->matchable = make_origin(ret, resolver, scheme, host, read_port(port));
    }
    curl->free(scheme);
    curl->free(host);
    curl->free(port);
    curl->free(user);
    curl->free(password);
    return complete;
}

static bool parse(struct authority *ret, const struct hook_api *resolver, const char *url,
                  const struct binding *curl)
{
    CURLU *parsed = curl->url ? curl->url() : NULL;
    bool known = false;

    if (!parsed)
        return false;
    /* A scheme that this libcurl cannot speak is no failure: it is not ours to judge. */
    if (curl->url_set(parsed, CURLUPART_URL, url, CURLU_NON_SUPPORT_SCHEME) == CURLUE_OK)
        known = parse_parts(ret, resolver, curl, parsed);
    curl->url_cleanup(parsed);
    return known;
}

/* libcurl 7.58 to 7.61 has no parser to ask: only a URL that no parser could read differently is
   understood, "https://" and a host name of letters, digits, dots and hyphens. */
static bool parse_strictly(struct authority *ret, const struct hook_api *resolver, const char *url)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char name[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
    char host[ORIGIN_HOST_MAX + 1];
    unsigned port = 443;
    size_t length;

    if (strncmp(url, "https://", 8) != 0)
        return false;
    url += 8;
    length = strspn(url, name);
    if (!length || length > ORIGIN_HOST_MAX || !strchr(letters, url[length - 1]))
        return false; /* a last label with a digit might be a number to somebody */
    memcpy(host, url, length);
    host[length] = '\0';
    url += length;
    if (*url == ':') {
        size_t digits = strspn(url + 1, "0123456789");
        if (!digits || digits > 5)
            return false;
        port = read_port(url + 1);
        url += 1 + digits;
    }
    if (*url && !strchr("/?#", *url))
        return false;
    ret->matchable = make_origin(ret, resolver, "https", host, port);
    return true;
}

const struct authority *authority_of(const char *url, long port_override,
                                     const struct authority *last, const struct binding *curl,
                                     const struct hook_api *resolver)
{
    const struct authority *known;
    struct authority *fresh;
    size_t length;
    bool plain, parsed;

    if (last && last->shared && begins_with(url, last, port_override))
        return last;
    length = authority_text_length(url);
    if (!length)
        return NULL;
    plain = is_plain(url, length);
    known = plain ? shared_find(url, length, port_override) : NULL;
    if (known)
        return known;
    fresh = plain ? kept_alloc(sizeof(*fresh)) : malloc(sizeof(*fresh));
    if (!fresh)
        return NULL;
    *fresh = (struct authority){.port_override = port_override};
    parsed = curl->url ? parse(fresh, resolver, url, curl) : parse_strictly(fresh, resolver, url);
    if (!parsed) {
        kept_free(fresh);
        return NULL;
    }
    fresh->matched = fresh->matchable && resolver->match(&fresh->origin, &fresh->rule);
    if (plain) {
        memcpy(fresh->text, url, length);
        fresh->text_length = length;
        shared_add(fresh);
    }
    return fresh;
}

void authority_release(const struct authority *authority)
{
    if (authority && !authority->shared)
        kept_free((void *)(uintptr_t)authority);
}

void authority_release_other(const struct authority *authority, const struct authority *kept)
{
    if (authority != kept)
        authority_release(authority);
}

bool authority_has_port(const struct authority *authority, int port)
{
    return authority->matchable && (int)authority->origin.port == port;
}

bool authority_is_of(const struct authority *authority, const char *url)
{
    return authority->text_length && begins_with(url, authority, authority->port_override);
}

bool authority_same_origin(const struct authority *a, const struct authority *b)
{
    return a->matchable && b->matchable && a->origin.scheme == b->origin.scheme &&
           a->origin.port == b->origin.port && strcmp(a->origin.host, b->origin.host) == 0;
}
