/* login - `synauth-helper login`: user name and password to a session, which is kept for other
   processes. */
#include "base/secret.h"
#include "reply.h"
#include "synauth_service.h"
#include "verbs.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

enum { INPUT_MAX = 32 * 1024, PARTS = 6, LIMIT_MILLISECONDS = 25000 };
enum { USER, PASSWORD, ENDPOINT, PROFILE, CONFIG_FILE, ATTEMPT };

static size_t read_all(char *buffer, size_t size)
{
    size_t used = 0;
    while (used < size) {
        ssize_t got = read(STDIN_FILENO, buffer + used, size - used);
        if (got == 0 || (got < 0 && errno != EINTR))
            break;
        used += got > 0 ? (size_t)got : 0;
    }
    return used;
}

/* False unless there are exactly the parts, each ended by a NUL byte. */
static bool split(const char *text, size_t length, const char *parts[PARTS])
{
    size_t at = 0;
    for (size_t i = 0; i < PARTS; i++) {
        const char *end = at < length ? memchr(text + at, '\0', length - at) : NULL;
        if (!end)
            return false;
        parts[i] = text + at;
        at = (size_t)(end - text) + 1;
    }
    return at == length;
}

static const char *or_null(const char *text)
{
    return *text ? text : NULL;
}

static int reply_session(const synauth_synapse_session *session)
{
    const char *token = synauth_synapse_session_token(session);
    return reply_value(token, strlen(token), synauth_synapse_session_expires(session));
}

/* A password alone seldom gets in, and is tried once: the remedy belongs to every failure. */
static int reply_refusal(const char *why)
{
    static const char tokens[] = "https://www.synapse.org/PersonalAccessTokens:0";
    bool has_remedy = strstr(why, tokens) != NULL;
    return reply_unusable(
        "%.400s%s%s", why,
        has_remedy ? "" : "; make a personal access token instead: ", has_remedy ? "" : tokens);
}

static int log_in(const char *const parts[PARTS])
{
    int sent = 0;
    const synauth_options defaults = {.size = sizeof defaults};
    const synauth_synapse_login_options options = {.size = sizeof options,
                                                   .username = parts[USER],
                                                   .password = parts[PASSWORD],
                                                   .profile = or_null(parts[PROFILE]),
                                                   .config_path = or_null(parts[CONFIG_FILE]),
                                                   .reuse = 1,
                                                   .timeout_ms = LIMIT_MILLISECONDS,
                                                   .attempt = or_null(parts[ATTEMPT]),
                                                   .ret_sent = &sent};
    synauth_synapse_session *session = NULL;
    synauth_error error = {0};
    synauth_context *context = synauth_open(&defaults, &error);
    int code = context ? synauth_synapse_login(context, &options, &session, &error) : error.code;
    int status = code == SYNAUTH_OK                   ? reply_session(session)
                 : sent || code == SYNAUTH_E_UNUSABLE ? reply_refusal(error.text)
                                                      : reply_failed("%s", error.text);
    synauth_synapse_session_free(session);
    synauth_close(context);
    return status;
}

int verb_login(char **arguments)
{
    const char *parts[PARTS];
    AUTO_SECRET input = secret_alloc(INPUT_MAX);
    (void)arguments;
    if (!input)
        return reply_unusable("out of memory");
    size_t used = read_all(secret_buffer(input), INPUT_MAX);
    if (!split(secret_bytes(input), used, parts))
        return reply_unusable("the library and its helper are of different versions");
    return log_in(parts);
}
