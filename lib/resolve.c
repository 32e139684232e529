/* resolve - the questions of the public API: what would a request carry, and which header does a
   service want. */
#include "base/cleanup.h"
#include "base/env.h"
#include "base/error.h"
#include "base/loopback.h"
#include "base/option.h"
#include "base/paths.h"
#include "base/query_credential.h"
#include "context.h"
#include "result.h"
#include "rule_query.h"
#include "rules/servers.h"

#include <errno.h>
#include <string.h>

/* The first mistake that makes the whole configuration unusable. */
static int judge_configuration(const struct config *config, synauth_error *error)
{
    if (!config->unusable)
        return SYNAUTH_OK;
    const synauth_error *first = config->error_count > 0 ? &config->errors[0] : NULL;
    if (error && first)
        *error = *first;
    if (!first)
        return error_set(error, SYNAUTH_E_CONFIG, NULL, 0, "the configuration cannot be used");
    if (error)
        error->code = SYNAUTH_E_CONFIG;
    return SYNAUTH_E_CONFIG;
}

static int withheld(const struct rule *rule, enum synauth_decision decision, int code,
                    const char *reason, synauth_result **ret, synauth_error *error)
{
    synauth_result *result = result_withheld(rule, decision, code, reason);
    if (!result)
        return error_memory(error);
    *ret = result;
    return SYNAUTH_OK;
}

/* NULL, or why a request of this kind may not carry the token that there is. */
static const char *objection(const struct rule *rule, const struct origin *origin, const char *path)
{
    if (env_disabled())
        return "SYNAUTH_DISABLE is set: nothing is sent";
    if (origin->scheme == ORIGIN_HTTP && !rule->allow_cleartext && !loopback_has_host(origin->host))
        return "plain http to a host that is not this machine, and the rule has no "
               "allow_cleartext = true";
    if (path && query_has_token(path))
        return "the URL has its own middle_auth_token, which goes first";
    if (path && query_is_signed(path))
        return "the URL is signed, which goes first: such a server refuses a token beside it";
    return NULL;
}

static int finish(synauth_result *result, const struct rule *rule, const struct origin *origin,
                  const char *url, const char *path)
{
    int code = result_sign(result, url);
    if (code != SYNAUTH_OK || synauth_result_decision(result) != SYNAUTH_SEND)
        return code;
    const char *against = objection(rule, origin, path);
    return against ? result_withhold(result, against) : SYNAUTH_OK;
}

static int resolve_rule(const struct config *config, const struct rule *rule,
                        const struct origin *origin, const char *url, const char *path,
                        synauth_result **ret, synauth_error *error)
{
    struct answer answer;
    synauth_result *result = NULL;
    rule_answer(rule, origin, config, &answer);
    rule_compare(rule, config, &answer);
    int code = result_from_answer(rule, service_name(rule->service), &answer, &result, error);
    if (code != SYNAUTH_OK)
        return code;
    if (finish(result, rule, origin, url, path) != SYNAUTH_OK) {
        synauth_result_free(result);
        return error_memory(error);
    }
    *ret = result;
    return SYNAUTH_OK;
}

static int resolve(const struct config *config, const char *url, synauth_result **ret,
                   synauth_error *error)
{
    struct origin origin;
    const char *path = NULL;
    int code = judge_configuration(config, error);
    if (code == SYNAUTH_OK)
        code = origin_from_url(url, &origin, &path, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct rule *rule = rules_match(config->rules, &origin);
    if (!rule)
        return withheld(NULL, SYNAUTH_NONE, SYNAUTH_OK, "no rule matches this host", ret, error);
    if (rule->broken)
        return withheld(rule, SYNAUTH_WITHHOLD, SYNAUTH_E_CONFIG, rule->broken, ret, error);
    return resolve_rule(config, rule, &origin, url, path, ret, error);
}

int synauth_resolve(synauth_context *context, const char *url, synauth_result **ret,
                    synauth_error *error)
{
    error_clear(error);
    if (!context || !url || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    int code = resolve(context->config, url, ret, error);
    errno = saved_errno;
    return code;
}

static int synapse_header(const struct config *config, const synauth_synapse_options *options,
                          synauth_result **ret, synauth_error *error)
{
    struct answer answer;
    AUTO_STRING path = NULL;
    int code = judge_configuration(config, error);
    if (code == SYNAUTH_OK)
        code = paths_from_caller(OPTION(options, config_path), &path, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct synapse_query query = {
        .argument = OPTION(options, token),
        .profile = OPTION(options, profile),
        .username = OPTION(options, username),
        .config_file = path,
        .default_config_file = config->synapse_config_file,
        .helper = config->helper,
    };
    chain_synapse(&query, &answer);
    return result_from_answer(NULL, "synapse", &answer, ret, error);
}

/* The token that save_token has switched to is meant when the caller names no other. */
static struct secret *switched_token(synauth_context *context, const char *server,
                                     const synauth_cave_options *options)
{
    if (OPTION(options, token) || OPTION(options, token_key) || OPTION(options, token_file))
        return NULL;
    return cave_current_get(&context->cave, server);
}

static int cave_header(synauth_context *context, const synauth_cave_options *options,
                       synauth_result **ret, synauth_error *error)
{
    struct answer answer;
    AUTO_STRING path = NULL;
    char host[SERVER_HOST_MAX];
    const char *server = OPTION(options, server_address);
    int code = judge_configuration(context->config, error);
    if (code == SYNAUTH_OK)
        code = server_host(server ? server : CAVE_DEFAULT_SERVER, host, error);
    if (code == SYNAUTH_OK)
        code = paths_from_caller(OPTION(options, token_file), &path, error);
    if (code != SYNAUTH_OK)
        return code;
    AUTO_SECRET switched = switched_token(context, host, options);
    const struct cave_query query = {
        .argument = switched ? secret_bytes(switched) : OPTION(options, token),
        .auth_server = host,
        .request_host = host,
        .token_key = OPTION(options, token_key),
        .token_file = path,
    };
    chain_cave(&query, &answer);
    return result_from_answer(NULL, "cave", &answer, ret, error);
}

int synauth_synapse_request_header(synauth_context *context, const synauth_synapse_options *options,
                                   synauth_result **ret, synauth_error *error)
{
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    int code = synapse_header(context->config, options, ret, error);
    errno = saved_errno;
    return code;
}

int synauth_cave_request_header(synauth_context *context, const synauth_cave_options *options,
                                synauth_result **ret, synauth_error *error)
{
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    int code = cave_header(context, options, ret, error);
    errno = saved_errno;
    return code;
}
