/* cave_arguments - the options of `synauth cave`. */
#include "cave/cave.h"
#include "talk/options.h"
#include "talk/output.h"
#include <stdlib.h>
#include <string.h>

void cave_arguments_cleanup(struct cave_arguments *arguments)
{
    synauth_free(arguments->datastack_server);
}

static bool is_named(const char *names, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = names; (at = strstr(at, name)) != NULL; at += length)
        if ((at == names || at[-1] == ' ') && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

/* The map of CAVE's clients decides when no server is given. */
static int find_server(struct cave_arguments *arguments)
{
    synauth_error error = {0};
    if (!arguments->datastack || arguments->server_address)
        return OPTIONS_DONE;
    int code =
        synauth_cave_datastack_server(arguments->datastack, &arguments->datastack_server, &error);
    if (code != SYNAUTH_OK) {
        say_error(&error);
        return synauth_exit_code(code);
    }
    arguments->server_address = arguments->datastack_server;
    return OPTIONS_DONE;
}

int cave_parse(const struct command *self, const char *names, int most,
               struct cave_arguments *arguments, int *argc, char **argv)
{
    const struct option all[] = {
        {"token-key", NULL, &arguments->token_key},
        {"token-file", NULL, &arguments->token_file},
        {"server-address", NULL, &arguments->server_address},
        {"local-server", NULL, &arguments->local_server},
        {"datastack", NULL, &arguments->datastack},
        {"overwrite", &arguments->overwrite, NULL},
        {"no-switch-token", &arguments->no_switch_token, NULL},
        {"no-write-to-server-file", &arguments->no_write_to_server_file, NULL},
        {"no-ignore-readonly", &arguments->no_ignore_readonly, NULL},
        {"no-local-server", &arguments->no_local_server, NULL},
        {"add-rule", &arguments->add_rule, NULL},
        {"no-text", &arguments->no_text, NULL},
        {"open", &arguments->open, NULL},
        {"no-open", &arguments->no_open, NULL},
        {"no-make-new", &arguments->no_make_new, NULL},
        {"no-check", &arguments->no_check, NULL},
        {"table", &arguments->table, NULL},
    };
    enum { COUNT = sizeof all / sizeof all[0] };
    struct option wanted[COUNT];
    size_t count = 0;
    for (size_t i = 0; i < COUNT; i++)
        if (is_named(names, all[i].name))
            wanted[count++] = all[i];
    int status = options_parse(self, wanted, count, OPTIONS_ANYWHERE, argc, argv);
    if (status != OPTIONS_DONE)
        return status;
    if (*argc > most)
        return usage_error(
            self, "too many arguments; a token is never one, it comes in on standard input");
    return find_server(arguments);
}

synauth_cave_options cave_client(const struct cave_arguments *arguments)
{
    return (synauth_cave_options){.size = sizeof(synauth_cave_options),
                                  .token_key = arguments->token_key,
                                  .token_file = arguments->token_file,
                                  .server_address = arguments->server_address};
}
