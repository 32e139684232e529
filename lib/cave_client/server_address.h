/* server_address - the address of a CAVE server as its URLs begin. */
#ifndef SYNAUTH_CAVE_SERVER_ADDRESS_H
#define SYNAUTH_CAVE_SERVER_ADDRESS_H

#include "synauth.h"

/* "https://host[:port]" of an address with or without scheme, path and trailing slash; NULL is the
   default server. http is kept for loopback addresses and an error for others. Heap string. */
SYNAUTH_MUST_USE int cave_server_base(const char *address, char **ret, synauth_error *error);

#endif
