/* context - the configuration behind the public API. */
#ifndef SYNAUTH_CONTEXT_H
#define SYNAUTH_CONTEXT_H

#include "cave/current_token.h"
#include "config.h"

struct synauth_context {
    struct config *config;
    struct cave_current cave;
};

#endif
