/* synapse_endpoint - which addresses the services of Synapse have, and whether a rule lets a token
   go there. */
#ifndef SYNAUTH_SERVICE_SYNAPSE_ENDPOINT_H
#define SYNAUTH_SERVICE_SYNAPSE_ENDPOINT_H

#include "synauth.h"

enum synapse_service { SYNAPSE_REPO, SYNAPSE_AUTH };

/* `[endpoints]` of the `.synapseConfig` in use (or config_path, when not NULL), else production. A
   file that cannot be read or parsed names none. *ret is a heap string without a slash at its end.
   SYNAUTH_E_CONFIG: no synapse rule names the host; the text holds the rule to add.
   SYNAUTH_E_ARGUMENT: no https address. */
SYNAUTH_MUST_USE int synapse_endpoint(const synauth_context *context, const char *config_path,
                                      enum synapse_service service, char **ret,
                                      synauth_error *error);

#endif
