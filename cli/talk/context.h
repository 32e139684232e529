/* context - opening the resolver for a command, and releasing what it gave out. */
#ifndef SYNAUTH_CLI_CONTEXT_H
#define SYNAUTH_CLI_CONTEXT_H

#include "synauth.h"
#include <stdbool.h>

/* Reads the configuration: this file alone, or the usual chain when NULL. Says why on failure. */
synauth_context *context_open(const char *config_file);
/* The usual chain, for a command that tells what would happen: unless `online`, no slow source is
   asked (synauth_options.look_only). */
synauth_context *context_open_to_look(bool online);

/* How wide a column for the patterns of the rules is; a few very long ones may stick out. */
size_t context_match_width(const synauth_context *context);

void context_cleanup(synauth_context **context);
void result_cleanup(synauth_result **result);
#define AUTO_CONTEXT __attribute__((cleanup(context_cleanup))) synauth_context *
#define AUTO_RESULT __attribute__((cleanup(result_cleanup))) synauth_result *

#endif
