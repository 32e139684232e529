/* rule_lookup - which rule and which `.synapseConfig` count, for callers that bring their own
   token: no source is looked at. */
#include "base/cleanup.h"
#include "base/error.h"
#include "base/paths.h"
#include "context.h"
#include "result.h"

#include <unistd.h>

int synauth_rule_for_url(const synauth_context *context, const char *url, synauth_rule_info *ret,
                         synauth_error *error)
{
    struct origin origin;
    error_clear(error);
    if (!context || !url || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    const struct config *config = context->config;
    if (config->unusable) {
        const synauth_error *first = config->error_count > 0 ? &config->errors[0] : NULL;
        return error_set(error, SYNAUTH_E_CONFIG, first ? first->file : NULL,
                         first ? first->line : 0, "%s",
                         first ? first->text : "the configuration cannot be used");
    }
    int code = origin_from_url(url, &origin, NULL, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct rule *rule = rules_match(config->rules, &origin);
    if (!rule)
        return error_set(error, SYNAUTH_E_NO_TOKEN, NULL, 0, "no rule matches this host");
    if (rule->broken)
        return error_set(error, SYNAUTH_E_CONFIG, NULL, 0, "%s", rule->broken);
    *ret = (synauth_rule_info){.match = rule->match,
                               .service = service_name(rule->service),
                               .file = rule->file,
                               .line = rule->line,
                               .valid = 1};
    return SYNAUTH_OK;
}

char *synauth_synapse_config_path(const synauth_context *context, const char *config_path)
{
    const char *set = context ? context->config->synapse_config_file : NULL;
    if (!config_path)
        return paths_expand(set ? set : "~/.synapseConfig", NULL);
    AUTO_STRING here = getcwd(NULL, 0);
    return paths_expand(config_path, here);
}
