/* pattern_model - whether a pattern matches an origin, in the plainest words: what the index of
   rules is judged by. */
#ifndef SYNAUTH_TESTS_PATTERN_MODEL_H
#define SYNAUTH_TESTS_PATTERN_MODEL_H

#include "rules/origin.h"

#include <string.h>

static inline bool pattern_matches(const struct origin_pattern *pattern,
                                   const struct origin *origin)
{
    if (pattern->scheme != origin->scheme)
        return false;
    if (!pattern->any_port && pattern->port != origin->port)
        return false;
    if (!pattern->below)
        return strcmp(pattern->host, origin->host) == 0;
    size_t length = strlen(origin->host), suffix = strlen(pattern->host);
    return length > suffix + 1 && origin->host[length - suffix - 1] == '.' &&
           strcmp(origin->host + length - suffix, pattern->host) == 0;
}

#endif
