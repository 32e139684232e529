/* cave_hosts - which token the hosts of the CAVE rules get from now on. */
#include "cave/cave.h"
#include "talk/context.h"
#include "talk/output.h"
#include "talk/source.h"
#include "talk/url.h"
#include <stdlib.h>
#include <string.h>

static bool is_cave(synauth_context *context, const char *url)
{
    synauth_rule_info rule;
    return synauth_rule_for_url(context, url, &rule, NULL) == SYNAUTH_OK &&
           strcmp(rule.service, "cave") == 0;
}

static bool sends(const synauth_result *result, const struct secret *token)
{
    const char *sent = synauth_result_token(result);
    return token && sent && strcmp(sent, secret_bytes(token)) == 0;
}

bool cave_carries(synauth_context *context, const char *url, const struct secret *token)
{
    AUTO_RESULT result = NULL;
    return is_cave(context, url) && synauth_resolve(context, url, &result, NULL) == SYNAUTH_OK &&
           sends(result, token);
}

/* NULL for rules of other services, and where an earlier rule matches the host. */
static synauth_result *ask(synauth_context *context, const synauth_rule_info *rule)
{
    synauth_result *result = NULL;
    char *url = rule->match && *rule->match ? url_for_match(rule->match) : NULL;
    if (url &&
        (!is_cave(context, url) || synauth_resolve(context, url, &result, NULL) != SYNAUTH_OK))
        result = NULL;
    free(url);
    const char *match = result ? synauth_result_rule_match(result) : NULL;
    if (match && strcmp(match, rule->match) == 0)
        return result;
    synauth_result_free(result);
    return NULL;
}

static void put_state(const synauth_result *result)
{
    if (synauth_result_decision(result) == SYNAUTH_SEND) {
        fputs(": the token from ", stdout);
        put_source(synauth_result_source(result));
    } else if (synauth_result_code(result) == SYNAUTH_E_NO_TOKEN) {
        fputs(": no token", stdout);
    } else {
        fputs(": ", stdout);
        put_text(stdout, synauth_result_reason(result));
    }
}

static size_t list(synauth_context *context, const struct secret *token, bool carriers,
                   const char *title)
{
    size_t listed = 0;
    synauth_rule_info rule;
    for (size_t i = 0; synauth_rule(context, i, &rule) == SYNAUTH_OK; i++) {
        AUTO_RESULT result = ask(context, &rule);
        if (!result || sends(result, token) != carriers)
            continue;
        fputs(listed++ == 0 ? title : "", stdout);
        fputs("  ", stdout);
        put_text(stdout, rule.match);
        if (!carriers)
            put_state(result);
        putchar('\n');
    }
    return listed;
}

void cave_list_hosts(synauth_context *context, const struct secret *token)
{
    if (token)
        list(context, token, true, "Requests to these hosts now carry this token:\n");
    list(context, token, false,
         token ? "Other CAVE hosts get:\n" : "From now on CAVE hosts get:\n");
}
