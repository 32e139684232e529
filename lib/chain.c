/* chain - asks the sources of one service in order and keeps the trail of what was tried. */
#include "chain.h"

#include "base/cleanup.h"
#include "base/env.h"
#include "base/paths.h"
#include "rules/server_host.h"
#include "rules/servers.h"
#include "source/cave/secret_file.h"
#include "source/env_source.h"
#include "source/synapse/config_file.h"
#include "source/synapse/keyring.h"
#include "source/synapse/login.h"
#include "source/synapse/ssm.h"
#include "source/token.h"
#include "source/token_command.h"
#include "source/token_file.h"

#include <string.h>

static bool ask_argument(struct answer *answer, const char *argument)
{
    const struct place place = {.kind = "argument", .name = "argument"};
    return argument && answer_judge(answer, &place, argument, strlen(argument));
}

static bool ask_token_file(struct answer *answer, const char *path, const char *key)
{
    const char *slash = strrchr(path, '/');
    const struct token_file file = {
        .kind = "token_file",
        .name = slash && slash[1] ? slash + 1 : path,
        .path = path,
        .trust = FILE_TRUST_CREDENTIAL,
        .json_key = key ? key : "token",
    };
    return token_file_ask(answer, &file);
}

/* A rule that names its own source has no other. */
static bool has_own_source(const char *token_file, const char *token_env,
                           const char *const *token_command)
{
    return token_file || token_env || token_command;
}

static bool ask_own_source(struct answer *answer, const char *token_file, const char *token_env,
                           const char *const *token_command, const char *key,
                           enum helper_use helper)
{
    if (token_file)
        return ask_token_file(answer, token_file, key);
    if (token_env)
        return env_source_variable(answer, token_env);
    return token_command_ask(answer, token_command, helper);
}

static bool ask_synapse_config(struct answer *answer, const struct synapse_query *query)
{
    const char *path = query->config_file ? query->config_file : query->default_config_file;
    AUTO_STRING own = path ? NULL : paths_expand("~/.synapseConfig", NULL);
    const struct synapse_config_file file = {
        .path = path ? path : own,
        .profile = query->profile ? query->profile : env_get("SYNAPSE_PROFILE"),
        .username = query->username,
        .helper = query->helper,
    };
    return synapse_config_file_ask(answer, &file);
}

static bool ask_session(struct answer *answer, const struct synapse_query *query)
{
    const char *path = query->default_config_file;
    AUTO_STRING own = path ? NULL : paths_expand("~/.synapseConfig", NULL);
    AUTO_STRING endpoint = synapse_config_file_endpoint(path ? path : own);
    const struct synapse_login login = {.endpoint = endpoint,
                                        .profile = env_get("SYNAPSE_PROFILE")};
    if (!endpoint) {
        answer->short_of_memory = true;
        return true;
    }
    return synapse_session_ask(answer, &login);
}

static bool ask_synapse(struct answer *answer, const struct synapse_query *query)
{
    if (ask_argument(answer, query->argument))
        return true;
    if (has_own_source(query->token_file, query->token_env, query->token_command))
        return ask_own_source(answer, query->token_file, query->token_env, query->token_command,
                              NULL, query->helper);
    if (query->profile || query->username || query->config_file)
        return ask_synapse_config(answer, query);
    if (env_source_variable(answer, "SYNAPSE_AUTH_TOKEN") ||
        env_source_file(answer, "SYNAPSE_AUTH_TOKEN_FILE", NULL) ||
        env_source_directory(answer, "synapse-auth-token", NULL) || ask_session(answer, query) ||
        ask_synapse_config(answer, query))
        return true;
    return synapse_keyring_ask(answer, query->helper) || synapse_ssm_ask(answer, query->helper);
}

/* The environment's token is for another deployment, or for nobody knows which. */
static bool note_other_server(struct answer *answer, const char *kind, const char *variable,
                              const char *server, const struct cave_query *query)
{
    const struct place place = {.kind = kind, .name = variable};
    if (!env_get(variable))
        return false;
    if (!server) {
        answer_end(answer, OUTCOME_UNUSABLE, &place,
                   "CAVE_AUTH_SERVER, which says whom it is for, is no host[:port]");
        return true;
    }
    answer_tried(answer, kind, variable, "is for %s (CAVE_AUTH_SERVER), not for %s", server,
                 query->auth_server);
    return false;
}

/* Deployments are independent, their tokens too: the environment's belongs to one of them. */
static bool ask_cave_environment(struct answer *answer, const struct cave_query *query,
                                 const char *key)
{
    char buffer[SERVER_HOST_MAX];
    const char *address = env_get("CAVE_AUTH_SERVER"), *server = NULL;
    if (server_host(address ? address : CAVE_DEFAULT_HOST, buffer, NULL) == SYNAUTH_OK)
        server = buffer;
    if (server && query->auth_server && strcmp(server, query->auth_server) == 0)
        return env_source_variable(answer, "CAVE_TOKEN") ||
               env_source_file(answer, "CAVE_TOKEN_FILE", key) ||
               env_source_directory(answer, "cave-token", key);
    return note_other_server(answer, "env", "CAVE_TOKEN", server, query) ||
           note_other_server(answer, "env_file", "CAVE_TOKEN_FILE", server, query);
}

static bool ask_cave(struct answer *answer, const struct cave_query *query)
{
    const char *key = query->token_key ? query->token_key : "token";
    if (ask_argument(answer, query->argument))
        return true;
    if (has_own_source(query->token_file, query->token_env, query->token_command))
        return ask_own_source(answer, query->token_file, query->token_env, query->token_command,
                              key, query->helper);
    const struct cave_secret_file files = {
        .directory = query->secrets_dir,
        .request_host = query->request_host,
        .auth_server = query->auth_server,
        .key = key,
    };
    return ask_cave_environment(answer, query, key) || cave_secret_file_ask(answer, &files);
}

void chain_synapse(const struct synapse_query *query, struct answer *ret)
{
    answer_init(ret);
    if (!ask_synapse(ret, query))
        answer_absent(ret);
    if (ret->outcome == OUTCOME_TOKEN && ret->value && token_lacks_view_scope(ret->value))
        answer_warn(ret,
                    "the token from %.300s has no scope \"view\": most calls will be refused; "
                    "make one with it at https://www.synapse.org",
                    ret->source.name ? ret->source.name : ret->source.kind);
    answer_seal(ret);
}

static bool same_token(const struct answer *a, const struct answer *b)
{
    return secret_length(a->value) == secret_length(b->value) &&
           memcmp(secret_bytes(a->value), secret_bytes(b->value), secret_length(a->value)) == 0;
}

void chain_synapse_compare(const struct synapse_query *query, struct answer *answer)
{
    struct answer other;
    struct synapse_query quiet = *query;
    if (answer->outcome != OUTCOME_TOKEN || strcmp(answer->source.kind, "env") != 0 ||
        query->token_env)
        return;
    quiet.helper = HELPER_FORBIDDEN;
    answer_init(&other);
    ask_synapse_config(&other, &quiet);
    if (other.outcome == OUTCOME_TOKEN && other.source.key &&
        strcmp(other.source.key, "authtoken") == 0 && !same_token(answer, &other))
        answer_tried(answer, other.source.kind, other.source.path,
                     "has another token (line %u): today's Python client (4.4 and newer) takes "
                     "that one, since its file wins over the variable",
                     other.source.line);
    answer_free(&other);
}

void chain_cave(const struct cave_query *query, struct answer *ret)
{
    answer_init(ret);
    if (!ask_cave(ret, query))
        answer_absent(ret);
    answer_seal(ret);
}
