/* resolver - opens the resolver, once, when the first transfer of the process begins. */
#ifndef SYNAUTH_RESOLVER_H
#define SYNAUTH_RESOLVER_H

#include "hook_api.h"

/* The resolver's interface, or NULL: nothing is to be done in this process (disabled, secure
   execution, no resolver, no usable configuration; said once where it is a failure). Keeps errno.
 */
const struct hook_api *resolver_get(void);

/* SYNAUTH_DISABLE is set, or the process is in secure-execution mode. */
bool resolver_switched_off(void);

#endif
