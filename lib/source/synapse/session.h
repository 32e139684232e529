/* session - the access tokens that password logins have brought, kept until shortly before they
   expire, so that a thousand processes do not log in a thousand times.

   They live in $SYNAUTH_SESSION_DIR, else $XDG_RUNTIME_DIR/synauth (0700, owner judged), one 0600
   file for each endpoint, user and profile, the name being a hash of the three; it holds the JSON
   object {"token", "exp", "endpoint", "user", "profile", "receipt"}. Without such a directory
   there are no sessions but those in memory. */
#ifndef SYNAUTH_SYNAPSE_SESSION_H
#define SYNAUTH_SYNAPSE_SESSION_H

#include "base/secret.h"
#include "synauth.h"
#include <stdbool.h>
#include <stdint.h>

#define SESSION_SECONDS (24 * 60 * 60) /* what the service gives a login's token */
#define SESSION_EARLY 60 /* seconds before `exp` from which a session counts as expired */

struct session_key {
    const char *endpoint; /* of the auth service, as "https://host/auth/v1" */
    const char *user;     /* name or e-mail as given at login; NULL or "" in a look-up and a save:
                             the one of the latest `synauth synapse login` */
    const char *profile;  /* NULL = none asked for */
};

struct session {
    struct secret *token;   /* NULL when only the receipt is left */
    struct secret *receipt; /* saves the next login from throttling; may be NULL */
    char *user;
    int64_t expires; /* seconds since 1970; 0 (in a save only): SESSION_SECONDS from now */
};

enum session_state {
    SESSION_FOUND,   /* *ret has a token that holds for SESSION_EARLY seconds at least */
    SESSION_ABSENT,  /* no directory, no file */
    SESSION_EXPIRED, /* *ret holds user and receipt, but no token */
    SESSION_REFUSED, /* *error says why the directory is not used */
    SESSION_UNUSABLE /* *error says why: a file of somebody else, open to others, that is damaged */
};

/* Fills *ret (session_free it) for FOUND and EXPIRED. */
enum session_state session_load(const struct session_key *key, struct session *ret,
                                synauth_error *error);
void session_free(struct session *session);
#define AUTO_SESSION __attribute__((cleanup(session_free))) struct session

/* Keeps others from logging in as the same user meanwhile: to be taken before a login, and the
   session looked for once more when it is held. Waits for at most a minute. *ret_lock is -1 when
   there is no session directory; session_unlock takes that too. */
SYNAUTH_MUST_USE int session_lock(const struct session_key *key, int *ret_lock,
                                  synauth_error *error);
void session_unlock(int lock);

/* Writes the session. *ret_path (may be NULL; heap string) is its file, or NULL when there is no
   session directory: that is no error. */
SYNAUTH_MUST_USE int session_save(const struct session_key *key, const struct session *session,
                                  char **ret_path, synauth_error *error);
/* *ret_path (may be NULL; heap string) is the file that is gone, or NULL when there was none. */
SYNAUTH_MUST_USE int session_remove(const struct session_key *key, char **ret_path,
                                    synauth_error *error);

/* The file that session_load looks at, for those who watch it; NULL when there is no place for
   sessions. Heap string. */
char *session_path(const struct session_key *key);
/* The service did not accept this token: if it is the one on file it goes, the receipt stays. */
void session_drop(const struct session_key *key, const struct secret *token);

#endif
