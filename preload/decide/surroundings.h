/* surroundings - what the environment says about our own behaviour, read again only when it has
   changed. */
#ifndef SYNAUTH_SURROUNDINGS_H
#define SYNAUTH_SURROUNDINGS_H

#include <stdbool.h>
#include <stdint.h>

struct surroundings {
    uint64_t stamp; /* env_stamp of now */
    bool debug;     /* SYNAUTH_LOG=debug */
    bool proxy;     /* a proxy for plain http */
};

/* Thread-safe, lock-free; a few instructions for each variable while nothing changes. */
struct surroundings surroundings_now(void);
/* Is there a proxy of the environment for whatever scheme? */
bool surroundings_proxy_for_anything(void);
/* May a proxy of the environment for plain http listen on that port? */
bool surroundings_proxy_port(unsigned port);

#endif
