/* rule_query - the sources of a rule, asked for one request. */
#include "rule_query.h"

bool rule_wants_host(const struct rule *rule)
{
    const struct rule_sources *sources = rule_sources(rule);
    return rule->service == SERVICE_CAVE && !sources->token_file && !sources->token_env &&
           !sources->token_command;
}

static struct synapse_query synapse_query(const struct rule *rule, const struct config *config)
{
    const struct rule_sources *sources = rule_sources(rule);
    return (struct synapse_query){
        .profile = sources->profile,
        .username = sources->username,
        .config_file = sources->config_file,
        .default_config_file = config->synapse_config_file,
        .token_file = sources->token_file,
        .token_env = sources->token_env,
        .token_command = sources->token_command,
        .helper = config->helper,
    };
}

static void ask_synapse(const struct rule *rule, const struct config *config, struct answer *ret)
{
    const struct synapse_query query = synapse_query(rule, config);
    chain_synapse(&query, ret);
}

void rule_compare(const struct rule *rule, const struct config *config, struct answer *answer)
{
    const struct synapse_query query = synapse_query(rule, config);
    if (rule->service == SERVICE_SYNAPSE)
        chain_synapse_compare(&query, answer);
}

static void ask_cave(const struct rule *rule, const struct origin *origin,
                     const struct config *config, struct answer *ret)
{
    char host[SERVER_HOST_MAX];
    const struct rule_sources *sources = rule_sources(rule);
    origin_host_port(origin, host, sizeof host);
    const struct cave_query query = {
        .auth_server = sources->auth_server ? sources->auth_server : host,
        .request_host = host,
        .token_key = sources->token_key,
        .secrets_dir = sources->secrets_dir,
        .token_file = sources->token_file,
        .token_env = sources->token_env,
        .token_command = sources->token_command,
        .helper = config->helper,
    };
    chain_cave(&query, ret);
}

void rule_answer(const struct rule *rule, const struct origin *origin, const struct config *config,
                 struct answer *ret)
{
    if (rule->service == SERVICE_SYNAPSE)
        ask_synapse(rule, config, ret);
    else
        ask_cave(rule, origin, config, ret);
}
