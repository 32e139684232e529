/* env - the environment as the resolver sees it: empty means unset, and changes are noticed. */
#ifndef SYNAUTH_ENV_H
#define SYNAUTH_ENV_H

#include "base/env_stamp.h"
#include "base/secret.h"
#include <stdbool.h>

/* NULL when unset or empty. The text belongs to the environment: copy it soon. */
const char *env_get(const char *name);
/* SYNAUTH_DISABLE is set to anything but empty and "0". */
bool env_disabled(void);
/* This process is one of our helpers, or was started by one: the variable that says so. */
#define ENV_HELPER "SYNAUTH_HELPER"
bool env_in_helper(void);
/* Every variable that decides about a token, `extra` (may be NULL) included, in one block to
   compare with another. NULL when memory runs out. */
struct secret *env_copy(const char *extra);

#endif
