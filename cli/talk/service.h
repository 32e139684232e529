/* service - the calls that need the network (synauth_service.h), bound by the verbs that make them:
   to load libcurl takes many times as long as `synauth run` has to. */
#ifndef SYNAUTH_CLI_SERVICE_H
#define SYNAUTH_CLI_SERVICE_H

#include "synauth_service.h"

#define SERVICE_FUNCTIONS(BIND)     \
    BIND(cave_get_group_users)      \
    BIND(cave_get_tokens)           \
    BIND(cave_get_user_information) \
    BIND(cave_local_server)         \
    BIND(cave_reply_free)           \
    BIND(cave_reply_json)           \
    BIND(cave_whoami)               \
    BIND(synapse_account_expires)   \
    BIND(synapse_account_free)      \
    BIND(synapse_account_get)       \
    BIND(synapse_account_id)        \
    BIND(synapse_account_is)        \
    BIND(synapse_account_name)      \
    BIND(synapse_account_scopes)    \
    BIND(synapse_is_token)          \
    BIND(synapse_login)             \
    BIND(synapse_login_place)       \
    BIND(synapse_logout)            \
    BIND(synapse_remove_token)      \
    BIND(synapse_save_token)        \
    BIND(synapse_session_expires)   \
    BIND(synapse_session_free)      \
    BIND(synapse_session_path)      \
    BIND(synapse_session_token)     \
    BIND(synapse_token_place)

/* Each function under its name without `synauth_`. */
#define SERVICE_MEMBER(name) __typeof__(&synauth_##name) name;
struct service {
    SERVICE_FUNCTIONS(SERVICE_MEMBER)
};
#undef SERVICE_MEMBER

/* To be used behind service_open only. */
extern struct service service;

/* Opens libsynauth_service and binds all of it; more than once is fine. Not thread-safe. Returns
   EXIT_YES, or EXIT_NO after saying why it cannot be. */
int service_open(void);

#endif
