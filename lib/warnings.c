/* warnings - the warnings that a person sees when a token is missing, unusable or refused: what,
   where, and what to do. Each once per process and cause. */
#include "warnings.h"

#include "base/log.h"
#include "rules/server_host.h"
#include "source/token.h"

#include <stdio.h>

static const char *scheme_of(const struct origin *origin)
{
    return origin->scheme == ORIGIN_HTTP ? "http" : "https";
}

static void say_all(const struct answer *answer)
{
    for (size_t i = 0; i < answer->warning_count; i++)
        if (answer->warnings[i])
            log_once(LEVEL_WARN, answer->warnings[i], "%s", answer->warnings[i]);
}

void warnings_of_answer(const struct rule *rule, const struct origin *origin,
                        const struct answer *answer)
{
    char host[SERVER_HOST_MAX], cause[SERVER_HOST_MAX + 96], line[16] = "";
    const char *kind = answer->source.kind ? answer->source.kind : "none";
    if (answer->outcome == OUTCOME_TOKEN || answer->outcome == OUTCOME_SIGN) {
        say_all(answer);
        return;
    }
    origin_host_port(origin, host, sizeof host);
    snprintf(cause, sizeof cause, "missing %u %d %s %s", rule->index, (int)answer->outcome, kind,
             host);
    if (rule->line > 0)
        snprintf(line, sizeof line, ":%u", rule->line);
    log_once(LEVEL_WARN, cause, "%s (rule %.200s%s): %s%.500s; %s; see: synauth explain %s://%s/",
             host, rule->file ? rule->file : "?", line,
             answer->outcome == OUTCOME_ABSENT ? "" : "no token: ", answer_reason(answer),
             rule->on_missing_fail ? "the request is not sent (on_missing = \"fail\")"
                                   : "the request goes out without it",
             scheme_of(origin), host);
}

static const char *synapse_hint(bool sent, long status)
{
    if (!sent)
        return "the request went out without a token; see: synauth explain";
    if (status == 401)
        return "the token is not valid: revoked, expired or unused for 180 days; make a new one at "
               "https://www.synapse.org (Account Settings, Personal Access Tokens)";
    return "the token is valid but may not do this: it lacks a scope (view, download, modify), "
           "or the account has no access or has not agreed to the terms of use";
}

static const char *cave_hint(bool sent, long status)
{
    if (status == 302)
        return sent ? "the server wants a login: it does not know the token; make a new one there "
                      "and save it in the secrets file"
                    : "the server wants a login and the request went out without a token; see: "
                      "synauth explain";
    if (status == 401)
        return sent ? "the token is not valid; a new or changed one may take 5 minutes to count"
                    : "the request went out without a token; see: synauth explain";
    return "the account lacks a permission, has not accepted the terms of service, or the call is "
           "for administrators; the token itself is known";
}

void warnings_of_refusal(const struct rule *rule, const struct origin *origin, bool sent,
                         long status)
{
    char host[SERVER_HOST_MAX], cause[SERVER_HOST_MAX + 16];
    origin_host_port(origin, host, sizeof host);
    snprintf(cause, sizeof cause, "rejected %s", host);
    bool cave = rule->service == SERVICE_CAVE;
    log_once(LEVEL_WARN, cause, "%s answered %ld%s: %s", host, status,
             status == 302 ? " (login page)" : "",
             cave ? cave_hint(sent, status) : synapse_hint(sent, status));
}

void report_broken_rule(const struct rule *rule)
{
    char cause[32];
    snprintf(cause, sizeof cause, "broken rule %u", rule->index);
    log_once(LEVEL_ERROR, cause,
             "%.800s; nothing is sent to the hosts of this rule; see: synauth config check",
             rule->broken);
}
