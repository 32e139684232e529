/* output - runs a program and keeps what it prints. */
#ifndef SYNAUTH_HELPER_OUTPUT_H
#define SYNAUTH_HELPER_OUTPUT_H

#include "base/secret.h"

#define OUTPUT_MAX ((size_t)32 * 1024)

enum output_end {
    OUTPUT_ENDED,     /* *ret_status is the exit status, *ret what was printed (cut) */
    OUTPUT_KILLED,    /* by a signal: *ret_status */
    OUTPUT_NOT_FOUND, /* no such program, or none that may be executed */
    OUTPUT_FAILED     /* no process, no memory */
};

/* arguments[0]: an absolute path, or a name that is looked for in the absolute directories of PATH.
   No shell; standard input is empty. Stops reading when the program ends, though what it has
   started may still hold its output open. */
enum output_end output_of(char **arguments, struct secret **ret, int *ret_status);

#endif
