/* keyring - what an older Synapse client has left in the OS keyring (synapsePythonClient 2.7,
   core/credentials/cred_data.py): asked only when `~/.synapseSession` names a user, in
   synauth-helper-keyring, and never with a prompt.
 */
#ifndef SYNAUTH_SYNAPSE_KEYRING_H
#define SYNAUTH_SYNAPSE_KEYRING_H

#include "helper/helper_use.h"
#include "source/answer.h"

#define KEYRING_TOKEN_SERVICE "SYNAPSE.ORG_CLIENT_AUTH_TOKEN"
#define KEYRING_APIKEY_SERVICE "SYNAPSE.ORG_CLIENT"

/* Token first, then API key. A keyring that is locked, absent or slow is no end of the chain.
   Returns whether the chain ends. */
bool synapse_keyring_ask(struct answer *answer, enum helper_use helper);

#endif
