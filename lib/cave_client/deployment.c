/* deployment - which auth server a host takes its tokens from, by the rules. */
#include "cave_client/deployment.h"

#include "base/cleanup.h"

#include <stdio.h>

const char *cave_auth_server_of(const struct config *config, const char *host)
{
    struct origin origin;
    AUTO_STRING url = NULL;
    if (asprintf(&url, "https://%s/", host) < 0)
        url = NULL;
    if (!url || origin_from_url(url, &origin, NULL, NULL) != SYNAUTH_OK)
        return NULL;
    const struct rule *rule = rules_match(config->rules, &origin);
    if (!rule || rule->broken || rule->service != SERVICE_CAVE)
        return NULL;
    const struct rule_sources *sources = rule_sources(rule);
    if (sources->token_file || sources->token_env || sources->token_command || sources->secrets_dir)
        return NULL;
    return sources->auth_server ? sources->auth_server : host;
}
