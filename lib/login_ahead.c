/* login_ahead - the password logins that rules ask for, made before a program runs, so that it
   finds their sessions. */
#include "base/cleanup.h"
#include "base/error.h"
#include "context.h"
#include "rule_query.h"
#include "source/synapse/session.h"

#include <errno.h>
#include <string.h>

enum { LOGINS = 64 }; /* more different ones nobody waits for */

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* Would both rules find the same? */
static bool same_query(const struct rule *a, const struct rule *b)
{
    const struct rule_sources *one = rule_sources(a), *other = rule_sources(b);
    return same_text(one->profile, other->profile) && same_text(one->username, other->username) &&
           same_text(one->config_file, other->config_file);
}

static bool may_ask_for_login(const struct rule *rule)
{
    const struct rule_sources *sources = rule_sources(rule);
    return !rule->broken && rule->service == SERVICE_SYNAPSE && !sources->token_file &&
           !sources->token_env && !sources->token_command;
}

static bool has_session_directory(void)
{
    const struct session_key any = {.endpoint = ""};
    AUTO_STRING path = session_path(&any);
    return path != NULL;
}

/* Everything but the login: no process is started, nothing takes long. */
static bool wants_login(const struct config *config, const struct rule *rule)
{
    struct answer answer;
    struct config looking = *config;
    looking.helper = HELPER_NAMED;
    rule_answer(rule, NULL, &looking, &answer);
    bool wanted = answer.wants_login;
    answer_free(&answer);
    return wanted;
}

static int log_in(const struct config *config, const struct rule *rule, synauth_error *error)
{
    struct answer answer;
    struct config asking = *config;
    asking.helper = HELPER_ASKED;
    rule_answer(rule, NULL, &asking, &answer);
    int code = SYNAUTH_OK;
    if (answer.outcome != OUTCOME_TOKEN)
        code = error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "%s", answer_reason(&answer));
    answer_free(&answer);
    return code;
}

static int prepare(const struct config *config, const struct rule *rule, synauth_error *error)
{
    if (!wants_login(config, rule))
        return SYNAUTH_OK;
    if (has_session_directory())
        return log_in(config, rule, error);
    if (config->helper == HELPER_ASKED)
        return SYNAUTH_OK; /* each program logs in for itself */
    return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                     "there is no directory for the session of a password login: set "
                     "SYNAUTH_SESSION_DIR");
}

int synauth_log_in_ahead(synauth_context *context, synauth_error *error)
{
    const struct rule *asked[LOGINS];
    size_t count = 0;
    int saved_errno = errno, result = SYNAUTH_OK;
    error_clear(error);
    if (!context)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    const struct config *config = context->config;
    size_t rules = config->unusable ? 0 : rules_count(config->rules);
    for (size_t i = 0; i < rules && count < LOGINS; i++) {
        const struct rule *rule = rules_get(config->rules, i);
        size_t at = 0;
        while (at < count && !same_query(asked[at], rule))
            at++;
        if (at < count || !may_ask_for_login(rule))
            continue;
        asked[count++] = rule;
        int code = prepare(config, rule, error);
        result = result == SYNAUTH_OK ? code : result;
    }
    errno = saved_errno;
    return result;
}
