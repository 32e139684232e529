/* env - the environment as the resolver sees it: empty means unset, and changes are noticed. */
#ifndef SYNAUTH_ENV_H
#define SYNAUTH_ENV_H

#include "secret.h"
#include <stdbool.h>
#include <stdint.h>

/* NULL when unset or empty. The text belongs to the environment: copy it soon. */
const char *env_get(const char *name);
/* SYNAUTH_DISABLE is set to anything but empty and "0". */
bool env_disabled(void);
/* A number that changes when a variable is set, replaced or removed. Cheap enough to be asked at
   every request; a value overwritten in place (putenv) is only seen by env_copy. */
uint64_t env_stamp(void);
/* Every variable that decides about a token, `extra` (may be NULL) included, in one block to
   compare with another. NULL when memory is short. */
struct secret *env_copy(const char *extra);

#endif
