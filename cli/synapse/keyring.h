/* keyring - the operating system's keyring, through the program that alone links it, and
   `~/.synapseSession`, which names the user it is asked for. Both as the Python client has them. */
#ifndef SYNAUTH_CLI_KEYRING_H
#define SYNAUTH_CLI_KEYRING_H

#include "base/secret.h"
#include <stdbool.h>

#define KEYRING_TOKEN "SYNAPSE.ORG_CLIENT_AUTH_TOKEN"
#define KEYRING_APIKEY "SYNAPSE.ORG_CLIENT"

/* Is the program there (it can be left out of a build)? */
bool keyring_is_there(void);
/* Replaces whatever the keyring has of this user by the token, and notes the user in
   ~/.synapseSession. EXIT_YES, or the exit status after saying why not. */
int keyring_remember(const char *user, const struct secret *token);
/* Takes both items of the user out, and the note. *ret_removed: was there anything? */
int keyring_forget(const char *user, bool *ret_removed);
/* The user that ~/.synapseSession names: a heap string, NULL when there is none. */
char *keyring_user(void);

#endif
