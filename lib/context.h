/* context - the configuration behind the public API. */
#ifndef SYNAUTH_CONTEXT_H
#define SYNAUTH_CONTEXT_H

#include "config/config.h"
#include "current_token.h"

struct synauth_context {
    struct config *config;
    struct cave_current cave;
};

#endif
