/* loopback - what leads to this machine and nowhere else. libc only: preload/ contains it too. */
#ifndef SYNAUTH_LOOPBACK_H
#define SYNAUTH_LOOPBACK_H

#include <stdbool.h>

/* A peer's address as libcurl reports it: of 127.0.0.0/8 (also as ::ffff:127.0.0.1), or ::1. The
   whole text must be it: for a unix socket libcurl reports the path. NULL is none. */
bool loopback_has_address(const char *address);

/* The host of a URL, IPv6 with or without brackets: such an address, or localhost in any case. By
   the name alone, so 127.evil.example is anybody's. */
bool loopback_has_host(const char *host);

#endif
