/* cave_auth - what CAVE's auth service knows: tokens, users, groups; and what its refusals mean. */
#include "base/cleanup.h"
#include "base/error.h"
#include "base/option.h"
#include "cave_client/server_address.h"
#include "http.h"
#include "json_answer.h"
#include "redact.h"
#include "synauth_service.h"
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define API "/auth/api/v1"

struct synauth_cave_reply {
    struct secret *json;
};

/* One call: GET {base}{path}. */
struct call {
    const char *base; /* https://host[:port] */
    const char *path;
    int root;             /* cJSON_Array or cJSON_Object */
    bool absent_is_empty; /* 404 means an empty list */
    bool shows_tokens;    /* what the answer is for */
    long timeout_ms;
};

const char *synauth_cave_reply_json(const synauth_cave_reply *reply)
{
    return secret_bytes(reply->json);
}

void synauth_cave_reply_free(synauth_cave_reply *reply)
{
    if (!reply)
        return;
    secret_unref(reply->json);
    free(reply);
}

static int give(struct secret *json, synauth_cave_reply **ret, synauth_error *error)
{
    synauth_cave_reply *reply = json ? calloc(1, sizeof *reply) : NULL;
    if (!reply)
        return error_memory(error);
    reply->json = secret_ref(json);
    *ret = reply;
    return SYNAUTH_OK;
}

static int give_empty_list(synauth_cave_reply **ret, synauth_error *error)
{
    AUTO_SECRET empty = secret_new("[]", 2);
    return give(empty, ret, error);
}

/* A string of the refusal's JSON body, or of its "data", without the token; heap string, NULL when
   there is none. */
static char *body_string(const struct http_answer *answer, bool in_data, const char *key)
{
    AUTO_JSON body = json_answer(answer->body);
    const cJSON *object = in_data ? json_tree_member(body, "data") : body;
    const char *text = json_tree_text(json_tree_member(object, key));
    return text ? redact_text(text, answer->secrets) : NULL;
}

static const char *or_unknown(const char *value)
{
    return value && *value ? value : "(not said)";
}

static bool text_is(const char *value, const char *text)
{
    return value && strcmp(value, text) == 0;
}

static int refused_403(const struct call *call, const struct http_answer *answer,
                       synauth_error *error)
{
    AUTO_STRING what = body_string(answer, false, "error");
    if (text_is(what, "missing_tos")) {
        AUTO_STRING name = body_string(answer, true, "tos_name");
        AUTO_STRING form = body_string(answer, true, "tos_form_url");
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: terms of service have to be accepted first (%.100s): open %.250s",
                         call->base, or_unknown(name), or_unknown(form));
    }
    if (text_is(what, "missing_permission") || text_is(what, "missing_role")) {
        bool role = text_is(what, "missing_role");
        AUTO_STRING right =
            body_string(answer, true, role ? "required_role" : "required_permission");
        AUTO_STRING dataset = body_string(answer, true, "auth_dataset");
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: the token is valid, but your account lacks the %s \"%.80s\" for the "
                         "data set \"%.80s\": ask its administrators",
                         call->base, role ? "role" : "permission", or_unknown(right),
                         or_unknown(dataset));
    }
    return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                     "%s: the token is valid, but only administrators may ask this (403)",
                     call->base);
}

static int refused_redirect(const struct call *call, const struct http_answer *answer,
                            synauth_error *error)
{
    if (answer->location && strstr(answer->location, "/authorize"))
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                         "%s: the server sends us to its login page: it saw no token; does a proxy "
                         "remove the Authorization header?",
                         call->base);
    return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                     "%s: answered with a redirect (%ld), which a token does not follow; is this "
                     "the auth server?",
                     call->base, answer->status);
}

/* Each refusal as a sentence that says what to do (middle_auth_client, decorators.py:
 * auth_required). */
static int refused(const struct call *call, const struct http_answer *answer, synauth_error *error)
{
    long status = answer->status;
    if (status >= 300 && status < 400)
        return refused_redirect(call, answer, error);
    if (status == 403)
        return refused_403(call, answer, error);
    if (status == 400 || status == 401)
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0,
                         "%s: the server does not know this token (%ld): it was deleted, has "
                         "expired, or is for another server; `synauth cave setup-token` gets one",
                         call->base, status);
    if (status == 404)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: there is no %s (404); is this the auth server?", call->base,
                         call->path);
    if (status >= 500)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: the server has a problem (%ld), also after three repetitions; try "
                         "later",
                         call->base, status);
    return error_set(error, SYNAUTH_E_NETWORK, NULL, 0, "%s: unexpected status %ld", call->base,
                     status);
}

/* Is the whole body JSON of the wanted kind? */
static bool is_answer(const struct secret *body, int root)
{
    AUTO_JSON tree = json_tree_parse(secret_bytes(body), secret_length(body));
    return tree && (tree->type & 0xff) == root;
}

static int judge(const struct call *call, const struct http_answer *answer,
                 synauth_cave_reply **ret, synauth_error *error)
{
    if (answer->status == 404 && call->absent_is_empty)
        return give_empty_list(ret, error);
    if (answer->status != 200)
        return refused(call, answer, error);
    if (!is_answer(answer->body, call->root))
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "%s: the answer is not what the auth service sends (%.80s); is this the "
                         "auth server?",
                         call->base, answer->content_type ? answer->content_type : "no type");
    if (call->shows_tokens)
        return give(answer->body, ret, error);
    AUTO_SECRET plain = redact_json(answer->body, answer->secrets);
    return give(plain, ret, error);
}

static int send_call(const struct call *call, struct secret *token, synauth_cave_reply **ret,
                     synauth_error *error)
{
    AUTO_HTTP_ANSWER answer = {0};
    AUTO_STRING url = NULL;
    if (asprintf(&url, "%s%s", call->base, call->path) < 0) {
        url = NULL;
        return error_memory(error);
    }
    const struct http_request request = {
        .url = url, .bearer = token, .timeout_ms = call->timeout_ms};
    int code = http_send(&request, &answer, error);
    return code == SYNAUTH_OK ? judge(call, &answer, ret, error) : code;
}

static int find_token(synauth_context *context, const synauth_cave_options *client,
                      struct secret **ret, synauth_error *error)
{
    synauth_result *result = NULL;
    int code = synauth_cave_request_header(context, client, &result, error);
    if (code != SYNAUTH_OK)
        return code;
    const char *token = synauth_result_token(result);
    if (!token)
        code = error_set(error, synauth_result_code(result), NULL, 0, "%s",
                         synauth_result_reason(result));
    else if (!(*ret = secret_new(token, strlen(token))))
        code = error_memory(error);
    synauth_result_free(result);
    return code;
}

static int get(synauth_context *context, const synauth_cave_call_options *options,
               struct call *call, synauth_cave_reply **ret, synauth_error *error)
{
    AUTO_SECRET token = NULL;
    AUTO_STRING base = NULL;
    int saved_errno = errno;
    const synauth_cave_options *client = OPTION(options, client);
    int code = cave_server_base(OPTION(client, server_address), &base, error);
    if (code == SYNAUTH_OK)
        code = find_token(context, client, &token, error);
    call->base = base;
    call->timeout_ms = OPTION(options, timeout_ms);
    if (code == SYNAUTH_OK)
        code = send_call(call, token, ret, error);
    errno = saved_errno;
    return code;
}

static int missing_argument(synauth_error *error)
{
    return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
}

int synauth_cave_get_tokens(synauth_context *context, const synauth_cave_call_options *options,
                            synauth_cave_reply **ret, synauth_error *error)
{
    error_clear(error);
    if (!context || !ret)
        return missing_argument(error);
    struct call call = {.path = API "/user/token", .root = cJSON_Array, .shows_tokens = true};
    return get(context, options, &call, ret, error);
}

int synauth_cave_whoami(synauth_context *context, const synauth_cave_call_options *options,
                        synauth_cave_reply **ret, synauth_error *error)
{
    error_clear(error);
    if (!context || !ret)
        return missing_argument(error);
    struct call call = {.path = API "/user/cache", .root = cJSON_Object};
    return get(context, options, &call, ret, error);
}

/* "/user?id=1%2C22". Heap string. */
static char *user_path(const int64_t *ids, size_t count)
{
    static const char start[] = API "/user?id=", comma[] = "%2C";
    enum { DIGITS_MAX = 24 };
    size_t size = sizeof start + count * DIGITS_MAX, used = sizeof start - 1;
    char *path = malloc(size);
    if (!path)
        return NULL;
    memcpy(path, start, sizeof start);
    for (size_t i = 0; i < count; i++)
        used +=
            (size_t)snprintf(path + used, size - used, "%s%" PRId64, i > 0 ? comma : "", ids[i]);
    return path;
}

int synauth_cave_get_user_information(synauth_context *context,
                                      const synauth_cave_call_options *options, const int64_t *ids,
                                      size_t count, synauth_cave_reply **ret, synauth_error *error)
{
    enum { IDS_MAX = 1000 };
    error_clear(error);
    if (!context || !ret || (count > 0 && !ids))
        return missing_argument(error);
    if (count == 0)
        return give_empty_list(ret, error);
    if (count > IDS_MAX)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "more than 1000 users in one call");
    AUTO_STRING path = user_path(ids, count);
    if (!path)
        return error_memory(error);
    struct call call = {.path = path, .root = cJSON_Array};
    return get(context, options, &call, ret, error);
}

int synauth_cave_get_group_users(synauth_context *context, const synauth_cave_call_options *options,
                                 int64_t group_id, synauth_cave_reply **ret, synauth_error *error)
{
    char path[96];
    error_clear(error);
    if (!context || !ret)
        return missing_argument(error);
    snprintf(path, sizeof path, API "/group/%" PRId64 "/user", group_id);
    struct call call = {.path = path, .root = cJSON_Array, .absent_is_empty = true};
    return get(context, options, &call, ret, error);
}

static bool is_datastack_name(const char *name)
{
    for (const char *at = name; *at; at++)
        if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.", *at))
            return false;
    return *name != '\0' && *name != '.';
}

static int read_local_server(const synauth_cave_reply *reply, const char *datastack, char **ret,
                             synauth_error *error)
{
    AUTO_STRING server = json_answer_text(reply->json, "local_server");
    if (!server)
        return error_set(error, SYNAUTH_E_NETWORK, NULL, 0,
                         "the info service names no local server for \"%.100s\"", datastack);
    *ret = server;
    server = NULL;
    return SYNAUTH_OK;
}

int synauth_cave_local_server(synauth_context *context, const synauth_cave_call_options *options,
                              const char *datastack, char **ret, synauth_error *error)
{
    AUTO_STRING path = NULL;
    synauth_cave_reply *reply = NULL;
    error_clear(error);
    if (!context || !datastack || !ret)
        return missing_argument(error);
    if (!is_datastack_name(datastack))
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "\"%.100s\" is no datastack's name",
                         datastack);
    if (asprintf(&path, "/info/api/v2/datastack/full/%s", datastack) < 0) {
        path = NULL;
        return error_memory(error);
    }
    struct call call = {.path = path, .root = cJSON_Object};
    int code = get(context, options, &call, &reply, error);
    if (code != SYNAUTH_OK)
        return code;
    code = read_local_server(reply, datastack, ret, error);
    synauth_cave_reply_free(reply);
    return code;
}
