/* login - sessions: what `synauth synapse login` has left, and the login that a user name and a
   password in `.synapseConfig` ask for. The library itself never connects: synauth-helper does. */
#ifndef SYNAUTH_SYNAPSE_LOGIN_H
#define SYNAUTH_SYNAPSE_LOGIN_H

#include "helper/helper_use.h"
#include "source/answer.h"

#include <sys/stat.h>

struct synapse_login {
    const char *config_file; /* absolute; its [endpoints] count; NULL = there is none */
    const char *endpoint;    /* of the auth service */
    const char *profile;     /* NULL = none */
    enum helper_use helper;
    const struct stat *file; /* that holds the password, as it was read */
};

/* The session of the latest `synauth synapse login` for the profile. Returns whether the chain
   ends. */
bool synapse_session_ask(struct answer *answer, const struct synapse_login *login);
/* The session of this user, else a login. `place` is where the password is. Ends the chain. */
bool synapse_login_ask(struct answer *answer, const struct place *place,
                       const struct synapse_login *login, const struct secret *user,
                       const struct secret *password);

#endif
