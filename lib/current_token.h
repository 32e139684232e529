/* current_token - the token that a context's CAVE client has switched to after saving it. */
#ifndef SYNAUTH_CAVE_CURRENT_TOKEN_H
#define SYNAUTH_CAVE_CURRENT_TOKEN_H

#include "base/fork_lock.h"
#include "base/secret.h"
#include "rules/server_host.h"

struct cave_current { /* zeroed: none */
    struct fork_lock lock;
    char server[SERVER_HOST_MAX];
    struct secret *token;
};

void cave_current_set(struct cave_current *current, const char *server, struct secret *token);
/* A reference, or NULL when the client of this server has not switched. */
struct secret *cave_current_get(struct cave_current *current, const char *server);
/* Forgets it. */
void cave_current_clear(struct cave_current *current, const char *server);

#endif
