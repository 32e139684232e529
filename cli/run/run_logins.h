/* run_logins - the password logins that rules ask for, made by `synauth run` before its program. */
#ifndef SYNAUTH_CLI_RUN_LOGINS_H
#define SYNAUTH_CLI_RUN_LOGINS_H

#include "synauth.h"
#include <stdbool.h>

/* Leaves their sessions for the program and its children. False after saying why one failed.
   Immediate when no rule needs one. */
bool run_logins(synauth_context *context, bool strict);

#endif
