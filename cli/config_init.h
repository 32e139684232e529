/* config_init - writes the user's configuration file: comments that explain, and no setting. */
#ifndef SYNAUTH_CLI_CONFIG_INIT_H
#define SYNAUTH_CLI_CONFIG_INIT_H

/* Makes the directories (0700) and the file (0600), whole or not at all, never over another one.
   Prints the path on stdout. Returns the exit status. */
int config_init_write(const char *path);

#endif
