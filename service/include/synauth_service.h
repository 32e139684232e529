/*
 * synauth_service.h - the calls of Synapse and CAVE that need the network.
 *
 * They block, at the longest for the time-out of their options, and belong into
 * programs that talk to the services on purpose; the resolver (synauth.h) never
 * opens a connection. Tokens and passwords go to https addresses only (http to a
 * loopback address excepted), and only to hosts that a rule of the configuration
 * names; to a CAVE server also when the caller names it. Proxies come from
 * libcurl's environment variables, the CA file from CURL_CA_BUNDLE or
 * SSL_CERT_FILE.
 *
 * Ownership, threads and errors are those of synauth.h. Structures of options
 * begin with their own size: set it to sizeof, zero the rest.
 */
#ifndef SYNAUTH_SERVICE_H
#define SYNAUTH_SERVICE_H

#include <stdint.h>
#include <synauth.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Synapse: who a token belongs to ------------------------------------- */

typedef struct synauth_synapse_account synauth_synapse_account;

typedef struct synauth_synapse_account_options {
    size_t size;
    const char *token;       /* required */
    const char *config_path; /* whose [endpoints] count; NULL = the `.synapseConfig` in use */
    int offline;             /* 1: only what the token itself says; no connection is made */
    long timeout_ms;         /* for each attempt; 0 = 30 s */
} synauth_synapse_account_options;

/* Asks {repo}/userProfile whose token this is. The service answers requests without a valid
   `Bearer` as user `anonymous` with status 200: that is SYNAUTH_E_UNUSABLE here, as are the
   answers 401 and 403. SYNAUTH_E_NETWORK: no connection, TLS, time-out, service down, an answer
   that is none. SYNAUTH_E_CONFIG: no rule names the host of the endpoint; the text holds the rule
   to add. *ret is freed by synauth_synapse_account_free. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_synapse_account_get(synauth_context *context,
                            const synauth_synapse_account_options *options,
                            synauth_synapse_account **ret, synauth_error *error);
SYNAUTH_API void synauth_synapse_account_free(synauth_synapse_account *account);

/* The user name; NULL when offline. */
SYNAUTH_API const char *synauth_synapse_account_name(const synauth_synapse_account *account);
/* The numeric id as text; offline it is the `sub` of the token. NULL when nobody said. */
SYNAUTH_API const char *synauth_synapse_account_id(const synauth_synapse_account *account);
/* Is this the user name or one of the e-mail addresses (exact, as in the Python client)? 0 when
   offline. */
SYNAUTH_API int synauth_synapse_account_is(const synauth_synapse_account *account,
                                           const char *username);
/* From the token itself, when it is a JWT; it is not verified. Scopes are separated by blanks,
   e.g. "view download"; NULL when the token does not say. */
SYNAUTH_API const char *synauth_synapse_account_scopes(const synauth_synapse_account *account);
/* Seconds since 1970; 0 = the token has no end of its own (a personal access token). */
SYNAUTH_API int64_t synauth_synapse_account_expires(const synauth_synapse_account *account);

/* Does the text look like a Synapse token, a JWT? Tells a token from a password or a token's name.
   Never fails; makes no connection. */
SYNAUTH_API int synauth_synapse_is_token(const char *text);

/* ---- Synapse: password login ---------------------------------------------- */

typedef struct synauth_synapse_session synauth_synapse_session;

typedef struct synauth_synapse_login_options {
    size_t size;
    const char *username;    /* required: user name or e-mail */
    const char *password;    /* required; sent once and kept nowhere */
    const char *profile;     /* the session is kept for this profile; NULL = for none */
    const char *config_path; /* whose [endpoints] count; NULL = the `.synapseConfig` in use */
    int reuse;       /* 1: a session of this user that still holds is returned instead of a login */
    int current;     /* 1: later look-ups without a user name find this session */
    long timeout_ms; /* 0 = 30 s */
    /* Asked for the code when the account has two-factor authentication: writes it into buffer
       (terminated) and returns 0, or anything else to give up. NULL: the login fails with a text
       that says how to make a personal access token. */
    int (*one_time_code)(void *data, char *buffer, size_t size);
    void *data;
    /* With `reuse`: what is tried once only, as "PASSWORD.STATE" (without blanks, no secret): a
       mark of the password and of the file that holds it. NULL: a password that failed is not
       tried again by `reuse` for five minutes. */
    const char *attempt;
    int *ret_sent; /* 1: the password may have reached the service; NULL: nobody asks */
} synauth_synapse_login_options;

/* Logs in by POST {auth}/login2 and keeps the session in the session directory
   ($SYNAUTH_SESSION_DIR, else $XDG_RUNTIME_DIR/synauth); without one it is in *ret only. Many
   callers at once log in once when they set `reuse`, whatever comes of it: a login that gave no
   session is remembered there before it is made. The password is sent at most once.
   SYNAUTH_E_UNUSABLE: the service refused (wrong password, two-factor, password reset, terms of
   use); SYNAUTH_E_NETWORK: locked out for a time, service down, TLS, time-out, an answer that is
   none; SYNAUTH_E_CONFIG: no rule names the endpoint. *ret is freed by
   synauth_synapse_session_free. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_synapse_login(synauth_context *context,
                                                       const synauth_synapse_login_options *options,
                                                       synauth_synapse_session **ret,
                                                       synauth_error *error);
/* The file that synauth_synapse_login with these options keeps the session in: *ret is free()d, and
   NULL when there is no session directory. SYNAUTH_E_UNUSABLE: somebody else owns it or can write
   to it. Makes no connection. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_synapse_login_place(synauth_context *context, const synauth_synapse_login_options *options,
                            char **ret, synauth_error *error);
SYNAUTH_API void synauth_synapse_session_free(synauth_synapse_session *session);

/* The bearer token: a secret, wiped when the session is freed. */
SYNAUTH_API const char *synauth_synapse_session_token(const synauth_synapse_session *session);
/* Seconds since 1970; 0 = it did not say. */
SYNAUTH_API int64_t synauth_synapse_session_expires(const synauth_synapse_session *session);
/* The file it is kept in; NULL = in memory only. */
SYNAUTH_API const char *synauth_synapse_session_path(const synauth_synapse_session *session);

typedef struct synauth_synapse_logout_options {
    size_t size;
    const char *username; /* NULL = the one of the latest login with `current` */
    const char *profile;
    const char *config_path; /* whose [endpoints] count */
    long timeout_ms;
} synauth_synapse_logout_options;

/* Removes the session from the session directory and revokes it at the service. *ret_path (free()
   it) is the file that is gone, NULL when there was none. When the service could not be told, the
   file is gone all the same: *ret_revoked is 0 and *error says why, with SYNAUTH_OK returned. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_synapse_logout(synauth_context *context, const synauth_synapse_logout_options *options,
                       char **ret_path, int *ret_revoked, synauth_error *error);

/* ---- Synapse: tokens in `.synapseConfig` ----------------------------------- */

typedef struct synauth_synapse_save_options {
    size_t size;
    const char *token;       /* NULL in look-ups and removals */
    const char *profile;     /* [profile NAME]; NULL or "default" = [default] if it exists, else
                                [authentication] */
    const char *config_path; /* relative to the working directory; NULL = the one in use */
    int overwrite;           /* 1: replace an authtoken that is there */
} synauth_synapse_save_options;

/* Where a token is or would be stored. */
typedef struct synauth_synapse_place {
    char path[4096];
    char section[256]; /* without brackets */
    int exists;        /* there is an authtoken */
} synauth_synapse_place;

/* Finds the place and checks everything that can be checked before writing: SYNAUTH_E_UNUSABLE for
   a file that cannot be parsed or is not ours, and for an authtoken that is there when a token is
   given without `overwrite`. Changes nothing. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_synapse_token_place(synauth_context *context, const synauth_synapse_save_options *options,
                            synauth_synapse_place *ret, synauth_error *error);
/* Writes the token there: atomically, mode 0600, every other byte, comment and line end kept; a
   commented-out template line is uncommented in place. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_synapse_save_token(synauth_context *context, const synauth_synapse_save_options *options,
                           synauth_synapse_place *ret, synauth_error *error);
/* Puts the commented-out line of the template in the place of the token. ret->exists tells whether
   there was one. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_synapse_remove_token(synauth_context *context, const synauth_synapse_save_options *options,
                             synauth_synapse_place *ret, synauth_error *error);

/* ---- CAVE: the auth service ------------------------------------------------ */

typedef struct synauth_cave_call_options {
    size_t size;
    const synauth_cave_options *client; /* whose server and token; NULL = the defaults */
    long timeout_ms;                    /* for each attempt; 0 = 30 s */
} synauth_cave_call_options;

/* What the service answered: JSON text, checked to be valid. Wiped when freed: get_tokens answers
   with tokens. */
typedef struct synauth_cave_reply synauth_cave_reply;
SYNAUTH_API const char *synauth_cave_reply_json(const synauth_cave_reply *reply);
SYNAUTH_API void synauth_cave_reply_free(synauth_cave_reply *reply);

/* All four send the client's token to its server, which the caller names, and to no other: a
   redirect is an error. 5xx is repeated three times. SYNAUTH_E_NO_TOKEN: there is none to send.
   SYNAUTH_E_UNUSABLE: the server does not know it (400, 401, 302 to the login page).
   SYNAUTH_E_NETWORK: no connection, no right (403: *error names the terms of service to accept, the
   permission or that administrators only may ask), 404, 5xx, an answer that is none.

   get_tokens: a list of objects with "id", "token", "user_id" and more. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_get_tokens(synauth_context *context,
                                                         const synauth_cave_call_options *options,
                                                         synauth_cave_reply **ret,
                                                         synauth_error *error);
/* A list of users. No ids: an empty list, without a request. At most 1000. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_cave_get_user_information(synauth_context *context,
                                  const synauth_cave_call_options *options, const int64_t *ids,
                                  size_t count, synauth_cave_reply **ret, synauth_error *error);
/* A list of users; an unknown group (404 included) has none. */
SYNAUTH_API SYNAUTH_MUST_USE int
synauth_cave_get_group_users(synauth_context *context, const synauth_cave_call_options *options,
                             int64_t group_id, synauth_cave_reply **ret, synauth_error *error);
/* The account that the token belongs to: one object. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_whoami(synauth_context *context,
                                                     const synauth_cave_call_options *options,
                                                     synauth_cave_reply **ret,
                                                     synauth_error *error);
/* The datastack's own server as the info service of the client's server knows it, usually with
   scheme. *ret is freed with synauth_free. */
SYNAUTH_API SYNAUTH_MUST_USE int synauth_cave_local_server(synauth_context *context,
                                                           const synauth_cave_call_options *options,
                                                           const char *datastack, char **ret,
                                                           synauth_error *error);

#ifdef __cplusplus
}
#endif
#endif
