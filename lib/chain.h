/* chain - asks the sources of one service in order and keeps the trail of what was tried.
   Data flows one way: a source knows nothing of the rule that asked for it. */
#ifndef SYNAUTH_CHAIN_H
#define SYNAUTH_CHAIN_H

#include "helper/helper_use.h"
#include "source/answer.h"

struct synapse_query {
    const char *argument;                         /* explicit token */
    const char *profile, *username, *config_file; /* any set: `.synapseConfig` only */
    const char *default_config_file;              /* `synapse.config_file`, else NULL */
    const char *token_file, *token_env;           /* that source only */
    const char *const *token_command;
    enum helper_use helper;
};
struct cave_query {
    const char *argument;
    const char *auth_server;  /* host[:port], lower case */
    const char *request_host; /* host[:port] of the request, lower case; port only if not 443 */
    const char *token_key;    /* NULL = "token" */
    const char *secrets_dir;  /* NULL = the usual place */
    const char *token_file, *token_env;
    const char *const *token_command;
    enum helper_use helper;
};

/* Always fill *ret (answer_free it), also when memory runs out (then OUTCOME_UNUSABLE). */
void chain_synapse(const struct synapse_query *query, struct answer *ret);
/* For `explain`: notes in the trail when today's Python client, whose configuration file wins over
   the variable, would take another token. */
void chain_synapse_compare(const struct synapse_query *query, struct answer *answer);
void chain_cave(const struct cave_query *query, struct answer *ret);

#endif
