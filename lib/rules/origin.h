/* origin - scheme, host and port of a request (RFC 6454), and the patterns of `match`. */
#ifndef SYNAUTH_ORIGIN_H
#define SYNAUTH_ORIGIN_H

#include "synauth.h"
#include <stdbool.h>

#define ORIGIN_HOST_MAX 255

enum origin_scheme { ORIGIN_HTTPS, ORIGIN_HTTP }; /* wss counts as https, ws as http */

struct origin {
    enum origin_scheme scheme;
    unsigned port;                  /* 1..65535, the scheme's own when none is written */
    char host[ORIGIN_HOST_MAX + 1]; /* lower case ASCII; an IPv6 literal without brackets */
};

/* Splits a URL for the resolver's own API and the command line (the preload library asks libcurl
   instead). *ret_path (may be NULL) points into url. User info is an error: such a request
   authenticates itself. */
SYNAUTH_MUST_USE int origin_from_url(const char *url, struct origin *ret, const char **ret_path,
                                     synauth_error *error);
/* From parts that libcurl has parsed. false when no rule could ever match them (another scheme,
   a host with a trailing dot, non-ASCII or over 255 bytes). host may carry [brackets]. */
bool origin_from_parts(const char *scheme, const char *host, unsigned port, struct origin *ret);
/* "host" or "host:port" as CAVE file names use it: port only when it is not 443. */
void origin_host_port(const struct origin *origin, char *buffer, size_t size);

/* One pattern of a `match`. */
struct origin_pattern {
    enum origin_scheme scheme;
    bool any_port;
    bool below; /* "*.domain": any depth below, not the domain itself */
    unsigned port;
    char host[ORIGIN_HOST_MAX + 1]; /* without the "*." */
};
/* The error text names the remedy; file and line are left for the caller to set through them. */
SYNAUTH_MUST_USE int origin_pattern_parse(const char *text, struct origin_pattern *ret,
                                          const char *file, unsigned line, synauth_error *error);

#endif
