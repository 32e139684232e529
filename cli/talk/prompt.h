/* prompt - takes a secret in: from the terminal without echo, or as the whole of standard input. */
#ifndef SYNAUTH_CLI_PROMPT_H
#define SYNAUTH_CLI_PROMPT_H

#include "base/secret.h"
#include <stdbool.h>

#define PROMPT_MAX ((size_t)64 * 1024)

/* Is a person there to be asked: is standard input a terminal? */
bool prompt_is_interactive(void);
/* Is there a terminal at all? */
bool prompt_has_terminal(void);
/* Shows `question` as it is on the controlling terminal, wherever standard input comes from, and
   reads one line, with or without echo. *ret has no line break at its end and is never empty.
   Returns EXIT_YES, or the exit status after saying what went wrong. */
int prompt_terminal(const char *question, bool echo, struct secret **ret);
/* The same without echo when standard input is a terminal; else all of standard input, at most
   PROMPT_MAX, is the value. */
int prompt_secret(const char *question, struct secret **ret);

#endif
