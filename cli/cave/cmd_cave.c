/* cmd_cave - `synauth cave`: the CAVE methods by name. */
#include "cave/cave.h"
#include "talk/context.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/request_header.h"

static const char help[] =
    "synauth cave - CAVE tokens: get one, save it, ask the auth service\n"
    "\n"
    "Usage: synauth cave COMMAND [OPTION...]\n"
    "\n"
    "Getting and saving a token:\n"
    "  setup-token          Show (and open) the page that makes a token, ask for\n"
    "                       it, check it with the server and save it.\n"
    "                       --no-make-new: the page that lists your tokens;\n"
    "                       --no-open: no browser; --no-check: do not ask the server\n"
    "  login                The same; without the page for a token on standard input\n"
    "  get-new-token        Only say how to get one; --open opens the page,\n"
    "                       --no-text prints nothing\n"
    "  save-token           Save the token given at a prompt or on standard input\n"
    "  logout               Remove the saved token from this computer\n"
    "\n"
    "What there is:\n"
    "  request-header       Print `Authorization: Bearer TOKEN` (a secret)\n"
    "  get-token            Print the token in the secrets files (a secret)\n"
    "  servers              List the secrets files: server, mode, keys\n"
    "\n"
    "Asking the auth service (JSON; --table for people):\n"
    "  whoami               Your account\n"
    "  get-tokens           Your tokens (secrets)\n"
    "  get-user-information ID...\n"
    "  get-group-users ID   Both need an administrator's token\n"
    "\n"
    "Options:\n"
    "  --token-key KEY       The key in the secrets file (default: token)\n"
    "  --token-file FILE     This file only\n"
    "  --server-address URL  The auth server (default: https://global.daf-apis.com)\n"
    "  --datastack NAME      The server that cave_datastack_to_server_map.json has\n"
    "                        for it; when saving, its own server, too\n"
    "Options for saving:\n"
    "  --overwrite                Replace a token that is there, and its copies\n"
    "  --local-server URL         Save it for this server, too\n"
    "  --no-local-server          Not for the datastack's own server\n"
    "  --no-write-to-server-file  Not in SERVER-cave-secret.json\n"
    "  --no-ignore-readonly       A read-only directory is an error\n"
    "  --no-switch-token          Accepted for the sake of the C API\n"
    "  --add-rule                 Add the rule that sends it, if none does\n"
    "  -h, --help                 Show this text\n"
    "\n"
    "Tokens are never arguments, which everybody on the machine can read.\n"
    "\n"
    "Exit status: 0 done; 1 nothing saved, not written; 2 usage; 3 configuration\n"
    "invalid; 4 no token; 5 token or file unusable; 6 network or server\n"
    "\n"
    "Examples:\n"
    "  synauth cave setup-token\n"
    "  synauth cave login --server-address cave.example.org --add-rule < token.txt\n"
    "  synauth cave request-header | curl -H @- \\\n"
    "      https://global.daf-apis.com/info/api/v2/datastacks\n";

/* What both verbs that print a secret have in common. */
static int with_client(const struct command *self, int argc, char **argv,
                       int (*print)(synauth_context *, const synauth_cave_options *))
{
    AUTO_CAVE_ARGUMENTS arguments = {0};
    int status = cave_parse(self, "token-key token-file server-address datastack", 0, &arguments,
                            &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    AUTO_CONTEXT context = context_open(NULL);
    if (!context)
        return EXIT_NO;
    const synauth_cave_options client = cave_client(&arguments);
    return print(context, &client);
}

static int print_header(synauth_context *context, const synauth_cave_options *client)
{
    AUTO_RESULT result = NULL;
    synauth_error error = {0};
    int code = synauth_cave_request_header(context, client, &result, &error);
    return request_header_print(code, result, &error);
}

static int print_token(synauth_context *context, const synauth_cave_options *client)
{
    AUTO_RESULT result = NULL;
    synauth_error error = {0};
    int code = synauth_cave_get_token(context, client, &result, &error);
    const char *token = code == SYNAUTH_OK ? synauth_result_token(result) : NULL;
    return token ? put_secret_line(token) : request_header_print(code, result, &error);
}

static int request_header(const struct command *self, int argc, char **argv)
{
    return with_client(self, argc, argv, print_header);
}

static int get_token(const struct command *self, int argc, char **argv)
{
    return with_client(self, argc, argv, print_token);
}

static int run(const struct command *self, int argc, char **argv)
{
    static const struct subcommand verbs[] = {
        {"get-group-users", verb_get_group_users},
        {"get-new-token", verb_get_new_token},
        {"get-token", get_token},
        {"get-tokens", verb_get_tokens},
        {"get-user-information", verb_get_user_information},
        {"login", verb_login},
        {"logout", verb_logout},
        {"request-header", request_header},
        {"save-token", verb_save_token},
        {"servers", verb_servers},
        {"setup-token", verb_setup_token},
        {"whoami", verb_whoami},
    };
    return command_group(self, verbs, sizeof verbs / sizeof verbs[0], argc, argv);
}

const struct command command_cave = {"cave", "CAVE tokens: get one, save it, ask the auth service",
                                     help, EXIT_USAGE, run};
