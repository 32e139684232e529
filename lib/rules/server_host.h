/* server_host - a server's address as people write it, made the host[:port] of CAVE file names. */
#ifndef SYNAUTH_SERVER_HOST_H
#define SYNAUTH_SERVER_HOST_H

#include "rules/origin.h"

#define SERVER_HOST_MAX (ORIGIN_HOST_MAX + 16)

/* Scheme, path and trailing slash may be there or not; the host comes out in lower case, the port
   only if it is written and not 443. User info, a dot at the end and empty parts are errors. */
SYNAUTH_MUST_USE int server_host(const char *address, char ret[SERVER_HOST_MAX],
                                 synauth_error *error);

#endif
