/* cave_local - a datastack's own server: typed, or named by the info service of the auth server.
   What a server names is a claim, and is held against files and rules. */
#include "cave/cave.h"
#include "rules/server_host.h"
#include "rules/servers.h"
#include "talk/output.h"
#include "talk/service.h"
#include <stdlib.h>
#include <string.h>

static const char remedy[] = "--local-server URL names the datastack's own server, "
                             "--no-local-server does without";

/* Is this the rule, and does it take its tokens from that auth server? */
static bool is_rule_of(synauth_context *context, const synauth_rule_info *found, const char *server)
{
    synauth_rule_info rule;
    for (size_t i = 0; synauth_rule(context, i, &rule) == SYNAUTH_OK; i++) {
        const char *owner = synauth_rule_auth_server(context, i);
        if (rule.line == found->line && strcmp(rule.file, found->file) == 0 &&
            strcmp(rule.match, found->match) == 0)
            return owner && strcmp(owner, server) == 0;
    }
    return false;
}

/* Says so when none of the user's rules ties the host to the auth server that named it. */
static void say_outside(synauth_context *context, const struct cave_arguments *arguments,
                        const char *host)
{
    char server[SERVER_HOST_MAX], *url = NULL;
    synauth_rule_info rule;
    const char *address = arguments->server_address ? arguments->server_address : CAVE_DEFAULT_HOST;
    if (server_host(address, server, NULL) != SYNAUTH_OK || strcmp(server, host) == 0 ||
        asprintf(&url, "https://%s/", host) < 0)
        return;
    int code = synauth_rule_for_url(context, url, &rule, NULL);
    free(url);
    if (code == SYNAUTH_OK && strcmp(rule.service, "cave") == 0 &&
        is_rule_of(context, &rule, server))
        return;
    say("%s says that %s is the server of the datastack %s; %s, so make sure that it is: the token "
        "is now meant for it, too (%s)",
        server, host, arguments->datastack,
        code == SYNAUTH_OK ? "its rule is one of another auth server" : "no rule of yours says so",
        remedy);
}

static int refuse(const char *named, const char *why)
{
    say("the server names \"%s\" as the datastack's own server, which %s: nothing saved; %s", named,
        why, remedy);
    return EXIT_NO;
}

/* What the server has named is an https address, and the user hears of a host that is new. */
static int judge_named(synauth_context *context, const struct cave_arguments *arguments,
                       const char *named)
{
    char host[SERVER_HOST_MAX];
    synauth_error error = {0};
    const char *scheme_end = strstr(named, "://");
    if (scheme_end && strncmp(named, "https://", 8) != 0)
        return refuse(named, "is not https");
    if (server_host(named, host, &error) != SYNAUTH_OK)
        return refuse(named, "is no address of a server");
    say_outside(context, arguments, host);
    return EXIT_YES;
}

static int ask_server(synauth_context *context, const struct cave_arguments *arguments,
                      const struct secret *token, char **ret)
{
    synauth_error error = {0};
    const synauth_cave_options client = {.size = sizeof client,
                                         .token = secret_bytes(token),
                                         .server_address = arguments->server_address};
    const synauth_cave_call_options call = {.size = sizeof call, .client = &client};
    int code = service.cave_local_server(context, &call, arguments->datastack, ret, &error);
    if (code == SYNAUTH_OK)
        return judge_named(context, arguments, *ret);
    say_error(&error);
    say("nothing saved; %s", remedy);
    return synauth_exit_code(code);
}

int cave_find_local(synauth_context *context, const struct cave_arguments *arguments,
                    const struct secret *token, char **ret)
{
    *ret = NULL;
    if (arguments->no_local_server || (!arguments->local_server && !arguments->datastack))
        return EXIT_YES;
    if (arguments->token_file) {
        say("--token-file means that file only: nothing is saved for the datastack's own server");
        return EXIT_YES;
    }
    if (!arguments->local_server)
        return ask_server(context, arguments, token, ret);
    *ret = strdup(arguments->local_server);
    return *ret ? EXIT_YES : EXIT_NO;
}
