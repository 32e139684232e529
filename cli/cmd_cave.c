/* cmd_cave - `synauth cave`: the CAVE methods by name. */
#include "command.h"
#include "context.h"
#include "options.h"
#include "output.h"
#include "request_header.h"

static const char help[] =
    "synauth cave - the header for requests to CAVE services\n"
    "\n"
    "Usage: synauth cave request-header [OPTION...]\n"
    "\n"
    "Prints `Authorization: Bearer TOKEN` for use by other programs. The output is a\n"
    "secret: do not store it, and do not pass it as an argument, which everybody on\n"
    "the machine can read.\n"
    "\n"
    "The sources are asked in the usual order: CAVE_TOKEN, CAVE_TOKEN_FILE,\n"
    "$CREDENTIALS_DIRECTORY/cave-token, then the secrets files of CAVEclient in\n"
    "~/.cloudvolume/secrets.\n"
    "\n"
    "Options:\n"
    "  --token-key KEY       The key in the secrets file (default: token)\n"
    "  --token-file FILE     This file only\n"
    "  --server-address URL  The auth server (default: https://global.daf-apis.com)\n"
    "  -h, --help            Show this text\n"
    "\n"
    "Exit status: 0 printed, 1 not written, 2 usage, 3 configuration invalid,\n"
    "4 no token, 5 token or file unusable\n"
    "\n"
    "Examples:\n"
    "  synauth cave request-header | curl -H @- \\\n"
    "      https://global.daf-apis.com/info/api/v2/datastacks\n";

static int request_header(const struct command *self, int argc, char **argv)
{
    synauth_cave_options query = {.size = sizeof query};
    const struct option options[] = {{"token-key", NULL, &query.token_key},
                                     {"token-file", NULL, &query.token_file},
                                     {"server-address", NULL, &query.server_address}};
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
    int code = synauth_cave_request_header(context, &query, &result, &error);
    return request_header_print(code, result, &error);
}

static int run(const struct command *self, int argc, char **argv)
{
    static const struct subcommand verbs[] = {{"request-header", request_header}};
    return command_group(self, verbs, 1, argc, argv);
}

const struct command command_cave = {"cave", "The header for requests to CAVE services", help,
                                     EXIT_USAGE, run};
