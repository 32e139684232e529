/* authority - the scheme, host and port of a URL as libcurl itself parses it, and the rule that
   matches: looked up by the exact text, so that a kept-alive request costs a comparison. */
#ifndef SYNAUTH_AUTHORITY_H
#define SYNAUTH_AUTHORITY_H

#include "bind/binding.h"
#include "hook_api.h"

#define AUTHORITY_TEXT_MAX 100

struct authority {
    char text[AUTHORITY_TEXT_MAX]; /* "scheme://authority" as libcurl reported it */
    size_t text_length;            /* 0: too long or unusual to be remembered */
    long port_override;            /* CURLOPT_PORT, else 0 */
    bool shared;                   /* lives as long as the process */
    bool user;                     /* the URL carries user info */
    bool matchable;                /* a rule could match such an origin at all */
    bool matched;
    struct origin origin;  /* when matchable */
    struct hook_rule rule; /* when matched */
};

/* The authority of `url`. `last` (may be NULL) is tried first. NULL when the URL cannot be parsed
   or out of memory: nothing is known, nothing is sent. Release with authority_release. */
const struct authority *authority_of(const char *url, long port_override,
                                     const struct authority *last, const struct binding *curl,
                                     const struct hook_api *resolver);
void authority_release(const struct authority *authority);
/* The same, unless it is `kept`. */
void authority_release_other(const struct authority *authority, const struct authority *kept);
bool authority_has_port(const struct authority *authority, int port);
/* Is that the authority of `url`, by its text? */
bool authority_is_of(const struct authority *authority, const char *url);
bool authority_same_origin(const struct authority *a, const struct authority *b);
/* User info in a URL as somebody wrote it: an '@' before the path, whatever the scheme and the
   number of slashes behind it (libcurl takes none to three). Newer versions drop the user from the
   URL that they report (8.23 does). */
bool authority_text_has_user(const char *url);
/* Length of "scheme://authority" at the start of url; 0 when there is no "://". */
size_t authority_text_length(const char *url);

#endif
