/* auth_client - CAVE's AuthClient without the network: get_token, save_token and its undoing. */
#include "base/cleanup.h"
#include "base/error.h"
#include "base/option.h"
#include "base/paths.h"
#include "base/utf8.h"
#include "cave_client/deployment.h"
#include "cave_client/remove_token.h"
#include "cave_client/save_token.h"
#include "context.h"
#include "file/file_save.h"
#include "result.h"
#include "rule_query.h"
#include "rules/servers.h"
#include "source/cave/secret_file.h"
#include "source/cave/secrets_directory.h"
#include "source/token.h"
#include "source/token_service.h"

#include <errno.h>
#include <string.h>

#define CAVE_DEFAULT_KEY "token"

/* The client with everything resolved. */
struct client {
    char server[SERVER_HOST_MAX];
    char *token_file; /* absolute or NULL */
    char *directory;  /* of the secrets */
    const char *key;
};

static void client_cleanup(struct client *client)
{
    free(client->token_file);
    free(client->directory);
}
#define AUTO_CLIENT __attribute__((cleanup(client_cleanup))) struct client

static int client_resolve(const synauth_cave_options *options, struct client *ret,
                          synauth_error *error)
{
    const char *address = OPTION(options, server_address);
    const char *key = OPTION(options, token_key);
    ret->key = key ? key : CAVE_DEFAULT_KEY;
    int code = server_host(address ? address : CAVE_DEFAULT_SERVER, ret->server, error);
    if (code == SYNAUTH_OK)
        code = paths_from_caller(OPTION(options, token_file), &ret->token_file, error);
    if (code == SYNAUTH_OK)
        code = cave_secrets_directory(&ret->directory, error);
    return code;
}

static int get_token(const struct client *client, synauth_result **ret, synauth_error *error)
{
    struct answer answer;
    if (client->token_file) {
        const struct cave_query query = {.auth_server = client->server,
                                         .request_host = client->server,
                                         .token_key = client->key,
                                         .token_file = client->token_file};
        chain_cave(&query, &answer);
    } else {
        const struct cave_secret_file query = {.directory = client->directory,
                                               .request_host = client->server,
                                               .auth_server = client->server,
                                               .key = client->key};
        answer_init(&answer);
        if (!cave_secret_file_ask(&answer, &query))
            answer_absent(&answer);
        answer_seal(&answer);
    }
    return result_from_answer(NULL, service_name(SERVICE_CAVE), &answer, ret, error);
}

int synauth_cave_get_token(synauth_context *context, const synauth_cave_options *options,
                           synauth_result **ret, synauth_error *error)
{
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    AUTO_CLIENT client = {.key = NULL};
    int code = client_resolve(options, &client, error);
    if (code == SYNAUTH_OK)
        code = get_token(&client, ret, error);
    errno = saved_errno;
    return code;
}

static int judge_token(const char *text, struct secret **ret, synauth_error *error)
{
    const char *why = NULL;
    AUTO_SECRET token = NULL;
    switch (token_judge(text, strlen(text), &token, &why)) {
    case TOKEN_OK:
        why = token_of_other_service(text, SERVICE_CAVE);
        if (why)
            return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "the token %s: nothing saved",
                             why);
        *ret = secret_ref(token);
        return SYNAUTH_OK;
    case TOKEN_EMPTY:
        return error_set(error, SYNAUTH_E_NO_TOKEN, NULL, 0, "the token is empty: nothing saved");
    case TOKEN_BAD:
    default:
        return error_set(error, SYNAUTH_E_UNUSABLE, NULL, 0, "the token %s: nothing saved", why);
    }
}

/* The one the client has now. */
static int current_token(synauth_context *context, const synauth_cave_options *options,
                         struct secret **ret, synauth_error *error)
{
    synauth_result *result = NULL;
    int code = synauth_cave_request_header(context, options, &result, error);
    if (code != SYNAUTH_OK)
        return code;
    const char *token = synauth_result_token(result);
    if (token)
        code = judge_token(token, ret, error);
    else
        code = error_set(error, synauth_result_code(result), NULL, 0, "%s",
                         synauth_result_reason(result));
    synauth_result_free(result);
    return code;
}

static int judge_key(const char *key, synauth_error *error)
{
    uint32_t character;
    size_t left = strlen(key), width;
    for (; left > 0; key += width, left -= width) {
        width = utf8_decode(key, left, &character);
        if (width == 0)
            return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "the token key is not UTF-8");
    }
    return SYNAUTH_OK;
}

/* The seed's parameters as the resolved call. *ret_path and local belong to the caller. */
static int resolve_save(const struct config *config, const struct client *client,
                        const synauth_cave_save_options *options, char local[SERVER_HOST_MAX],
                        char **ret_path, struct cave_save *ret, synauth_error *error)
{
    const char *key = OPTION(options, token_key);
    const char *local_server = OPTION(options, local_server);
    bool with_local = local_server && !OPTION(options, no_local_server);
    int code = judge_key(key ? key : CAVE_DEFAULT_KEY, error);
    if (code == SYNAUTH_OK && with_local)
        code = server_host(local_server, local, error);
    if (code == SYNAUTH_OK)
        code = paths_from_caller(OPTION(options, token_file), ret_path, error);
    *ret = (struct cave_save){
        .directory = client->directory,
        .server = client->server,
        .local = with_local ? local : NULL,
        .token_file = *ret_path ? *ret_path : client->token_file,
        .server_reads = cave_auth_server_of(config, client->server),
        .local_reads = with_local ? cave_auth_server_of(config, local) : NULL,
        .key = key ? key : CAVE_DEFAULT_KEY,
        .in_server_file = !OPTION(options, no_write_to_server_file),
        .no_local = OPTION(options, no_local_server) != 0,
        .only_server_file = OPTION(options, only_server_file) != 0,
        .overwrite = OPTION(options, overwrite) != 0,
        .ignore_readonly = !OPTION(options, no_ignore_readonly),
        .keep_local = OPTION(options, keep_local) != 0,
    };
    return code;
}

static int save_token(synauth_context *context, const synauth_cave_options *options,
                      const synauth_cave_save_options *save_options, synauth_cave_saved **ret,
                      synauth_error *error)
{
    AUTO_CLIENT client = {.key = NULL};
    AUTO_SECRET token = NULL;
    AUTO_STRING path = NULL;
    char local[SERVER_HOST_MAX];
    struct cave_save save;
    int code = client_resolve(options, &client, error);
    if (code != SYNAUTH_OK)
        return code;
    const char *given = OPTION(save_options, token);
    code =
        given ? judge_token(given, &token, error) : current_token(context, options, &token, error);
    if (code == SYNAUTH_OK)
        code = resolve_save(context->config, &client, save_options, local, &path, &save, error);
    if (code != SYNAUTH_OK)
        return code;
    save.token = token;
    code = cave_save_token(&save, ret, error);
    if (code == SYNAUTH_OK && !OPTION(save_options, no_switch_token))
        cave_current_set(&context->cave, client.server, token);
    return code;
}

int synauth_cave_save_token(synauth_context *context, const synauth_cave_options *options,
                            const synauth_cave_save_options *save, synauth_cave_saved **ret,
                            synauth_error *error)
{
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    int code = save_token(context, options, save, ret, error);
    errno = saved_errno;
    return code;
}

static int remove_token(synauth_context *context, const struct client *client,
                        synauth_cave_saved **ret, synauth_error *error)
{
    synauth_result *result = NULL;
    if (client->directory)
        file_save_sweep(client->directory); /* the tokens of savers that were killed */
    int code = get_token(client, &result, error);
    if (code != SYNAUTH_OK)
        return code;
    const synauth_source *source = synauth_result_source(result);
    const char *text = synauth_result_token(result);
    AUTO_SECRET token = text ? secret_new(text, strlen(text)) : NULL;
    if (!text)
        code = error_set(error, synauth_result_code(result), NULL, 0, "%s",
                         synauth_result_reason(result));
    else if (!token || !source || !source->path)
        code = error_memory(error);
    if (code == SYNAUTH_OK) {
        const struct cave_removal removal = {.directory = client->directory,
                                             .path = source->path,
                                             .server = client->server,
                                             .config = context->config,
                                             .key = client->key,
                                             .token = token,
                                             .only_path = client->token_file != NULL};
        code = cave_remove_token(&removal, ret, error);
    }
    if (code == SYNAUTH_OK)
        cave_current_clear(&context->cave, client->server);
    synauth_result_free(result);
    return code;
}

int synauth_cave_remove_token(synauth_context *context, const synauth_cave_options *options,
                              synauth_cave_saved **ret, synauth_error *error)
{
    error_clear(error);
    if (!context || !ret)
        return error_set(error, SYNAUTH_E_ARGUMENT, NULL, 0, "an argument is NULL");
    int saved_errno = errno;
    AUTO_CLIENT client = {.key = NULL};
    int code = client_resolve(options, &client, error);
    if (code == SYNAUTH_OK)
        code = remove_token(context, &client, ret, error);
    errno = saved_errno;
    return code;
}

void synauth_free(char *string)
{
    free(string);
}
