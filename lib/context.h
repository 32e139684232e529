/* context - the configuration behind the public API. */
#ifndef SYNAUTH_CONTEXT_H
#define SYNAUTH_CONTEXT_H

#include "config.h"

struct synauth_context {
    struct config *config;
};

#endif
