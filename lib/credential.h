/* credential - the header for a request, remembered for the whole process: by rule and, where it
   matters, host. Looked at again when the environment changed, once a second when a file might
   have, and after a 401. */
#ifndef SYNAUTH_CREDENTIAL_H
#define SYNAUTH_CREDENTIAL_H

#include "config/config.h"
#include "hook_types.h"
#include <stdint.h>

/* See hook_api.credential. `config` must live as long as the process. */
const struct hook_credential *credential_get(const struct config *config, const struct rule *rule,
                                             const struct origin *origin, uint64_t environment,
                                             const struct hook_credential *held,
                                             enum hook_outcome *ret_outcome);
/* See hook_api.sign. */
bool credential_sign(const struct hook_credential *credential, const char *url,
                     struct hook_signature *ret);
/* NULL is fine. */
void credential_release(const struct hook_credential *credential);
/* The server did not accept it: the next request reads the sources again. A value that has just
   been read again is kept for a second. */
void credential_drop(const struct hook_credential *credential);
/* Forgets what is remembered (tests; a caller may still hold its own). */
void credential_forget_all(void);

#endif
