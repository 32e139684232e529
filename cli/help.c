/* help - the overview of all commands, and the look-up of one by its name. */
#include "help.h"

#include "talk/output.h"
#include <string.h>

static const struct command *const commands[] = {
    &command_run,    &command_explain, &command_status, &command_doctor,
    &command_config, &command_synapse, &command_cave};
#define COMMAND_COUNT (sizeof commands / sizeof commands[0])

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    return NULL;
}

void help_overview(FILE *stream)
{
    fputs("synauth - Synapse and CAVE tokens for programs that use libcurl\n\n"
          "Usage: synauth COMMAND [ARGUMENT...]\n\nCommands:\n",
          stream);
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        fprintf(stream, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
    fputs("  help      Show this text, or the help of a command\n\n"
          "Options:\n"
          "  -h, --help   Show this text; behind a command, its help\n"
          "  --version    Show the version\n\n"
          "Examples:\n"
          "  synauth run -- curl https://repo-prod.prod.sagebase.org/repo/v1/userProfile\n"
          "  synauth explain https://global.daf-apis.com/info/api/v2/datastacks\n\n"
          "Exit status: 0 yes, 1 no, 2 usage, 3 configuration invalid, 4 no token,\n"
          "5 token or file unusable, 6 network or server. For run, see its help.\n",
          stream);
}

int command_unknown(const char *name)
{
    const char *names[COMMAND_COUNT + 1] = {"help"};
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        names[i + 1] = commands[i]->name;
    const char *near = nearest_name(name, names, COMMAND_COUNT + 1, sizeof names[0]);
    const char *what = name[0] == '-' ? "option" : "command";
    if (near)
        say("unknown %s '%s'; did you mean '%s'?", what, name, near);
    else
        say("unknown %s '%s'", what, name);
    fputs("Try 'synauth --help'.\n", stderr);
    return EXIT_USAGE;
}

int help_command(int argc, char **argv)
{
    if (argc == 0 || strcmp(argv[0], "-h") == 0 || strcmp(argv[0], "--help") == 0) {
        help_overview(stdout);
        return output_finish(EXIT_YES);
    }
    const struct command *command = command_find(argv[0]);
    if (command)
        return command_help(command);
    return command_unknown(argv[0]);
}
