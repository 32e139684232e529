/* synapse_login - user name and password to a session: POST {auth}/login2, the second factor, and
   the end of a session. The password is sent once. */
#include "base/cleanup.h"
#include "base/error.h"
#include "format/json_object.h"
#include "http.h"
#include "json_answer.h"
#include "options_member.h"
#include "source/synapse/attempts.h"
#include "source/synapse/session.h"
#include "source/token.h"
#include "synapse_endpoint.h"
#include "synapse_refusal.h"
#include "synauth_service.h"
#include <stdio.h>
#include <string.h>

enum { CODE_SIZE = 64, TOTP_DIGITS = 6 };

struct synauth_synapse_session {
    struct secret *token;
    int64_t expires;
    char *path;
};

/* One login on its way. */
struct login_request {
    const synauth_synapse_login_options *options;
    char *endpoint;
    long timeout_ms;
    bool password_sent;
    struct session_key key;
    struct session session; /* what was there before, then what the service gave */
};

void synauth_synapse_session_free(synauth_synapse_session *session)
{
    if (!session)
        return;
    secret_unref(session->token);
    free(session->path);
    free(session);
}

/* What must not come back in a message: the list ends with NULL. */
static void list_secrets(const struct json_member *members, size_t count,
                         struct secret *ret[HTTP_SECRETS_MAX + 1])
{
    size_t found = 0;
    for (size_t i = 0; i < count && found < HTTP_SECRETS_MAX; i++)
        if (members[i].secret)
            ret[found++] = members[i].secret;
    ret[found] = NULL;
}

static int post(struct login_request *login, const char *path, const struct json_member *members,
                size_t count, struct http_answer *ret, synauth_error *error)
{
    AUTO_STRING url = NULL;
    AUTO_SECRET body = json_object(members, count);
    struct secret *secrets[HTTP_SECRETS_MAX + 1];
    list_secrets(members, count, secrets);
    if (!body)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0,
                         "user name and password must be UTF-8 text");
    if (asprintf(&url, "%s%s", login->endpoint, path) < 0) {
        url = NULL;
        return error_memory(error);
    }
    const struct http_request request = {.method = "POST",
                                         .url = url,
                                         .body = body,
                                         .timeout_ms = login->timeout_ms,
                                         .secrets = secrets,
                                         .ret_body_sent = &login->password_sent};
    return http_send(&request, ret, error);
}

static int take_token(struct login_request *login, const struct secret *text, synauth_error *error)
{
    struct secret *token = NULL;
    const char *why = "is empty";
    if (token_judge(secret_bytes(text), secret_length(text), &token, &why) != TOKEN_OK)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "the access token in Synapse's answer %s", why);
    secret_unref(login->session.token);
    login->session.token = token;
    login->session.expires = token_expires(token);
    return SYNAUTH_OK;
}

static int read_answer(struct login_request *login, const struct http_answer *answer,
                       synauth_error *error)
{
    if (answer->status != 200 && answer->status != 201)
        return synapse_refusal(answer, login->endpoint, error);
    AUTO_SECRET text = json_answer_string(answer->body, "accessToken");
    if (!text)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "the answer to the login is cut off or not what Synapse sends");
    struct secret *receipt = json_answer_string(answer->body, "authenticationReceipt");
    if (receipt) {
        secret_unref(login->session.receipt);
        login->session.receipt = receipt;
    }
    if (json_answer_is_false(answer->body, "acceptsTermsOfUse"))
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                         "the account has not accepted Synapse's terms of use: sign in at "
                         "https://www.synapse.org once");
    return take_token(login, text, error);
}

/* A TOTP code has six digits; a recovery code is anything else. */
static const char *kind_of_code(const char *code)
{
    bool six = strlen(code) == TOTP_DIGITS && strspn(code, "0123456789") == TOTP_DIGITS;
    return six ? "TOTP" : "RECOVERY_CODE";
}

static int send_code(struct login_request *login, const struct http_answer *first, const char *code,
                     synauth_error *error)
{
    AUTO_STRING user = json_answer_digits(first->body, "userId");
    AUTO_SECRET ticket = json_answer_string(first->body, "twoFaToken");
    AUTO_SECRET secret_code = secret_new(code, strlen(code));
    AUTO_HTTP_ANSWER answer = {0};
    if (!secret_code)
        return error_memory(error);
    if (!user || !ticket)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "Synapse asks for a second factor, but its answer lacks what to send");
    const struct json_member members[] = {{.name = "userId", .number = user},
                                          {.name = "twoFaToken", .secret = ticket},
                                          {.name = "otpType", .text = kind_of_code(code)},
                                          {.name = "otpCode", .secret = secret_code}};
    int status = post(login, "/2fa/token", members, 4, &answer, error);
    if (status != SYNAUTH_OK)
        return status;
    if (answer.status == 401)
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "the code is wrong or too old");
    return read_answer(login, &answer, error);
}

static int second_factor(struct login_request *login, const struct http_answer *first,
                         synauth_error *error)
{
    int (*ask)(void *, char *, size_t) = OPTION(login->options, one_time_code, NULL);
    char code[CODE_SIZE] = "";
    if (!ask || ask(OPTION(login->options, data, NULL), code, sizeof code) != 0 || !*code)
        return synapse_refusal_two_factor(error);
    int status = send_code(login, first, code, error);
    explicit_bzero(code, sizeof code);
    return status;
}

static bool wants_second_factor(const struct http_answer *answer)
{
    AUTO_STRING code = answer->status == 401 ? json_answer_text(answer->body, "errorCode") : NULL;
    return code && strcmp(code, "TWO_FA_REQUIRED") == 0;
}

static int log_in(struct login_request *login, synauth_error *error)
{
    AUTO_HTTP_ANSWER answer = {0};
    const char *typed = OPTION(login->options, password, NULL);
    AUTO_SECRET password = secret_new(typed, strlen(typed));
    if (!password)
        return error_memory(error);
    const struct json_member members[] = {
        {.name = "username", .text = login->key.user},
        {.name = "password", .secret = password},
        {.name = "authenticationReceipt", .secret = login->session.receipt}};
    int code = post(login, "/login2", members, 3, &answer, error);
    if (code != SYNAUTH_OK)
        return code;
    if (wants_second_factor(&answer))
        return second_factor(login, &answer, error);
    return read_answer(login, &answer, error);
}

/* The session is worth something without a file too: what cannot be kept is no error. */
static void keep(const struct login_request *login, char **ret_path)
{
    if (session_save(&login->key, &login->session, ret_path, NULL) != SYNAUTH_OK)
        *ret_path = NULL;
    if (!OPTION(login->options, current, 0))
        return;
    struct session_key latest = login->key;
    latest.user = NULL;
    if (session_save(&latest, &login->session, NULL, NULL) != SYNAUTH_OK)
        return;
}

static int hand_out(struct login_request *login, char **path, synauth_synapse_session **ret,
                    synauth_error *error)
{
    synauth_synapse_session *session = calloc(1, sizeof *session);
    if (!session)
        return error_memory(error);
    *session = (synauth_synapse_session){.token = secret_ref(login->session.token),
                                         .expires = login->session.expires,
                                         .path = *path};
    *path = NULL;
    *ret = session;
    return SYNAUTH_OK;
}

static int say_tried(const char *why, synauth_error *error)
{
    return error_set(
        error, SYNAUTH_E_UNUSABLE, NULL, 0,
        "%.240s (no second login within five minutes, and none until the file changes; "
        "synauth synapse login may)",
        why);
}

/* Written down before the password goes out, whatever comes of it: the account would be locked by
   a second, a third, a fortieth process with the same one. */
static int try_log_in(struct login_request *login, int lock, const char *what, synauth_error *error)
{
    char why[sizeof error->text] = "";
    synauth_error failure = {0};
    if (!attempts_allow(lock, what, why, sizeof why))
        return say_tried(why, error);
    if (!attempts_begin(lock, what))
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                         "the session directory cannot be written, so nobody would remember how a "
                         "login with the password went: it is not tried");
    int code = log_in(login, &failure);
    if (code == SYNAUTH_OK || !login->password_sent)
        attempts_forget(lock, what);
    else
        attempts_failed(lock, what, failure.text);
    if (error)
        *error = failure;
    return code;
}

/* A person at the keyboard (no `reuse`) may try as often as they like. */
static int log_in_now(struct login_request *login, int lock, synauth_error *error)
{
    if (OPTION(login->options, reuse, 0))
        return try_log_in(login, lock, OPTION(login->options, attempt, NULL), error);
    int code = log_in(login, error);
    if (code == SYNAUTH_OK)
        attempts_forget_all(lock);
    return code;
}

/* With the lock held: whoever waited for it finds the session that the other one has made. */
static int log_in_or_reuse(struct login_request *login, int lock, synauth_synapse_session **ret,
                           synauth_error *error)
{
    AUTO_STRING path = NULL;
    enum session_state state = session_load(&login->key, &login->session, error);
    if (state == SESSION_UNUSABLE || state == SESSION_REFUSED)
        return SYNAUTH_E_UNUSABLE;
    if (state != SESSION_FOUND || !OPTION(login->options, reuse, 0)) {
        int code = log_in_now(login, lock, error);
        if (code != SYNAUTH_OK)
            return code;
        free(login->session.user);
        login->session.user = strdup(login->key.user);
        keep(login, &path);
    }
    return hand_out(login, &path, ret, error);
}

static int login_locked(struct login_request *login, synauth_synapse_session **ret,
                        synauth_error *error)
{
    int lock = -1;
    /* For all profiles of the user together: it is one account that would be locked. */
    const struct session_key account = {.endpoint = login->key.endpoint, .user = login->key.user};
    int code = session_lock(&account, &lock, error);
    if (code != SYNAUTH_OK)
        return code;
    code = log_in_or_reuse(login, lock, ret, error);
    int *sent = OPTION(login->options, ret_sent, NULL);
    if (sent)
        *sent = login->password_sent;
    session_unlock(lock);
    session_free(&login->session);
    return code;
}

int synauth_synapse_login(synauth_context *context, const synauth_synapse_login_options *options,
                          synauth_synapse_session **ret, synauth_error *error)
{
    error_clear(error);
    const char *user = OPTION(options, username, NULL), *password = OPTION(options, password, NULL);
    AUTO_STRING endpoint = NULL;
    if (!context || !ret || !user || !*user || !password || !*password)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "user name or password is missing");
    int code = synapse_endpoint(context, OPTION(options, config_path, NULL), SYNAPSE_AUTH,
                                &endpoint, error);
    if (code != SYNAUTH_OK)
        return code;
    struct login_request login = {
        .options = options,
        .endpoint = endpoint,
        .timeout_ms = OPTION(options, timeout_ms, 0),
        .key = {.endpoint = endpoint, .user = user, .profile = OPTION(options, profile, NULL)}};
    return login_locked(&login, ret, error);
}

int synauth_synapse_login_place(synauth_context *context,
                                const synauth_synapse_login_options *options, char **ret,
                                synauth_error *error)
{
    AUTO_STRING endpoint = NULL;
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int code = synapse_endpoint(context, OPTION(options, config_path, NULL), SYNAPSE_AUTH,
                                &endpoint, error);
    if (code != SYNAUTH_OK)
        return code;
    const struct session_key key = {.endpoint = endpoint,
                                    .user = OPTION(options, username, NULL),
                                    .profile = OPTION(options, profile, NULL)};
    AUTO_SESSION session = {0};
    enum session_state state = session_load(&key, &session, error);
    if (state == SESSION_UNUSABLE || state == SESSION_REFUSED)
        return SYNAUTH_E_UNUSABLE;
    *ret = session_path(&key);
    return SYNAUTH_OK;
}

const char *synauth_synapse_session_token(const synauth_synapse_session *session)
{
    return secret_bytes(session->token);
}

int64_t synauth_synapse_session_expires(const synauth_synapse_session *session)
{
    return session->expires;
}

const char *synauth_synapse_session_path(const synauth_synapse_session *session)
{
    return session->path;
}
