/* synapse_endpoint - reads `[endpoints]` and holds it against the rules: a file that somebody else
   may have written never decides alone where a token goes. */
#include "synapse_endpoint.h"

#include "base/cleanup.h"
#include "base/error.h"
#include "file/file_read.h"
#include "format/ini.h"
#include "http.h"
#include "http_url.h"
#include "rules/servers.h"
#include <stdio.h>
#include <string.h>

static const struct {
    const char *key;
    const char *production;
} services[] = {
    [SYNAPSE_REPO] = {"repoendpoint", SYNAPSE_REPO_URL},
    [SYNAPSE_AUTH] = {"authendpoint", SYNAPSE_AUTH_URL},
};

/* NULL when the file has none. */
static char *configured(const char *path, const char *key)
{
    AUTO_SECRET content = NULL;
    struct ini *ini = NULL;
    synauth_error ignored = {0};
    if (!path || file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL,
                           &ignored) != FILE_OK)
        return NULL;
    if (ini_parse(secret_bytes(content), secret_length(content), path, &ini, &ignored) !=
        SYNAUTH_OK)
        return NULL;
    const struct secret *value = ini_get(ini, "endpoints", key, NULL);
    char *url = secret_length(value) > 0 ? strdup(secret_bytes(value)) : NULL;
    ini_free(ini);
    return url;
}

static int refuse(const char *url, const synauth_rule_info *rule, synauth_error *error)
{
    struct http_url parts;
    int code = http_url_parse(url, &parts, error);
    if (code != SYNAUTH_OK)
        return code;
    if (rule)
        return error_set(error, SYNAUTH_E_CONFIG, rule->file, rule->line,
                         "the rule for %s is one of %s, so no Synapse token or password goes there",
                         parts.host, rule->service);
    bool usual = strcmp(parts.port, parts.cleartext ? "80" : "443") == 0;
    return error_set(error, SYNAUTH_E_CONFIG, NULL, 0,
                     "no rule names %s, so no token or password goes there; if you trust it, add "
                     "to your synauth.conf: rules = ( { match = \"%s%s%s%s\"; service = "
                     "\"synapse\";%s } );",
                     parts.host, parts.cleartext ? "http://" : "", parts.host, usual ? "" : ":",
                     usual ? "" : parts.port, parts.cleartext ? " token_env = \"DEV_TOKEN\";" : "");
}

int synapse_endpoint(const synauth_context *context, const char *config_path,
                     enum synapse_service service, char **ret, synauth_error *error)
{
    AUTO_STRING path = synauth_synapse_config_path(context, config_path);
    AUTO_STRING url = configured(path, services[service].key);
    synauth_rule_info rule;
    if (!url)
        url = strdup(services[service].production);
    if (!url)
        return error_memory(error);
    for (size_t length = strlen(url); length > 0 && url[length - 1] == '/'; length--)
        url[length - 1] = '\0';
    int code = http_url_check(url, error);
    if (code != SYNAUTH_OK)
        return code;
    code = synauth_rule_for_url(context, url, &rule, error);
    if (code == SYNAUTH_E_NO_TOKEN) {
        if (error)
            *error = (synauth_error){0};
        return refuse(url, NULL, error);
    }
    if (code != SYNAUTH_OK)
        return code;
    if (strcmp(rule.service, "synapse") != 0)
        return refuse(url, &rule, error);
    *ret = url;
    url = NULL;
    return SYNAUTH_OK;
}
