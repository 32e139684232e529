/* synapse_refusal - explains Synapse's answers (facts: status, `reason` and `errorCode`). */
#include "synapse_refusal.h"

#include "base/ascii.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "http_url.h"
#include "json_answer.h"
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TOKENS "https://www.synapse.org/PersonalAccessTokens:0"

static int unusable(synauth_error *error, const char *text)
{
    return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "%s", text);
}

int synapse_refusal_two_factor(synauth_error *error)
{
    return unusable(
        error, "this account has two-factor authentication, and there is no terminal to "
               "ask for the code: make a personal access token at " TOKENS " and log in with it");
}

/* The first number in the text is a time in milliseconds. */
static int say_locked(const char *reason, synauth_error *error)
{
    long long milliseconds = 0;
    const char *digits = reason ? strpbrk(reason, "0123456789") : NULL;
    for (; digits && ascii_is_digit(*digits) && milliseconds < 100000000000LL; digits++)
        milliseconds = milliseconds * 10 + (*digits - '0');
    long long seconds = (milliseconds + 999) / 1000;
    if (seconds == 0)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "the account is locked out for a while after too many attempts; wait "
                         "before the next one, or use a personal access token");
    return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                     "the account is locked out after too many attempts: try again in %lld %s",
                     seconds >= 120 ? (seconds + 59) / 60 : seconds,
                     seconds >= 120 ? "minutes" : "seconds");
}

/* `raw` is what the service said, `reason` (NULL with it) what of it may be shown. */
static int say_unauthorized(const char *raw, const char *reason, const char *error_code,
                            synauth_error *error)
{
    if (error_code && strcmp(error_code, "TWO_FA_REQUIRED") == 0)
        return synapse_refusal_two_factor(error);
    if (error_code && strcmp(error_code, "PASSWORD_RESET_VIA_EMAIL_REQUIRED") == 0)
        return unusable(error, "Synapse wants a new password first (this one is expired or too "
                               "weak): reset it at https://www.synapse.org/PasswordReset:0");
    if (raw && strstr(raw, "username/password"))
        return unusable(error, "user name or password are wrong");
    if (raw && strstr(raw, "expired"))
        return unusable(error, "the token has expired");
    if (raw && strstr(raw, "revoked"))
        return unusable(error, "the token has been revoked; make a new one at " TOKENS);
    if (raw && strstr(raw, "access token"))
        return unusable(error, "Synapse does not know this token: it is wrong, revoked, or was not "
                               "used for 180 days; make a new one at " TOKENS);
    return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "Synapse refuses (401)%s%.200s",
                     reason ? ": " : "", reason ? reason : "");
}

static int say_forbidden(const char *raw, const char *reason, synauth_error *error)
{
    if (raw && strstr(raw, "Terms of use"))
        return unusable(error, "the account has not accepted Synapse's terms of use: sign in at "
                               "https://www.synapse.org once");
    if (raw && strstr(raw, "insufficient_scope"))
        return unusable(error, "the token lacks the scope `view`; make one with it at " TOKENS);
    return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "Synapse refuses (403)%s%.200s",
                     reason ? ": " : "", reason ? reason : "");
}

int synapse_refusal(const struct http_answer *answer, const char *endpoint, synauth_error *error)
{
    AUTO_SECRET raw = json_answer_string(answer->body, "reason");
    AUTO_STRING reason = http_answer_text(answer, "reason");
    AUTO_STRING error_code = http_answer_text(answer, "errorCode");
    struct http_url parts;
    if (http_url_parse(endpoint, &parts, NULL) != SYNAUTH_OK)
        parts.host[0] = '\0';
    switch (answer->status) {
    case 401:
        return say_unauthorized(secret_bytes(raw), reason, error_code, error);
    case 403:
        return say_forbidden(secret_bytes(raw), reason, error);
    case 423:
        return say_locked(reason, error);
    case 429:
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: too many requests; try again later", parts.host);
    default:
        break;
    }
    if (answer->status >= 500)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: the service is down (status %ld); try again later", parts.host,
                         answer->status);
    return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                     "%s: unexpected answer (status %ld)%s%.200s", parts.host, answer->status,
                     reason ? ": " : "", reason ? reason : "");
}
