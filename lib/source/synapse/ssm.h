/* ssm - a token in the AWS Systems Manager parameter store, read by the `aws` command line. */
#ifndef SYNAUTH_SYNAPSE_SSM_H
#define SYNAUTH_SYNAPSE_SSM_H

#include "helper/helper_use.h"
#include "source/answer.h"

/* Asks for the parameter that SYNAPSE_TOKEN_AWS_SSM_PARAMETER_NAME names; nothing is tried when it
   names none. Returns whether the chain ends. */
bool synapse_ssm_ask(struct answer *answer, enum helper_use helper);

#endif
