/* cave_reach - which hosts a saved token reaches, and the rule for those it does not. */
#include "base/secret.h"
#include "cave/cave.h"
#include "rules/server_host.h"
#include "rules/servers.h"
#include "talk/context.h"
#include "talk/output.h"
#include "talk/url.h"
#include <stdlib.h>
#include <string.h>

/* Hosts that are to get the token: the server and the datastack's own. */
enum { HOSTS_MAX = 2 };
struct rule_wanted {
    char *urls[HOSTS_MAX]; /* scheme://host[:port] */
    size_t count;
};

/* scheme://host[:port] without path. */
static char *origin_of(const char *address)
{
    char *url = url_complete(address);
    char *host = url ? strstr(url, "://") : NULL;
    if (host)
        host[3 + strcspn(host + 3, "/?#")] = '\0';
    return url;
}

static void want(struct rule_wanted *wanted, synauth_context *context, const char *address,
                 const struct secret *token)
{
    char *url = origin_of(address);
    if (url && !cave_carries(context, url, token) &&
        (wanted->count == 0 || strcmp(wanted->urls[0], url) != 0))
        wanted->urls[wanted->count++] = url;
    else
        free(url);
}

/* As a libconfig string. */
static void put_string(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (; *text; text++) {
        if ((unsigned char)*text < 0x20)
            fprintf(stream, "\\x%02x", (unsigned)(unsigned char)*text);
        else if (*text == '"' || *text == '\\')
            fprintf(stream, "\\%c", *text);
        else
            fputc(*text, stream);
    }
    fputc('"', stream);
}

static void put_setting(FILE *stream, const char *name, const char *value)
{
    fprintf(stream, " %s = ", name);
    put_string(stream, value);
    fputc(';', stream);
}

/* A pattern needs no scheme when it is https. */
static const char *pattern(const char *url)
{
    return strncmp(url, "https://", 8) == 0 ? url + 8 : url;
}

/* Where the rule has to look when the usual order leads elsewhere; NULL when it does not. Heap. */
static char *own_file(synauth_context *context, const struct cave_arguments *arguments,
                      const struct rule_wanted *wanted, const struct secret *token)
{
    AUTO_RESULT found = NULL;
    AUTO_RESULT saved = NULL;
    synauth_cave_options client = cave_client(arguments);
    bool cleartext = false;
    for (size_t i = 0; i < wanted->count; i++)
        cleartext |= strncmp(wanted->urls[i], "http://", 7) == 0;
    client.token_file = NULL;
    const char *usual = NULL;
    if (synauth_cave_request_header(context, &client, &found, NULL) == SYNAUTH_OK)
        usual = synauth_result_token(found);
    if (!cleartext && usual && strcmp(usual, secret_bytes(token)) == 0)
        return NULL;
    client.token_file = arguments->token_file;
    if (synauth_cave_get_token(context, &client, &saved, NULL) != SYNAUTH_OK)
        return NULL;
    const synauth_source *source = synauth_result_source(saved);
    return source && source->path ? strdup(source->path) : NULL;
}

/* The rule that sends the token to the hosts that do not get it yet. Heap string. */
static char *compose_rule(synauth_context *context, const struct cave_arguments *arguments,
                          const struct rule_wanted *wanted, const struct secret *token)
{
    char *text = NULL, *file = own_file(context, arguments, wanted, token);
    char server[SERVER_HOST_MAX];
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (!stream) {
        free(file);
        return NULL;
    }
    fputs("{ match = ", stream);
    fputs(wanted->count > 1 ? "[" : "", stream);
    for (size_t i = 0; i < wanted->count; i++) {
        fputs(i > 0 ? ", " : "", stream);
        put_string(stream, pattern(wanted->urls[i]));
    }
    fputs(wanted->count > 1 ? "];" : ";", stream);
    put_setting(stream, "service", "cave");
    const char *address = arguments->server_address ? arguments->server_address : CAVE_DEFAULT_HOST;
    if (!file && server_host(address, server, NULL) == SYNAUTH_OK)
        put_setting(stream, "auth_server", server);
    if (file)
        put_setting(stream, "token_file", file);
    if (arguments->token_key)
        put_setting(stream, "token_key", arguments->token_key);
    fputs(" }", stream);
    free(file);
    if (fclose(stream) == 0)
        return text;
    free(text);
    return NULL;
}

static int say_rule(const char *rule)
{
    puts("No rule sends it there yet. This one does, in your synauth.conf:");
    fputs("  rules = ( ", stdout);
    put_text(stdout, rule);
    puts(" );");
    puts("--add-rule writes it for you.");
    return EXIT_YES;
}

/* Does the new rule do what it is for, seen by a program that starts now? */
static int verify(const struct rule_wanted *wanted, const struct secret *token)
{
    AUTO_CONTEXT context = context_open_to_look(false);
    if (!context)
        return EXIT_NO;
    cave_list_hosts(context, token);
    for (size_t i = 0; i < wanted->count; i++) {
        if (cave_carries(context, wanted->urls[i], token))
            continue;
        say("requests to %s still do not carry it: `synauth explain %s` says why",
            pattern(wanted->urls[i]), wanted->urls[i]);
    }
    return EXIT_YES;
}

static int add_rule(const char *rule, const struct rule_wanted *wanted, const struct secret *token)
{
    char *path = NULL;
    synauth_error error = {0};
    int code = synauth_config_add_rule(rule, &path, &error);
    if (code != SYNAUTH_OK) {
        say_error(&error);
        say_rule(rule);
        return synauth_exit_code(code);
    }
    fputs("Rule added to ", stdout);
    put_text(stdout, path);
    putchar('\n');
    synauth_free(path);
    const char *only = getenv("SYNAUTH_CONFIG");
    if (only && *only)
        say("as long as SYNAUTH_CONFIG is set, that file is not read");
    return verify(wanted, token);
}

int cave_say_reach(const struct cave_arguments *arguments, const struct secret *token,
                   const char *local_server)
{
    /* A new one: the one that saved has switched to the token. */
    AUTO_CONTEXT context = context_open_to_look(false);
    struct rule_wanted wanted = {.count = 0};
    if (!context)
        return EXIT_NO;
    const char *server = arguments->server_address ? arguments->server_address : CAVE_DEFAULT_HOST;
    want(&wanted, context, server, token);
    if (local_server)
        want(&wanted, context, local_server, token);
    bool adds = wanted.count > 0 && arguments->add_rule;
    if (!adds)
        cave_list_hosts(context, token);
    char *rule = wanted.count > 0 ? compose_rule(context, arguments, &wanted, token) : NULL;
    int status = EXIT_YES;
    if (rule)
        status = adds ? add_rule(rule, &wanted, token) : say_rule(rule);
    else if (wanted.count > 0)
        status = EXIT_NO;
    free(rule);
    for (size_t i = 0; i < wanted.count; i++)
        free(wanted.urls[i]);
    return status;
}
