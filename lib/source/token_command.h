/* token_command - a program of the user's that prints the token: pass, op, vault,
   gcloud. Run by synauth-helper, without a shell. */
#ifndef SYNAUTH_TOKEN_COMMAND_H
#define SYNAUTH_TOKEN_COMMAND_H

#include "helper/helper_use.h"
#include "source/answer.h"

/* Asks the command (NULL-terminated argument list, not empty). helper: may a process be started?
   Returns whether the chain ends. */
bool token_command_ask(struct answer *answer, const char *const *command, enum helper_use helper);

#endif
