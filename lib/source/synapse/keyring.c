/* keyring - what an older Synapse client has left in the OS keyring. */
#include "source/synapse/keyring.h"

#include "base/cleanup.h"
#include "base/log.h"
#include "base/paths.h"
#include "file/file_read.h"
#include "format/json_secret.h"
#include "source/slow_answer.h"
#include "source/synapse/signature.h"

enum { LIMIT_MILLISECONDS = 3000, PAUSE_SECONDS = 30 };

static const char kind[] = "keyring";

/* Whoever asked a client to remember the login; NULL when nobody did. */
static struct secret *remembered_user(struct answer *answer, const char *path)
{
    AUTO_SECRET content = NULL;
    struct secret *user = NULL;
    answer_watch(answer, path);
    if (file_read(path, CREDENTIAL_FILE_MAX, FILE_TRUST_CREDENTIAL, &content, NULL, NULL) !=
            FILE_OK ||
        json_secret_get(secret_bytes(content), secret_length(content), "<mostRecent>", path, &user,
                        NULL, NULL) != JSON_SECRET_FOUND)
        return NULL;
    if (secret_length(user) > 0)
        return user;
    secret_unref(user);
    return NULL;
}

static void look_up(const char *service, const struct secret *user, struct slow_reply *ret)
{
    const char *const arguments[] = {"lookup", service, secret_bytes(user), NULL};
    const struct slow_request request = {.run = {.program = "synauth-helper-keyring",
                                                 .arguments = arguments,
                                                 .milliseconds = LIMIT_MILLISECONDS},
                                         .pause = PAUSE_SECONDS};
    slow_source_ask(&request, ret);
}

static bool ask_api_key(struct answer *answer, const struct secret *user)
{
    const struct place place = {.kind = kind, .name = KEYRING_APIKEY_SERVICE, .key = "apikey"};
    AUTO_SLOW_REPLY reply;
    look_up(KEYRING_APIKEY_SERVICE, user, &reply);
    if (reply.state == SLOW_VALUE)
        return signature_ask(answer, &place, user, reply.value);
    return slow_answer(answer, &place, &reply, false);
}

bool synapse_keyring_ask(struct answer *answer, enum helper_use helper)
{
    const struct place place = {.kind = kind, .name = KEYRING_TOKEN_SERVICE};
    AUTO_STRING path = paths_expand("~/.synapseSession", NULL);
    AUTO_SECRET user = path ? remembered_user(answer, path) : NULL;
    if (!user)
        return false;
    if (helper == HELPER_FORBIDDEN) {
        answer_tried(answer, kind, place.name, SLOW_FORBIDDEN);
        return false;
    }
    if (helper == HELPER_NAMED)
        return slow_named(answer, &place, "would ask the keyring for", secret_bytes(user));
    AUTO_SLOW_REPLY reply;
    look_up(KEYRING_TOKEN_SERVICE, user, &reply);
    if (slow_answer(answer, &place, &reply, false))
        return true;
    if (reply.state != SLOW_FAILED)
        return ask_api_key(answer, user);
    log_once(LEVEL_DEBUG, reply.text, "the keyring is passed over: %s", reply.text);
    return false;
}
