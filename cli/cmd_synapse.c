/* cmd_synapse - `synauth synapse`: the Synapse methods by name. */
#include "command.h"
#include "context.h"
#include "options.h"
#include "output.h"
#include "request_header.h"

static const char help[] =
    "synauth synapse - the header for requests to Synapse\n"
    "\n"
    "Usage: synauth synapse request-header [OPTION...]\n"
    "\n"
    "Prints `Authorization: Bearer TOKEN` for use by other programs. The output is a\n"
    "secret: do not store it, and do not pass it as an argument, which everybody on\n"
    "the machine can read.\n"
    "\n"
    "Without options the sources are asked in the usual order: SYNAPSE_AUTH_TOKEN,\n"
    "SYNAPSE_AUTH_TOKEN_FILE, $CREDENTIALS_DIRECTORY/synapse-auth-token,\n"
    "~/.synapseConfig. Any of the options means .synapseConfig only.\n"
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

static int request_header(const struct command *self, int argc, char **argv)
{
    synauth_synapse_options query = {.size = sizeof query};
    const struct option options[] = {{"profile", NULL, &query.profile},
                                     {"username", NULL, &query.username},
                                     {"config-path", NULL, &query.config_path}};
    int status = options_parse(self, options, 3, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc > 0)
        return usage_error(self, "unexpected argument '%s'", argv[0]);
    AUTO_CONTEXT context = context_open(NULL);
    if (!context)
        return EXIT_NO;
    AUTO_RESULT result = NULL;
    synauth_error error = {0};
    int code = synauth_synapse_request_header(context, &query, &result, &error);
    return request_header_print(code, result, &error);
}

static int run(const struct command *self, int argc, char **argv)
{
    static const struct subcommand verbs[] = {{"request-header", request_header}};
    return command_group(self, verbs, 1, argc, argv);
}

const struct command command_synapse = {"synapse", "The header for requests to Synapse", help,
                                        EXIT_USAGE, run};
