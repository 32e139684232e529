/* hook_api - what the preload library asks of the resolver. Private: both are built together; the
   interface number guards an upgrade under a running program. */
#ifndef SYNAUTH_HOOK_API_H
#define SYNAUTH_HOOK_API_H

#include "base/log_cause.h"
#include "hook_types.h"

#include <stdint.h>

#define SYNAUTH_HOOK_API_NUMBER 5u
#define SYNAUTH_HOOK_API_SYMBOL "synauth_hook_api"

struct hook_api {
    unsigned number; /* SYNAUTH_HOOK_API_NUMBER */
    size_t size;     /* sizeof(struct hook_api) */

    /* Reads the configuration once per process; logs mistakes once. false: stay inert (no rule at
       all, configuration unusable, SYNAUTH_DISABLE, captured dependency). Thread-safe. */
    bool (*start)(void);
    /* origin_from_parts: scheme, host and port as libcurl's parser gives them. */
    bool (*origin)(const char *scheme, const char *host, unsigned port, struct origin *ret);
    /* The first rule that matches. Thread-safe, lock-free, no allocation. */
    bool (*match)(const struct origin *origin, struct hook_rule *ret);
    /* The header for a request. `held` (may be NULL) is what this handle used last for the same
       rule and origin: it is returned unchanged while it is fresh (checked at most once a second,
       and when `environment`, the env_stamp of now, changed), else released. The caller owns one
       reference. */
    const struct hook_credential *(*credential)(const struct rule *rule,
                                                const struct origin *origin, uint64_t environment,
                                                const struct hook_credential *held,
                                                enum hook_outcome *ret_outcome);
    void (*release)(const struct hook_credential *credential);
    /* For a credential that signs: the lines for a request to `url` now. False when there is doubt
       about the path on the wire: then nothing may be sent. */
    bool (*sign)(const struct hook_credential *credential, const char *url,
                 struct hook_signature *ret);
    /* The server's answer to a request that carried `credential` (may be NULL: none was sent to a
       configured host): 401, 403, or a 302 to a path ending in /authorize (status 302). Drops the
       token after a 401 so that the next request re-reads it; one hint per process and host. */
    void (*rejected)(const struct rule *rule, const struct origin *origin,
                     const struct hook_credential *credential, long status);
    /* Does the netrc file (NULL = the user's own, as libcurl finds it) have the host or a
       `default` entry? An unreadable file has none. */
    bool (*netrc_has)(const char *path, const char *host);
    /* Might a cookie file of libcurl's hold a cookie of that name: in a `Set-Cookie:` line or, with
       `any_line`, in any? */
    bool (*cookie_file_has)(const char *path, const char *name, bool any_line);
    /* What was said already: the preload library goes on with the resolver's table. */
    struct log_causes *(*log_causes)(void);
};

/* Exported by libsynauth.so.1. `number` is what the preload library was built with; NULL on a
   mismatch. */
SYNAUTH_API const struct hook_api *synauth_hook_api(unsigned number);

#endif
