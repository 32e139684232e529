/* login - sessions, and the login that a user name and a password in `.synapseConfig` ask for. */
#include "source/synapse/login.h"

#include "base/cleanup.h"
#include "foreign/deps.h"
#include "source/slow_answer.h"
#include "source/synapse/session.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { LIMIT_MILLISECONDS = 30000, PAUSE_SECONDS = 300, ATTEMPT_SIZE = 96 };

static const char kind[] = "session";

/* Is there a session that can be used? One that the server has refused goes. Where not, the trail
   says why, but for SESSION_UNUSABLE: then *ret_problem does. */
static enum session_state find_session(struct answer *answer, const struct session_key *key,
                                       const char *name, struct session *ret,
                                       synauth_error *ret_problem)
{
    AUTO_STRING path = session_path(key);
    if (path)
        answer_watch(answer, path);
    enum session_state state = session_load(key, ret, ret_problem);
    switch (state) {
    case SESSION_FOUND:
        break;
    case SESSION_EXPIRED:
        session_free(ret);
        answer_tried(answer, kind, name, "has expired; see: synauth synapse login");
        return state;
    case SESSION_REFUSED:
        answer_tried(answer, kind, name, "%s: %s", ret_problem->file, ret_problem->text);
        answer_warn(answer, "%s: %s", ret_problem->file, ret_problem->text);
        return state;
    case SESSION_UNUSABLE:
        return state;
    case SESSION_ABSENT:
    default:
        answer_tried(answer, kind, name, "there is none");
        return state;
    }
    if (slow_source_is_rejected(ret->token)) {
        session_drop(key, ret->token);
        session_free(ret);
        answer_tried(answer, kind, name, "the server has refused it; it is forgotten");
        return SESSION_ABSENT;
    }
    if (ret->expires > 0)
        answer_due(answer, ret->expires - SESSION_EARLY);
    return state;
}

bool synapse_session_ask(struct answer *answer, const struct synapse_login *login)
{
    AUTO_SESSION session = {0};
    char name[160];
    const struct session_key key = {.endpoint = login->endpoint, .profile = login->profile};
    AUTO_STRING path = session_path(&key);
    const char *profile = login->profile;
    snprintf(name, sizeof name, "login session%s%.120s%s", profile ? " [profile " : "",
             profile ? profile : "", profile ? "]" : "");
    const struct place place = {.kind = kind, .name = name, .path = path};
    if (!path) {
        answer_tried(answer, kind, name, "there is no session directory");
        return false;
    }
    synauth_error problem = {0};
    switch (find_session(answer, &key, name, &session, &problem)) {
    case SESSION_FOUND:
        return answer_judge(answer, &place, secret_bytes(session.token),
                            secret_length(session.token));
    case SESSION_UNUSABLE:
        answer_end(answer, OUTCOME_UNUSABLE, &place, "%s; delete that file",
                   problem.text);
        return true;
    default:
        return false;
    }
}

/* Sixteen bits of a hash: tells one password from the next, and nobody what it is. */
static unsigned password_mark(const struct secret *password)
{
    struct sha256_ctx context;
    uint8_t digest[2] = {0, 0};
    const struct deps *deps = deps_get(NULL);
    if (!deps)
        return 0;
    deps->nettle_sha256_init(&context);
    deps->nettle_sha256_update(&context, secret_length(password),
                               (const uint8_t *)secret_bytes(password));
    deps->nettle_sha256_digest(&context, sizeof digest, digest);
    explicit_bzero(&context, sizeof context);
    return (unsigned)digest[0] << 8 | digest[1];
}

/* The password in this state of the file (synapse/attempts.h). */
static void describe_attempt(char text[ATTEMPT_SIZE], const struct stat *file,
                             const struct secret *password)
{
    snprintf(text, ATTEMPT_SIZE, "%04x.%jx-%jx-%jx-%jx.%lx", password_mark(password),
             (uintmax_t)file->st_dev, (uintmax_t)file->st_ino, (uintmax_t)file->st_size,
             (uintmax_t)file->st_mtim.tv_sec, (unsigned long)file->st_mtim.tv_nsec);
}

/* "user NUL password NUL endpoint NUL profile NUL config file NUL attempt NUL": what must not be
   seen in a list of processes, and what belongs to it. */
static struct secret *login_input(const struct synapse_login *login, const struct secret *user,
                                  const struct secret *password, const char *attempt)
{
    const char *const parts[] = {secret_bytes(user),
                                 secret_bytes(password),
                                 login->endpoint,
                                 login->profile ? login->profile : "",
                                 login->config_file ? login->config_file : "",
                                 attempt};
    enum { PARTS = sizeof parts / sizeof *parts };
    size_t total = 0;
    for (size_t i = 0; i < PARTS; i++)
        total += strlen(parts[i]) + 1;
    struct secret *input = secret_alloc(total);
    char *to = input ? secret_buffer(input) : NULL;
    for (size_t i = 0; to && i < PARTS; i++)
        to = stpcpy(to, parts[i]) + 1;
    return input;
}

static bool log_in(struct answer *answer, const struct place *place,
                   const struct synapse_login *login, const struct secret *user,
                   const struct secret *password)
{
    static const char *const arguments[] = {"login", NULL};
    AUTO_STRING name = NULL;
    char attempt[ATTEMPT_SIZE];
    describe_attempt(attempt, login->file, password);
    AUTO_SECRET input = login_input(login, user, password, attempt);
    if (asprintf(&name, "%s\n%s\n%s", login->endpoint, secret_bytes(user),
                 login->profile ? login->profile : "") < 0)
        name = NULL;
    if (!input || !name) {
        answer->short_of_memory = true;
        return true;
    }
    const struct slow_request request = {.run = {.program = "synauth-helper",
                                                 .arguments = arguments,
                                                 .input = input,
                                                 .milliseconds = LIMIT_MILLISECONDS},
                                         .pause = PAUSE_SECONDS,
                                         .login_name = name,
                                         .attempt = attempt};
    AUTO_SLOW_REPLY reply;
    slow_source_ask(&request, &reply);
    if (slow_answer(answer, place, &reply, true))
        return true;
    answer_end(answer, OUTCOME_UNUSABLE, place, "the login gave no token");
    return true;
}

bool synapse_login_ask(struct answer *answer, const struct place *place,
                       const struct synapse_login *login, const struct secret *user,
                       const struct secret *password)
{
    AUTO_SESSION session = {0};
    char name[160];
    const struct session_key key = {
        .endpoint = login->endpoint, .user = secret_bytes(user), .profile = login->profile};
    snprintf(name, sizeof name, "session of %.120s", secret_bytes(user));
    synauth_error problem = {0};
    enum session_state state = find_session(answer, &key, name, &session, &problem);
    if (state == SESSION_UNUSABLE) /* the login replaces it */
        answer_tried(answer, kind, name, "%s: %s", problem.file, problem.text);
    if (state == SESSION_FOUND)
        return answer_judge(answer, place, secret_bytes(session.token),
                            secret_length(session.token));
    if (login->helper == HELPER_ASKED)
        return log_in(answer, place, login, user, password);
    answer->wants_login = true;
    if (login->helper == HELPER_NAMED)
        return slow_named(answer, place, "would log in as", secret_bytes(user));
    answer_end(answer, OUTCOME_UNUSABLE, place, "the password " SLOW_FORBIDDEN);
    return true;
}
