/* current_token - the token that a context's CAVE client has switched to after saving it. */
#include "current_token.h"

#include <stdio.h>
#include <string.h>

enum { PATIENCE_MILLISECONDS = 1000 };

/* What a process was changing when it forked is not trusted in the child. */
static bool take(struct cave_current *current)
{
    switch (fork_lock_take(&current->lock, PATIENCE_MILLISECONDS)) {
    case FORK_LOCK_TAKEN:
        return true;
    case FORK_LOCK_INHERITED:
        current->token = NULL;
        return true;
    case FORK_LOCK_BUSY:
    default:
        return false;
    }
}

void cave_current_set(struct cave_current *current, const char *server, struct secret *token)
{
    if (!take(current))
        return;
    struct secret *previous = current->token;
    current->token = secret_ref(token);
    snprintf(current->server, sizeof current->server, "%s", server);
    fork_lock_drop(&current->lock);
    secret_unref(previous);
}

struct secret *cave_current_get(struct cave_current *current, const char *server)
{
    if (!take(current))
        return NULL;
    bool same = current->token && strcmp(current->server, server) == 0;
    struct secret *token = same ? secret_ref(current->token) : NULL;
    fork_lock_drop(&current->lock);
    return token;
}

void cave_current_clear(struct cave_current *current, const char *server)
{
    if (!take(current))
        return;
    bool same = current->token && strcmp(current->server, server) == 0;
    struct secret *previous = same ? current->token : NULL;
    if (same)
        current->token = NULL;
    fork_lock_drop(&current->lock);
    secret_unref(previous);
}
