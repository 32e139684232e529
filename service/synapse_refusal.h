/* synapse_refusal - what an answer of Synapse that is not the hoped-for one means, in a sentence.
 */
#ifndef SYNAUTH_SERVICE_SYNAPSE_REFUSAL_H
#define SYNAUTH_SERVICE_SYNAPSE_REFUSAL_H

#include "http.h"

/* For any status but success. Returns SYNAUTH_E_UNUSABLE when token or password are refused,
   SYNAUTH_E_NETWORK when it may be different later. */
int synapse_refusal(const struct http_answer *answer, const char *endpoint, synauth_error *error);
/* For an account with two-factor authentication when there is nobody to ask for the code. */
int synapse_refusal_two_factor(synauth_error *error);

#endif
