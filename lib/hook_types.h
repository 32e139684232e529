/* hook_types - what the preload library and the resolver hand to each other. Private to both. */
#ifndef SYNAUTH_HOOK_TYPES_H
#define SYNAUTH_HOOK_TYPES_H

#include "rules/origin.h"
#include <stdbool.h>
#include <stddef.h>

struct rule;

/* What a matching rule means for one request, in the preload library's terms. */
struct hook_rule {
    const struct rule *rule; /* opaque there */
    bool is_cave;
    bool broken; /* matches, sends nothing; the resolver has said why */
    bool on_missing_fail;
    bool allow_unverified_tls;
    bool allow_cleartext;
    char match[96]; /* for messages; cut when longer */
};

/* A header that may be used now. Refcounted by the resolver; the text stays valid and unchanged
   while it is held. */
struct hook_credential {
    const char *header; /* "Authorization: Bearer ..."; NULL when requests are signed instead */
    size_t header_length;
    bool signs; /* every request gets headers of its own: hook_api.sign */
};

/* Synapse's old way: three header lines, good for one path and some minutes. libcurl forwards them
   to any host, so they may be on a handle during one request only. */
#define HOOK_SIGNATURE_LINES 3
struct hook_signature {
    char lines[HOOK_SIGNATURE_LINES][288];
};

enum hook_outcome {
    HOOK_HEADER,  /* a credential was returned */
    HOOK_MISSING, /* no usable token: on_missing decides; one warning has been logged */
};

#endif
