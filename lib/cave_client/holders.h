/* holders - the secrets files that hold one of some tokens under a key. */
#ifndef SYNAUTH_CAVE_HOLDERS_H
#define SYNAUTH_CAVE_HOLDERS_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>

/* The wanted tokens; references. */
struct cave_tokens {
    struct secret **items;
    size_t count;
};
bool cave_tokens_add(struct cave_tokens *tokens, struct secret *token);
void cave_tokens_clear(struct cave_tokens *tokens);

/* Is the value of `key` in this text one of them? Broken texts hold none. */
bool cave_holds(const struct secret *content, const char *key, const struct cave_tokens *tokens);

struct cave_holders {
    const char *directory, *key;
    const struct cave_tokens *tokens;
    /* Called for each holder; host (host[:port]) is NULL for the files of every server. Ends the
       search with what is not SYNAUTH_OK. */
    int (*found)(void *data, const char *path, const char *host);
    void *data;
};
/* What cannot be read may hold one all the same: *unread (first wins) says so. */
SYNAUTH_MUST_USE int cave_find_holders(const struct cave_holders *query, synauth_error *unread,
                                       synauth_error *error);

#endif
