/* program - finding a program along PATH and executing it, as execvp(3) and env(1) do. */
#ifndef SYNAUTH_CLI_PROGRAM_H
#define SYNAUTH_CLI_PROGRAM_H

#include <limits.h>

/* What runs a file without an interpreter line. */
#define SHELL_PATH "/bin/sh"

/* The file that `name` means, into path (PATH_MAX bytes). Returns 0, ENOENT when there is none, or
   another errno when the only ones cannot be executed. */
int program_find(const char *name, char *path);
/* Replaces this process. A file that is neither binary nor has an interpreter goes to /bin/sh, as
   with execvp. Returns errno. */
int program_execute(const char *path, char **argv);

#endif
