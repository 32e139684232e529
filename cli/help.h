/* help - the overview of all commands, and the look-up of one by its name. */
#ifndef SYNAUTH_CLI_HELP_H
#define SYNAUTH_CLI_HELP_H

#include "talk/command.h"
#include <stdio.h>

extern const struct command command_run, command_explain, command_status, command_doctor,
    command_config, command_synapse, command_cave;

/* NULL when there is no such command. */
const struct command *command_find(const char *name);
/* Says that there is no such command, and which one may have been meant. */
int command_unknown(const char *name);
void help_overview(FILE *stream);
/* `synauth help [COMMAND]`. */
int help_command(int argc, char **argv);

#endif
