/* synapse_whoami - `synauth synapse whoami`: the account behind the token that would be sent, where
   the token comes from, and what it may do. */
#include "synapse/synapse.h"

#include "base/cleanup.h"
#include "talk/context.h"
#include "talk/options.h"
#include "talk/output.h"
#include "talk/service.h"
#include "talk/source.h"
#include <string.h>

static const char help[] =
    "synauth synapse whoami - the account behind the token\n"
    "\n"
    "Usage: synauth synapse whoami [OPTION...]\n"
    "\n"
    "Prints the account, where the token comes from, its scopes, and when it expires\n"
    "if it does. Without options the sources are asked in the usual order; any of\n"
    "--profile, --username and --config-path means .synapseConfig only.\n"
    "\n"
    "Options:\n"
    "  --offline           Only what the token itself says; Synapse is not asked\n"
    "  --profile NAME      The section [profile NAME]\n"
    "  --username NAME     Only a section with this user name\n"
    "  --config-path FILE  This file instead of ~/.synapseConfig\n"
    "  -h, --help          Show this text\n"
    "\n"
    "Exit status: 0 Synapse accepts the token, 2 usage, 3 configuration invalid,\n"
    "4 no token, 5 token or file unusable, 6 network or server\n"
    "\n"
    "Examples:\n"
    "  synauth synapse whoami\n"
    "  synauth synapse whoami --offline --profile lab\n";

static void put_line(const char *name, const char *text)
{
    put_padded(name, 9);
    put_text(stdout, text);
    putchar('\n');
}

static int show(const synauth_synapse_account *account, const synauth_result *result)
{
    AUTO_STRING text = synapse_account_text(account);
    const char *scopes = service.synapse_account_scopes(account);
    int64_t expires = service.synapse_account_expires(account);
    char when[64];
    put_line("account", text ? text : "unknown");
    put_padded("source", 9);
    put_source(synauth_result_source(result));
    putchar('\n');
    if (scopes)
        put_line("scopes", *scopes ? scopes : "none");
    if (expires > 0) {
        synapse_time_text(expires, when, sizeof when);
        put_line("expires", when);
    }
    return output_finish(EXIT_YES);
}

static int say_why_not(const synauth_result *result)
{
    int code = synauth_result_code(result);
    say("%s", synauth_result_reason(result));
    return code == SYNAUTH_OK ? EXIT_NO : synauth_exit_code(code);
}

static int run(const struct command *self, int argc, char **argv)
{
    static const char prefix[] = "Authorization: Bearer ";
    synauth_synapse_options query = {.size = sizeof query};
    bool offline = false;
    const struct option options[] = {{"offline", &offline, NULL},
                                     {"profile", NULL, &query.profile},
                                     {"username", NULL, &query.username},
                                     {"config-path", NULL, &query.config_path}};
    int status = options_parse(self, options, 4, OPTIONS_ANYWHERE, &argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (argc > 0)
        return usage_error(self, "too many arguments");
    AUTO_CONTEXT context = context_open_to_look(!offline);
    AUTO_RESULT result = NULL;
    AUTO_ACCOUNT account = NULL;
    synauth_error error = {0};
    if (!context || service_open() != EXIT_YES)
        return EXIT_NO;
    int code = synauth_synapse_request_header(context, &query, &result, &error);
    const char *header = code == SYNAUTH_OK ? synauth_result_header(result) : NULL;
    if (code == SYNAUTH_OK && (!header || strncmp(header, prefix, sizeof prefix - 1) != 0))
        return say_why_not(result);
    if (code == SYNAUTH_OK)
        say_warnings(result);
    const synauth_synapse_account_options wanted = {.size = sizeof wanted,
                                                    .token =
                                                        header ? header + sizeof prefix - 1 : NULL,
                                                    .config_path = query.config_path,
                                                    .offline = offline};
    if (code == SYNAUTH_OK)
        code = service.synapse_account_get(context, &wanted, &account, &error);
    if (code == SYNAUTH_OK)
        return show(account, result);
    say_error(&error);
    return synauth_exit_code(code);
}

const struct command synapse_whoami = {"synapse whoami", "The account behind the token", help,
                                       EXIT_USAGE, run};
