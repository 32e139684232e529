/* deps - the functions we take from libconfig, cJSON and nettle, bound to those libraries
   themselves: a host program that exports functions of the same names cannot capture our calls.
   Nothing else in the resolver may call these libraries directly. */
#ifndef SYNAUTH_DEPS_H
#define SYNAUTH_DEPS_H

#include "synauth.h"
#include <cjson/cJSON.h>
#include <libconfig.h>
#include <nettle/base64.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include <stdbool.h>

struct deps {
    /* One member per function, named and typed as in its header:
       __typeof__(&config_init) config_init; */
#define DEP(name) __typeof__(&name) name;
#define DEP_LIBCONFIG DEP
#include "foreign/deps.def"
#undef DEP_LIBCONFIG
#undef DEP
};

/* The bound functions; NULL when a library is missing, or when its inner calls are captured by
   another owner of those names: *error (may be NULL) says which. Bound once, thread-safe. */
const struct deps *deps_get(synauth_error *error);

#endif
