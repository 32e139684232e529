/* env_source - tokens that the environment names: in a variable, in the file that a variable
   names, in systemd's credentials directory. Each returns whether the chain ends. */
#ifndef SYNAUTH_ENV_SOURCE_H
#define SYNAUTH_ENV_SOURCE_H

#include "source/answer.h"

bool env_source_variable(struct answer *answer, const char *variable);
/* json_key: see token_file.h. */
bool env_source_file(struct answer *answer, const char *variable, const char *json_key);
bool env_source_directory(struct answer *answer, const char *name, const char *json_key);

/* The path that a variable names: absolute, or below `~`. *ret_path is a heap string, NULL when
   the variable is not set. A relative one ends the chain: the working directory decides nothing.
   `kind` is what the answer is told. */
bool env_source_path(struct answer *answer, const char *kind, const char *variable,
                     char **ret_path);

#endif
