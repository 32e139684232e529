/* fuzz_origin - lib/rules/origin.c against libcurl's own URL parser: where a rule says "send",
   libcurl would go to that very origin. The input is a `match`, a newline, a URL; a URL alone is
   matched with the rule that names what we read in it. */
#include "../support/pattern_model.h"
#include "base/ascii.h"
#include "fuzz.h"
#include "rules/origin.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

/* What libcurl reads in a URL. */
struct place {
    bool cleartext;
    unsigned port;
    char host[1024]; /* an IPv6 address without brackets */
};

static const char *const cleartext_schemes[] = {"http", "ws"}, *const tls_schemes[] = {"https",
                                                                                       "wss"};

static char *part(CURLU *url, CURLUPart which)
{
    char *text = NULL;
    return curl_url_get(url, which, &text, 0) == CURLUE_OK ? text : NULL;
}

static bool is_scheme(const char *scheme, const char *const names[2])
{
    return ascii_equal(scheme, names[0]) || ascii_equal(scheme, names[1]);
}

static void copy_host(const char *host, char *to, size_t size)
{
    size_t length = strlen(host);
    bool bracketed = length > 2 && host[0] == '[' && host[length - 1] == ']';
    snprintf(to, size, "%.*s", (int)(length - 2 * bracketed), host + bracketed);
}

static bool take_parts(const char *scheme, const char *host, const char *port, struct place *ret)
{
    uint64_t number = 0;
    if (!scheme || !host || strlen(host) >= sizeof ret->host)
        return false;
    ret->cleartext = is_scheme(scheme, cleartext_schemes);
    if (!ret->cleartext && !is_scheme(scheme, tls_schemes))
        return false;
    if (port && !ascii_read_number(port, 65535, &number))
        return false;
    ret->port = port ? (unsigned)number : ret->cleartext ? 80 : 443;
    copy_host(host, ret->host, sizeof ret->host);
    return true;
}

static bool read_by_curl(const char *text, unsigned flags, struct place *ret)
{
    CURLU *url = curl_url();
    must(url != NULL);
    bool read = curl_url_set(url, CURLUPART_URL, text, flags) == CURLUE_OK;
    char *scheme = read ? part(url, CURLUPART_SCHEME) : NULL;
    char *host = read ? part(url, CURLUPART_HOST) : NULL;
    char *port = read ? part(url, CURLUPART_PORT) : NULL;
    read = take_parts(scheme, host, port, ret);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(url);
    return read;
}

static bool is_same_host(const char *left, const char *right)
{
    struct in6_addr a, b;
    if (inet_pton(AF_INET6, left, &a) == 1 && inet_pton(AF_INET6, right, &b) == 1)
        return memcmp(&a, &b, sizeof a) == 0;
    return ascii_equal(left, right);
}

static bool is_below(const char *host, const char *domain)
{
    size_t length = strlen(host), suffix = strlen(domain);
    return length > suffix + 1 && host[length - suffix - 1] == '.' &&
           ascii_equal(host + length - suffix, domain);
}

/* The `match` as its documentation reads, with libcurl as the one who reads host and port. True
   where libcurl cannot read it: the other comparison must do. */
static bool is_meant_by(const char *match, const struct place *place)
{
    char text[1024];
    struct place meant;
    const char *separator = strstr(match, "://"), *host = separator ? separator + 3 : match;
    bool below = strncmp(host, "*.", 2) == 0;
    size_t length = strlen(match);
    bool any_port = length > 2 && strcmp(match + length - 2, ":*") == 0;
    snprintf(text, sizeof text, "%.*s%s", separator ? (int)(host - match) : 8,
             separator ? match : "https://", host + 2 * below);
    text[strlen(text) - 2 * any_port] = '\0';
    if (length >= sizeof text - 8 || !read_by_curl(text, CURLU_NON_SUPPORT_SCHEME, &meant))
        return true;
    return meant.cleartext == place->cleartext && (any_port || meant.port == place->port) &&
           (below ? is_below(place->host, meant.host) : is_same_host(meant.host, place->host));
}

/* Our reading of the URL, judged by the rule: then libcurl must go there, if it goes at all. */
static void check_sent(const char *match, const char *url, const struct origin *origin)
{
    static const unsigned flags[] = {0, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME};
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        struct place place;
        if (!read_by_curl(url, flags[i], &place))
            continue;
        must(place.cleartext == (origin->scheme == ORIGIN_HTTP) && place.port == origin->port);
        must(is_same_host(place.host, origin->host));
        must(is_meant_by(match, &place));
    }
}

static void check_rule(const char *match, const char *url, const struct origin *origin)
{
    struct origin_pattern pattern;
    if (origin_pattern_parse(match, &pattern, "f", 1, NULL) == SYNAUTH_OK &&
        pattern_matches(&pattern, origin))
        check_sent(match, url, origin);
}

/* The way of the hooks: libcurl has split the URL already. */
static void check_parts(const char *match, const char *url)
{
    struct place place;
    struct origin origin;
    struct origin_pattern pattern;
    if (!read_by_curl(url, CURLU_GUESS_SCHEME | CURLU_NON_SUPPORT_SCHEME, &place) ||
        !origin_from_parts(place.cleartext ? "http" : "https", place.host, place.port, &origin))
        return;
    if (origin_pattern_parse(match, &pattern, "f", 1, NULL) == SYNAUTH_OK &&
        pattern_matches(&pattern, &origin))
        must(is_same_host(place.host, origin.host) && is_meant_by(match, &place));
}

static void check(const char *match, const char *url)
{
    char own[ORIGIN_HOST_MAX + 32];
    struct origin origin;
    check_parts(match, url);
    if (origin_from_url(url, &origin, NULL, NULL) != SYNAUTH_OK)
        return;
    bool bracket = strchr(origin.host, ':') != NULL;
    snprintf(own, sizeof own, "%s://%s%s%s:%u", origin.scheme == ORIGIN_HTTP ? "http" : "https",
             bracket ? "[" : "", origin.host, bracket ? "]" : "", origin.port);
    check_rule(own, url, &origin);
    check_rule(match, url, &origin);
    check_parts(own, url);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    must(text != NULL);
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    char *newline = strchr(text, '\n');
    if (newline)
        *newline = '\0';
    check(newline ? text : "*.example.org", newline ? newline + 1 : text);
    free(text);
    return 0;
}
