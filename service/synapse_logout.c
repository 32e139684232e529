/* synapse_logout - the end of a session: its files go, and the service is told. */
#include "base/cleanup.h"
#include "base/error.h"
#include "http.h"
#include "options_member.h"
#include "source/synapse/session.h"
#include "synapse_endpoint.h"
#include "synapse_refusal.h"
#include "synauth_service.h"
#include <stdio.h>
#include <string.h>

static int revoke(const char *endpoint, struct secret *token, long timeout_ms, synauth_error *error)
{
    AUTO_STRING url = NULL;
    AUTO_HTTP_ANSWER answer = {0};
    if (asprintf(&url, "%s/sessionAccessToken", endpoint) < 0) {
        url = NULL;
        return error_memory(error);
    }
    const struct http_request request = {
        .method = "DELETE", .url = url, .bearer = token, .timeout_ms = timeout_ms};
    int code = http_send(&request, &answer, error);
    if (code != SYNAUTH_OK)
        return code;
    if (answer.status >= 200 && answer.status < 300)
        return SYNAUTH_OK;
    return synapse_refusal(&answer, endpoint, error);
}

/* The session and, when it is the latest one, the entry that says so. */
static int remove_both(const struct session_key *key, const struct session *session,
                       char **ret_path, synauth_error *error)
{
    struct session_key named = *key, latest = *key;
    AUTO_SESSION last = {0};
    named.user = session->user;
    latest.user = NULL;
    int code = session_remove(named.user ? &named : key, ret_path, error);
    if (code != SYNAUTH_OK)
        return code;
    enum session_state state = session_load(&latest, &last, NULL);
    bool same = last.user && session->user && strcmp(last.user, session->user) == 0;
    if ((state != SESSION_FOUND && state != SESSION_EXPIRED) || !same)
        return SYNAUTH_OK;
    AUTO_STRING other = NULL;
    code = session_remove(&latest, &other, error);
    if (!*ret_path) {
        *ret_path = other;
        other = NULL;
    }
    return code;
}

int synauth_synapse_logout(synauth_context *context, const synauth_synapse_logout_options *options,
                           char **ret_path, int *ret_revoked, synauth_error *error)
{
    AUTO_STRING endpoint = NULL;
    AUTO_STRING path = NULL;
    AUTO_SESSION session = {0};
    error_clear(error);
    if (!context || !ret_path || !ret_revoked)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int code = synapse_endpoint(context, OPTION(options, config_path, NULL), SYNAPSE_AUTH,
                                &endpoint, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct session_key key = {.endpoint = endpoint,
                                    .user = OPTION(options, username, NULL),
                                    .profile = OPTION(options, profile, NULL)};
    enum session_state state = session_load(&key, &session, error);
    if (state == SESSION_UNUSABLE || state == SESSION_REFUSED)
        return SYNAUTH_E_UNUSABLE;
    if (state != SESSION_ABSENT)
        code = remove_both(&key, &session, &path, error);
    if (code != SYNAUTH_OK)
        return code;
    *ret_revoked =
        state == SESSION_FOUND &&
        revoke(endpoint, session.token, OPTION(options, timeout_ms, 0), error) == SYNAUTH_OK;
    *ret_path = path;
    path = NULL;
    return SYNAUTH_OK;
}
