/* cmd_synapse - `synauth synapse`: the Synapse methods by name. */
#include "synapse/synapse.h"
#include "talk/command.h"
#include "talk/context.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/request_header.h"

static const char help[] =
    "synauth synapse - log in to Synapse, and the header for requests to it\n"
    "\n"
    "Usage: synauth synapse COMMAND [OPTION...]\n"
    "\n"
    "Commands (each has a --help of its own):\n"
    "  login           Take a personal access token or a password, check and keep it\n"
    "  logout          Forget what login has stored\n"
    "  whoami          Print account, source and scopes of the token\n"
    "  request-header  Print the header for use by other programs\n"
    "\n"
    "Options:\n"
    "  -h, --help  Show this text\n"
    "\n"
    "Examples:\n"
    "  synauth synapse login\n"
    "  synauth synapse request-header --profile lab | curl -H @- \\\n"
    "      https://repo-prod.prod.sagebase.org/repo/v1/userProfile\n";

static const char request_header_help[] =
    "synauth synapse request-header - the header for requests to Synapse\n"
    "\n"
    "Usage: synauth synapse request-header [OPTION...]\n"
    "\n"
    "Prints `Authorization: Bearer TOKEN` for use by other programs. The output is a\n"
    "secret: do not store it, and do not pass it as an argument, which everybody on\n"
    "the machine can read.\n"
    "\n"
    "Without options the sources are asked in the usual order: SYNAPSE_AUTH_TOKEN,\n"
    "SYNAPSE_AUTH_TOKEN_FILE, $CREDENTIALS_DIRECTORY/synapse-auth-token,\n"
    "the session of `synauth synapse login`, ~/.synapseConfig, the OS keyring, AWS.\n"
    "Any of the options means .synapseConfig only.\n"
    "\n"
    "Options:\n"
    "  --profile NAME      The section [profile NAME]\n"
    "  --username NAME     Only a section with this user name\n"
    "  --config-path FILE  This file instead of ~/.synapseConfig\n"
    "  -h, --help          Show this text\n"
    "\n"
    "Exit status: 0 printed, 1 not written, 2 usage, 3 configuration invalid,\n"
    "4 no token, 5 token or file unusable\n"
    "\n"
    "Examples:\n"
    "  synauth synapse request-header --profile lab | curl -H @- \\\n"
    "      https://repo-prod.prod.sagebase.org/repo/v1/userProfile\n";

static int run_request_header(const struct command *self, int argc, char **argv)
{
    synauth_synapse_options query = {.size = sizeof query};
    const struct option options[] = {{"profile", NULL, &query.profile},
                                     {"username", NULL, &query.username},
                                     {"config-path", NULL, &query.config_path}};
    int status = options_parse(self, options, 3, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc > 0)
        return usage_error(
            self, "too many arguments; a token is never one, it comes in on standard input");
    AUTO_CONTEXT context = context_open(NULL);
    if (!context)
        return EXIT_NO;
    AUTO_RESULT result = NULL;
    synauth_error error = {0};
    int code = synauth_synapse_request_header(context, &query, &result, &error);
    return request_header_print(code, result, &error);
}

static const struct command synapse_request_header = {
    "synapse request-header", "The header for requests to Synapse", request_header_help, EXIT_USAGE,
    run_request_header};

static int login(const struct command *group, int argc, char **argv)
{
    (void)group;
    return synapse_login.run(&synapse_login, argc, argv);
}

static int logout(const struct command *group, int argc, char **argv)
{
    (void)group;
    return synapse_logout.run(&synapse_logout, argc, argv);
}

static int whoami(const struct command *group, int argc, char **argv)
{
    (void)group;
    return synapse_whoami.run(&synapse_whoami, argc, argv);
}

static int request_header(const struct command *group, int argc, char **argv)
{
    (void)group;
    return synapse_request_header.run(&synapse_request_header, argc, argv);
}

static int run(const struct command *self, int argc, char **argv)
{
    static const struct subcommand verbs[] = {{"login", login},
                                              {"logout", logout},
                                              {"whoami", whoami},
                                              {"request-header", request_header}};
    return command_group(self, verbs, sizeof verbs / sizeof verbs[0], argc, argv);
}

const struct command command_synapse = {"synapse", "Log in to Synapse, and the header for requests",
                                        help, EXIT_USAGE, run};
