/* synapse_account - whose token it is: what {repo}/userProfile says, and what the token itself
 * does. */
#include "base/cleanup.h"
#include "base/error.h"
#include "http.h"
#include "json_answer.h"
#include "options_member.h"
#include "source/token.h"
#include "synapse_endpoint.h"
#include "synapse_refusal.h"
#include "synauth_service.h"
#include <stdio.h>
#include <string.h>

/* Whoever has no valid token is this user. */
#define ANONYMOUS_ID "273950"

struct synauth_synapse_account {
    char *name, *id, *scopes;
    int64_t expires;
    struct secret *profile; /* the answer, for the e-mail addresses */
};

void synauth_synapse_account_free(synauth_synapse_account *account)
{
    if (!account)
        return;
    free(account->name);
    free(account->id);
    free(account->scopes);
    secret_unref(account->profile);
    free(account);
}

static void account_cleanup(synauth_synapse_account **account)
{
    synauth_synapse_account_free(*account);
}

/* The strings of an array, separated by blanks. */
static char *join_strings(const cJSON *array)
{
    char *joined = NULL;
    for (const cJSON *item = array->child; item; item = item->next) {
        const char *text = json_tree_text(item);
        char *longer = NULL;
        if (!text || asprintf(&longer, "%s%s%s", joined ? joined : "", joined ? " " : "", text) < 0)
            continue;
        free(joined);
        joined = longer;
    }
    return joined ? joined : strdup("");
}

static char *scopes_of(const struct secret *claims)
{
    AUTO_JSON answer = json_answer(claims);
    const cJSON *scope = json_tree_member(json_tree_member(answer, "access"), "scope");
    const char *text = json_tree_text(scope);
    if (scope && (scope->type & 0xff) == cJSON_Array)
        return join_strings(scope);
    return text ? strdup(text) : NULL;
}

static void read_claims(const struct secret *token, synauth_synapse_account *account)
{
    AUTO_SECRET claims = token_jwt_payload(token);
    if (!claims)
        return;
    account->scopes = scopes_of(claims);
    account->id = json_answer_digits(claims, "sub");
    account->expires = token_expires(token);
}

static int refuse_anonymous(synauth_error *error)
{
    return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                     "Synapse does not accept this token (it answers as for anonymous): it is "
                     "wrong, expired or revoked; make a new one at "
                     "https://www.synapse.org/PersonalAccessTokens:0");
}

static int read_profile(const struct http_answer *answer, synauth_synapse_account *account,
                        synauth_error *error)
{
    AUTO_STRING id = json_answer_digits(answer->body, "ownerId");
    account->name = http_answer_text(answer, "userName");
    if (!account->name)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "the answer to userProfile is cut off or not what Synapse sends");
    if (strcmp(account->name, "anonymous") == 0 || (id && strcmp(id, ANONYMOUS_ID) == 0))
        return refuse_anonymous(error);
    if (id) {
        free(account->id);
        account->id = id;
        id = NULL;
    }
    account->profile = secret_ref(answer->body);
    return SYNAUTH_OK;
}

static int ask_service(const char *endpoint, struct secret *token, long timeout_ms,
                       synauth_synapse_account *account, synauth_error *error)
{
    AUTO_STRING url = NULL;
    AUTO_HTTP_ANSWER answer = {0};
    if (asprintf(&url, "%s/userProfile", endpoint) < 0) {
        url = NULL;
        return error_memory(error);
    }
    const struct http_request request = {
        .url = url, .bearer = token, .timeout_ms = timeout_ms, .follow = true};
    int code = http_send(&request, &answer, error);
    if (code != SYNAUTH_OK)
        return code;
    if (answer.status != 200)
        return synapse_refusal(&answer, endpoint, error);
    return read_profile(&answer, account, error);
}

static int judge_token(const char *text, struct secret **ret, synauth_error *error)
{
    const char *why = NULL;
    switch (token_judge(text ? text : "", text ? strlen(text) : 0, ret, &why)) {
    case TOKEN_OK:
        return SYNAUTH_OK;
    case TOKEN_EMPTY:
        return error_set(error, SYNAUTH_E_NO_TOKEN, NULL, 0, "the token is empty");
    default:
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "the token %s", why);
    }
}

int synauth_synapse_account_get(synauth_context *context,
                                const synauth_synapse_account_options *options,
                                synauth_synapse_account **ret, synauth_error *error)
{
    AUTO_SECRET token = NULL;
    AUTO_STRING endpoint = NULL;
    error_clear(error);
    if (!context || !options || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int code = judge_token(OPTION(options, token, NULL), &token, error);
    if (code != SYNAUTH_OK)
        return code;
    __attribute__((cleanup(account_cleanup))) synauth_synapse_account *account =
        calloc(1, sizeof *account);
    if (!account)
        return error_memory(error);
    read_claims(token, account);
    if (!OPTION(options, offline, 0)) {
        code = synapse_endpoint(context, OPTION(options, config_path, NULL), SYNAPSE_REPO,
                                &endpoint, error);
        if (code == SYNAUTH_OK)
            code = ask_service(endpoint, token, OPTION(options, timeout_ms, 0), account, error);
        if (code != SYNAUTH_OK)
            return code;
    }
    *ret = account;
    account = NULL;
    return SYNAUTH_OK;
}

const char *synauth_synapse_account_name(const synauth_synapse_account *account)
{
    return account->name;
}

const char *synauth_synapse_account_id(const synauth_synapse_account *account)
{
    return account->id;
}

const char *synauth_synapse_account_scopes(const synauth_synapse_account *account)
{
    return account->scopes;
}

int64_t synauth_synapse_account_expires(const synauth_synapse_account *account)
{
    return account->expires;
}

int synauth_synapse_account_is(const synauth_synapse_account *account, const char *username)
{
    if (!account->name)
        return 0;
    if (strcmp(account->name, username) == 0)
        return 1;
    AUTO_JSON profile = json_answer(account->profile);
    const cJSON *emails = json_tree_member(profile, "emails");
    for (const cJSON *item = emails ? emails->child : NULL; item; item = item->next) {
        const char *address = json_tree_text(item);
        if (address && strcmp(address, username) == 0)
            return 1;
    }
    return 0;
}

int synauth_synapse_is_token(const char *text)
{
    AUTO_SECRET token = NULL;
    if (judge_token(text, &token, NULL) != SYNAUTH_OK)
        return 0;
    AUTO_SECRET claims = token_jwt_payload(token);
    AUTO_JSON object = claims ? json_answer(claims) : NULL;
    return object != NULL;
}
