/* deployment - which auth server a host takes its tokens from, by the rules. */
#ifndef SYNAUTH_CAVE_DEPLOYMENT_H
#define SYNAUTH_CAVE_DEPLOYMENT_H

#include "config/config.h"

/* The auth server (host[:port]) whose secrets files the rule for https://host[:port] reads, perhaps
   the host itself. NULL: no rule reads the usual secrets files for it. */
const char *cave_auth_server_of(const struct config *config, const char *host);

#endif
