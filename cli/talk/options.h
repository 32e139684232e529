/* options - reads long options with and without values, `-h`, and `--`. */
#ifndef SYNAUTH_CLI_OPTIONS_H
#define SYNAUTH_CLI_OPTIONS_H

#include "talk/command.h"

struct option {
    const char *name;   /* without the dashes */
    bool *flag;         /* set when the option is given; NULL when it takes a value */
    const char **value; /* the last one given wins */
};

enum operand_order {
    OPTIONS_ANYWHERE,   /* options may stand behind operands */
    OPTIONS_UP_TO_FIRST /* the first operand begins somebody else's arguments */
};

#define OPTIONS_DONE (-1)

/* Leaves the operands in argv[0..*argc). Returns OPTIONS_DONE, or the exit status with which the
   command ends (help was printed, or the mistake). */
int options_parse(const struct command *self, const struct option *options, size_t count,
                  enum operand_order order, int *argc, char **argv);

#endif
