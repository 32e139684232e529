/* command - what all verbs of the command line share: help, groups of verbs, mistakes of usage. */
#ifndef SYNAUTH_CLI_COMMAND_H
#define SYNAUTH_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>

struct command {
    const char *name;    /* "run" */
    const char *summary; /* one line for `synauth help` */
    const char *help;    /* whole text of `synauth NAME --help`, at most 80 columns */
    int usage_status;    /* exit status of a mistake of usage */
    /* argv[0] is the first argument behind the command's name. Returns the exit status. */
    int (*run)(const struct command *self, int argc, char **argv);
};

/* A verb of a group, as `check` in `synauth config check`. */
struct subcommand {
    const char *name;
    int (*run)(const struct command *group, int argc, char **argv);
};

/* `synauth NAME: text` and where to read on, both on stderr. Returns the command's usage status. */
int usage_error(const struct command *self, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Runs the subcommand that argv[0] names. */
int command_group(const struct command *self, const struct subcommand *verbs, size_t count,
                  int argc, char **argv);
/* Prints the command's help on stdout. */
int command_help(const struct command *self);

/* The name nearest to `word` if it is near enough for a slip of the fingers, else NULL. names is an
   array of structures of `stride` bytes that begin with the name. */
const char *nearest_name(const char *word, const void *names, size_t count, size_t stride);

#endif
