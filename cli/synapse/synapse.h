/* synapse - the verbs of `synauth synapse` that have a file of their own. */
#ifndef SYNAUTH_CLI_SYNAPSE_H
#define SYNAUTH_CLI_SYNAPSE_H

#include "synauth_service.h"
#include "talk/command.h"

extern const struct command synapse_login, synapse_logout, synapse_whoami;

/* "alice (3324230)" on a stream's line of its own is built from these; heap string, NULL when
   out of memory. */
char *synapse_account_text(const synauth_synapse_account *account);
/* "2026-01-02 03:04:05 UTC". */
void synapse_time_text(int64_t seconds, char *buffer, size_t size);

void account_cleanup(synauth_synapse_account **account);
#define AUTO_ACCOUNT __attribute__((cleanup(account_cleanup))) synauth_synapse_account *

#endif
